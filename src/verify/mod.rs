//! The gate inside a Rust provider's own tests.
//!
//! It is the same gate as `pactwright verify`: the same reader, the same replay, the same verdicts.
//! Provider states, messages and changes to requests can be closures, so that a test needs no
//! endpoint for them.
//!
//! # Examples
//! One test that fails with the same explanation as the command line gives:
//!
//! ```
//! use pactwright::verify::Verifier;
//! use serde_json::{Map, Value, json};
//!
//! # let runtime = tokio::runtime::Runtime::new()?;
//! # let _guard = runtime.enter();
//! // The provider: any server on a port of its own.
//! let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
//! let address = listener.local_addr()?;
//! listener.set_nonblocking(true)?;
//! let faq = axum::Router::new()
//!     .route("/faqs/7", axum::routing::get(|| async { axum::Json(json!({ "id": 7 })) }));
//! tokio::spawn(async move {
//!     axum::serve(tokio::net::TcpListener::from_std(listener)?, faq).await
//! });
//!
//! // The contracts: a directory of pact files.
//! # let pacts = tempfile::tempdir()?;
//! # std::fs::write(pacts.path().join("billing-faq.json"), json!({
//! #     "consumer": { "name": "billing" },
//! #     "provider": { "name": "faq" },
//! #     "interactions": [{
//! #         "description": "a request for one FAQ",
//! #         "providerStates": [{ "name": "a FAQ exists" }],
//! #         "request": { "method": "GET", "path": "/faqs/7" },
//! #         "response": { "status": 200, "body": { "id": 7 } }
//! #     }],
//! #     "metadata": { "pactSpecification": { "version": "3.0.0" } }
//! # }).to_string())?;
//! # let pacts = pacts.path();
//! let report = Verifier::of("faq")
//!     .pacts(pacts)
//!     .at(format!("http://{address}"))
//!     .state("a FAQ exists", |change| async move {
//!         // Bring the provider into the state; what is returned can be used by the contract.
//!         Ok(Map::from_iter([("id".to_owned(), Value::from(7))]))
//!     })
//!     .verify()?;
//! report.assert_yes();
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Inside `#[tokio::test]`, await [`Verifier::verify_async`]. With the feature
//! `trials` and `Verifier::run_tests`, each interaction is a test case of its own in the output of
//! `cargo test` and nextest.
//!
//! # What is promised
//! [`Verified::assert_yes`] fails the test unless everything that was asked for was verified and
//! holds: nothing verified, a provider that cannot be reached, a pact with defects and a closure that
//! panics are no pass. A pending interaction fails nothing. Closures run on threads of the run's own,
//! each within [`Verifier::request_timeout`]; nothing is sent to anybody who was not named.

mod error;
mod provider;
mod running;
mod selecting;
mod shared_pacts;
mod sharing;
mod states;
#[cfg(feature = "trials")]
mod trials;
mod verified;
mod verifier;

pub use self::error::VerifierError;
pub use self::shared_pacts::SharedPacts;
pub use self::verified::Verified;
pub use self::verifier::Verifier;
pub use crate::contract::ProviderState;
pub use crate::replay::{
    HookError, Message, MessageRequest, OutgoingRequest, Quirk, StateAction, StateChange,
};
pub use crate::source::{FindError, OwnersError};
pub use crate::verification::{AddressOf, SetupError};
