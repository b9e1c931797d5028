//! Replays what consumers expect against a provider and says what holds.
//!
//! A plan and options go in, events come out. It finds no pacts, knows no store, and formats
//! nothing; a report is a fold over its events.

mod client;
mod coding;
mod endpoint;
mod exchange;
mod explained;
mod filter;
mod hooks;
mod imitated;
mod options;
mod outgoing;
mod plan;
mod ports;
mod process;
mod provider;
mod request;
mod result;
mod run;
mod said;
mod second_opinion;
mod site;
mod source;
mod state;
mod stop;
mod try_states;

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::{JoinError, JoinHandle};

pub(crate) use self::endpoint::message_in;
pub use self::filter::{Partition, Selection, TextFilter};
pub use self::hooks::{
    HookError, Hooks, MessageRequest, OutgoingRequest, StateAction, StateChange, StateHandlers,
};
pub use self::options::{Connection, Limits, Options, Running, Start, StateHandler, States, Target};
pub use self::plan::{Action, Entry, Plan, plan};
#[cfg(feature = "cli")]
pub(crate) use self::process::{end_gently, start};
pub use self::source::Source;
pub use self::stop::Stop;
pub use self::try_states::{TriedState, try_states};
pub use crate::connect::Trust;
use crate::event::Event;
use crate::matching::STACK_BYTES;
pub use crate::matching::{Message, Quirk};
use crate::outcome::{InteractionResult, Owner, RunInfo};

/// How long an event may wait for those after it.
const HANDED_OVER_EVERY: Duration = Duration::from_millis(10);

/// What else is said to a result, with secrets taken out of it, before it counts.
pub type Judge = Box<dyn Fn(InteractionResult) -> InteractionResult + Send + Sync>;

/// What a run needs to know, besides its options.
pub struct Job {
    /// What the run is about.
    pub info: RunInfo,
    /// What happens to each interaction.
    pub plan: Plan,
    /// Whom to call, by application.
    pub owners: BTreeMap<String, Owner>,
    /// Somebody else who judges each result.
    pub judge: Option<Judge>,
}

/// Runs a job to its end and hands over every event as it happens, on the caller's thread.
///
/// # Errors
/// When no threads can be started. Everything else that goes wrong is an event.
pub fn run(job: Job, options: Options, stop: &Stop, mut on_event: impl FnMut(Event)) -> std::io::Result<()> {
    let runtime =
        Builder::new_multi_thread().worker_threads(1).thread_stack_size(STACK_BYTES).enable_all().build()?;
    let (sender, mut events) = unbounded_channel();
    let waiting = said::Waiting::default();
    let info = job.info.clone();
    let run = run::Run::new(job, options, stop.clone(), (sender, waiting.clone()));
    let running = runtime.spawn(run.go(info));
    let handed_over = |event| {
        if matches!(event, Event::ProviderSaid { .. }) {
            waiting.shown();
        }
        on_event(event);
    };
    let ended = runtime.block_on(hand_over(&mut events, running, handed_over));
    // A comparison that does not end must not keep the process alive.
    runtime.shutdown_background();
    ended.map_err(std::io::Error::other)
}

/// Hands events over, those of a few milliseconds at a time: to wake the caller's thread for each
/// of them would take longer than most interactions.
async fn hand_over(
    events: &mut UnboundedReceiver<Event>,
    mut running: JoinHandle<()>,
    mut on_event: impl FnMut(Event),
) -> Result<(), JoinError> {
    loop {
        let ended = tokio::time::timeout(HANDED_OVER_EVERY, &mut running).await.ok();
        while let Ok(event) = events.try_recv() {
            on_event(event);
        }
        if let Some(ended) = ended {
            return ended;
        }
    }
}
