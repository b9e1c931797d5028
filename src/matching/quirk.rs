//! Where the reference verifier may be followed although it can hide a broken contract.

/// A behaviour of the reference verifier that can hide a broken contract, and that somebody may
/// depend on all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quirk {
    /// Judge a message by its contents although its endpoint answered with an error status.
    MessageStatus,
    /// Let a regex rule accept JSON values that are no text, through their text form.
    RegexOnNonText,
    /// Let a boolean rule accept the texts "true" and "false".
    BooleanAsText,
    /// Let a type rule on a list with items accept an empty list, and leave the bounds on an empty
    /// example unchecked.
    EmptyLists,
    /// Take two numbers for one when a double cannot tell them apart.
    RoundedNumbers,
    /// Compare all multipart parts of one name with the first.
    MultipartNames,
    /// Go on without a handler when a state is needed.
    MissingStateHandler,
    /// Send the example when the state handler did not return the value.
    MissingStateValue,
    /// Call the state handler with an empty name for interactions without states.
    EmptyState,
}

impl Quirk {
    /// Every quirk, in the order in which they are documented.
    pub const ALL: &'static [Self] = &[
        Self::MessageStatus,
        Self::RegexOnNonText,
        Self::BooleanAsText,
        Self::EmptyLists,
        Self::RoundedNumbers,
        Self::MultipartNames,
        Self::MissingStateHandler,
        Self::MissingStateValue,
        Self::EmptyState,
    ];

    /// The word for it on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::MessageStatus => "message-status",
            Self::RegexOnNonText => "regex-on-non-text",
            Self::BooleanAsText => "boolean-as-text",
            Self::EmptyLists => "empty-lists",
            Self::RoundedNumbers => "rounded-numbers",
            Self::MultipartNames => "multipart-names",
            Self::MissingStateHandler => "missing-state-handler",
            Self::MissingStateValue => "missing-state-value",
            Self::EmptyState => "empty-state",
        }
    }
}
