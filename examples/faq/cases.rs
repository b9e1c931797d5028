//! The contracts of billing, kept by this service, each interaction a test case of its own: for
//! `cargo test` and nextest, which name the one that breaks. It runs in the root of the package, where
//! `pacts` is.

mod api;
mod app;
mod messages;
mod states;
mod store;

use std::process::ExitCode;
use std::sync::Arc;

use pactwright::verify::Verifier;

use crate::app::{App, router};

fn main() -> ExitCode {
    // The provider runs beside the cases, in the same process.
    let runtime = tokio::runtime::Runtime::new().expect("a process can have threads");
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).expect("a free port");
    let address = listener.local_addr().expect("a port has an address");
    runtime.spawn(async move { axum::serve(listener, router(Arc::new(App::default()))).await });

    Verifier::of("faq")
        .pacts("pacts")
        .at(format!("http://{address}"))
        .state_url("/_pact/states")
        .message_url("/_pact/messages")
        .only_consumer("billing")
        .run_tests()
}
