//! What is read from a shared directory before a run, and recorded there after it.

use std::collections::BTreeMap;
use std::fmt;

use super::error::VerifierError;
use super::shared_pacts::SharedPacts;
use super::verifier::Verifier;
use crate::fact::{Fact, Ids, State};
use crate::outcome::Owner;
use crate::source;
use crate::store::{Directory, Store, StoreError};
use crate::verification::shared::{self, Build, Opened};
use crate::verification::{Outcome, Subject};

/// Contracts that are shared.
impl Verifier {
    /// Verifies what is shared in a directory, in place of pacts that are named by their paths: it is what
    /// `pactwright verify --store` does.
    ///
    /// ```
    /// use pactwright::verify::{SharedPacts, Verifier};
    ///
    /// # let shared = tempfile::tempdir()?;
    /// # let shared = shared.path();
    /// let pacts = SharedPacts::in_directory(shared)
    ///     .main_branch()
    ///     .environment("production")
    ///     .provider_version("2.0")
    ///     .provider_branch("main")
    ///     .publish();
    /// let verifier = Verifier::of("faq").store(pacts).start("target/debug/faq --port {port}");
    /// # // Nobody has created this environment here, and a slip must not look like a yes.
    /// # let refused = verifier.verify().map(|_| ()).expect_err("refused");
    /// # assert_eq!(format!("{refused:?}"), "there is no environment production");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// Each pact says why it was chosen, and by which fact it was verified before when it is not
    /// replayed. Nothing is remembered outside of the directory.
    pub fn store(mut self, pacts: impl Into<SharedPacts>) -> Self {
        self.shared = Some(pacts.into());
        self
    }
}

/// The contracts that were chosen, and where what comes of them is recorded.
pub(super) struct FromStore {
    store: Directory,
    state: State,
    pub(super) owners: BTreeMap<String, Owner>,
    opened: Vec<Opened>,
    publishes_for: Option<Build>,
}

impl fmt::Debug for FromStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FromStore").field("store", &self.store).finish_non_exhaustive()
    }
}

impl FromStore {
    /// Reads what is chosen.
    pub(super) fn read(
        pacts: &SharedPacts,
        provider: &str,
        (consumers, in_part): (&[String], bool),
    ) -> Result<(Self, Subject), VerifierError> {
        let meant = pacts.meant(provider, consumers, in_part)?;
        let store = Directory::new(pacts.directory.clone(), None);
        let state = store.state().map_err(unreadable)?;
        meant.wish.check(&state).map_err(|error| VerifierError::Shared(error.to_string()))?;
        let address = pacts.directory.display().to_string();
        let read = shared::read(&store, &state, &meant.wish, &address).map_err(unreadable)?;
        let written = source::owners(std::slice::from_ref(&address), ".".as_ref())?;
        let owners = shared::owners(written, &state, &meant.wish.provider.application);
        let (opened, publishes_for) = (read.opened, meant.publishes_for);
        Ok((Self { store, state, owners, opened, publishes_for }, read.subject))
    }

    /// Records what came of the run, when that was asked for.
    pub(super) fn publish(&self, outcome: &Outcome) -> Result<(), VerifierError> {
        let Some(build) = &self.publishes_for else { return Ok(()) };
        let mut ids = Ids::new();
        // What is recorded comes after all that was read, also when the clock of this machine is behind.
        self.state.newest().into_iter().for_each(|newest| ids.follow(newest));
        for what in shared::to_record(outcome, &self.opened, build, &self.state) {
            // What is recorded has a time, and a test has nobody above it who could hand one down.
            let fact = Fact { id: ids.next(jiff::Timestamp::now()), what };
            self.store.append(&fact).map_err(|error| VerifierError::Record(Box::new(error)))?;
        }
        Ok(())
    }
}

fn unreadable(error: StoreError) -> VerifierError {
    VerifierError::Store(Box::new(error))
}
