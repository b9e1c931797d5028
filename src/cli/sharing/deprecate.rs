//! `pactwright deprecate` and `pactwright end-deprecation`: something is to go, by a day.

use clap::Args;
use jiff::civil::Date;

use super::place::Place;
use super::recording::RecordArguments;
use super::{deprecated, environments};
use crate::cli::can_i_remove::similar;
use crate::cli::removable::WhatArguments;
use crate::cli::{Failure, clock, rendering};
use crate::compat::{Relied, Removal, Wanted, What as Part, blockers, usage};
use crate::deprecation::Deprecation;
use crate::fact::{
    self, DeprecatedPart, DeprecationEnded, Fact, ProviderBuild, State, What, selected_versions,
};
use crate::name::{Application, Line};
use crate::outcome::Answer;
use crate::report;
use crate::report::Colour;
use crate::report::deprecated::Announced;

/// Say that an endpoint, an answer, a field, a header or a parameter is to go, and when
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pactwright deprecate 'POST /v1/create' --provider faq --remove-on 2027-01-31 \\
    --instead 'POST /v2/create' --reason 'v2 takes JSON'
  pactwright deprecate 'GET /faqs/{id}' --field '$.source' --provider faq --remove-on 2027-01-31

From then on `publish` tells each consumer whose contract uses it, `status` and `usage` count the days and
show who still does, and after the day `can-i-remove` names the late ones first. Said again of the same
thing, the new day counts. `pactwright end-deprecation` takes it back, or says that it is gone.

Exit status:
  0  it is recorded
  2  the day is over, or no contract mentions the operation
  3  nobody has ever heard of the provider, or the store could not be read or written")]
pub(crate) struct Deprecate {
    #[command(flatten)]
    subject: Subject,
    /// The first day, in UTC, on which it may be gone: 2027-01-31
    #[arg(long, value_name = "DATE", alias = "by")]
    remove_on: Date,
    /// What is to be used in its place
    #[arg(long, value_name = "TEXT")]
    instead: Option<Line>,
    /// Why it goes
    #[arg(long, value_name = "TEXT")]
    reason: Option<Line>,
    /// Record it although no contract mentions the operation
    #[arg(long)]
    unmentioned: bool,
    #[command(flatten)]
    record: RecordArguments,
}

/// Say that something deprecated is gone, or that it stays
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pactwright end-deprecation 'POST /v1/create' --provider faq

Exit status:
  0  it is recorded
  2  it is not deprecated
  3  nobody has ever heard of the provider, or the store could not be read or written")]
pub(crate) struct EndDeprecation {
    #[command(flatten)]
    subject: Subject,
    #[command(flatten)]
    record: RecordArguments,
}

#[derive(Debug, Args)]
struct Subject {
    /// A method with a path, a path, `message` with a description, or `*` for everything
    #[arg(value_name = "OPERATION", value_parser = Wanted::parse)]
    operation: Wanted,
    #[command(flatten)]
    what: WhatArguments,
    /// The provider
    #[arg(short = 'n', long, alias = "provider-name", value_name = "NAME", env = "PACTWRIGHT_PROVIDER")]
    provider: Application,
}

/// Runs `deprecate`.
pub(crate) fn deprecate(arguments: &Deprecate) -> Result<Answer, Failure> {
    let Deprecate { subject, record, remove_on, .. } = arguments;
    let removal = subject.removal();
    let today = clock::today();
    if *remove_on <= today {
        return Err(Failure::asked_wrongly(format!("{remove_on} is no day to come"))
            .hint("--remove-on names the first day on which it may be gone"));
    }
    let (mut place, state) = subject.known(record)?;
    // What is not understood is an error before anything is written.
    deprecated::known(&state, Some(&subject.provider))?;
    if !arguments.unmentioned {
        subject.mentioned(&place, &state, &removal)?;
    }
    let what = What::Deprecated(fact::Deprecated {
        provider: subject.provider.clone(),
        operation: line(&operation(&removal.operation))?,
        part: part(&removal.what)?,
        remove_on: *remove_on,
        instead: arguments.instead.clone(),
        reason: arguments.reason.clone(),
    });
    let fact = place.record(what)?;
    let state = place.state()?;
    let standings = deprecated::standings(&place, &state, Some(&subject.provider))?;
    let own: Vec<_> =
        standings.into_iter().filter(|one| one.deprecation.facts.last() == Some(&fact.id)).collect();
    let shown = deprecated::shown(&state, &own, today);
    let Some(deprecation) = shown.first() else {
        return Err(Failure::could_not_find_out("what was recorded is not there"));
    };
    let text = rendering::to_text(|out| report::deprecated::text(&shown, Colour::Always, out))?;
    let announced = Announced { schema_version: 1, deprecation, recorded: vec![Fact::to_json(&fact)] };
    record.answer.say(&announced, || text)?;
    Ok(Answer::Yes)
}

