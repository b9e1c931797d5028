//! The reference verifier's own verdict on the same interaction.
//!
//! It is asked about a pact of one interaction, with the states set up afresh, and it sends the
//! request again. Its verdict never changes ours: a disagreement is reported beside it, with the
//! documented reason where there is one. It reaches no broker and sends no metrics.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use pact_models::pact::load_pact_from_json;
use pact_models::provider_states::ProviderState as ReferenceState;
use pact_verifier::callback_executors::ProviderStateExecutor;
use pact_verifier::{
    FilterInfo, MismatchResult, NullRequestFilterExecutor, ProviderInfo, ProviderTransport,
    VerificationOptions, verify_pact_internal,
};
use serde_json::{Map, Value, json};

use super::explained::explanation;
use super::imitated::imitated;
use super::plan::Entry;
use super::result::verdict;
use super::site::{Replayed, Site};
use super::state::StateChanger;
use crate::connect::absolute;
use crate::contract::{Contract, Exchange, Interaction, ProviderState, SpecVersion};
use crate::finding::{Code, Finding, Place};
use crate::matching::{Mishap, guarded};
use crate::outcome::{InteractionResult, SecondOpinion, Verdict};

/// Asks the reference verifier about an interaction and compares its verdict with ours.
pub(super) async fn ask(site: &Site, entry: &Entry, ours: &Replayed) -> SecondOpinion {
    if let Some(why) = why_not_to_ask(site, entry) {
        return SecondOpinion {
            verdict: Verdict::Skipped,
            agrees: false,
            mismatches: Vec::new(),
            explained_by: None,
            not_asked: Some(why.to_owned()),
        };
    }
    let limit = 4 * site.options().limits.request + Duration::from_secs(5);
    let question = Question::new(site, entry);
    let runtime = tokio::runtime::Handle::current();
    let asked = guarded(limit, move || runtime.block_on(question.ask())).await;
    let theirs = match asked {
        Ok(theirs) => theirs,
        Err(Mishap::Crashed(why)) => Theirs::error(format!("it panicked: {why}")),
        Err(Mishap::TimedOut(limit)) => {
            Theirs::error(format!("it gave no verdict within {} s", limit.as_secs()))
        }
    };
    let agrees = agree(verdict(ours, false), &theirs);
    let explained_by = if agrees { None } else { explained(site, entry, ours, &theirs).await };
    SecondOpinion { verdict: theirs.verdict, agrees, mismatches: theirs.said, explained_by, not_asked: None }
}

/// What this run was told and the reference verifier cannot be: its verdict would be about
/// something else.
fn why_not_to_ask(site: &Site, entry: &Entry) -> Option<&'static str> {
    let options = site.options();
    let (connection, trust) = (&options.connection, &options.connection.trust);
    let is_message = !matches!(entry.interaction().exchange, Exchange::Http { .. });
    if is_message && options.hooks.makes_messages() {
        return Some("it cannot call the message handlers of a test");
    }
    // It would ask at `/`, and take any page there for the answer.
    let Ok(address) = site.transport(entry.interaction()) else {
        return Some("this run has no address for it to ask");
    };
    let is_tls = address.get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https:"));
    if is_tls && trust.client_certificate.is_some() {
        Some("it cannot present a client certificate")
    } else if is_tls && trust.ca_file.is_some() && !trust.insecure {
        Some("it cannot be told to trust a CA file")
    } else if has_repeated_name(&connection.headers) {
        Some("it cannot send several headers of one name")
    } else if connection.http2 {
        Some("it cannot speak HTTP/2 from the first byte")
    } else if options.hooks.filters_requests() {
        Some("it cannot call the request filter of a test")
    } else {
        None
    }
}

/// True when a name stands there more than once.
fn has_repeated_name(headers: &[(String, String)]) -> bool {
    let is_earlier = |(at, (name, _)): (usize, &(String, String))| {
        headers[..at].iter().any(|(known, _)| known.eq_ignore_ascii_case(name))
    };
    headers.iter().enumerate().any(is_earlier)
}

/// A failure and an error both stop a deployment; that is what must be agreed on. Whoever could send
/// nothing agrees with nobody.
fn agree(ours: Verdict, theirs: &Theirs) -> bool {
    !theirs.has_no_client() && stops(theirs.verdict) == stops(ours)
}

