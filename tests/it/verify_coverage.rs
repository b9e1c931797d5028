//! Every kind of thing that can decide a verdict has a case in `tests/fixtures/verify`.
//!
//! The lists come from matches without a wildcard over our own enums: a new variant does not
//! compile until it stands here, and fails until a case shows it. What occurs is read from the
//! pacts and from the expected reports, not from a run.

use std::collections::BTreeSet;
use std::fs;

use pactwright::contract::{Exchange, Generator, Interaction, Matcher, Rule, StatusClass};
use pactwright::finding::{Code, Weight};
use pactwright::outcome::{SkipReason, Verdict};
use pactwright::replay::Quirk;
use serde_json::Value;

use crate::support::case::{self, Case};

/// A match without a wildcard that names each kind, and the list of all names.
macro_rules! kinds {
    ($function:ident, $all:ident, $type:ty, $($pattern:pat => $name:literal),+ $(,)?) => {
        fn $function(value: &$type) -> &'static str {
            match value { $($pattern => $name,)+ }
        }
        const $all: &[&str] = &[$($name),+];
    };
}

kinds! { matcher_kind, MATCHERS, Matcher,
    Matcher::Equality => "equality",
    Matcher::Regex(_) => "regex",
    Matcher::Type { min: None, max: None } => "type",
    Matcher::Type { min: Some(_), max: None } => "type with min",
    Matcher::Type { min: None, max: Some(_) } => "type with max",
    Matcher::Type { min: Some(_), max: Some(_) } => "type with min and max",
    Matcher::DateTime(_) => "datetime",
    Matcher::Time(_) => "time",
    Matcher::Date(_) => "date",
    Matcher::Include(_) => "include",
    Matcher::Number => "number",
    Matcher::Integer => "integer",
    Matcher::Decimal => "decimal",
    Matcher::Null => "null",
    Matcher::ContentType(_) => "contentType",
    Matcher::ArrayContains(_) => "arrayContains",
    Matcher::Values => "values",
    Matcher::Boolean => "boolean",
    Matcher::StatusCode(StatusClass::Information) => "status from 100",
    Matcher::StatusCode(StatusClass::Success) => "status from 200",
    Matcher::StatusCode(StatusClass::Redirect) => "status from 300",
    Matcher::StatusCode(StatusClass::ClientError) => "status from 400",
    Matcher::StatusCode(StatusClass::ServerError) => "status from 500",
    Matcher::StatusCode(StatusClass::NonError) => "status below 400",
    Matcher::StatusCode(StatusClass::Error) => "status from 400 or above",
    Matcher::StatusCode(StatusClass::Codes(_)) => "one of several statuses",
    Matcher::NotEmpty => "notEmpty",
    Matcher::Semver => "semver",
    Matcher::EachKey(_) => "eachKey",
    Matcher::EachValue(_) => "eachValue",
    Matcher::Plugin { .. } => "of a plugin",
}

/// What no case can show, with the reason.
const NEVER_SATISFIED: &[(&str, &str)] = &[
    ("status from 100", "an interim answer is never the last one"),
    ("of a plugin", "such an interaction is an error"),
];
const NEVER_BROKEN: &[(&str, &str)] = &[("of a plugin", "such an interaction is an error")];

kinds! { generator_kind, GENERATORS, Generator,
    Generator::RandomInt { .. } => "RandomInt",
    Generator::RandomDecimal { .. } => "RandomDecimal",
    Generator::RandomHexadecimal { .. } => "RandomHexadecimal",
    Generator::RandomString { .. } => "RandomString",
    Generator::RandomBoolean => "RandomBoolean",
    Generator::Regex(_) => "Regex",
    Generator::Uuid(None) => "Uuid",
    Generator::Uuid(Some(_)) => "Uuid in a form",
    Generator::Date { format: None, .. } => "Date",
    Generator::Date { format: Some(_), expression: None } => "Date in a format",
    Generator::Date { format: Some(_), expression: Some(_) } => "Date later than now",
    Generator::Time { format: None, .. } => "Time",
    Generator::Time { format: Some(_), .. } => "Time in a format",
    Generator::DateTime { format: None, .. } => "DateTime",
    Generator::DateTime { format: Some(_), .. } => "DateTime in a format",
    Generator::ProviderState { data_type: None, .. } => "ProviderState",
    Generator::ProviderState { data_type: Some(_), .. } => "ProviderState of a type",
    Generator::MockServerUrl { .. } => "MockServerURL",
    Generator::Plugin { .. } => "of a plugin",
}