/// Runs `end-deprecation`.
pub(crate) fn end(arguments: &EndDeprecation) -> Result<Answer, Failure> {
    let EndDeprecation { subject, record } = arguments;
    let (mut place, state) = subject.known(record)?;
    let removal = subject.removal().to_string();
    let known = deprecated::known(&state, Some(&subject.provider))?;
    let Some(own) = known.iter().find(|one| one.removal.to_string() == removal) else {
        return Err(not_deprecated(&removal, &subject.provider, &known));
    };
    let ended = own.facts.iter().map(|fact| What::DeprecationEnded(DeprecationEnded { deprecation: *fact }));
    let message = format!("{removal} of {} is deprecated no more", subject.provider);
    record.record(&mut place, ended.collect::<Vec<_>>(), message)
}

fn not_deprecated(removal: &str, provider: &Application, known: &[Deprecation]) -> Failure {
    let failure = Failure::asked_wrongly(format!("{removal} of {provider} is not deprecated"));
    let others: Vec<_> = known.iter().map(|one| one.removal.to_string()).collect();
    if others.is_empty() { failure } else { failure.hint(format!("deprecated are: {}", others.join("; "))) }
}

impl Subject {
    fn removal(&self) -> Removal {
        Removal { operation: self.operation.clone(), what: self.what.what() }
    }

    fn known(&self, record: &RecordArguments) -> Result<(Place, State), Failure> {
        let place = record.store.open()?;
        let state = place.state()?;
        environments::known_application(&state, &self.provider)?;
        Ok((place, state))
    }

    /// Refuses what no contract mentions: a slip would be told to nobody.
    fn mentioned(&self, place: &Place, state: &State, removal: &Removal) -> Result<(), Failure> {
        let provider = ProviderBuild { application: self.provider.clone(), branch: None, tags: Vec::new() };
        let selected = selected_versions(state, &provider, &[]).into_iter();
        let contracts: Result<Vec<_>, _> =
            selected.map(|(_, _, content)| place.contract(content, &content.short())).collect();
        let contracts = contracts?;
        let relied: Vec<_> = contracts.iter().map(Relied::from_file).collect();
        if !blockers(&relied, &[], removal).is_empty() {
            return Ok(());
        }
        let failure =
            Failure::asked_wrongly(format!("no contract with {} mentions {removal}", self.provider));
        let similar = similar(removal, &relied, &usage(&relied, &[]));
        let similar = similar.map(|near| format!("did you mean {near}?"));
        let failure = similar.into_iter().fold(failure, Failure::hint);
        Err(failure.hint("--unmentioned records it all the same"))
    }
}

/// The operation as it is read again.
fn operation(wanted: &Wanted) -> String {
    match wanted {
        Wanted::All => "*".to_owned(),
        other => other.to_string(),
    }
}

fn part(what: &Part) -> Result<Option<DeprecatedPart>, Failure> {
    Ok(match what {
        Part::Everything => None,
        Part::Field(path) => Some(DeprecatedPart::Field(line(&path.to_string())?)),
        Part::Status(status) => Some(DeprecatedPart::Status(*status)),
        Part::Query(name) => Some(DeprecatedPart::Query(line(name)?)),
        Part::Header(name) => Some(DeprecatedPart::Header(line(name)?)),
    })
}

fn line(text: &str) -> Result<Line, Failure> {
    Line::new(text)
        .map_err(|error| Failure::asked_wrongly("what is to go has no name that can be kept").because(&error))
}
