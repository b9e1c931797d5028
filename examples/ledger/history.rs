//! A history as some teams would have left it: consumers and providers are built in turn, every build
//! publishes or verifies, and what holds is deployed. It is written without waiting for the disk.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use pactwright::contract::{self, Canonical, Digest};
use pactwright::fact::{
    Deployed, EnvironmentDescription, Fact, Ids, Judged, Judgement, Outcome, Published, Tagged, Verified,
    What,
};
use pactwright::name::{Application, Branch, Environment, Version};

/// Applications that are providers, and as many again that are consumers of three of them.
const APPLICATIONS: usize = 15;
/// Whose provider a consumer uses, counted from its own number.
const USES: [usize; 3] = [0, 1, 4];
/// Builds of a consumer until it asks for something else.
const STEADY: usize = 4;
/// Interactions of each contract.
const INTERACTIONS: usize = 10;
/// Months over which the facts are spread.
const MONTHS: i64 = 10;

/// Writes a history of so many facts or a few hundred more, at whose end all that runs was verified, and says how many
/// different contracts it has.
pub(crate) fn write(root: &Path, size: usize) -> Result<usize, Box<dyn Error>> {
    let mut history = History::new(root, size)?;
    for (name, production) in [("test", false), ("production", true)] {
        let name = name.parse()?;
        let (display_name, contact) = (None, None);
        let created = EnvironmentDescription { name, display_name, production, contact };
        history.add(What::EnvironmentCreated(created))?;
    }
    for build in 0.. {
        for number in 0..APPLICATIONS {
            history.consumer_is_built(number, build)?;
            history.provider_is_built(number, build)?;
        }
        // Until the next build of the main branch, what runs is not what was verified last.
        if history.is_long_enough() && is_main(build) {
            break;
        }
    }
    Ok(history.contents.len())
}

struct History<'a> {
    root: &'a Path,
    size: usize,
    written: usize,
    start: Timestamp,
    step: SignedDuration,
    ids: Ids,
    contents: BTreeSet<Digest>,
    /// What each consumer asks of each provider today, by their numbers.
    asked: BTreeMap<(usize, usize), Canonical>,
    month: PathBuf,
}

impl<'a> History<'a> {
    fn new(root: &'a Path, size: usize) -> Result<Self, Box<dyn Error>> {
        fs::create_dir_all(root.join("ledger").join("contents"))?;
        Ok(Self {
            root,
            size,
            written: 0,
            start: "2026-01-01T00:00:00Z".parse()?,
            step: SignedDuration::from_hours(MONTHS * 30 * 24) / i32::try_from(size.max(1))?,
            ids: Ids::new(),
            contents: BTreeSet::new(),
            asked: BTreeMap::new(),
            month: PathBuf::new(),
        })
    }

    fn is_long_enough(&self) -> bool {
        self.written >= self.size
    }

    /// It publishes what it asks of each provider, the newest builds of which verify that.
    fn consumer_is_built(&mut self, number: usize, build: usize) -> Result<(), Box<dyn Error>> {
        let name: Application = format!("consumer-{number}").parse()?;
        let version: Version = format!("1.{build}").parse()?;
        let branch = branch(build)?;
        let providers = USES.map(|distance| (number + distance) % APPLICATIONS);
        for provider in providers {
            let pair = (number, provider);
            if (build + provider).is_multiple_of(STEADY) || !self.asked.contains_key(&pair) {
                self.ask(pair, build)?;
            }
            let published = Published {
                consumer: name.clone(),
                version: version.clone(),
                provider: format!("provider-{provider}").parse()?,
                content: self.contract(pair)?.digest,
                replaces: Vec::new(),
                branch: Some(branch.clone()),
                tags: Vec::new(),
                build_url: Some(build_url(&name, build).into()),
                commit: Some(commit(&name, build).into()),
            };
            self.add(What::Published(published))?;
        }
        for provider in providers {
            // Those that come before it have been built in this round already.
            let newest = (build + usize::from(provider < number)).checked_sub(1);
            let main = newest.filter(|newest| !is_main(*newest)).and_then(|newest| newest.checked_sub(1));
            for verifier in newest.into_iter().chain(main) {
                self.verify((number, provider), verifier)?;
            }
        }
        if branch.as_str() == "main" {
            self.add(What::Tagged(Tagged {
                application: name.clone(),
                version: version.clone(),
                tag: "candidate".parse()?,
            }))?;
            self.deploy(&name, &version)?;
        }
        Ok(())
    }

