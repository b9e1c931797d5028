//! What happens during a run, in the order in which it happens.
//!
//! Whatever a run wants known is an event; there is no second channel. The report is a fold over
//! events, and progress on a terminal is a second reader of the same events. That is why a stored
//! event log (`--report jsonl=…`) renders exactly as the live run did.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::finding::Finding;
use crate::outcome::{InteractionResult, Judged, RunInfo};

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "event", rename_all = "kebab-case")]
#[expect(clippy::large_enum_variant, reason = "nearly all events are the large one")]
#[non_exhaustive]
pub enum Event {
    /// The pacts were read and the plan is made. Always the first event.
    RunStarted(RunInfo),
    /// A problem that belongs to no interaction.
    Noted(Finding),
    /// The provider is being built.
    ProviderBuilding {
        /// The command.
        command: String,
    },
    /// The provider is being started.
    ProviderStarting {
        /// The command.
        command: String,
    },
    /// The provider, or the command that builds it, has written a line; told only when asked for.
    ProviderSaid {
        /// Which instance, from 1; 0 is the command that builds it.
        instance: usize,
        /// The line.
        line: String,
    },
    /// The provider accepts connections.
    ProviderReady {
        /// The address of each instance.
        urls: Vec<String>,
    },
    /// An interaction is being replayed.
    InteractionStarted {
        /// Its position in the plan.
        index: usize,
    },
    /// An interaction has its verdict.
    InteractionFinished(InteractionResult),
    /// The run is over. Always the last event.
    RunFinished {
        /// How long it took, in milliseconds.
        duration_ms: u64,
        /// How the answers were judged.
        #[serde(default, skip_serializing_if = "Judged::is_none")]
        judged: Judged,
    },
}
