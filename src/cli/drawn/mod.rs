//! The contracts that a question about one provider is answered from: those in files, or those in a
//! shared directory.

mod shared;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use clap::Args;

pub(crate) use self::shared::{Shared, selectors};
use crate::cli::fetching::Fetching;
use crate::cli::settings::{File, read_file};
use crate::cli::sharing::{StoreArguments, shown_deprecations, standings};
use crate::cli::verify::{found, pacts_of};
use crate::cli::{Failure, clock, environment, options, stdio, working_directory};
use crate::compat::Relied;
use crate::contract::Contract;
use crate::deprecation::Standing;
use crate::fact::ConsumerSelector;
use crate::finding::{Finding, Weight};
use crate::name::{nearest, similar};
use crate::outcome::Owner;
use crate::report::deprecated::Deprecated;
use crate::source;

/// Which contracts to look at.
#[derive(Debug, Args)]
pub(crate) struct DrawnArguments {
    /// Pact files, directories, globs or URLs [default: `pacts` in pactwright.toml, or ./pacts]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<String>,
    /// The provider; not needed when all contracts are about one
    #[arg(short = 'n', long, alias = "provider-name", value_name = "NAME", env = "PACTWRIGHT_PROVIDER")]
    provider: Option<String>,
    /// Ask a shared directory: what is on main branches and what is deployed or released [default, without
    /// paths: PACTWRIGHT_STORE, `store` in pactwright.toml, or ./pacts when something was published there]
    #[arg(long, value_name = "ADDRESS", conflicts_with = "paths")]
    store: Option<String>,
    /// Of the shared directory these versions instead: the Pact Broker's selectors, as JSON; may be repeated
    #[arg(long, value_name = "JSON", alias = "consumer-version-selector", conflicts_with = "paths", value_parser = shared::selectors_without_build)]
    consumer_version_selectors: Vec<Vec<ConsumerSelector>>,
    #[command(flatten)]
    fetching: Fetching,
}

/// A contract with what is known about the version of the consumer that has it.
pub(crate) struct Held {
    pub(crate) contract: Contract,
    version: Option<String>,
    branches: Vec<String>,
    environments: Vec<String>,
}

/// The contracts about one provider.
pub(crate) struct Drawn {
    pub(crate) provider: String,
    /// At least one.
    pub(crate) held: Vec<Held>,
    pub(crate) owners: BTreeMap<String, Owner>,
    /// What is wrong with pacts that could not be read; they may be about the provider as well.
    pub(crate) defects: Vec<Finding>,
    pub(crate) file: File,
    pub(crate) root: PathBuf,
    /// What the provider means to take away; nothing is known of that without a store.
    pub(crate) standings: Vec<Standing>,
    /// The same as it is shown today.
    pub(crate) deprecated: Vec<Deprecated>,
}

impl Drawn {
    /// Reads the contracts.
    ///
    /// # Errors
    /// Could not find out, when no contract is about the provider; asked wrongly, when it is not said
    /// which provider is meant.
    pub(crate) fn read(arguments: &DrawnArguments) -> Result<Self, Failure> {
        let (file, root) = read_file(&working_directory()?)?;
        let named = arguments.provider.as_ref().or(file.provider.as_ref());
        if let Some(store) = arguments.store(&file)? {
            let shared = Shared::open(&store, named.map(String::as_str))?;
            let held = shared.held(&arguments.consumer_version_selectors.concat())?;
            let others = shared.other_providers();
            let others: Vec<_> =
                others.iter().map(|(consumer, name)| (consumer.as_str(), name.as_str())).collect();
            tell_left_out(shared.provider.as_str(), &others);
            let owners = shared.owners(&root).map_err(|error| options::unknown_owners(&error))?;
            let provider = shared.provider.to_string();
            let standings = standings(&shared.place, &shared.state, Some(&shared.provider))?;
            let deprecated = shown_deprecations(&shared.state, &standings, clock::today());
            let defects = Vec::new();
            return Ok(Self { provider, held, owners, defects, file, root, standings, deprecated });
        }
        if !arguments.consumer_version_selectors.is_empty() {
            return Err(Failure::asked_wrongly(
                "selectors choose among what is published, and there is no store",
            )
            .hint("--store names the directory in which contracts are shared"));
        }
        let paths = pacts_of(&arguments.paths, &file, &root);
        let found = found(&paths)?;
        let loaded = source::load(&found, &arguments.fetching.access()?);
        let is_defect = |finding: &Finding| finding.weight() == Weight::Defect;
        let defects: Vec<_> = loaded.findings.into_iter().filter(is_defect).collect();
        let provider = chosen(named, &loaded.contracts, &defects)?;
        let (own, others): (Vec<_>, Vec<_>) =
            loaded.contracts.into_iter().partition(|one| one.provider == provider);
        let others: Vec<_> = others.iter().map(|one| (one.file(), one.provider.as_str())).collect();
        tell_left_out(&provider, &others);
        let held: Vec<_> = own.into_iter().map(Held::from_file).collect();
        let owners = source::owners(&paths, &root).map_err(|error| options::unknown_owners(&error))?;
        let (standings, deprecated) = (Vec::new(), Vec::new());
        Ok(Self { provider, held, owners, defects, file, root, standings, deprecated })
    }

