//! The FAQ service of the running example: a small provider with two versions of one endpoint.
//!
//! Everything is kept in memory. Besides its own API it serves two addresses for contract tests
//! only, under `/_pact`: one sets provider states, the other publishes messages on demand. A real
//! service would mount those two in its test build and nowhere else.
//!
//! ```text
//! cargo run --example faq -- --port 8080
//! FAQ_BREAK_V1=1 cargo run --example faq    # v1 forgets a field: see what a failure looks like
//! FAQ_DROP_V1=1 cargo run --example faq     # there is no v1 any more
//! ```

mod api;
mod app;
mod messages;
mod states;
mod store;

use std::error::Error;
use std::io::Write;
use std::sync::Arc;

use tokio::net::TcpListener;

use crate::app::{App, router};
use crate::store::Faqs;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let port = port(&arguments(), variable("PORT"))?;
    let is_set = |name| variable(name).is_some_and(|value| value == "1");
    let (break_v1, drop_v1) = (is_set("FAQ_BREAK_V1"), is_set("FAQ_DROP_V1"));
    let app = Arc::new(App { faqs: Faqs::default(), break_v1, drop_v1 });

    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    let address = listener.local_addr()?;
    writeln!(std::io::stdout(), "faq listens on http://{address}")?;
    axum::serve(listener, router(app)).with_graceful_shutdown(asked_to_stop()).await?;
    Ok(())
}

/// `--port N`, else `PORT`, else 0: any free port.
fn port(arguments: &[String], variable: Option<String>) -> Result<u16, String> {
    let text = match arguments {
        [] => variable,
        [flag, value] if flag == "--port" => Some(value.clone()),
        _ => return Err("usage: faq [--port PORT]".to_owned()),
    };
    let Some(text) = text else { return Ok(0) };
    text.parse().map_err(|_| format!("`{text}` is not a port"))
}

fn arguments() -> Vec<String> {
    std::env::args().skip(1).collect()
}

#[expect(clippy::disallowed_methods, reason = "the example is a program of its own")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Waits for Ctrl-C or, on Unix, for the polite request to end.
async fn asked_to_stop() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = interrupted => {}
        () = terminated() => {}
    }
}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};

    match signal(SignalKind::terminate()) {
        Ok(mut requests) => {
            requests.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}