/// A disagreement that no documented reason explains: one of the two is wrong.
pub(super) fn disputed(result: &InteractionResult) -> Finding {
    let (consumer, description) = (&result.consumer, &result.description);
    let message = format!("the reference verifier disagrees about {consumer} > {description}");
    Finding::new(Code::SecondOpinionDiffers, Place::Run, message).with_location(result.location.clone())
}

/// Why the two disagree. Only when nothing else explains it, the provider is asked once more.
async fn explained(site: &Site, entry: &Entry, ours: &Replayed, theirs: &Theirs) -> Option<String> {
    if let Some(reasons) = explanation(entry, ours, theirs, None) {
        return Some(reasons);
    }
    let imitated = imitated(site, entry).await?;
    explanation(entry, ours, theirs, Some(&imitated))
}

/// The reference verifier's verdict.
pub(super) struct Theirs {
    /// The verdict.
    pub(super) verdict: Verdict,
    /// Where it sees a difference: the part, and the path or name in it.
    pub(super) places: Vec<(Place, String)>,
    /// What it says, in its own words, sorted.
    pub(super) said: Vec<String>,
}

/// All that it says when its HTTP client cannot be made; with an address behind it, it means that.
const NO_CLIENT: &str = "builder error";

impl Theirs {
    /// True when it could send no request at all.
    pub(super) fn has_no_client(&self) -> bool {
        self.said == [NO_CLIENT]
    }

    fn error(why: String) -> Self {
        Self { verdict: Verdict::Error, places: Vec::new(), said: vec![why] }
    }

    /// Its mismatches, sorted, since it gives them in no order.
    fn of(result: Result<(), MismatchResult>) -> Self {
        match result {
            Ok(()) => Self { verdict: Verdict::Passed, places: Vec::new(), said: Vec::new() },
            Err(MismatchResult::Mismatches { mismatches, .. }) => {
                let mut said: Vec<String> =
                    mismatches.iter().map(pact_matching::Mismatch::description).collect();
                said.sort();
                Self { verdict: Verdict::Failed, places: mismatches.iter().map(place_of).collect(), said }
            }
            Err(MismatchResult::Error(why, _)) => Self::error(why),
        }
    }
}

fn place_of(mismatch: &pact_matching::Mismatch) -> (Place, String) {
    match mismatch {
        pact_matching::Mismatch::MethodMismatch { .. }
        | pact_matching::Mismatch::PathMismatch { .. }
        | pact_matching::Mismatch::QueryMismatch { .. } => (Place::Request, String::new()),
        pact_matching::Mismatch::StatusMismatch { .. } => (Place::Status, String::new()),
        pact_matching::Mismatch::HeaderMismatch { key, .. } => (Place::Header, key.clone()),
        pact_matching::Mismatch::BodyTypeMismatch { .. } => (Place::Body, String::new()),
        pact_matching::Mismatch::BodyMismatch { path, .. } => (Place::Body, path.clone()),
        pact_matching::Mismatch::MetadataMismatch { key, .. } => (Place::Metadata, key.clone()),
    }
}

fn stops(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Failed | Verdict::Error)
}

/// Everything the reference verifier is told, so that asking borrows nothing.
struct Question {
    pact: Value,
    provider: ProviderInfo,
    options: VerificationOptions<NullRequestFilterExecutor>,
    states: Arc<Executor>,
}

impl Question {
    fn new(site: &Site, entry: &Entry) -> Self {
        let options = site.options();
        let transport = |name: &str, url: &str| transport(name, &absolute(&site.base, url));
        let message_url = options.message_url.as_deref().unwrap_or("/");
        let mut transports = vec![transport("http", &site.base), transport("message", message_url)];
        transports.extend(options.transports.iter().map(|(name, url)| transport(name, url)));
        let provider = ProviderInfo {
            name: entry.contract().provider.clone(),
            // It knows one host, and an interaction is asked of one.
            host: host_of(&site.transport(entry.interaction()).unwrap_or_else(|_| site.base.clone())),
            transports,
            ..ProviderInfo::default()
        };
        let asked = VerificationOptions {
            request_filter: None,
            disable_ssl_verification: options.connection.trust.insecure,
            request_timeout: u64::try_from(options.limits.request.as_millis()).unwrap_or(u64::MAX),
            custom_headers: options.connection.headers.iter().cloned().collect(),
            coloured_output: false,
            ..VerificationOptions::default()
        };
        let states = Executor { changer: site.states().clone(), teardown: options.states.teardown };
        let pact = pact_of(entry.contract(), entry.interaction());
        Self { pact, provider, options: asked, states: Arc::new(states) }
    }