kinds! { verdict_kind, VERDICTS, Verdict,
    Verdict::Passed => "passed",
    Verdict::Failed => "failed",
    Verdict::Error => "error",
    Verdict::Pending => "pending",
    Verdict::Skipped => "skipped",
}

kinds! { skip_kind, SKIP_REASONS, SkipReason,
    SkipReason::Filtered => "filtered",
    SkipReason::OtherPartition => "other-partition",
    SkipReason::NotFailedBefore => "not-failed-before",
    SkipReason::MaxFailures => "max-failures",
    SkipReason::AlreadyVerified => "already-verified",
}
// Nothing calls it: that it is complete is all that is asked of it.
const _: fn(&SkipReason) -> &'static str = skip_kind;

kinds! { quirk_kind, QUIRKS, Quirk,
    Quirk::MessageStatus => "message-status",
    Quirk::RegexOnNonText => "regex-on-non-text",
    Quirk::BooleanAsText => "boolean-as-text",
    Quirk::EmptyLists => "empty-lists",
    Quirk::MultipartNames => "multipart-names",
    Quirk::MissingStateHandler => "missing-state-handler",
    Quirk::MissingStateValue => "missing-state-value",
    Quirk::RoundedNumbers => "rounded-numbers",
    Quirk::EmptyState => "empty-state",
}

/// Whether a replay of an interaction can end in this finding.
#[expect(clippy::too_many_lines, reason = "one line for each code")]
#[expect(clippy::match_same_arms, reason = "each group has its own reason")]
fn is_of_a_replay(code: Code) -> bool {
    match code {
        Code::StatusMismatch
        | Code::MissingHeader
        | Code::HeaderMismatch
        | Code::ContentTypeMismatch
        | Code::MissingBody
        | Code::UnexpectedBody
        | Code::MissingField
        | Code::UnexpectedField
        | Code::WrongType
        | Code::WrongValue
        | Code::WrongPattern
        | Code::WrongFormat
        | Code::WrongLength
        | Code::MissingItem
        | Code::BodyMismatch
        | Code::MetadataMismatch
        | Code::ConnectionRefused
        | Code::UnknownHost
        | Code::ConnectionBroken
        | Code::TlsFailed
        | Code::RequestTimedOut
        | Code::BadAnswer
        | Code::AnswerTooLarge
        | Code::UnsendableRequest
        | Code::RunStopped
        | Code::ProviderNotReady
        | Code::ProviderDied
        | Code::BuildFailed
        | Code::StateHandlerMissing
        | Code::StateSetupFailed
        | Code::StateTeardownFailed
        | Code::StateValueMissing
        | Code::MessageEndpointFailed
        | Code::MessageMetadataUnreadable
        | Code::UnverifiableAnswers
        | Code::TransportUnknown
        | Code::PluginNeeded
        | Code::GeneratorFailed
        | Code::MatchingTimedOut
        | Code::MatchingCrashed
        | Code::TooDeep
        | Code::NothingVerified => true,
        // About a request that a mock was asked.
        Code::MethodMismatch | Code::PathMismatch | Code::QueryMismatch => false,
        // Closures of a Rust test, which no file can hold.
        Code::MessageHandlerMissing | Code::HookFailed => false,
        // Reported beside a verdict, not as a finding of the replay; see `second_opinion`.
        Code::SecondOpinionDiffers => false,
        // About a specification, which the cases have none of; see `cli_verify_openapi`.
        Code::SpecificationContradicted | Code::SpecificationUndecided | Code::SpecificationNoted => false,
        // About interactions that are being recorded, and what becomes of results in a store.
        Code::VersionTooOld | Code::ResultNotRecorded => false,
        // Said by the reader, before anything is replayed.
        Code::Unreadable
        | Code::InvalidJson
        | Code::NotAPact
        | Code::UnknownVersion
        | Code::MissingKey
        | Code::MisspeltKey
        | Code::DuplicateKey
        | Code::BadType
        | Code::OutOfRange
        | Code::UnknownWord
        | Code::UnknownMatcher
        | Code::UnknownGenerator
        | Code::EmptyRule
        | Code::BadRegex
        | Code::BadFormat
        | Code::BadPath
        | Code::BadEncoding
        | Code::ConflictingInteractions
        | Code::UnknownKey
        | Code::UnresolvedRule
        | Code::EmptyExample
        | Code::AmbiguousRules
        | Code::ExampleBreaksRule
        | Code::UnusableRegex
        | Code::NoInteractions
        | Code::DuplicateInteraction
        | Code::DuplicatePact
        | Code::SkippedFile
        | Code::DynamicValue
        | Code::WeakRule
        | Code::ExpectsNothing
        | Code::SimilarStates
        | Code::ContradictoryInteractions => false,
    }
}

