//! The kinds of change between two contracts, as a table.
//!
//! A row says what a change of this kind does to what is demanded of the provider. Every row has a
//! pair of contracts in `tests/fixtures/compat`, named like the row; a row without one fails the
//! tests, and every pair is put before all rules.

/// What a change means for the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// It must do something that it did not have to do before.
    DemandsMore,
    /// It has to do less than before.
    DemandsLess,
    /// It has to do the same as before.
    SameDemand,
}

/// What a change does to the set of things that are demanded.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// Something is added. The other way round it is taken away.
    Adds,
    /// Something is taken away. The other way round it is added.
    Takes,
    /// Something else is demanded, which is more in both directions.
    Replaces,
    /// The same is demanded in other words.
    Keeps,
}

macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $variant:ident = $slug:literal, $effect:ident, $mirror:ident;)+) => {
        /// A kind of change.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Rule {
            /// Every kind of change, in the order in which they are documented.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its stable name, which is also that of its pair of examples.
            #[must_use]
            pub const fn slug(self) -> &'static str {
                match self { $(Self::$variant => $slug,)+ }
            }

            /// The kind of the same change seen from the other side.
            #[must_use]
            pub const fn mirror(self) -> Self {
                match self { $(Self::$variant => Self::$mirror,)+ }
            }

            /// One sentence that says what kind of change it is.
            #[must_use]
            pub fn summary(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),+).trim_start(),)+ }
            }

            const fn effect(self) -> Effect {
                match self { $(Self::$variant => Effect::$effect,)+ }
            }
        }
    };
}

rules! {
    /// The contract is with another provider.
    ProviderChanged = "provider-changed", Replaces, ProviderChanged;
    /// Another consumer has the expectations.
    ConsumerChanged = "consumer-changed", Keeps, ConsumerChanged;
    /// The pact is written in another version of the Pact specification.
    SpecificationChanged = "specification-changed", Keeps, SpecificationChanged;

    /// There is a new interaction.
    InteractionAdded = "interaction-added", Adds, InteractionRemoved;
    /// An interaction is gone.
    InteractionRemoved = "interaction-removed", Takes, InteractionAdded;
    /// An interaction has another description or key and says the same.
    InteractionRenamed = "interaction-renamed", Keeps, InteractionRenamed;
    /// An interaction counts that was marked as pending.
    PendingRemoved = "pending-removed", Adds, PendingAdded;
    /// An interaction is marked as pending, so that breaking it breaks nothing.
    PendingAdded = "pending-added", Takes, PendingRemoved;
    /// An interaction needs other provider states, which must be set up.
    StatesChanged = "states-changed", Replaces, StatesChanged;
    /// An interaction goes over another transport.
    TransportChanged = "transport-changed", Replaces, TransportChanged;
    /// An interaction needs other plugins.
    PluginsChanged = "plugins-changed", Replaces, PluginsChanged;
    /// A message has a further answer.
    AnswerAdded = "answer-added", Adds, AnswerRemoved;
    /// A message has one answer fewer.
    AnswerRemoved = "answer-removed", Takes, AnswerAdded;

    /// The request has another method.
    RequestMethodChanged = "request-method-changed", Replaces, RequestMethodChanged;
    /// The request goes to another path.
    RequestPathChanged = "request-path-changed", Replaces, RequestPathChanged;
    /// The request may go to more paths.
    RequestPathRelaxed = "request-path-relaxed", Adds, RequestPathTightened;
    /// The request may go to fewer paths.
    RequestPathTightened = "request-path-tightened", Takes, RequestPathRelaxed;
    /// The request has a further parameter, which the provider must cope with.
    RequestQueryAdded = "request-query-added", Replaces, RequestQueryRemoved;
    /// The request lacks a parameter, which the provider must cope with.
    RequestQueryRemoved = "request-query-removed", Replaces, RequestQueryAdded;
    /// A parameter has other values.
    RequestQueryChanged = "request-query-changed", Replaces, RequestQueryChanged;
    /// A parameter may have more values.
    RequestQueryRelaxed = "request-query-relaxed", Adds, RequestQueryTightened;
    /// A parameter may have fewer values.
    RequestQueryTightened = "request-query-tightened", Takes, RequestQueryRelaxed;
    /// The request has a further header or metadata entry, which the provider must cope with.
    RequestHeaderAdded = "request-header-added", Replaces, RequestHeaderRemoved;
    /// The request lacks a header or metadata entry, which the provider must cope with.
    RequestHeaderRemoved = "request-header-removed", Replaces, RequestHeaderAdded;
    /// A header or metadata entry of the request has other values.
    RequestHeaderChanged = "request-header-changed", Replaces, RequestHeaderChanged;
    /// A header or metadata entry of the request may have more values.
    RequestHeaderRelaxed = "request-header-relaxed", Adds, RequestHeaderTightened;
    /// A header or metadata entry of the request may have fewer values.
    RequestHeaderTightened = "request-header-tightened", Takes, RequestHeaderRelaxed;
    /// The request has a body, which it had not.
    RequestBodyAdded = "request-body-added", Replaces, RequestBodyRemoved;
    /// The request has no body any more.
    RequestBodyRemoved = "request-body-removed", Replaces, RequestBodyAdded;
    /// The body of the request is of another content type.
    RequestContentTypeChanged = "request-content-type-changed", Replaces, RequestContentTypeChanged;
    /// The body of the request has a further field, which the provider must cope with.
    RequestFieldAdded = "request-field-added", Replaces, RequestFieldRemoved;
    /// The body of the request lacks a field, which the provider must cope with.
    RequestFieldRemoved = "request-field-removed", Replaces, RequestFieldAdded;
    /// A field of the request has other values.
    RequestValueChanged = "request-value-changed", Replaces, RequestValueChanged;
    /// A field of the request may have more values.
    RequestValueRelaxed = "request-value-relaxed", Adds, RequestValueTightened;
    /// A field of the request may have fewer values.
    RequestValueTightened = "request-value-tightened", Takes, RequestValueRelaxed;
    /// Another example of the request is sent, so that the provider is asked something else.
    RequestSentChanged = "request-sent-changed", Replaces, RequestSentChanged;
    /// Another example stands for the same values of the request, of which one is generated.
    RequestExampleChanged = "request-example-changed", Keeps, RequestExampleChanged;
    /// A part of the request is generated in another way before it is sent.
    RequestGeneratorChanged = "request-generator-changed", Replaces, RequestGeneratorChanged;

    /// Another status is expected.
    ResponseStatusChanged = "response-status-changed", Replaces, ResponseStatusChanged;
    /// More statuses are accepted.
    ResponseStatusRelaxed = "response-status-relaxed", Takes, ResponseStatusTightened;
    /// Fewer statuses are accepted.
    ResponseStatusTightened = "response-status-tightened", Adds, ResponseStatusRelaxed;
    /// A further header or metadata entry is expected.
    ResponseHeaderAdded = "response-header-added", Adds, ResponseHeaderRemoved;
    /// A header or metadata entry is no longer expected.
    ResponseHeaderRemoved = "response-header-removed", Takes, ResponseHeaderAdded;
    /// A header or metadata entry is expected to have another value.
    ResponseHeaderChanged = "response-header-changed", Replaces, ResponseHeaderChanged;
    /// More values of a header or metadata entry are accepted.
    ResponseHeaderRelaxed = "response-header-relaxed", Takes, ResponseHeaderTightened;
    /// Fewer values of a header or metadata entry are accepted.
    ResponseHeaderTightened = "response-header-tightened", Adds, ResponseHeaderRelaxed;
    /// Something is expected of the body, where anything was accepted.
    ResponseBodyAdded = "response-body-added", Adds, ResponseBodyRemoved;
    /// Nothing is expected of the body any more.
    ResponseBodyRemoved = "response-body-removed", Takes, ResponseBodyAdded;
    /// A body of another content type is expected.
    ResponseContentTypeChanged = "response-content-type-changed", Replaces, ResponseContentTypeChanged;
    /// A further field is expected.
    ResponseFieldAdded = "response-field-added", Adds, ResponseFieldRemoved;
    /// A field is no longer expected.
    ResponseFieldRemoved = "response-field-removed", Takes, ResponseFieldAdded;
    /// Another value is expected.
    ResponseValueChanged = "response-value-changed", Replaces, ResponseValueChanged;
    /// More values are accepted.
    ResponseValueRelaxed = "response-value-relaxed", Takes, ResponseValueTightened;
    /// Fewer values are accepted.
    ResponseValueTightened = "response-value-tightened", Adds, ResponseValueRelaxed;
    /// Another example stands for the same accepted values.
    ResponseExampleChanged = "response-example-changed", Keeps, ResponseExampleChanged;
    /// An expected value comes from the provider state in another way.
    ResponseGeneratorChanged = "response-generator-changed", Replaces, ResponseGeneratorChanged;
}

