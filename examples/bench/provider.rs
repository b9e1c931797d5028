//! A provider that costs as little as possible: it looks the path up and sends bytes it has.

use std::collections::HashMap;
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// What is answered, by path.
pub(crate) type Answers = HashMap<String, Bytes>;

/// A provider on a free loopback port, until it is dropped.
pub(crate) struct Provider {
    port: u16,
    asked: Arc<AtomicUsize>,
    _runtime: Runtime,
}

struct App {
    answers: Answers,
    asked: Arc<AtomicUsize>,
}

impl Provider {
    /// Starts a provider.
    ///
    /// # Errors
    /// When it cannot listen.
    pub(crate) fn start(answers: Answers) -> Result<Self, Box<dyn Error>> {
        let asked = Arc::new(AtomicUsize::new(0));
        let app = Arc::new(App { answers, asked: Arc::clone(&asked) });
        let runtime = Runtime::new()?;
        let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", 0)))?;
        let port = listener.local_addr()?.port();
        let router = Router::new().fallback(answer).with_state(app);
        runtime.spawn(async move { axum::serve(listener, router).await });
        Ok(Self { port, asked, _runtime: runtime })
    }

    /// Where it listens.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// How often it was asked for something that is in a pact.
    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

/// The body is read to its end, as any provider would do, and ignored.
async fn answer(State(app): State<Arc<App>>, uri: Uri, _: Bytes) -> Response {
    if uri.path() == "/_pact/states" {
        return StatusCode::OK.into_response();
    }
    let Some(body) = app.answers.get(uri.path()) else { return StatusCode::NOT_FOUND.into_response() };
    app.asked.fetch_add(1, Ordering::Relaxed);
    ([(header::CONTENT_TYPE, "application/json")], body.clone()).into_response()
}
