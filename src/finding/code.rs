//! The stable names of every kind of problem.
//!
//! A code never changes its meaning and is never used for two things; removing one is a breaking
//! change. What a code means in full is told by `pactwright explain`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a finding does to the verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weight {
    /// Worth knowing; changes no verdict unless `--strict` is given.
    Warning,
    /// The pact file cannot be trusted as it stands; nothing of it is replayed.
    Defect,
    /// It could not be found out whether the contract holds.
    Error,
    /// The contract is broken.
    Broken,
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $slug:literal, $weight:ident;)+) => {
        /// The stable name of a kind of problem.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        pub enum Code {
            $($(#[doc = $doc])+ #[serde(rename = $slug)] $variant,)+
        }

        impl Code {
            /// Every code there is, in the order in which they are documented.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name as it is shown, stored and asked for: lower case with hyphens.
            #[must_use]
            pub const fn slug(self) -> &'static str {
                match self { $(Self::$variant => $slug,)+ }
            }

            /// What this kind of problem does to the verdict.
            #[must_use]
            pub const fn weight(self) -> Weight {
                match self { $(Self::$variant => Weight::$weight,)+ }
            }

            /// One sentence that says what this kind of problem is.
            #[must_use]
            pub fn summary(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),+).trim_start(),)+ }
            }
        }
    };
}