    async fn ask(self) -> Theirs {
        let pact = match load_pact_from_json("second opinion", &self.pact) {
            Ok(pact) => pact,
            Err(error) => return Theirs::error(error.to_string()),
        };
        let verified = verify_pact_internal(
            &self.provider,
            &FilterInfo::None,
            pact,
            &self.options,
            &self.states,
            false,
            Duration::ZERO,
        );
        let mut results = match verified.await {
            Ok(verified) => verified.results,
            Err(error) => return Theirs::error(error.to_string()),
        };
        match results.pop() {
            Some(only) if results.is_empty() => Theirs::of(only.result),
            _ => Theirs::error("it did not verify one interaction".to_owned()),
        }
    }
}

/// A pact that holds nothing but one interaction.
fn pact_of(contract: &Contract, interaction: &Interaction) -> Value {
    let is_message = interaction.is_listed_as_message();
    let list = if is_message { "messages" } else { "interactions" };
    let written = contract.document.value().get("metadata").cloned();
    let metadata = match contract.version {
        // In a pact of version 4 the reference looks for no list of messages.
        SpecVersion::V4 if is_message => json!({ "pactSpecification": { "version": "3.0.0" } }),
        version => written.unwrap_or_else(|| json!({ "pactSpecification": { "version": version.number() } })),
    };
    json!({
        "consumer": { "name": contract.consumer },
        "provider": { "name": contract.provider },
        list: [contract.json(interaction)],
        "metadata": metadata,
    })
}

fn transport(name: &str, url: &str) -> ProviderTransport {
    let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
    let (authority, path) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
    let port = authority.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
    ProviderTransport {
        transport: name.to_owned(),
        port,
        path: Some(path.to_owned()),
        scheme: Some(scheme.to_owned()),
    }
}

fn host_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or_default();
    // The colons inside the brackets of an IPv6 address are not followed by a port.
    let port = authority.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    port.map_or(authority, |(host, _)| host).to_owned()
}

/// Lets the reference verifier set up states in the way we do.
#[derive(Debug)]
struct Executor {
    changer: StateChanger,
    teardown: bool,
}

#[async_trait]
impl ProviderStateExecutor for Executor {
    async fn call(
        self: Arc<Self>,
        _interaction: Option<String>,
        state: &ReferenceState,
        setup: bool,
        _client: Option<&reqwest::Client>,
    ) -> anyhow::Result<HashMap<String, Value>> {
        // It asks for a state without a name where the interaction has none.
        if state.name.is_empty() {
            return Ok(HashMap::new());
        }
        let params: Map<String, Value> =
            state.params.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        let states = [ProviderState { name: state.name.clone(), params }];
        if setup {
            let values =
                self.changer.set_up(&states).await.map_err(|problem| anyhow::anyhow!(problem.message))?;
            return Ok(values.values.into_iter().collect());
        }
        match self.changer.tear_down(&states).await.into_iter().next() {
            None => Ok(HashMap::new()),
            Some(problem) => Err(anyhow::anyhow!(problem.message)),
        }
    }

    fn teardown(&self) -> bool {
        self.teardown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_could_send_nothing_agrees_with_nobody() {
        let error = |why: &str| Theirs::error(why.to_owned());
        assert!(!agree(Verdict::Failed, &error("builder error")));
        assert!(!agree(Verdict::Error, &error("builder error")));
        assert!(agree(Verdict::Failed, &error("error sending request")));
        assert!(!agree(Verdict::Passed, &error("error sending request")));
        assert!(agree(Verdict::Passed, &Theirs::of(Ok(()))));
    }

    #[test]
    fn the_host_of_an_address_is_what_stands_before_its_port() {
        let table = ["http://h", "http://h:80/a:1", "https://[::1]", "http://[::1]:8080/", "http://u:1@h:2"];
        assert_eq!(table.map(host_of), ["h", "h", "[::1]", "[::1]", "u:1@h"]);
    }
}
