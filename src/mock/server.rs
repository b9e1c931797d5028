//! A small HTTP server on a thread of its own, which ends when it is told to.

use std::convert::Infallible;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming as Body;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::sync::oneshot;

use super::reply;
use crate::matching::{Answer, Incoming, STACK_BYTES};

/// The largest body that is read.
const LARGEST_BODY: usize = 256 * 1024 * 1024;
/// How long requests that are being answered are waited for at the end.
const LAST_REQUESTS: Duration = Duration::from_millis(500);

/// Answers requests.
pub(crate) trait Responder: Send + Sync + 'static {
    /// The answer to a request; `unread` says why its body could not be read.
    fn respond(
        self: Arc<Self>,
        incoming: Incoming,
        unread: Option<String>,
    ) -> impl Future<Output = Answer> + Send;
}

/// A running server.
#[derive(Debug)]
pub(crate) struct Server<R> {
    url: String,
    responder: Arc<R>,
    stop: oneshot::Sender<()>,
    ended: oneshot::Receiver<()>,
    thread: JoinHandle<()>,
}

impl<R: Responder> Server<R> {
    /// Starts a server that is ready when this returns. What answers is made from its address.
    ///
    /// # Errors
    /// The port cannot be listened on, or the system has no thread left.
    pub(crate) fn start(listen: SocketAddr, responder: impl FnOnce(&str) -> R) -> io::Result<Self> {
        let listener = TcpListener::bind(listen)?;
        listener.set_nonblocking(true)?;
        let url = format!("http://{}", reachable(listener.local_addr()?));
        let responder = Arc::new(responder(&url));
        let (stop, stopped) = oneshot::channel();
        let (end, ended) = oneshot::channel();
        let of_thread = Arc::clone(&responder);
        let thread = std::thread::Builder::new().name("pactwright-mock".to_owned()).spawn(move || {
            run(listener, &of_thread, stopped);
            // Nobody waits when the server was dropped.
            let _ = end.send(());
        })?;
        Ok(Self { url, responder, stop, ended, thread })
    }

    /// The address, without a slash at the end.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// What answers.
    pub(crate) fn responder(&self) -> &R {
        &self.responder
    }

    /// Ends it, which blocks the thread. Requests that are being answered are waited for, for a
    /// moment.
    pub(crate) fn stop(self) -> Arc<R> {
        let _ = self.stop.send(());
        // A thread that panicked has counted less than there was, which is no yes.
        let _ = self.thread.join();
        self.responder
    }

    /// As [`stop`](Self::stop), for any executor.
    pub(crate) async fn stopped(self) -> Arc<R> {
        let _ = self.stop.send(());
        let _ = self.ended.await;
        self.responder
    }
}

/// An address under which this machine reaches itself.
fn reachable(address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        let loopback =
            if address.is_ipv4() { [127, 0, 0, 1].into() } else { std::net::Ipv6Addr::LOCALHOST.into() };
        SocketAddr::new(loopback, address.port())
    } else {
        address
    }
}

/// Serves until it is told to stop, or until nobody can tell it any more.
fn run<R: Responder>(listener: TcpListener, responder: &Arc<R>, stopped: oneshot::Receiver<()>) {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().thread_stack_size(STACK_BYTES).build();
    let Ok(runtime) = runtime else { return };
    runtime.block_on(serve(listener, responder, stopped));
    runtime.shutdown_background();
}

async fn serve<R: Responder>(listener: TcpListener, responder: &Arc<R>, mut stopped: oneshot::Receiver<()>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    let connections = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            biased;
            _ = &mut stopped => break,
            accepted = listener.accept() => accepted,
        };
        // A connection that was given up before it was accepted is none.
        let Ok((stream, _)) = accepted else { continue };
        let _ = stream.set_nodelay(true);
        let responder = Arc::clone(responder);
        let service = service_fn(move |request| answered(Arc::clone(&responder), request));
        let connection =
            hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        tokio::spawn(connections.watch(connection));
    }
    drop(listener);
    let _ = tokio::time::timeout(LAST_REQUESTS, connections.shutdown()).await;
}

async fn answered<R: Responder>(
    responder: Arc<R>,
    request: Request<Body>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (incoming, unread) = read(request).await;
    let answer = responder.respond(incoming, unread).await;
    let response = reply::outgoing(answer).or_else(|why| reply::outgoing(reply::failure(&why)));
    Ok(response.unwrap_or_default())
}

/// The request, and why its body could not be read.
async fn read(request: Request<Body>) -> (Incoming, Option<String>) {
    let (head, body) = request.into_parts();
    let headers = head.headers.iter().map(|(name, value)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    });
    let mut incoming = Incoming {
        method: head.method.as_str().to_owned(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().map(str::to_owned),
        headers: headers.collect(),
        body: Vec::new(),
    };
    match Limited::new(body, LARGEST_BODY).collect().await {
        Ok(collected) => incoming.body = collected.to_bytes().to_vec(),
        Err(error) => return (incoming, Some(format!("the body could not be read: {error}"))),
    }
    (incoming, None)
}
