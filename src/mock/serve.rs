//! The server: one thread with a runtime of its own, which ends when it is told to.

use std::convert::Infallible;
use std::net::TcpListener;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming as Body;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::sync::oneshot;

use super::choose::{choose, miss};
use super::options::{Cors, Options, Order};
use super::outcome::{Expectation, Miss, Outcome, Record, Served};
use super::reply;
use crate::contract::{Contract, Exchange};
use crate::finding::{Code, Finding, Place};
use crate::matching::{Answer, Incoming, Mishap, STACK_BYTES, answer_of, guarded};

/// The largest body that is read.
const LARGEST_BODY: usize = 256 * 1024 * 1024;
/// How long requests that are being answered are waited for at the end.
const LAST_REQUESTS: Duration = Duration::from_millis(500);

/// What the server's thread and its owner share.
#[derive(Debug)]
pub(crate) struct Shared {
    url: String,
    options: Options,
    expectations: RwLock<Arc<[Expectation]>>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// How many interactions each contract has.
    sizes: Vec<usize>,
    /// How often each expectation was used.
    hits: Vec<usize>,
    misses: Vec<Miss>,
}

impl Shared {
    pub(crate) fn new(url: String, contracts: &[Arc<Contract>], options: Options) -> Self {
        let expectations = RwLock::new(Arc::from(Vec::new()));
        let shared = Self { url, options, expectations, state: Mutex::default() };
        shared.replace(contracts);
        shared
    }

    pub(crate) fn replace(&self, contracts: &[Arc<Contract>]) {
        let expectations: Vec<Expectation> = contracts
            .iter()
            .flat_map(|contract| {
                let all = 0..contract.interactions.len();
                all.map(|position| Expectation { contract: Arc::clone(contract), position })
            })
            .collect();
        let sizes = contracts.iter().map(|contract| contract.interactions.len()).collect();
        let mut state = self.state();
        *state = State { sizes, hits: vec![0; expectations.len()], misses: Vec::new() };
        *self.expectations.write().unwrap_or_else(PoisonError::into_inner) = expectations.into();
    }

    pub(crate) fn record(&self) -> Record {
        let mut state = self.state();
        let mut hits = state.hits.iter().copied();
        let by_contract = state.sizes.iter().map(|size| hits.by_ref().take(*size).collect());
        let hits = by_contract.collect();
        Record { hits, misses: std::mem::take(&mut state.misses) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn expectations(&self) -> Arc<[Expectation]> {
        Arc::clone(&self.expectations.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Counts a use of one of several equally good interactions and returns which one.
    fn take_turn(&self, best: &[usize]) -> Option<usize> {
        let mut state = self.state();
        let first = best.iter().copied();
        let chosen = match self.options.order {
            Order::First => best.first().copied(),
            Order::LeastUsed => first.min_by_key(|index| state.hits.get(*index).copied()),
        }?;
        if let Some(count) = state.hits.get_mut(chosen) {
            *count += 1;
        }
        Some(chosen)
    }

    /// What a request meets, and the answer to it.
    fn decide(&self, incoming: &Incoming) -> (Outcome, Answer) {
        let all = self.expectations();
        let admitted: Vec<usize> = match &self.options.admits {
            None => (0..all.len()).collect(),
            Some(admits) => {
                (0..all.len()).filter(|index| admits(incoming, all[*index].interaction())).collect()
            }
        };
        let there: Vec<Expectation> = admitted.iter().map(|index| all[*index].clone()).collect();
        match choose(&there, incoming) {
            Ok(best) => {
                let best: Vec<usize> = best.into_iter().map(|index| admitted[index]).collect();
                match self.take_turn(&best) {
                    Some(index) => self.hit(&all[index]),
                    None => missed(miss(&there, incoming, None)),
                }
            }
            Err(_) if self.options.cors != Cors::Off && reply::is_preflight(incoming) => {
                (Outcome::Preflight, reply::preflight(incoming))
            }
            Err(miss) => missed(*miss),
        }
    }

    fn hit(&self, expectation: &Expectation) -> (Outcome, Answer) {
        let interaction = expectation.interaction();
        let answer = match &interaction.exchange {
            Exchange::Http { response, .. } => {
                answer_of(&expectation.contract, interaction, response, &self.url)
            }
            Exchange::Message(_) | Exchange::SyncMessage { .. } => {
                Err("it is no HTTP interaction".to_owned())
            }
        };
        let answer = answer.unwrap_or_else(|why| {
            reply::failure(&format!("\"{}\" cannot be answered: {why}", interaction.description))
        });
        (Outcome::Hit(expectation.clone()), answer)
    }

    /// Keeps what came of a request, and says it to who wants to know.
    fn note(&self, request: &Incoming, status: u16, outcome: &Outcome) {
        if let Some(observe) = &self.options.observe {
            observe(&Served { request, status, outcome });
        }
        if let (Outcome::Miss(miss), true) = (outcome, self.options.keep_misses) {
            self.state().misses.push((**miss).clone());
        }
    }
}

fn missed(miss: Miss) -> (Outcome, Answer) {
    let answer = reply::miss(&miss);
    (Outcome::Miss(Box::new(miss)), answer)
}

/// Serves until it is told to stop, or until nobody can tell it any more.
pub(crate) fn run(listener: TcpListener, shared: &Arc<Shared>, stopped: oneshot::Receiver<()>) {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().thread_stack_size(STACK_BYTES).build();
    let Ok(runtime) = runtime else { return };
    runtime.block_on(serve(listener, shared, stopped));
    runtime.shutdown_background();
}

async fn serve(listener: TcpListener, shared: &Arc<Shared>, mut stopped: oneshot::Receiver<()>) {
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
        let shared = Arc::clone(shared);
        let service = service_fn(move |request| answered(Arc::clone(&shared), request));
        let connection =
            hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        tokio::spawn(connections.watch(connection));
    }
    drop(listener);
    let _ = tokio::time::timeout(LAST_REQUESTS, connections.shutdown()).await;
}

async fn answered(shared: Arc<Shared>, request: Request<Body>) -> Result<Response<Full<Bytes>>, Infallible> {
    let (incoming, unread) = read(request).await;
    let decided = match unread {
        Some(why) => missed(unjudged(&incoming, Code::ConnectionBroken, why)),
        None => decided(&shared, &incoming).await,
    };
    let (outcome, mut answer) = decided;
    reply::allow_pages(&mut answer, &incoming, shared.options.cors);
    let response = reply::outgoing(answer).or_else(|why| reply::outgoing(reply::failure(&why)));
    let response = response.unwrap_or_default();
    shared.note(&incoming, response.status().as_u16(), &outcome);
    Ok(response)
}

/// The matcher may panic or run long, so it runs where neither harms another request.
async fn decided(shared: &Arc<Shared>, incoming: &Incoming) -> (Outcome, Answer) {
    let (of_work, request) = (Arc::clone(shared), incoming.clone());
    let outcome = guarded(shared.options.matching, move || of_work.decide(&request)).await;
    outcome.unwrap_or_else(|mishap| {
        let (code, why) = match mishap {
            Mishap::Crashed(why) => (Code::MatchingCrashed, why),
            Mishap::TimedOut(limit) => {
                (Code::MatchingTimedOut, format!("comparing took more than {} ms", limit.as_millis()))
            }
        };
        missed(unjudged(incoming, code, why))
    })
}

/// A miss for which the nearest expectation was not looked for.
fn unjudged(incoming: &Incoming, code: Code, why: String) -> Miss {
    miss(&[], incoming, Some(Finding::new(code, Place::Request, why)))
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
