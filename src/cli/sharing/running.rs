//! What runs in an environment, as the commands show it.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use crate::fact::{Live, LiveAs, State};
use crate::name::{Application, Environment, Instance, Version};

/// A version that runs somewhere.
#[derive(Debug, Serialize)]
pub(super) struct Running<'a> {
    pub(super) application: &'a Application,
    pub(super) version: &'a Version,
    /// `deployed` or `released`.
    how: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    instance: Option<&'a Instance>,
    since: String,
}

/// The same with the environment.
#[derive(Debug, Serialize)]
pub(super) struct RunningIn<'a> {
    pub(super) environment: &'a Environment,
    #[serde(flatten)]
    pub(super) running: Running<'a>,
}

impl<'a> Running<'a> {
    /// All that runs in an environment, in the order of the applications.
    pub(super) fn all(state: &'a State, environment: &Environment) -> Vec<Self> {
        state.live_in(environment).into_iter().map(Self::of).collect()
    }

    fn of(live: &'a Live) -> Self {
        let (how, instance) = match &live.how {
            LiveAs::Deployed(instance) => ("deployed", instance.as_ref()),
            LiveAs::Released => ("released", None),
        };
        let since = live.fact.moment();
        Self { application: &live.application, version: &live.version, how, instance, since }
    }
}

impl<'a> RunningIn<'a> {
    /// Where an application runs, in the order of the environments.
    pub(super) fn of(state: &'a State, application: &Application) -> Vec<Self> {
        let mut running = Vec::new();
        for environment in state.environments().map(|environment| &environment.name) {
            let live = state.live(application, environment).into_iter();
            running.extend(live.map(|live| Self { environment, running: Running::of(live) }));
        }
        running
    }
}

/// The versions of an application that matter to those who work with it, and where each is: at the head of
/// the main branch, or in an environment.
pub(super) fn places<'a>(state: &'a State, application: &Application) -> BTreeMap<&'a Version, Vec<String>> {
    let mut places: BTreeMap<&Version, Vec<String>> = BTreeMap::new();
    if let Some(head) = state.main_head(application) {
        places.entry(&head.version).or_default().push("main branch".to_owned());
    }
    for environment in state.environments() {
        for live in state.live(application, &environment.name) {
            let known = places.entry(&live.version).or_default();
            if !known.iter().any(|place| place == environment.name.as_str()) {
                known.push(environment.name.to_string());
            }
        }
    }
    places
}

/// How and since when, as `deployed (blue) 2026-11-25T05:00:00Z`.
impl fmt::Display for Running<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.how)?;
        if let Some(instance) = self.instance {
            write!(f, " ({instance})")?;
        }
        write!(f, " {}", self.since)
    }
}
