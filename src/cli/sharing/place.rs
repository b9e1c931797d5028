//! Where contracts are shared: the one place that opens a store.

use std::cell::RefCell;
use std::path::Path;

use clap::Args;

use crate::cli::settings::read_file;
use crate::cli::{Failure, clock, environment, working_directory};
use crate::contract::{self, Contract, Digest};
use crate::fact::{Fact, FactId, Ids, State, What};
use crate::name::quoted;
use crate::store::{Directory, Store, StoreError};

/// Where a store is when nobody says it.
const DEFAULT: &str = "pacts";

/// Which store is meant.
#[derive(Debug, Clone, Args)]
pub(crate) struct StoreArguments {
    /// Where contracts are shared: a directory [default: `store` in pactwright.toml, or ./pacts]
    #[arg(long, value_name = "ADDRESS", env = "PACTWRIGHT_STORE")]
    store: Option<String>,
}

/// A store that is open, and the words with which commands name it.
#[derive(Debug)]
pub(crate) struct Place {
    store: Box<dyn Store>,
    /// What to type to mean the same store, with a space in front; empty where nothing is needed.
    pub(crate) flag: String,
    /// Where it is.
    pub(crate) address: String,
    /// The ids that are given here, which follow all that were read here.
    ids: RefCell<Ids>,
}

impl StoreArguments {
    /// The store at an address.
    pub(crate) fn at(address: &str) -> Self {
        Self { store: Some(address.to_owned()) }
    }

    /// The store that the command line names; what the environment names is for other commands as well.
    pub(crate) fn named(&self) -> Option<&str> {
        let everywhere = environment::variable("PACTWRIGHT_STORE");
        self.store.as_deref().filter(|named| everywhere.as_deref() != Some(*named))
    }

    /// The store at an address, or where one is when none is given.
    pub(crate) fn given(address: Option<String>) -> Self {
        Self { store: address }
    }

    /// Opens the store. Whether there is one shows when it is first read.
    pub(crate) fn open(&self) -> Result<Place, Failure> {
        let store = Box::new(self.directory()?);
        let address = store.root().display().to_string();
        let flag = self.store.as_ref().map(|given| format!(" --store {}", quoted(given))).unwrap_or_default();
        Ok(Place { store, flag, address, ids: RefCell::default() })
    }

    /// Opens a store that is a directory, for what can be done to files only.
    pub(crate) fn directory(&self) -> Result<Directory, Failure> {
        let (file, root) = read_file(&working_directory()?)?;
        let address = match (&self.store, file.store) {
            (Some(given), _) => given.clone(),
            (None, Some(configured)) => beside(&root, &configured),
            (None, None) => beside(&root, DEFAULT),
        };
        if address.trim().is_empty() {
            return Err(Failure::asked_wrongly("the address of the store is empty")
                .hint("--store, PACTWRIGHT_STORE or `store` in pactwright.toml names a directory"));
        }
        if address.contains("://") {
            return Err(Failure::asked_wrongly(format!("{address} is not a kind of store that is known"))
                .hint("a store is a directory"));
        }
        let cache = dirs::cache_dir().map(|cache| cache.join("pactwright"));
        Ok(Directory::new(address.into(), cache.as_deref()))
    }
}

impl Place {
    /// All that follows from the facts.
    pub(crate) fn state(&self) -> Result<State, Failure> {
        self.known().map_err(|error| unreadable(&error))
    }

    /// The same for a command that may be the first to write: a store that is not there yet is empty.
    pub(crate) fn state_or_new(&self) -> Result<State, Failure> {
        match self.known() {
            Err(StoreError::NoStore { .. }) => Ok(State::default()),
            other => other.map_err(|error| unreadable(&error)),
        }
    }

    /// The state. What is recorded after it was read comes after all of it, also when this machine's clock
    /// is behind: a fact that sorted before what it answers would have no effect.
    fn known(&self) -> Result<State, StoreError> {
        let state = self.store.state()?;
        if let Some(newest) = state.newest() {
            self.ids.borrow_mut().follow(newest);
        }
        Ok(state)
    }

    /// What is read from the store by somebody who also wants to say where it is.
    pub(crate) fn read<T>(
        &self,
        read: impl FnOnce(&dyn Store, &str) -> Result<T, StoreError>,
    ) -> Result<T, Failure> {
        read(&*self.store, &self.address).map_err(|error| unreadable(&error))
    }

    /// A fact with all that it says.
    pub(crate) fn fact(&self, id: FactId) -> Result<Fact, Failure> {
        self.store.fact(id).map_err(|error| unreadable(&error))
    }

    /// A published contract.
    pub(crate) fn content(&self, digest: Digest) -> Result<String, Failure> {
        self.store.content(digest).map_err(|error| unreadable(&error))
    }

    /// A published contract, read; `name` is what messages call it.
    ///
    /// # Errors
    /// Could not find out, when it is not there or is sound no more for today's reader.
    pub(crate) fn contract(&self, digest: Digest, name: &str) -> Result<Contract, Failure> {
        let reading = contract::read(name, self.content(digest)?.into_bytes());
        reading.contract.ok_or_else(|| {
            Failure::could_not_find_out(format!("the contract of {name} can no longer be read"))
        })
    }

    /// Keeps a contract.
    pub(crate) fn put(&self, content: &str) -> Result<Digest, Failure> {
        self.store.put(content).map_err(|error| unwritable(&error))
    }

    /// Records what has happened now.
    pub(crate) fn record(&mut self, what: What) -> Result<Fact, Failure> {
        let fact = Fact { id: self.ids.borrow_mut().next(clock::timestamp()), what };
        self.store.append(&fact).map_err(|error| unwritable(&error))?;
        Ok(fact)
    }
}

/// A relative address in the configuration counts from the directory of the configuration.
fn beside(root: &Path, address: &str) -> String {
    if address.contains("://") { address.to_owned() } else { root.join(address).display().to_string() }
}

fn unreadable(error: &StoreError) -> Failure {
    let failure = Failure::could_not_find_out("the store could not be read").because(error);
    match error {
        StoreError::NoStore { .. } => failure.hint("--store names another; `pactwright publish` makes one"),
        StoreError::NotAFact { .. }
        | StoreError::Misplaced { .. }
        | StoreError::Damaged { .. }
        | StoreError::TwoFacts { .. } => {
            failure.hint("nothing is answered from a part of the facts: restore the file, or remove it")
        }
        StoreError::NoContent { .. }
        | StoreError::NoFact { .. }
        | StoreError::Read { .. }
        | StoreError::Write { .. }
        | StoreError::Owners { .. } => failure,
    }
}

fn unwritable(error: &StoreError) -> Failure {
    Failure::could_not_find_out("the store could not be written").because(error)
}
