//! Exercises provider states without replaying anything.

use std::sync::Arc;
use std::time::Instant;

use super::client::Client;
use super::options::{Options, Start, Target};
use super::provider::Launch;
use super::site::Site;
use super::stop::Stop;
use crate::contract::ProviderState;
use crate::finding::{Code, Finding, Place};

/// What came of exercising one state.
#[derive(Debug, Clone)]
pub struct TriedState {
    /// Why it could not be set up, when it could not.
    pub problem: Option<Finding>,
    /// The names of the values that its handler returned, in their order.
    pub values: Vec<String>,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
}

/// Sets each state up once and tears it down again, in order, on one instance of the provider, and
/// hands over what came of each.
///
/// # Errors
/// The finding says why the provider could not be asked at all.
pub fn try_states(
    states: &[ProviderState],
    options: Options,
    stop: &Stop,
    mut on_tried: impl FnMut(usize, TriedState),
) -> Result<(), Box<Finding>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| {
        Box::new(Finding::new(
            Code::ProviderNotReady,
            Place::Run,
            format!("no threads can be started: {error}"),
        ))
    })?;
    runtime.block_on(async {
        let site = open(options, stop).await?;
        for (index, state) in states.iter().enumerate() {
            if let Some(reason) = stop.reason() {
                site.stop().await;
                return Err(Box::new(Finding::new(Code::RunStopped, Place::Run, reason)));
            }
            on_tried(index, tried(&site, state).await);
        }
        site.stop().await;
        Ok(())
    })
}

async fn tried(site: &Site, state: &ProviderState) -> TriedState {
    let started = Instant::now();
    let state = std::slice::from_ref(state);
    let set_up = site.states().set_up(state).await;
    let teardown = site.states().tear_down(state).await.into_iter().next();
    let (values, mut problem) = match set_up {
        Ok(values) => (values.returned, values.unusable.map(unusable).or(teardown)),
        Err(problem) => (Vec::new(), Some(*problem)),
    };
    match &mut problem {
        Some(problem) => site.blame_the_process(problem).await,
        // Whoever answers in its place is not the provider.
        None => problem = site.death().await.map(|death| *death),
    }
    let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    TriedState { problem, values, duration_ms }
}

fn unusable(why: String) -> Finding {
    Finding::new(Code::StateValueMissing, Place::State, why)
}

async fn open(options: Options, stop: &Stop) -> Result<Site, Box<Finding>> {
    let options = Arc::new(options);
    let client = Client::new(&options.connection, options.limits)
        .map_err(|error| Box::new(Finding::new(Code::TlsFailed, Place::Provider, error.to_string())))?;
    let start = match &options.target {
        Target::Running(url) => return Ok(Site::new(url, None, &client, &options)),
        // One copy is enough to try every state once.
        Target::Started(start) => Start { instances: 1, ..start.clone() },
    };
    let launch = Launch { start: &start, client: &client, stop, teller: None };
    if let Some(command) = &start.build {
        launch.build(command).await?;
    }
    let instance = launch.all().await?.pop();
    let base = instance.as_ref().map(|instance| instance.url.clone()).unwrap_or_default();
    Ok(Site::new(&base, instance, &client, &options))
}
