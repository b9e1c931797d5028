//! A mock while it serves: which interaction answers, and what has happened so far.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use super::choose::{choose, miss};
use super::options::{Cors, Options, Order};
use super::outcome::{Expectation, Miss, Outcome, Record, Served, Unanswered};
use super::reply;
use super::server::Responder;
use crate::contract::{Contract, Exchange};
use crate::finding::{Code, Finding, Place};
use crate::matching::{Answer, Incoming, Mishap, answer_of, guarded};

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
    unanswered: Vec<Unanswered>,
}

impl Shared {
    pub(crate) fn new(url: &str, contracts: &[Arc<Contract>], options: Options) -> Self {
        let expectations = RwLock::new(Arc::from(Vec::new()));
        let shared = Self { url: url.to_owned(), options, expectations, state: Mutex::default() };
        shared.replace(contracts);
        shared
    }

    pub(crate) fn replace(&self, contracts: &[Arc<Contract>]) {
        let expectations = Expectation::all(contracts);
        let sizes = contracts.iter().map(|contract| contract.interactions.len()).collect();
        let mut state = self.state();
        *state = State { sizes, hits: vec![0; expectations.len()], ..State::default() };
        *self.expectations.write().unwrap_or_else(PoisonError::into_inner) = expectations.into();
    }

    pub(crate) fn record(&self) -> Record {
        let mut state = self.state();
        let mut hits = state.hits.iter().copied();
        let by_contract = state.sizes.iter().map(|size| hits.by_ref().take(*size).collect());
        let hits = by_contract.collect();
        let unanswered = std::mem::take(&mut state.unanswered);
        Record { hits, misses: std::mem::take(&mut state.misses), unanswered }
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
                    Some(index) => self.answered(index, &all[index]),
                    None => self.missed(miss(&there, incoming, None)),
                }
            }
            Err(_) if self.options.cors != Cors::Off && reply::is_preflight(incoming) => {
                (Outcome::Preflight, reply::preflight(incoming))
            }
            Err(miss) => self.missed(*miss),
        }
    }

    /// Gives back a turn that came to nothing.
    fn give_back(&self, index: usize) {
        if let Some(count) = self.state().hits.get_mut(index) {
            *count = count.saturating_sub(1);
        }
    }

    fn answered(&self, index: usize, expectation: &Expectation) -> (Outcome, Answer) {
        let interaction = expectation.interaction();
        let answer = match &interaction.exchange {
            Exchange::Http { response, .. } => {
                answer_of(&expectation.contract, interaction, response, &self.url)
            }
            Exchange::Message(_) | Exchange::SyncMessage { .. } => {
                Err("it is no HTTP interaction".to_owned())
            }
        };
        match answer.and_then(|answer| reply::refuse_unsendable(&answer).map(|()| answer)) {
            Ok(answer) => (Outcome::Hit(expectation.clone()), answer),
            Err(why) => {
                self.give_back(index);
                let unanswered = Unanswered { expectation: expectation.clone(), why };
                let answer = reply::failure(&unanswered.to_string());
                (Outcome::Unanswered(unanswered), answer)
            }
        }
    }

    fn missed(&self, mut miss: Miss) -> (Outcome, Answer) {
        miss.place = miss.nearest.as_ref().map(|(expectation, _)| {
            let (contract, interaction) = (&expectation.contract, expectation.interaction());
            let place = self.options.place.as_ref().map(|place| place(contract, interaction));
            place.unwrap_or_else(|| contract.location(&interaction.pointer)).to_string()
        });
        miss.remark = self.options.remark.as_ref().and_then(|remark| remark(&miss.request));
        let answer = reply::miss(&miss);
        (Outcome::Miss(Box::new(miss)), answer)
    }

    /// Keeps what came of a request, and says it to who wants to know.
    fn note(&self, request: &Incoming, status: u16, outcome: &Outcome) {
        if let Some(observe) = &self.options.observe {
            observe(&Served { request, status, outcome });
        }
        match outcome {
            Outcome::Miss(miss) if self.options.keep_misses => self.state().misses.push((**miss).clone()),
            Outcome::Unanswered(one) if self.options.keep_misses => self.state().unanswered.push(one.clone()),
            Outcome::Hit(_) | Outcome::Unanswered(_) | Outcome::Miss(_) | Outcome::Preflight => {}
        }
    }
}

impl Responder for Shared {
    async fn respond(self: Arc<Self>, incoming: Incoming, unread: Option<String>) -> Answer {
        let (outcome, mut answer) = match unread {
            Some(why) => self.missed(unjudged(&incoming, Code::ConnectionBroken, why)),
            None => decided(&self, &incoming).await,
        };
        reply::allow_pages(&mut answer, &incoming, self.options.cors);
        self.note(&incoming, answer.status, &outcome);
        answer
    }
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
        shared.missed(unjudged(incoming, code, why))
    })
}

/// A miss for which the nearest expectation was not looked for.
fn unjudged(incoming: &Incoming, code: Code, why: String) -> Miss {
    miss(&[], incoming, Some(Finding::new(code, Place::Request, why)))
}
