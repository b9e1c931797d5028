//! The only loop: it starts the provider, replays what the plan says in the order that is safe,
//! and sends an event at each step. It formats nothing and prints nothing.
//!
//! Interactions without states and with safe methods run side by side, before anything changes the
//! provider's state. All others run one at a time on each instance, in the order of the plan.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Instant;

use futures_util::StreamExt as _;
use futures_util::future::join_all;
use futures_util::stream::FuturesUnordered;
use tokio::sync::mpsc::UnboundedSender;

use super::client::{Client, chain_text};
use super::options::{Options, Start, Target};
use super::plan::{Action, Entry, Plan};
use super::provider::{Instance, Launch};
use super::result::{Course, Surroundings, result, skipped, unreached, verdict};
use super::said::{Teller, Waiting};
use super::second_opinion;
use super::site::{Exchanged, Replayed, Site, isolated};
use super::stop::Stop;
use super::{Job, Judge};
use crate::event::Event;
use crate::finding::{Code, Finding, Place};
use crate::outcome::{InteractionResult, Judged, Owner, RunInfo, SkipReason, Verdict};
use crate::redact::Redactor;

/// How many answers of one instance may wait for their judgement.
const JUDGED_ASIDE: usize = 8;

/// A run that is ready to go.
pub(super) struct Run {
    /// What happens to each interaction.
    pub(super) plan: Plan,
    /// Everything else it is told.
    pub(super) options: Arc<Options>,
    /// Whom to call, by application.
    pub(super) owners: BTreeMap<String, Owner>,
    /// Somebody else who judges each result.
    judge: Option<Judge>,
    /// Ends it early.
    pub(super) stop: Stop,
    /// Where events go.
    pub(super) events: UnboundedSender<Event>,
    /// Knows the secrets of all pacts, for what is told of no single interaction.
    wide: Redactor,
    /// What the provider wrote and nobody has shown yet.
    waiting: Waiting,
    failures: AtomicUsize,
    proven: AtomicUsize,
    compared: AtomicUsize,
    /// For each entry that is replayed, the identical ones that share its verdict.
    same: HashMap<usize, Vec<usize>>,
    /// Which entries have been reported.
    done: Vec<AtomicBool>,
    /// Whether an interaction has said that the provider has ended.
    death_is_told: AtomicBool,
}

/// What came of an interaction, with the first attempt when only a later one passed.
struct Tried {
    replayed: Replayed,
    attempts: u32,
    first_failure: Option<Replayed>,
}

/// What came of asking the provider for the first time.
struct First {
    started: Instant,
    exchanged: Exchanged,
}

impl Run {
    pub(super) fn new(
        job: Job,
        options: Options,
        stop: Stop,
        (events, waiting): (UnboundedSender<Event>, Waiting),
    ) -> Self {
        let Job { plan, owners, judge, .. } = job;
        let mut same: HashMap<usize, Vec<usize>> = HashMap::new();
        for (index, entry) in plan.entries.iter().enumerate() {
            if let Action::SameAs(first) = entry.action {
                same.entry(first).or_default().push(index);
            }
        }
        let done = plan.entries.iter().map(|_| AtomicBool::new(false)).collect();
        let options = options.knowing_secrets();
        let wide = plan.hidden_by(&options.redactor);
        Self {
            plan,
            options: Arc::new(options),
            wide,
            owners,
            judge,
            stop,
            events,
            waiting,
            failures: AtomicUsize::new(0),
            proven: AtomicUsize::new(0),
            compared: AtomicUsize::new(0),
            same,
            done,
            death_is_told: AtomicBool::new(false),
        }
    }

    /// Runs to the end, whatever happens on the way.
    pub(super) async fn go(self, info: RunInfo) {
        self.send(Event::RunStarted(info));
        for (index, entry) in self.plan.entries.iter().enumerate() {
            if let Action::Skip(reason) = entry.action {
                self.finished(skipped((index, entry), reason, &self.around()));
            }
        }
        let built = self.build().await;
        // How long a compiler takes says nothing about the contracts.
        let started = Instant::now();
        if self.plan.selected() > 0 {
            self.verify_selected(built).await;
        }
        self.send(Event::RunFinished { duration_ms: millis(started), judged: self.judged() });
    }

    async fn build(&self) -> Result<(), Box<Finding>> {
        let Target::Started(start) = &self.options.target else { return Ok(()) };
        let Some(command) = start.build.as_ref().filter(|_| self.plan.selected() > 0) else { return Ok(()) };
        self.send(Event::ProviderBuilding { command: command.clone() });
        let client = self.client()?;
        self.launch(start, &client).build(command).await
    }

    fn client(&self) -> Result<Client, Box<Finding>> {
        Client::new(&self.options.connection, self.options.limits)
            .map_err(|error| Box::new(Finding::new(Code::TlsFailed, Place::Provider, chain_text(&error))))
    }

