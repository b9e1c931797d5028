//! Contracts from a shared directory: which of them, for which build of the provider.

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::error::VerifierError;
use crate::fact::{ConsumerSelector, ProviderBuild};
use crate::name::{Application, InvalidName, Version};
use crate::verification::shared::{Build, Wish, git, is_changed};

/// Contracts in a shared directory, and for which build of the provider they are verified.
///
/// Which versions of the consumers count is said by selectors, which add up; without any, the heads of
/// main branches and everything that is deployed or released. What this version of the provider has
/// kept before is not replayed again.
#[derive(Debug, Clone)]
#[must_use = "hand it to `Verifier::store`"]
pub struct SharedPacts {
    pub(super) directory: PathBuf,
    /// Selectors of the Pact Broker, as JSON.
    selectors: Vec<Value>,
    /// The same, as somebody has written them.
    written: Vec<String>,
    version: Option<String>,
    branch: Option<String>,
    tags: Vec<String>,
    enable_pending: bool,
    wip_since: Option<String>,
    force: bool,
    pub(super) publish: bool,
    build_url: Option<String>,
}

/// What is going to be verified, and for which build.
pub(super) struct Meant {
    pub(super) wish: Wish,
    /// The build whose results are recorded; nothing when nothing is.
    pub(super) publishes_for: Option<Build>,
}

impl SharedPacts {
    /// What is shared in a directory.
    pub fn in_directory(directory: impl AsRef<Path>) -> Self {
        Self {
            directory: directory.as_ref().to_owned(),
            selectors: Vec::new(),
            written: Vec::new(),
            version: None,
            branch: None,
            tags: Vec::new(),
            enable_pending: false,
            wip_since: None,
            force: false,
            publish: false,
            build_url: None,
        }
    }

    /// Adds the heads of the consumers' main branches.
    pub fn main_branch(self) -> Self {
        self.select(json!({ "mainBranch": true }))
    }

    /// Adds the heads of the branches that are called like the provider's.
    pub fn matching_branch(self) -> Self {
        self.select(json!({ "matchingBranch": true }))
    }

    /// Adds the heads of a branch of the consumers.
    pub fn branch(self, name: impl Into<String>) -> Self {
        self.select(json!({ "branch": name.into() }))
    }

    /// Adds the heads of a branch of the consumers, or of another branch where that one leads to no contract.
    pub fn branch_or(self, name: impl Into<String>, fallback: impl Into<String>) -> Self {
        self.select(json!({ "branch": name.into(), "fallbackBranch": fallback.into() }))
    }

    /// Adds the latest versions with a tag.
    pub fn tag(self, tag: impl Into<String>) -> Self {
        self.select(json!({ "tag": tag.into(), "latest": true }))
    }

    /// Adds the latest versions that have a contract.
    pub fn latest(self) -> Self {
        self.select(json!({ "latest": true }))
    }

    /// Adds what is deployed or released, anywhere.
    pub fn deployed_or_released(self) -> Self {
        self.select(json!({ "deployedOrReleased": true }))
    }

    /// Adds what is deployed or released in an environment.
    pub fn environment(self, name: impl Into<String>) -> Self {
        self.select(json!({ "environment": name.into() }))
    }

    /// Adds what the Pact Broker's consumer version selectors mean, as JSON.
    pub fn selectors(mut self, json: impl Into<String>) -> Self {
        self.written.push(json.into());
        self
    }

    /// Says which version of the provider is verified. What it has kept before is not replayed, unless its
    /// work tree has changes that no commit holds.
    pub fn provider_version(mut self, version: impl Into<String>) -> Self {
        self.version = Some(version.into());
        self
    }

    /// Says which branch the provider is built from.
    pub fn provider_branch(mut self, branch: impl Into<String>) -> Self {
        self.branch = Some(branch.into());
        self
    }

    /// Puts a tag on the version of the provider.
    pub fn provider_tag(mut self, tag: impl Into<String>) -> Self {
        self.tags.push(tag.into());
        self
    }

    /// Lets a contract that this branch of the provider has never kept fail no run.
    pub fn enable_pending(mut self) -> Self {
        self.enable_pending = true;
        self
    }

