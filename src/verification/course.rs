//! From the contracts about one provider to the report.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use super::nothing;
use super::specified::Specified;
use crate::event::Event;
use crate::finding::Finding;
use crate::outcome::{InteractionResult, Owner, PactInfo, Report, RunInfo, SCHEMA_VERSION, SharedInfo};
use crate::redact::Redactor;
use crate::replay::{self, Entry, Job, Judge, Options, Plan, Selection, Source, Stop};
use crate::report;

/// The contracts about one provider.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The provider.
    pub provider: String,
    /// The contracts, in the order in which they were given.
    pub sources: Vec<Arc<Source>>,
    /// What was noticed so far.
    pub findings: Vec<Finding>,
    /// Where they come from, when they were chosen from a place where contracts are shared.
    pub shared: Option<SharedInfo>,
    /// Contracts of which nothing needs to be replayed, because the provider version has kept them before.
    pub settled: Vec<PactInfo>,
}

/// What is going to be verified.
#[derive(Debug, Clone)]
pub struct Planned {
    /// The provider.
    pub provider: String,
    /// The contracts, in the order in which they were given.
    pub sources: Vec<Arc<Source>>,
    /// What happens to each interaction.
    pub plan: Plan,
    /// What was noticed so far, also why nothing or less than asked for is going to be verified.
    pub findings: Vec<Finding>,
    /// Where the contracts come from, when they were chosen from a place where they are shared.
    pub shared: Option<SharedInfo>,
    /// Contracts of which nothing needs to be replayed.
    pub settled: Vec<PactInfo>,
}

/// What a run is told about itself besides its options.
#[derive(Debug, Clone, Default)]
pub struct Occasion {
    /// Whom to call, by application.
    pub owners: BTreeMap<String, Owner>,
    /// Whether warnings count as defects.
    pub strict: bool,
    /// When the run starts, as RFC 3339 in UTC; empty when nobody looked at a clock.
    pub started_at: String,
    /// The words with which the run can be started again, without filters.
    pub command: String,
    /// How just one interaction is verified again, where that is not the command with
    /// `--interaction KEY`; `{key}` stands for the interaction's key.
    pub again: Option<String>,
    /// A specification that each interaction is held against as well.
    pub specified: Option<Arc<Specified>>,
}

/// What a run has found out.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Everything that can be said about it.
    pub report: Report,
    /// What was planned; a result's `index` is the position of its entry.
    pub plan: Plan,
}

impl Subject {
    /// Plans what happens to each interaction; with `in_order`, nothing runs side by side.
    #[must_use]
    pub fn plan(self, selection: &Selection, in_order: bool) -> Planned {
        let Self { provider, sources, mut findings, shared, settled } = self;
        let plan = replay::plan(&sources, selection, in_order);
        findings.extend(nothing::explain(&plan, &sources, &provider, selection));
        findings.extend(nothing::unmatched(&plan, &sources, selection));
        Planned { provider, sources, plan, findings, shared, settled }
    }
}

impl Planned {
    /// Verifies what is planned and hands over every event as it happens; what was noticed before
    /// comes right behind the start.
    ///
    /// # Errors
    /// When no threads can be started. Everything else that goes wrong is an event.
    pub fn run(
        self,
        options: Options,
        occasion: Occasion,
        stop: &Stop,
        on_event: impl FnMut(&Event),
    ) -> io::Result<Outcome> {
        self.run_and(options, occasion, stop, (on_event, |_: &Outcome| None))
    }

    /// The same with something to do before anybody is told that the run is over: what goes wrong in it is a
    /// part of the run and of its answer.
    ///
    /// # Errors
    /// Those of [`run`](Self::run).
    pub fn run_and(
        self,
        options: Options,
        occasion: Occasion,
        stop: &Stop,
        (mut on_event, before_end): (impl FnMut(&Event), impl FnOnce(&Outcome) -> Option<Finding>),
    ) -> io::Result<Outcome> {
        let redactor = options.redactor.clone();
        let info = self.info(&occasion);
        let Self { plan, findings, .. } = self;
        let specified = occasion.specified;
        let of_specification = specified.iter().flat_map(|specified| specified.notes());
        let noticed = findings.into_iter().chain(of_specification).collect::<Vec<_>>();
        let mut noticed = noticed.into_iter().map(|finding| Event::Noted(redactor.finding(finding)));
        let mut events = Vec::new();
        let mut end = None;
        let judge = specified.map(|specified| judge(specified, plan.clone(), redactor.clone()));
        let job = Job { info, plan: plan.clone(), owners: occasion.owners, judge };
        replay::run(job, options, stop, |event| {
            if matches!(event, Event::RunFinished { .. }) {
                events.push(event.clone());
                end = Some(event);
                return;
            }
            let is_start = matches!(event, Event::RunStarted(_));
            let behind = is_start.then_some(&mut noticed).into_iter().flatten();
            for event in std::iter::once(event).chain(behind) {
                on_event(&event);
                // It is in no report, and may be a lot.
                if !matches!(event, Event::ProviderSaid { .. }) {
                    events.push(event);
                }
            }
        })?;
        let mut outcome = Outcome { report: report::fold(events), plan };
        if let Some(finding) = before_end(&outcome) {
            let finding = redactor.finding(finding);
            on_event(&Event::Noted(finding.clone()));
            report::note(&mut outcome.report, finding);
        }
        end.iter().for_each(on_event);
        Ok(outcome)
    }

    fn info(&self, occasion: &Occasion) -> RunInfo {
        RunInfo {
            schema_version: SCHEMA_VERSION,
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            provider: self.provider.clone(),
            started_at: occasion.started_at.clone(),
            shared: self.shared.clone(),
            pacts: self
                .sources
                .iter()
                .map(|source| source.info())
                .chain(self.settled.iter().cloned())
                .collect(),
            planned: self.plan.selected(),
            strict: occasion.strict,
            command: occasion.command.clone(),
            again: occasion.again.clone(),
        }
    }
}

/// What the specification says counts before the next interaction is asked, so that a run that is to end
/// at the first failure ends at this one as well.
fn judge(specified: Arc<Specified>, plan: Plan, redactor: Redactor) -> Judge {
    Box::new(move |result| specified.judged(result, &plan, &redactor))
}

impl Outcome {
    /// Each result with the interaction it is about, in the order of the plan. The entry knows the
    /// contract and the position in it, and by these the digest under which a result is published.
    pub fn results(&self) -> impl Iterator<Item = (&InteractionResult, &Entry)> {
        self.report
            .interactions
            .iter()
            .filter_map(|result| Some((result, self.plan.entries.get(result.index)?)))
    }
}