/// What is expected of one interaction of a case.
struct Expectation {
    interaction: Interaction,
    expected: Value,
}

fn expectations(cases: &[Case]) -> Vec<Expectation> {
    let of_case = |case: &Case| {
        let expected = expected(case);
        let results = expected["interactions"].as_array().cloned().unwrap_or_default();
        let interactions = case.contract.interactions.clone();
        assert_eq!(interactions.len(), results.len(), "{}", case.name);
        let pairs = interactions.into_iter().zip(results);
        pairs.map(|(interaction, expected)| Expectation { interaction, expected }).collect::<Vec<_>>()
    };
    cases.iter().flat_map(of_case).collect()
}

fn expected(case: &Case) -> Value {
    let text = fs::read(case.directory.join("expected.json")).expect("each case has an expected.json");
    serde_json::from_slice(&text).expect("it is JSON")
}

impl Expectation {
    fn is(&self, verdict: Verdict) -> bool {
        self.expected["verdict"] == verdict_kind(&verdict)
    }

    /// The rules on what comes back.
    fn rules(&self) -> Vec<&Rule> {
        match &self.interaction.exchange {
            Exchange::Http { response, .. } => response.rules.iter().collect(),
            Exchange::Message(contents) => contents.rules.iter().collect(),
            Exchange::SyncMessage { responses, .. } => {
                responses.iter().flat_map(|response| response.rules.iter()).collect()
            }
        }
    }

    /// The rules that a finding names as those that decided.
    fn broken_rules(&self) -> Vec<&Rule> {
        let findings = self.expected["findings"].as_array().cloned().unwrap_or_default();
        let decided = |rule: &&Rule| findings.iter().any(|finding| finding["rule"] == rule.to_string());
        self.rules().into_iter().filter(decided).collect()
    }
}

fn matchers_in(rules: &[&Rule], found: &mut BTreeSet<&'static str>) {
    fn add(matcher: &Matcher, found: &mut BTreeSet<&'static str>) {
        found.insert(matcher_kind(matcher));
        match matcher {
            Matcher::EachKey(inner) | Matcher::EachValue(inner) => {
                for matcher in inner {
                    add(matcher, found);
                }
            }
            _ => {}
        }
    }
    for matcher in rules.iter().flat_map(|rule| &rule.matchers) {
        add(matcher, found);
    }
}