    /// The contracts as they are compared.
    pub(crate) fn relied(&self) -> Vec<Relied<'_>> {
        self.held.iter().map(Held::relied).collect()
    }

    /// The contracts alone.
    pub(crate) fn contracts(&self) -> impl Iterator<Item = &Contract> {
        self.held.iter().map(|held| &held.contract)
    }

    /// Is there anything to draw an answer from? A contract in which nothing is expected says nothing.
    ///
    /// # Errors
    /// Could not find out, when all contracts that could be read are such.
    pub(crate) fn has_interactions(&self) -> Result<(), Failure> {
        if self.contracts().any(|contract| !contract.interactions.is_empty()) {
            return Ok(());
        }
        self.complete()?;
        let files: Vec<_> = self.contracts().map(Contract::file).collect();
        Err(Failure::could_not_find_out(
            "no interaction was found, so nothing is known about who relies on what",
        )
        .hint(format!("no interactions are in {}", files.join(", "))))
    }

    /// The answer has been given; was it the whole one?
    ///
    /// # Errors
    /// Asked wrongly, when a pact could not be read, which may rely on anything.
    pub(crate) fn complete(&self) -> Result<(), Failure> {
        let Some(first) = self.defects.first() else { return Ok(()) };
        let place = first.location.as_ref().map(|at| format!("{at}: ")).unwrap_or_default();
        Err(Failure::asked_wrongly("not all pacts could be read, so something may be missing here")
            .hint(format!("{place}{}", first.message))
            .hint("`pactwright lint` says all that is wrong with them"))
    }
}

impl DrawnArguments {
    /// The store that is meant; `None` for files. Where contracts are shared, a working copy knows nothing of
    /// what is deployed: it is only looked at where somebody names it.
    fn store(&self, file: &File) -> Result<Option<StoreArguments>, Failure> {
        if let Some(address) = &self.store {
            return Ok(Some(StoreArguments::at(address)));
        }
        if !self.paths.is_empty() {
            return Ok(None);
        }
        let everywhere = environment::variable("PACTWRIGHT_STORE");
        let is_named = everywhere.is_some() || file.store.is_some();
        let store = StoreArguments::given(everywhere);
        Ok(if is_named || store.directory()?.has_facts() { Some(store) } else { None })
    }
}

impl Held {
    fn relied(&self) -> Relied<'_> {
        Relied {
            contract: &self.contract,
            version: self.version.clone(),
            branches: self.branches.clone(),
            environments: self.environments.clone(),
        }
    }

    fn from_file(contract: Contract) -> Self {
        Self { contract, version: None, branches: Vec::new(), environments: Vec::new() }
    }
}

fn chosen(named: Option<&String>, contracts: &[Contract], defects: &[Finding]) -> Result<String, Failure> {
    let known: BTreeSet<&str> = contracts.iter().map(|contract| contract.provider.as_str()).collect();
    let list = || known.iter().copied().collect::<Vec<_>>().join(", ");
    match (named, known.len()) {
        (_, 0) => Err(nothing(defects)),
        (Some(name), _) if known.contains(name.as_str()) => Ok(name.clone()),
        (Some(name), _) => {
            let failure = Failure::could_not_find_out(format!("no pact is about the provider \"{name}\""));
            let failure = match nearest(name, known.iter().copied()) {
                Some(near) => failure.hint(format!("did you mean \"{near}\"?")),
                None => failure,
            };
            Err(failure.hint(format!("the pacts are about: {}", list())))
        }
        (None, 1) => Ok(list()),
        (None, _) => Err(Failure::asked_wrongly("the pacts are about several providers")
            .hint(format!("name one with --provider: {}", list()))),
    }
}

/// Names each contract, or consumer, that is left out although its provider is perhaps the one that is meant.
fn tell_left_out(provider: &str, others: &[(&str, &str)]) {
    for (whose, name) in others {
        if similar(provider, [*name].into_iter()).is_some() {
            stdio::note(&format!(
                "{whose} is left out: its provider is called \"{name}\", not \"{provider}\""
            ));
        }
    }
}

fn nothing(defects: &[Finding]) -> Failure {
    if defects.is_empty() {
        return Failure::could_not_find_out(
            "no pact was found, so nothing is known about who relies on what",
        )
        .hint("name files, directories, globs or URLs that hold pacts of the provider");
    }
    Failure::asked_wrongly("no pact could be read, so nothing is known about who relies on what")
        .hint("`pactwright lint` says what is wrong with them")
}
