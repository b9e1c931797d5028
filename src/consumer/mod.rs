//! Contracts recorded by the consumer's own tests.
//!
//! A test describes one interaction, runs the consumer's code against a mock that answers as
//! described, and leaves a part of a pact behind when the code succeeded. Nothing that can fail
//! happens when a value is dropped, and a test that fails records nothing.
//!
//! ```
//! use pactwright::consumer::{Pact, matching};
//! use pactwright::consumer::matchers::regex;
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Debug, Serialize, Deserialize)]
//! struct Faq {
//!     id: u32,
//!     question: String,
//! }
//!
//! # fn fetch(url: &str) -> Result<Faq, Box<dyn std::error::Error + Send + Sync>> {
//! #     use std::io::{Read, Write};
//! #     let address = url.trim_start_matches("http://").split('/').next().unwrap_or_default();
//! #     let mut stream = std::net::TcpStream::connect(address)?;
//! #     write!(stream, "GET /faqs/7 HTTP/1.1\r\nHost: faq\r\nConnection: close\r\n\r\n")?;
//! #     let mut answer = String::new();
//! #     stream.read_to_string(&mut answer)?;
//! #     Ok(serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap_or_default())?)
//! # }
//! # let folder = tempfile::tempdir()?;
//! let faq = Pact::between("billing", "faq");
//! # let faq = faq.in_repository(folder.path());
//! let seven = faq
//!     .http("a request for one FAQ")
//!     .given("a FAQ exists")
//!     .get(matching("/faqs/7", regex(r"^/faqs/\d+$")).from_state("/faqs/${id}"))
//!     .replies(200)
//!     .json(Faq { id: 7, question: "How do I pay an invoice?".to_owned() })
//!     .run(|server| fetch(&format!("{}/faqs/7", server.url())));
//! assert_eq!(seven.id, 7);
//! # Ok::<_, std::io::Error>(())
//! ```
//!
//! # What cannot be written
//! An interaction without a request or without an answer cannot be run:
//!
//! ```compile_fail,E0599
//! # use pactwright::consumer::Pact;
//! Pact::between("billing", "faq").http("nothing is asked").run(|_| ());
//! ```
//!
//! ```compile_fail,E0599
//! # use pactwright::consumer::Pact;
//! Pact::between("billing", "faq").http("nothing is answered").get("/faqs").run(|_| ());
//! ```
//!
//! An answer has no query, and a request no status:
//!
//! ```compile_fail,E0599
//! # use pactwright::consumer::Pact;
//! let _ = Pact::between("billing", "faq").http("odd").get("/").replies(200).query("page", "2");
//! ```
//!
//! ```compile_fail,E0599
//! # use pactwright::consumer::Pact;
//! let _ = Pact::between("billing", "faq").http("odd").replies(200);
//! ```

mod automatic;
mod call;
mod derive;
mod document;
mod draft;
mod expectation;
mod failure;
pub mod generators;
mod http;
pub mod matchers;
mod message;
mod miss;
mod multipart;
mod pact;
mod part;
mod patterns;
mod reads;
mod recorder;
mod scenario;
mod session;
mod surroundings;
mod text;
mod verdict;

/// The crate whose patterns `json_pattern` takes, in the version that it takes them from: its macros
/// `json_pattern!`, `like!` and `each_like!`, and what is in its `prelude`.
#[doc(no_inline)]
pub use ::pact_consumer;

pub use self::call::{Call, Channel, Reply, Unexpected};
#[cfg(feature = "cli")]
pub(crate) use self::document::NOT_READ;
pub use self::failure::{Failure, Standing};
pub use self::http::{Answered, Asking, Described, Http, Side};
pub use self::message::{Message, Metadata};
pub use self::multipart::FormPart;
pub use self::pact::Pact;
pub use self::scenario::Scenario;
pub use self::session::{Closing, Server};
pub use self::surroundings::{FRAGMENTS, PACTS, RUN, is_ci, root_above};
pub use self::text::{Text, matching};