    /// It verifies what its consumers ask of it today.
    fn provider_is_built(&mut self, number: usize, build: usize) -> Result<(), Box<dyn Error>> {
        let name: Application = format!("provider-{number}").parse()?;
        let consumers: Vec<_> =
            self.asked.keys().filter(|(_, provider)| *provider == number).copied().collect();
        for pair in consumers {
            self.verify(pair, build)?;
        }
        if branch(build)?.as_str() == "main" {
            self.deploy(&name, &format!("2.{build}").parse()?)
        } else {
            Ok(())
        }
    }

    fn verify(&mut self, pair: (usize, usize), build: usize) -> Result<(), Box<dyn Error>> {
        let provider: Application = format!("provider-{}", pair.1).parse()?;
        let contract = self.contract(pair)?;
        let judged = contract.interactions.iter().map(|interaction| Judged {
            interaction: interaction.digest,
            description: interaction.description.clone(),
            states: vec!["there are entries".to_owned()],
            verdict: Judgement::Passed,
            taken_from: None,
            findings: Vec::new(),
        });
        let verified = Verified {
            version: format!("2.{build}").parse()?,
            branch: Some(branch(build)?),
            tags: Vec::new(),
            consumer: format!("consumer-{}", pair.0).parse()?,
            content: contract.digest,
            outcome: Outcome::Passed,
            complete: true,
            judged: contract.interactions.len(),
            dirty: false,
            doubtful: false,
            wip: false,
            build_url: Some(build_url(&provider, build).into()),
            commit: Some(commit(&provider, build).into()),
            interactions: judged.collect(),
            provider,
        };
        self.add(What::Verified(verified))
    }

    fn deploy(&mut self, application: &Application, version: &Version) -> Result<(), Box<dyn Error>> {
        for environment in ["test", "production"] {
            let environment: Environment = environment.parse()?;
            let (application, version) = (application.clone(), version.clone());
            self.add(What::Deployed(Deployed { application, version, environment, instance: None }))?;
        }
        Ok(())
    }

    /// A consumer asks for something that it has never asked for before.
    fn ask(&mut self, pair: (usize, usize), build: usize) -> Result<(), Box<dyn Error>> {
        let text = pact(pair, build)?;
        let contract = contract::read("pact", text.into_bytes()).contract.ok_or("the pact has a defect")?;
        let canonical = contract::canonical(&contract);
        if self.contents.insert(canonical.digest) {
            let contents = self.root.join("ledger").join("contents");
            fs::write(contents.join(format!("{}.json", canonical.digest)), &canonical.text)?;
        }
        self.asked.insert(pair, canonical);
        Ok(())
    }

    fn contract(&self, pair: (usize, usize)) -> Result<&Canonical, Box<dyn Error>> {
        self.asked.get(&pair).ok_or_else(|| "nothing was asked".into())
    }

    fn add(&mut self, what: What) -> Result<(), Box<dyn Error>> {
        let at = self.start + self.step * i32::try_from(self.written)?;
        let fact = Fact { id: self.ids.next(at), what };
        let month = self.root.join("ledger").join("facts").join(fact.id.month());
        if month != self.month {
            fs::create_dir_all(&month)?;
            self.month = month;
        }
        fs::write(self.month.join(format!("{}-{}.json", fact.id, fact.what.kind())), fact.to_text())?;
        self.written += 1;
        Ok(())
    }
}

/// One build in five is none of the main branch.
fn is_main(build: usize) -> bool {
    build % 5 != 3
}

fn branch(build: usize) -> Result<Branch, Box<dyn Error>> {
    Ok(if is_main(build) { "main".parse()? } else { format!("feature-{build}").parse()? })
}

fn build_url(application: &Application, build: usize) -> String {
    format!("https://ci.example.org/{application}/builds/{build}")
}

fn commit(application: &Application, build: usize) -> String {
    Digest::of(format!("{application} {build}")).to_string()[..40].to_owned()
}

/// A pact that is like no other.
pub(crate) fn pact((consumer, provider): (usize, usize), build: usize) -> Result<String, Box<dyn Error>> {
    let mut interactions = String::new();
    for number in 0..INTERACTIONS {
        let comma = if number == 0 { "" } else { ",\n" };
        write!(
            interactions,
            r#"{comma}{{"description": "entry {number} of {build}", "providerStates": [{{"name": "there are entries"}}],
 "request": {{"method": "GET", "path": "/entries/{number}"}},
 "response": {{"status": 200, "headers": {{"Content-Type": "application/json"}},
  "body": {{"id": {number}, "title": "entry {number}", "since": {build}, "tags": ["a", "b"]}}}}}}"#
        )
        .map_err(io::Error::other)?;
    }
    Ok(format!(
        r#"{{"consumer": {{"name": "consumer-{consumer}"}}, "provider": {{"name": "provider-{provider}"}},
"interactions": [{interactions}], "metadata": {{"pactSpecification": {{"version": "3.0.0"}}}}}}"#
    ))
}
