//! Waivers that hold today, as the commands show them.

use jiff::civil::Date;
use serde::Serialize;

use super::columns::columns;
use crate::fact::{FactId, State, Waived};
use crate::name::{Application, Line, Version};

/// A waiver that holds.
#[derive(Debug, Serialize)]
pub(super) struct InForce<'a> {
    fact: FactId,
    consumer: &'a Application,
    #[serde(skip_serializing_if = "Option::is_none")]
    consumer_version: Option<&'a Version>,
    provider: &'a Application,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider_version: Option<&'a Version>,
    reason: &'a Line,
    owner: &'a Line,
    expires: Date,
}

impl<'a> InForce<'a> {
    /// All that hold on a day, oldest first.
    pub(super) fn all(state: &'a State, today: Date) -> Vec<Self> {
        let holding = state.waivers().filter(|(_, waived)| today < waived.expires);
        holding.map(Self::of).collect()
    }

    /// The one that holds for two versions that meet.
    pub(super) fn between(
        state: &'a State,
        today: Date,
        consumer: (&Application, Option<&Version>),
        provider: (&Application, Option<&Version>),
    ) -> Option<Self> {
        state.waiver(today, consumer, provider).map(Self::of)
    }

    fn of((fact, waived): (FactId, &'a Waived)) -> Self {
        Self {
            fact,
            consumer: &waived.consumer,
            consumer_version: waived.consumer_version.as_ref(),
            provider: &waived.provider,
            provider_version: waived.provider_version.as_ref(),
            reason: &waived.reason,
            owner: &waived.owner,
            expires: waived.expires,
        }
    }
}

/// What is said of two versions, with what holds for them.
pub(super) fn with_waiver(said: &str, waiver: Option<&InForce<'_>>) -> String {
    match waiver {
        Some(waiver) => format!("{said}, waived until {}", waiver.expires),
        None => said.to_owned(),
    }
}

/// A table of waivers; empty when there are none.
pub(super) fn table(waivers: &[InForce<'_>]) -> String {
    let side = |name: &Application, version: Option<&Version>| match version {
        Some(version) => format!("{name} {version}"),
        None => name.to_string(),
    };
    let row = |waiver: &InForce<'_>| {
        [
            side(waiver.consumer, waiver.consumer_version),
            side(waiver.provider, waiver.provider_version),
            waiver.expires.to_string(),
            waiver.owner.to_string(),
            waiver.reason.to_string(),
        ]
    };
    let rows: Vec<_> = waivers.iter().map(row).collect();
    columns(["WAIVED FOR", "OF", "UNTIL", "BY", "BECAUSE"], &rows)
}