/// The names that do not occur, apart from those that cannot.
fn missing(all: &[&'static str], found: &BTreeSet<&str>, excused: &[(&str, &str)]) -> Vec<&'static str> {
    let is_excused = |name: &str| excused.iter().any(|(known, _)| *known == name);
    for (name, why) in excused {
        assert!(!found.contains(name), "a case shows `{name}` after all, although {why}");
    }
    all.iter().copied().filter(|name| !found.contains(name) && !is_excused(name)).collect()
}

#[test]
fn every_matcher_has_a_case_in_which_it_holds_and_one_in_which_it_is_broken() {
    let (mut held, mut broken) = (BTreeSet::new(), BTreeSet::new());
    for expectation in expectations(&case::all()) {
        if expectation.is(Verdict::Passed) {
            matchers_in(&expectation.rules(), &mut held);
        }
        matchers_in(&expectation.broken_rules(), &mut broken);
    }
    assert_eq!(missing(MATCHERS, &held, NEVER_SATISFIED), [""; 0], "without a case in which it holds");
    assert_eq!(missing(MATCHERS, &broken, NEVER_BROKEN), [""; 0], "without a case in which it is broken");
}

#[test]
fn every_generator_has_a_case_in_which_its_request_is_sent() {
    let mut found = BTreeSet::new();
    for expectation in expectations(&case::all()) {
        if expectation.is(Verdict::Passed) {
            let generators = expectation.interaction.exchange.request_generators();
            found.extend(generators.iter().map(|placed| generator_kind(&placed.generator)));
        }
    }
    let excused = [("of a plugin", "such an interaction is an error")];
    assert_eq!(missing(GENERATORS, &found, &excused), [""; 0]);
}

#[test]
fn every_finding_of_a_replay_has_a_case() {
    let cases = case::all();
    let mut found = BTreeSet::new();
    for case in &cases {
        let expected = expected(case);
        let of_results = expected["interactions"].as_array().cloned().unwrap_or_default();
        let results = of_results.iter().filter_map(|result| result["findings"].as_array());
        for finding in results.chain(expected["run"].as_array()).flatten() {
            found.insert(finding["code"].as_str().expect("each finding has a code").to_owned());
        }
    }
    let needed = Code::ALL.iter().filter(|code| is_of_a_replay(**code));
    let missing: Vec<&str> = needed.map(|code| code.slug()).filter(|slug| !found.contains(*slug)).collect();
    assert_eq!(missing, [""; 0]);
    let strange: Vec<&String> =
        found.iter().filter(|slug| Code::from_slug(slug).is_none_or(|code| !is_of_a_replay(code))).collect();
    assert!(strange.is_empty(), "not known to come from a replay: {strange:?}");
    assert!(Code::ALL.iter().all(|code| !is_of_a_replay(*code) || code.weight() >= Weight::Error));
}

#[test]
fn every_verdict_and_every_reason_to_skip_has_a_case() {
    let expectations = expectations(&case::all());
    let words = |key: &str| -> BTreeSet<String> {
        expectations.iter().filter_map(|one| one.expected[key].as_str().map(str::to_owned)).collect()
    };
    let (verdicts, reasons) = (words("verdict"), words("skipped"));
    assert_eq!(missing(VERDICTS, &verdicts.iter().map(String::as_str).collect(), &[]), [""; 0]);
    let elsewhere = [("already-verified", "only a store knows of it, and the cases are files")];
    assert_eq!(missing(SKIP_REASONS, &reasons.iter().map(String::as_str).collect(), &elsewhere), [""; 0]);
}

#[test]
fn every_behaviour_of_the_reference_has_a_case() {
    let quirks = case::all().iter().flat_map(|case| case.options.quirks()).collect::<Vec<_>>();
    let asked: BTreeSet<&str> = quirks.iter().map(quirk_kind).collect();
    assert_eq!(missing(QUIRKS, &asked, &[]), [""; 0]);
}