    /// Adds, as pending, what is new on any branch since a day in UTC, as `2026-01-31`.
    pub fn include_wip_since(mut self, day: impl Into<String>) -> Self {
        self.wip_since = Some(day.into());
        self
    }

    /// Replays also what this version of the provider has kept before.
    pub fn force(mut self) -> Self {
        self.force = true;
        self
    }

    /// Records in the directory what came of each interaction; needs [`provider_version`](Self::provider_version).
    ///
    /// When it cannot be recorded, the verification ends with an error. A run of which only a part was asked for
    /// is recorded as a part, and a work tree that git knows to have changes as such: neither
    /// counts as a pass.
    pub fn publish(mut self) -> Self {
        self.publish = true;
        self
    }

    /// Records the address of the build as well.
    pub fn build_url(mut self, url: impl Into<String>) -> Self {
        self.build_url = Some(url.into());
        self
    }

    fn select(mut self, selector: Value) -> Self {
        self.selectors.push(selector);
        self
    }

    /// What all of this means, once it is run; `in_part` when only some interactions are asked for.
    pub(super) fn meant(
        &self,
        provider: &str,
        consumers: &[String],
        in_part: bool,
    ) -> Result<Meant, VerifierError> {
        let version: Option<Version> = self.version.as_deref().map(named).transpose()?;
        let changed = version.as_ref().map_or(Ok(false), |_| is_changed(Some(&self.directory), &git));
        let dirty = changed.map_err(|silence| VerifierError::Shared(silence.to_string()))?;
        let provider = ProviderBuild {
            application: named::<Application>(provider)?,
            branch: self.branch.as_deref().map(named).transpose()?,
            tags: self.tags.iter().map(|tag| named(tag)).collect::<Result<_, _>>()?,
        };
        let publishes_for = match (&version, self.publish) {
            (_, false) => None,
            (None, true) => {
                return Err(VerifierError::Shared(
                    "call `provider_version` where you call `publish`".to_owned(),
                ));
            }
            (Some(version), true) => Some(Build {
                provider: provider.clone(),
                version: version.clone(),
                dirty,
                build_url: self.build_url.clone(),
                commit: git(&["rev-parse", "HEAD"]).ok(),
            }),
        };
        let wish = Wish {
            provider,
            version,
            dirty,
            selectors: self.consumer_selectors()?,
            consumers: consumers.iter().map(|name| named(name)).collect::<Result<_, _>>()?,
            contents: Vec::new(),
            new_since: self.wip_since.as_deref().map(start_of).transpose()?,
            enable_pending: self.enable_pending,
            today: TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date(),
            force: self.force,
            in_part,
        };
        Ok(Meant { wish, publishes_for })
    }

    fn consumer_selectors(&self) -> Result<Vec<ConsumerSelector>, VerifierError> {
        let own = self.selectors.iter().map(Value::to_string);
        let mut selectors = Vec::new();
        for text in own.chain(self.written.iter().cloned()) {
            let found = ConsumerSelector::read(&text)
                .map_err(|error| VerifierError::Shared(format!("{text} selects nothing: {error}")))?;
            if found.is_empty() {
                return Err(VerifierError::Shared("the list of selectors is empty".to_owned()));
            }
            selectors.extend(found);
        }
        Ok(selectors)
    }
}

impl From<&str> for SharedPacts {
    fn from(directory: &str) -> Self {
        Self::in_directory(directory)
    }
}

impl From<&Path> for SharedPacts {
    fn from(directory: &Path) -> Self {
        Self::in_directory(directory)
    }
}

impl From<PathBuf> for SharedPacts {
    fn from(directory: PathBuf) -> Self {
        Self::in_directory(directory)
    }
}

fn named<T: std::str::FromStr<Err = InvalidName>>(text: &str) -> Result<T, VerifierError> {
    text.parse().map_err(|error: InvalidName| VerifierError::Shared(error.to_string()))
}

fn start_of(day: &str) -> Result<jiff::Timestamp, VerifierError> {
    let begins = |day: Date| TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok();
    let time = day.parse().ok().and_then(begins);
    time.ok_or_else(|| VerifierError::Shared(format!("{day} is no day: write it as 2026-01-31")))
}
