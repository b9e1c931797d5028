//! Puts a question to the gate, says what it answers, and asks again while nobody knows.

use std::collections::BTreeMap;
use std::mem;
use std::thread;
use std::time::Duration;

use clap::Args;

use super::answer::AnswerArguments;
use super::deprecated;
use super::place::{Place, StoreArguments};
use crate::cli::settings::duration;
use crate::cli::{Failure, clock, rendering, stdio};
use crate::fact::State;
use crate::fact::{FactId, Verified, What};
use crate::gate::{
    Decision, Explanation, Ignore, Integration, Message, NoTarget, Party, Question, Sources, decide, explain,
};
use crate::name::{Branch, Tag, did_you_mean};
use crate::outcome::Answer;
use crate::report;
use crate::report::Colour;

/// How a question is asked.
#[derive(Debug, Args)]
pub(crate) struct AskArguments {
    #[command(flatten)]
    pub(crate) store: StoreArguments,
    #[command(flatten)]
    answer: AnswerArguments,
    /// Leave an application out, or one version of it; may be repeated
    #[arg(long, value_name = "NAME[=VERSION]", value_parser = ignore)]
    pub(crate) ignore: Vec<Ignore>,
    /// Ask again, so often, while nobody knows
    #[arg(long, value_name = "TIMES", default_value_t = 0)]
    retry_while_unknown: u32,
    /// How long to wait in between, such as 10s; a bare number is seconds
    #[arg(long, value_name = "TIME", value_parser = seconds, default_value = "10s")]
    retry_interval: Duration,
    /// Say the answer and end with 0 whatever it is
    #[arg(long, env = "PACT_BROKER_CAN_I_DEPLOY_DRY_RUN", num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value_t = false, value_name = "BOOL", hide_possible_values = true)]
    dry_run: bool,
}

impl AskArguments {
    /// Asks and says the answer.
    pub(crate) fn ask(&self, question: &Question) -> Result<Answer, Failure> {
        let place = self.store.open()?;
        let mut left = self.retry_while_unknown;
        let explanation = loop {
            let (state, decision, explanation) = asked(&place, question)?;
            if decision.deployable.is_some() || left == 0 {
                // The process is about to end, and to give back each of a hundred thousand facts takes as long as
                // to read them.
                mem::forget(state);
                break explanation;
            }
            let waiting =
                format!("{}; asking again in {:?}", explanation.summary.reason, self.retry_interval);
            stdio::note(&waiting);
            thread::sleep(self.retry_interval);
            left -= 1;
        };
        self.answer.say(&explanation, || text(&explanation))?;
        let answer = explanation.summary.answer;
        if self.dry_run && answer != Answer::Yes {
            stdio::note(&format!(
                "this was a dry run; without it the exit status is {}",
                answer.exit_status()
            ));
            return Ok(Answer::Yes);
        }
        Ok(answer)
    }
}

fn asked(place: &Place, question: &Question) -> Result<(State, Decision, Explanation), Failure> {
    let state = place.state()?;
    let decision = decide(&state, question, clock::today()).map_err(|error| no_target(&state, &error))?;
    let verified = details(place, decision.needed())?;
    let sources = Sources { question, state: &state, verified: &verified, store_flag: &place.flag };
    let mut explanation = explain(&decision, &sources);
    explanation.notices.extend(outgoing(place, &state, &decision));
    Ok((state, decision, explanation))
}

/// What the versions that were asked about use of what is to go. It changes no answer, also where it cannot be
/// told.
fn outgoing(place: &Place, state: &State, decision: &Decision) -> Vec<Message> {
    let is_asked = |party: &Party| {
        let version = party.version.as_ref();
        let mut asked = decision.asked.iter();
        asked.any(|(name, number)| *name == party.application && Some(number) == version)
    };
    let told = |one: &Integration| {
        let (consumer, provider) = (&one.consumer.application, &one.provider.application);
        let known = deprecated::known(state, Some(provider))?;
        let mut told = Vec::new();
        let Some(version) = one.consumer.version.as_ref().filter(|_| !known.is_empty()) else {
            return Ok(told);
        };
        let who = format!("{consumer} {version}");
        for published in state.contents(consumer, version, provider) {
            let contract = place.contract(published.content, &who)?;
            told.extend(deprecated::uses(&known, &contract, &who, clock::today()));
        }
        Ok(told)
    };
    let mut texts: Vec<String> = Vec::new();
    for one in decision.integrations.iter().filter(|one| is_asked(&one.consumer)) {
        let told: Result<Vec<_>, Failure> = told(one);
        texts.extend(told.unwrap_or_else(|failure| vec![failure.message]));
    }
    texts.sort();
    texts.dedup();
    texts.into_iter().map(|text| Message { kind: "warning", text }).collect()
}

/// The verifications with these ids, with all that was found.
fn details(place: &Place, ids: impl Iterator<Item = FactId>) -> Result<BTreeMap<FactId, Verified>, Failure> {
    let mut verified = BTreeMap::new();
    for id in ids {
        if let What::Verified(fact) = place.fact(id)?.what {
            verified.insert(id, fact);
        }
    }
    Ok(verified)
}

fn no_target(state: &State, error: &NoTarget) -> Failure {
    let failure = Failure::asked_wrongly(error.to_string());
    let near = match error {
        NoTarget::Environment(name) => {
            let known = state.environments().map(|environment| environment.name.as_str());
            did_you_mean(name.as_str(), known)
        }
        NoTarget::Tag(tag) => did_you_mean(
            tag.as_str(),
            state.applications().flat_map(|name| state.tags(name)).map(Tag::as_str),
        ),
        NoTarget::Branch(branch) => did_you_mean(
            branch.as_str(),
            state.applications().flat_map(|name| state.branches(name)).map(Branch::as_str),
        ),
    };
    let there_are = || {
        let names: Vec<_> = state.environments().map(|environment| environment.name.to_string()).collect();
        (!names.is_empty()).then(|| format!("there are {}", names.join(", ")))
    };
    let hint = match error {
        NoTarget::Environment(_) => near.or_else(there_are),
        NoTarget::Tag(_) | NoTarget::Branch(_) => near,
    };
    hint.into_iter().fold(failure, Failure::hint)
}

fn text(explanation: &Explanation) -> String {
    rendering::to_text(|out| report::gate::text(explanation, Colour::Always, out)).unwrap_or_default()
}

fn ignore(text: &str) -> Result<Ignore, String> {
    let (application, version) = match text.split_once('=') {
        Some((application, version)) => (application, Some(version)),
        None => (text, None),
    };
    let version =
        version.map(str::parse).transpose().map_err(|error: crate::name::InvalidName| error.to_string())?;
    let application = application.parse().map_err(|error: crate::name::InvalidName| error.to_string())?;
    Ok(Ignore { application, version })
}

/// The Pact Broker's command line counts in seconds.
fn seconds(text: &str) -> Result<Duration, String> {
    match text.parse() {
        Ok(seconds) => Ok(Duration::from_secs(seconds)),
        Err(_) => duration(text),
    }
}
