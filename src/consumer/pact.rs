//! Who expects what of whom, and where it is kept.

use std::panic::Location;
use std::path::{Path, PathBuf};

use super::call::Call;
use super::draft::About;
use super::http::{Asking, Described, Http};
use super::message::Message;
use super::surroundings::surroundings;
use crate::contract::SpecVersion;
use crate::recording::{FOLDER, Folder, Fragments};

/// The contract between one consumer and one provider, of which each test records a part.
///
/// It is cheap to make, and nothing happens until an interaction is run.
///
/// ```
/// use pactwright::consumer::Pact;
///
/// let faq = Pact::between("billing", "faq");
/// ```
#[derive(Debug, Clone)]
pub struct Pact {
    pub(super) consumer: String,
    pub(super) provider: String,
    pub(super) version: SpecVersion,
    root: Option<PathBuf>,
}

impl Pact {
    /// The contract of a consumer, which is the application under test, and a provider, which it
    /// calls. It is written in version 4 of the specification.
    #[must_use]
    pub fn between(consumer: &str, provider: &str) -> Self {
        Self {
            consumer: consumer.to_owned(),
            provider: provider.to_owned(),
            version: SpecVersion::V4,
            root: None,
        }
    }

    /// Written in version 3, for a provider that cannot read 4; what 3 cannot say is refused.
    ///
    /// ```
    /// # use pactwright::consumer::Pact;
    /// let faq = Pact::between("billing", "faq").v3();
    /// ```
    #[must_use]
    pub fn v3(mut self) -> Self {
        self.version = SpecVersion::V3;
        self
    }

    /// Written in version 2, for a provider that cannot read 3; what 2 cannot say is refused.
    ///
    /// ```
    /// # use pactwright::consumer::Pact;
    /// let faq = Pact::between("billing", "faq").v2();
    /// ```
    #[must_use]
    pub fn v2(mut self) -> Self {
        self.version = SpecVersion::V2;
        self
    }

    /// The folder of the repository, in which `pacts` and `target/pactwright` lie. Without it, it is
    /// the nearest folder above the package under test that has a `Cargo.lock`.
    ///
    /// In a folder that is named so, pacts are put together by `pactwright assemble` only.
    ///
    /// ```
    /// # use pactwright::consumer::Pact;
    /// let faq = Pact::between("billing", "faq").in_repository("/src/billing");
    /// ```
    #[must_use]
    pub fn in_repository(mut self, root: impl Into<PathBuf>) -> Self {
        self.root = Some(root.into());
        self
    }

    /// Begins to describe a request over HTTP and its answer.
    ///
    /// ```
    /// # use pactwright::consumer::Pact;
    /// let request = Pact::between("billing", "faq").http("a request for one FAQ").get("/faqs/7");
    /// ```
    #[must_use = "an interaction that is not run records nothing"]
    #[track_caller]
    pub fn http(&self, description: &str) -> Http<Described> {
        Http::new(About::new(self, description, Location::caller()))
    }

    /// Begins to describe a message that the provider publishes.
    ///
    /// ```
    /// # use pactwright::consumer::Pact;
    /// let message = Pact::between("billing", "faq").message("a FAQ was published");
    /// ```
    #[must_use = "a message that nobody handles records nothing"]
    #[track_caller]
    pub fn message(&self, description: &str) -> Message {
        Message::new(About::new(self, description, Location::caller()))
    }

    /// Begins to describe a message that the consumer sends, and the messages that answer it.
    ///
    /// ```
    /// # use pactwright::consumer::Pact;
    /// let call = Pact::between("billing", "faq").call("a question is asked");
    /// ```
    #[must_use = "a message that nobody sends records nothing"]
    #[track_caller]
    pub fn call(&self, description: &str) -> Call<Asking> {
        Call::new(About::new(self, description, Location::caller()))
    }

    /// The folder of the repository.
    pub(super) fn root(&self) -> &Path {
        self.root.as_deref().unwrap_or(&surroundings().root)
    }

    /// True when no step of its own puts the pact together.
    pub(super) fn assembles_itself(&self) -> bool {
        self.root.is_none() && !surroundings().assembled_later
    }

    /// Where the committed pacts are.
    pub(super) fn pacts(&self) -> Folder {
        Folder::of(match (&self.root, &surroundings().pacts) {
            (None, Some(pacts)) => pacts.clone(),
            _ => self.root().join("pacts"),
        })
    }

    /// Where the fragments of this run go.
    pub(super) fn fragments(&self) -> Fragments {
        Fragments::of(match (&self.root, &surroundings().fragments) {
            (None, Some(fragments)) => fragments.clone(),
            _ => self.root().join(FOLDER),
        })
    }
}