impl Rule {
    /// What a change of this kind means for the provider.
    #[must_use]
    pub const fn class(self) -> Class {
        match self.effect() {
            Effect::Adds | Effect::Replaces => Class::DemandsMore,
            Effect::Takes => Class::DemandsLess,
            Effect::Keeps => Class::SameDemand,
        }
    }
}

impl Class {
    /// The words for it: `demands more`.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::DemandsMore => "demands more",
            Self::DemandsLess => "demands less",
            Self::SameDemand => "same demand",
        }
    }

    /// The name for it in data: `demands-more`.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::DemandsMore => "demands-more",
            Self::DemandsLess => "demands-less",
            Self::SameDemand => "same-demand",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mirror_of_a_mirror_is_the_rule_itself() {
        for rule in Rule::ALL {
            assert_eq!(rule.mirror().mirror(), *rule, "{}", rule.slug());
        }
    }

    #[test]
    fn a_mirror_adds_what_the_rule_takes_away() {
        for rule in Rule::ALL {
            let mirrored = match rule.effect() {
                Effect::Adds => Effect::Takes,
                Effect::Takes => Effect::Adds,
                same @ (Effect::Replaces | Effect::Keeps) => same,
            };
            assert!(rule.mirror().effect() == mirrored, "{}", rule.slug());
        }
    }

    #[test]
    fn every_summary_is_a_sentence_and_every_slug_is_unique() {
        let slugs: std::collections::BTreeSet<_> = Rule::ALL.iter().map(|rule| rule.slug()).collect();
        assert_eq!(slugs.len(), Rule::ALL.len());
        assert!(Rule::ALL.iter().all(|rule| rule.summary().ends_with('.')));
    }
}
