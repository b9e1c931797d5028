//! The ways in which a contract and a specification can disagree, as a table.
//!
//! The names are stable and, where they say the same, those that openapi-pact-comparator has. Every row
//! has a pair in `tests/fixtures/openapi`.

macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $variant:ident = $slug:literal;)+) => {
        /// A way in which a contract and a specification can disagree.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Rule {
            /// All of them, in the order in which an interaction is checked.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its stable name.
            #[must_use]
            pub const fn slug(self) -> &'static str {
                match self { $(Self::$variant => $slug,)+ }
            }

            /// True for what is said of a request, and not of an answer or a message.
            #[must_use]
            pub fn is_of_request(self) -> bool {
                self.slug().starts_with("request.")
            }

            /// One sentence that says what it is about.
            #[must_use]
            pub fn summary(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),+).trim_start(),)+ }
            }
        }
    };
}

rules! {
    /// The specification has no such path, or the path has no such method.
    RequestPathOrMethodUnknown = "request.path-or-method.unknown";
    /// A part of the path has a value that the specification does not allow.
    RequestPathIncompatible = "request.path.incompatible";
    /// The request has no credentials of a kind that the specification asks for.
    RequestAuthorizationMissing = "request.authorization.missing";
    /// The specification has no such parameter.
    RequestQueryUnknown = "request.query.unknown";
    /// A parameter that the specification asks for is missing.
    RequestQueryMissing = "request.query.missing";
    /// A parameter may have a value that the specification does not allow.
    RequestQueryIncompatible = "request.query.incompatible";
    /// A header that the specification asks for is missing.
    RequestHeaderMissing = "request.header.missing";
    /// A header may have a value that the specification does not allow.
    RequestHeaderIncompatible = "request.header.incompatible";
    /// The request has a body whose content type the contract does not say.
    RequestContentTypeMissing = "request.content-type.missing";
    /// The specification does not take a body of this content type.
    RequestContentTypeIncompatible = "request.content-type.incompatible";
    /// The specification answers with none of the content types that the request accepts.
    RequestAcceptIncompatible = "request.accept.incompatible";
    /// The specification has no body for this request.
    RequestBodyUnknown = "request.body.unknown";
    /// The specification asks for a body, and the request has none.
    RequestBodyMissing = "request.body.missing";
    /// The body may have a value that the specification does not allow.
    RequestBodyIncompatible = "request.body.incompatible";
    /// The specification has no such answer.
    ResponseStatusUnknown = "response.status.unknown";
    /// The specification does not promise such a header.
    ResponseHeaderUnknown = "response.header.unknown";
    /// By the specification a header never has such a value.
    ResponseHeaderIncompatible = "response.header.incompatible";
    /// The specification does not answer with this content type.
    ResponseContentTypeIncompatible = "response.content-type.incompatible";
    /// The specification has no body for this answer.
    ResponseBodyUnknown = "response.body.unknown";
    /// By the specification the body is never like this.
    ResponseBodyIncompatible = "response.body.incompatible";
    /// A message, which these specifications do not describe.
    MessageUnknown = "message.unknown";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_unique_and_every_summary_a_sentence() {
        let slugs: std::collections::BTreeSet<_> = Rule::ALL.iter().map(|rule| rule.slug()).collect();
        assert_eq!(slugs.len(), Rule::ALL.len());
        assert!(Rule::ALL.iter().all(|rule| rule.summary().ends_with('.')));
    }
}