    fn launch<'a>(&'a self, start: &'a Start, client: &'a Client) -> Launch<'a> {
        let teller = || Teller::new(&self.events, &self.wide, &self.waiting);
        Launch { start, client, stop: &self.stop, teller: self.options.keep_exchanges.then(teller) }
    }

    async fn verify_selected(&self, built: Result<(), Box<Finding>>) {
        let opened = match built {
            Ok(()) => self.open_sites().await,
            Err(problem) => Err(problem),
        };
        let sites = match opened {
            Ok(sites) => sites,
            Err(problem) => return self.give_up(*problem),
        };
        if let Some(why) = self.replay_all(&sites).await {
            self.give_up(Finding::new(Code::RunStopped, Place::Run, why));
        }
        self.tell_deaths(&sites).await;
        join_all(sites.into_iter().map(Site::stop)).await;
    }

    /// A provider that has ended by itself is a problem even when everything was answered before,
    /// unless an interaction has said so already.
    async fn tell_deaths(&self, sites: &[Site]) {
        for death in join_all(sites.iter().map(Site::death)).await.into_iter().flatten() {
            if !self.death_is_told.load(Ordering::Relaxed) {
                self.tell(Event::Noted(*death), &self.wide);
            }
        }
    }

    /// The instances of the provider, ready to be asked.
    async fn open_sites(&self) -> Result<Vec<Site>, Box<Finding>> {
        let client = self.client()?;
        let start = match &self.options.target {
            Target::Running(url) => return Ok(vec![Site::new(url, None, &client, &self.options)]),
            Target::Started(start) => start,
        };
        self.send(Event::ProviderStarting { command: start.command.clone() });
        let instances = self.launch(start, &client).all().await?.into_iter();
        let site =
            |instance: Instance| Site::new(&instance.url.clone(), Some(instance), &client, &self.options);
        let sites: Vec<Site> = instances.map(site).collect();
        self.send(Event::ProviderReady { urls: sites.iter().map(|site| site.base.clone()).collect() });
        Ok(sites)
    }

    /// Replays everything, or says why it stopped before the end.
    async fn replay_all(&self, sites: &[Site]) -> Option<String> {
        let deadline = async {
            match self.options.limits.run {
                Some(limit) => tokio::time::sleep(limit).await,
                None => std::future::pending().await,
            }
        };
        let work = async {
            self.replay_freely(sites).await;
            self.replay_in_turn(sites).await;
        };
        tokio::select! {
            () = work => None,
            () = deadline => Some("the run reached its time limit".to_owned()),
            reason = self.stop.stopped() => Some(reason),
        }
    }

    /// Each instance is asked as much at a time as it may be, and gets the next interaction as soon
    /// as one is done: a slow one does not hold the others.
    async fn replay_freely(&self, sites: &[Site]) {
        let entries = self.with_action(Action::ReplayFreely);
        let next = AtomicUsize::new(0);
        // In turn, so that few interactions are shared out evenly.
        let turns = (0..self.options.running.side_by_side.max(1)).flat_map(|_| sites);
        // However many may run beside each other, there are no more than there is to do.
        let turns = turns.take(entries.len());
        join_all(turns.map(|site| self.one_by_one(site, &entries, &next))).await;
    }

    async fn one_by_one(&self, site: &Site, entries: &[(usize, &Entry)], next: &AtomicUsize) {
        while let Some(of) = entries.get(next.fetch_add(1, Ordering::Relaxed)) {
            self.replay(site, *of).await;
        }
    }

    /// Each instance takes the next interaction as soon as it is free.
    async fn replay_in_turn(&self, sites: &[Site]) {
        let entries = self.with_action(Action::ReplayInTurn);
        let next = AtomicUsize::new(0);
        let lanes = sites.iter().map(|site| self.lane(site, &entries, &next));
        join_all(lanes).await;
    }

    /// Asks one instance one thing at a time, and judges the last answers meanwhile.
    async fn lane(&self, site: &Site, entries: &[(usize, &Entry)], next: &AtomicUsize) {
        let mut unsettled = FuturesUnordered::new();
        while let Some(of) = entries.get(next.fetch_add(1, Ordering::Relaxed)) {
            let mut asking = std::pin::pin!(self.ask(site, *of));
            let first = loop {
                tokio::select! {
                    first = &mut asking => break first,
                    Some(()) = unsettled.next() => {}
                }
            };
            unsettled.push(self.settle(site, *of, first));
            while unsettled.len() >= self.most_unsettled() {
                unsettled.next().await;
            }
        }
        while unsettled.next().await.is_some() {}
    }

    /// How many interactions of a lane may be judged while the provider is asked something else:
    /// none, when a verdict decides what it is asked next.
    fn most_unsettled(&self) -> usize {
        let running = &self.options.running;
        let decides = running.retries > 0 || running.max_failures.is_some() || self.options.second_opinion;
        if decides { 1 } else { JUDGED_ASIDE }
    }

    fn with_action(&self, action: Action) -> Vec<(usize, &Entry)> {
        self.plan.entries.iter().enumerate().filter(|(_, entry)| entry.action == action).collect()
    }

    async fn replay(&self, site: &Site, of: (usize, &Entry)) {
        let first = self.ask(site, of).await;
        self.settle(site, of, first).await;
    }

    /// Asks the provider for the first time, unless enough has failed.
    async fn ask(&self, site: &Site, (index, entry): (usize, &Entry)) -> Option<First> {
        let failures = self.failures.load(Ordering::Relaxed);
        if self.options.running.max_failures.is_some_and(|limit| failures >= limit) {
            for index in self.all_of(index) {
                let entry = &self.plan.entries[index];
                self.finished(skipped((index, entry), SkipReason::MaxFailures, &self.around()));
            }
            return None;
        }
        self.send(Event::InteractionStarted { index });
        let started = Instant::now();
        Some(First { started, exchanged: isolated(site, entry).await })
    }

    /// Judges an interaction, asks again where that was wanted, and reports it for all that are
    /// identical.
    async fn settle(&self, site: &Site, (index, entry): (usize, &Entry), first: Option<First>) {
        let Some(First { started, exchanged }) = first else { return };
        let Tried { replayed, attempts, first_failure } = self.try_until_passed(site, entry, exchanged).await;
        let first_failure = first_failure.as_ref();
        let course = Course { attempts, first_failure, duration_ms: millis(started) };
        let hidden = replayed.hidden_by(&self.options.redactor);
        let redactor = first_failure.map_or(Cow::Borrowed(&*hidden), |first| first.hidden_by(&hidden));
        for problem in &replayed.teardown {
            self.tell(Event::Noted(problem.clone()), &redactor);
        }
        let opinion = if self.options.second_opinion {
            Some(second_opinion::ask(site, entry, &replayed).await)
        } else {
            None
        };
        for same in self.all_of(index) {
            let of = (same, &self.plan.entries[same]);
            let mut result = result(of, &replayed, course, (same != index).then_some(entry), &self.around());
            result.second_opinion.clone_from(&opinion);
            if result.is_disputed() {
                self.send(Event::Noted(second_opinion::disputed(&result)));
            }
            self.finished_with(result, &redactor);
        }
    }

    async fn try_until_passed(&self, site: &Site, entry: &Entry, exchanged: Exchanged) -> Tried {
        let mut attempts = 1;
        let mut replayed = site.judge(entry, exchanged).await;
        let mut first_failure = None;
        while verdict(&replayed, false) != Verdict::Passed && attempts <= self.options.running.retries {
            attempts += 1;
            // What could not be torn down stays a problem, whatever comes of the next attempt.
            let teardown = std::mem::take(&mut replayed.teardown);
            let next = site.judge(entry, isolated(site, entry).await).await;
            first_failure.get_or_insert(std::mem::replace(&mut replayed, next));
            replayed.teardown.splice(..0, teardown);
        }
        self.count(&replayed);
        let first_failure = first_failure.filter(|_| verdict(&replayed, false) == Verdict::Passed);
        Tried { replayed, attempts, first_failure }
    }

    fn count(&self, replayed: &Replayed) {
        if let Ok(judgement) = &replayed.judgement {
            let counter = if judgement.proven { &self.proven } else { &self.compared };
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn judged(&self) -> Judged {
        Judged {
            proven: self.proven.load(Ordering::Relaxed),
            compared: self.compared.load(Ordering::Relaxed),
        }
    }

    fn all_of(&self, index: usize) -> Vec<usize> {
        let others = self.same.get(&index).into_iter().flatten().copied();
        std::iter::once(index).chain(others).collect()
    }

    /// Says why the run ends early, and reports that for every interaction without a verdict.
    fn give_up(&self, problem: Finding) {
        let why = problem.message.clone();
        self.send(Event::Noted(problem));
        for (index, entry) in self.plan.entries.iter().enumerate() {
            if !matches!(entry.action, Action::Skip(_)) {
                self.finished(unreached((index, entry), &why, &self.around()));
            }
        }
    }

    /// Reports a result, unless the interaction has one already.
    fn finished(&self, result: InteractionResult) {
        self.finished_with(result, &self.options.redactor);
    }

    fn finished_with(&self, result: InteractionResult, redactor: &Redactor) {
        if self.done[result.index].swap(true, Ordering::Relaxed) {
            return;
        }
        if result.verdict == Verdict::Error && result.findings.iter().any(|it| it.code == Code::ProviderDied)
        {
            self.death_is_told.store(true, Ordering::Relaxed);
        }
        // Without secrets already, as all that is told.
        let result = self.judge.iter().fold(redactor.result(result), |result, judge| judge(result));
        if matches!(result.verdict, Verdict::Failed | Verdict::Error) {
            self.failures.fetch_add(1, Ordering::Relaxed);
        }
        let _ = self.events.send(Event::InteractionFinished(result));
    }

    /// Tells what has happened; secrets are taken out here, whatever the event.
    fn send(&self, event: Event) {
        self.tell(event, &self.options.redactor);
    }

    fn tell(&self, event: Event, redactor: &Redactor) {
        // Nobody listens any more when the caller has gone; the run then ends for nobody.
        let _ = self.events.send(redactor.event(event));
    }

    fn around(&self) -> Surroundings<'_> {
        Surroundings { owners: &self.owners, keep_exchanges: self.options.keep_exchanges }
    }
}

fn millis(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}