codes! {
    /// A request has another method than the contract expects.
    MethodMismatch = "method-mismatch", Broken;
    /// A request has another path than the contract expects.
    PathMismatch = "path-mismatch", Broken;
    /// A query parameter of a request is missing, not expected, or has another value.
    QueryMismatch = "query-mismatch", Broken;
    /// The provider answered with another status than the contract asks for.
    StatusMismatch = "status-mismatch", Broken;
    /// A header that the contract asks for is missing from the answer.
    MissingHeader = "missing-header", Broken;
    /// A header has another value than the contract allows.
    HeaderMismatch = "header-mismatch", Broken;
    /// The answer has another content type than the contract asks for.
    ContentTypeMismatch = "content-type-mismatch", Broken;
    /// The contract asks for a body and the answer has none.
    MissingBody = "missing-body", Broken;
    /// The contract asks for an empty body and the answer has one.
    UnexpectedBody = "unexpected-body", Broken;
    /// A field that the contract asks for is missing from the body.
    MissingField = "missing-field", Broken;
    /// The body has a field that the contract does not allow.
    UnexpectedField = "unexpected-field", Broken;
    /// A value has another type than the contract asks for.
    WrongType = "wrong-type", Broken;
    /// A value is not the one that the contract asks for.
    WrongValue = "wrong-value", Broken;
    /// A text does not match the pattern in the contract.
    WrongPattern = "wrong-pattern", Broken;
    /// A value is not in the format in the contract: a date, a time, a version.
    WrongFormat = "wrong-format", Broken;
    /// A list is shorter or longer than the contract allows.
    WrongLength = "wrong-length", Broken;
    /// A list lacks an item that the contract asks for in any position.
    MissingItem = "missing-item", Broken;
    /// The body differs from the contract in a way that has no path.
    BodyMismatch = "body-mismatch", Broken;
    /// A metadata entry of a message is missing or has another value.
    MetadataMismatch = "metadata-mismatch", Broken;

    /// Nobody listens at the provider's address.
    ConnectionRefused = "connection-refused", Error;
    /// The provider's host name could not be resolved.
    UnknownHost = "unknown-host", Error;
    /// The connection broke before the whole answer was read.
    ConnectionBroken = "connection-broken", Error;
    /// The TLS handshake with the provider failed.
    TlsFailed = "tls-failed", Error;
    /// The answer did not come within the time allowed for a request.
    RequestTimedOut = "request-timed-out", Error;
    /// What came back is not an HTTP answer.
    BadAnswer = "bad-answer", Error;
    /// The answer is larger than the limit.
    AnswerTooLarge = "answer-too-large", Error;
    /// The request in the pact cannot be sent as it stands.
    UnsendableRequest = "unsendable-request", Error;
    /// The run was stopped before this interaction was verified.
    RunStopped = "run-stopped", Error;
    /// The provider could not be started or did not become ready in time.
    ProviderNotReady = "provider-not-ready", Error;
    /// The provider process ended while it was still needed.
    ProviderDied = "provider-died", Error;
    /// The build command that runs before the provider is started failed.
    BuildFailed = "build-failed", Error;
    /// The interaction needs a provider state and there is no way to set one.
    StateHandlerMissing = "state-handler-missing", Error;
    /// A provider state could not be set up.
    StateSetupFailed = "state-setup-failed", Error;
    /// A provider state could not be torn down; the verdict itself stands.
    StateTeardownFailed = "state-teardown-failed", Error;
    /// The contract needs a value from the provider state and the handler did not return it.
    StateValueMissing = "state-value-missing", Error;
    /// The message endpoint did not answer with success.
    MessageEndpointFailed = "message-endpoint-failed", Error;
    /// The message endpoint's metadata header cannot be read.
    MessageMetadataUnreadable = "message-metadata-unreadable", Error;
    /// The contract expects several answers to one message, and a message endpoint gives one.
    UnverifiableAnswers = "unverifiable-answers", Error;
    /// Nobody answers with this message: no address gives messages, or no handler is registered for it.
    MessageHandlerMissing = "message-handler-missing", Error;
    /// The interaction uses a transport for which no address was given.
    TransportUnknown = "transport-unknown", Error;
    /// The interaction needs a plugin, and plugins are not available in this build.
    PluginNeeded = "plugin-needed", Error;
    /// A generator in the pact could not produce a value for the request.
    GeneratorFailed = "generator-failed", Error;
    /// Comparing the answer with the contract took longer than allowed.
    MatchingTimedOut = "matching-timed-out", Error;
    /// Comparing the answer with the contract crashed.
    MatchingCrashed = "matching-crashed", Error;
    /// A document is nested more deeply than can be compared safely.
    TooDeep = "too-deep", Error;
    /// A request filter or handler of the test itself failed.
    HookFailed = "hook-failed", Error;
    /// What came of the run could not be recorded in the store.
    ResultNotRecorded = "result-not-recorded", Error;
    /// Nothing was verified in this run.
    NothingVerified = "nothing-verified", Error;
    /// The reference verifier comes to another verdict, for no reason that is known.
    SecondOpinionDiffers = "second-opinion-differs", Error;

    /// The provider, its specification and the contract do not say the same.
    SpecificationContradicted = "specification-contradicted", Broken;
    /// It could not be decided whether the specification has what the contract or the answer has.
    SpecificationUndecided = "specification-undecided", Error;
    /// Something about the specification is worth knowing: where it allows an answer that the contract does not, or uses what is not understood.
    SpecificationNoted = "specification-noted", Warning;

    /// The file or address cannot be read.
    Unreadable = "unreadable", Defect;
    /// The file is not valid JSON.
    InvalidJson = "invalid-json", Defect;
    /// The document is not a pact.
    NotAPact = "not-a-pact", Defect;
    /// The pact is written for a specification version that is not known.
    UnknownVersion = "unknown-version", Defect;
    /// A required key is missing.
    MissingKey = "missing-key", Defect;
    /// A key looks like a misspelt known key and would have no effect.
    MisspeltKey = "misspelt-key", Defect;
    /// A key stands twice in one object, so one of its values would be lost.
    DuplicateKey = "duplicate-key", Defect;
    /// A value has a type that the specification does not allow here.
    BadType = "bad-type", Defect;
    /// A value is outside the range that the specification allows.
    OutOfRange = "out-of-range", Defect;
    /// A value is not one of the words that the specification allows here.
    UnknownWord = "unknown-word", Defect;
    /// A matching rule has a type that is not known.
    UnknownMatcher = "unknown-matcher", Defect;
    /// A generator has a type that is not known.
    UnknownGenerator = "unknown-generator", Defect;
    /// A matching rule lacks what it needs in order to constrain anything.
    EmptyRule = "empty-rule", Defect;
    /// A regular expression does not compile.
    BadRegex = "bad-regex", Defect;
    /// A date, time or timestamp format is not valid.
    BadFormat = "bad-format", Defect;
    /// The path of a rule or generator cannot be read.
    BadPath = "bad-path", Defect;
    /// Bytes that are said to be encoded cannot be decoded.
    BadEncoding = "bad-encoding", Defect;
    /// The wanted version of the specification cannot express what is asked for.
    VersionTooOld = "version-too-old", Defect;
    /// Two interactions of one pact have the same description, states and key but differ.
    ConflictingInteractions = "conflicting-interactions", Defect;

    /// A key is not part of the specification and is ignored.
    UnknownKey = "unknown-key", Warning;
    /// A matching rule's path leads nowhere in the example, so the rule checks nothing.
    UnresolvedRule = "unresolved-rule", Warning;
    /// An example is empty, so the rule on it checks nothing.
    EmptyExample = "empty-example", Warning;
    /// An example does not satisfy its own rule.
    ExampleBreaksRule = "example-breaks-rule", Warning;
    /// Two rules are equally specific for a value, and only their order decides between them.
    AmbiguousRules = "ambiguous-rules", Warning;
    /// A regular expression collides with an extension of the matching engine, so no answer will
    /// ever satisfy it.
    UnusableRegex = "unusable-regex", Warning;
    /// The pact has no interactions.
    NoInteractions = "no-interactions", Warning;
    /// The same interaction stands in a pact more than once.
    DuplicateInteraction = "duplicate-interaction", Warning;
    /// The same pact was given more than once; it counts once.
    DuplicatePact = "duplicate-pact", Warning;
    /// The file is JSON but plainly no pact, and was skipped.
    SkippedFile = "skipped-file", Warning;
    /// A value that looks as if it changes with every run is compared exactly.
    DynamicValue = "dynamic-value", Warning;
    /// A rule accepts answers that no consumer could use: an empty object, any status.
    WeakRule = "weak-rule", Warning;
    /// Nothing is expected of a message, so that any message will do.
    ExpectsNothing = "expects-nothing", Warning;
    /// Two provider states have names that differ only in spelling.
    SimilarStates = "similar-states", Warning;
    /// Two interactions ask for different answers to the same request in the same states.
    ContradictoryInteractions = "contradictory-interactions", Warning;
}

impl Code {
    /// Finds a code by its name.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.slug() == slug)
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.slug())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_slug_is_unique_and_found_again() {
        let slugs: BTreeSet<_> = Code::ALL.iter().map(|code| code.slug()).collect();
        assert_eq!(slugs.len(), Code::ALL.len());
        for code in Code::ALL {
            assert_eq!(Code::from_slug(code.slug()), Some(*code));
        }
    }

    #[test]
    fn a_code_is_stored_under_its_slug() {
        for code in Code::ALL {
            let stored = serde_json::to_value(code).expect("a code serialises");
            assert_eq!(stored, code.slug());
        }
    }

    #[test]
    fn every_summary_is_one_sentence() {
        for code in Code::ALL {
            assert!(code.summary().ends_with('.'), "{code}");
        }
    }
}
