//! Which versions of the consumers a provider verifies, as people write it: the Pact Broker's consumer
//! version selectors.

use std::fmt;

use serde::Deserialize;
use serde_json::Value;

use crate::name::{Application, Branch, Environment, Tag};

/// Some versions of all consumers, or of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsumerSelector {
    /// Only of this consumer.
    pub consumer: Option<Application>,
    /// Which of its versions.
    pub wanted: Wanted,
}

/// Which versions of a consumer are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// The head of its main branch.
    MainBranch,
    /// The head of the branch that is called like the provider's.
    MatchingBranch,
    /// The head of a branch.
    Branch {
        /// The branch.
        name: Branch,
        /// The branch that is taken when no consumer has a contract at the head of the first.
        fallback: Option<Branch>,
    },
    /// The heads of all branches.
    EveryBranch,
    /// The latest version with a tag.
    LatestTagged {
        /// The tag.
        tag: Tag,
        /// The tag that is taken when no consumer has a contract at the latest version with the first.
        fallback: Option<Tag>,
    },
    /// All versions with a tag.
    AllTagged(Tag),
    /// The latest version that has a contract.
    Latest,
    /// What is deployed, anywhere or in one environment.
    Deployed(Option<Environment>),
    /// What is released, anywhere or in one environment.
    Released(Option<Environment>),
    /// What runs, anywhere or in one environment.
    Live(Option<Environment>),
}

/// Everything that is wrong with selectors, one sentence each.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.join("; "))]
pub struct InvalidSelectors(pub Vec<String>);

/// A selector as it is written. A key that is not known is refused: a selector without it would
/// select something else.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Written {
    main_branch: Option<bool>,
    branch: Option<Value>,
    fallback_branch: Option<Branch>,
    matching_branch: Option<bool>,
    tag: Option<Tag>,
    fallback_tag: Option<Tag>,
    latest: Option<bool>,
    consumer: Option<Application>,
    deployed: Option<bool>,
    released: Option<bool>,
    deployed_or_released: Option<bool>,
    environment: Option<Environment>,
}

impl ConsumerSelector {
    /// Selectors for all consumers.
    #[must_use]
    pub fn all(wanted: Wanted) -> Self {
        Self { consumer: None, wanted }
    }

    /// Reads selectors: a JSON object, or a list of them.
    ///
    /// # Errors
    /// With everything that is wrong with them.
    pub fn read(text: &str) -> Result<Vec<Self>, InvalidSelectors> {
        let one = |error: String| InvalidSelectors(vec![error]);
        let value: Value =
            serde_json::from_str(text).map_err(|error| one(format!("this is not JSON: {error}")))?;
        let (items, is_list) = match value {
            Value::Array(items) => (items, true),
            other => (vec![other], false),
        };
        let (mut selectors, mut errors) = (Vec::new(), Vec::new());
        for (index, item) in items.into_iter().enumerate() {
            let read = serde_json::from_value(item).map_err(|error| vec![error.to_string()]);
            match read.and_then(|written: Written| written.selector()) {
                Ok(selector) => selectors.push(selector),
                Err(found) if is_list => {
                    errors.extend(found.into_iter().map(|error| format!("selector {}: {error}", index + 1)));
                }
                Err(found) => errors.extend(found),
            }
        }
        if errors.is_empty() { Ok(selectors) } else { Err(InvalidSelectors(errors)) }
    }
}

impl Written {
    fn selector(self) -> Result<ConsumerSelector, Vec<String>> {
        let errors = self.problems();
        if !errors.is_empty() {
            return Err(errors.into_iter().map(str::to_owned).collect());
        }
        let environment = self.environment;
        let wanted = match (self.branch, self.tag) {
            (Some(Value::String(name)), _) => {
                let name = name.parse().map_err(|error: crate::name::InvalidName| vec![error.to_string()])?;
                Wanted::Branch { name, fallback: self.fallback_branch }
            }
            (Some(_), _) => Wanted::EveryBranch,
            (None, Some(tag)) if self.latest == Some(true) => {
                Wanted::LatestTagged { tag, fallback: self.fallback_tag }
            }
            (None, Some(tag)) => Wanted::AllTagged(tag),
            (None, None) if self.main_branch.is_some() => Wanted::MainBranch,
            (None, None) if self.matching_branch.is_some() => Wanted::MatchingBranch,
            (None, None) if self.deployed.is_some() => Wanted::Deployed(environment),
            (None, None) if self.released.is_some() => Wanted::Released(environment),
            (None, None) if self.deployed_or_released.is_some() || environment.is_some() => {
                Wanted::Live(environment)
            }
            (None, None) => Wanted::Latest,
        };
        Ok(ConsumerSelector { consumer: self.consumer, wanted })
    }

    /// The Pact Broker's rules.
    fn problems(&self) -> Vec<&'static str> {
        let is_false = |flag: Option<bool>| flag == Some(false);
        let live = [self.deployed, self.released, self.deployed_or_released];
        let is_live = live.iter().any(Option::is_some) || self.environment.is_some();
        let is_head = self.latest.is_some()
            || self.tag.is_some()
            || self.fallback_tag.is_some()
            || self.branch.is_some()
            || self.fallback_branch.is_some()
            || self.matching_branch.is_some()
            || self.main_branch.is_some();
        let others_than_main = self.tag.is_some()
            || self.fallback_tag.is_some()
            || self.branch.is_some()
            || self.fallback_branch.is_some()
            || is_live;
        let is_named = self.main_branch.is_some() || self.matching_branch.is_some() || self.branch.is_some();
        let selects = is_named || self.tag.is_some() || is_live || self.latest == Some(true);
        let rules = [
            (
                !selects,
                "it selects nothing: say mainBranch, branch, matchingBranch, tag, latest, deployed, released, deployedOrReleased or environment",
            ),
            (
                [self.main_branch, self.matching_branch].into_iter().chain(live).any(is_false),
                "only `latest` can be false: leave the others out",
            ),
            (
                !matches!(self.branch, None | Some(Value::String(_) | Value::Bool(true))),
                "`branch` is a name or true",
            ),
            (
                self.main_branch.is_some()
                    && (others_than_main || self.matching_branch.is_some() || is_false(self.latest)),
                "`mainBranch` stands alone or with `consumer`",
            ),
            (
                self.matching_branch.is_some()
                    && (others_than_main || self.main_branch.is_some() || self.latest.is_some()),
                "`matchingBranch` stands alone or with `consumer`",
            ),
            (self.tag.is_some() && self.branch.is_some(), "`tag` and `branch` exclude each other"),
            (is_live && is_head, "what runs somewhere is not selected by branch, tag or `latest` as well"),
            (
                self.fallback_tag.is_some() && !(self.tag.is_some() && self.latest == Some(true)),
                "`fallbackTag` needs `tag` and `latest: true`",
            ),
            (self.fallback_branch.is_some() && self.branch.is_none(), "`fallbackBranch` needs `branch`"),
            (
                self.branch.is_some() && is_false(self.latest),
                "`branch` means the latest version: `latest` cannot be false",
            ),
            (
                live.iter().filter(|flag| flag.is_some()).count() > 1,
                "`deployed`, `released` and `deployedOrReleased` exclude each other",
            ),
        ];
        rules.into_iter().filter(|(is_broken, _)| *is_broken).map(|(_, rule)| rule).collect()
    }
}

/// As the reason for which a version was selected.
impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = |environment: &Option<Environment>| match environment {
            Some(environment) => format!("in {environment}"),
            None => "somewhere".to_owned(),
        };
        match self {
            Self::MainBranch => f.write_str("head of the main branch"),
            Self::MatchingBranch => f.write_str("head of the branch called like the provider's"),
            Self::Branch { name, .. } => write!(f, "head of branch {name}"),
            Self::EveryBranch => f.write_str("head of a branch"),
            Self::LatestTagged { tag, .. } => write!(f, "latest with tag {tag}"),
            Self::AllTagged(tag) => write!(f, "has tag {tag}"),
            Self::Latest => f.write_str("latest with a contract"),
            Self::Deployed(environment) => write!(f, "deployed {}", place(environment)),
            Self::Released(environment) => write!(f, "released {}", place(environment)),
            Self::Live(environment) => write!(f, "runs {}", place(environment)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        match ConsumerSelector::read(text) {
            Ok(selectors) => {
                selectors.iter().map(|selector| selector.wanted.to_string()).collect::<Vec<_>>().join("; ")
            }
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn selectors_are_read_as_the_broker_reads_them() {
        for (text, expected) in [
            (r#"{"mainBranch": true}"#, "head of the main branch"),
            (r#"{"mainBranch": true, "latest": true, "consumer": "a"}"#, "head of the main branch"),
            (
                r#"[{"branch": "x", "fallbackBranch": "y"}, {"branch": true}]"#,
                "head of branch x; head of a branch",
            ),
            (r#"{"matchingBranch": true}"#, "head of the branch called like the provider's"),
            (r#"{"tag": "t", "latest": true, "fallbackTag": "u"}"#, "latest with tag t"),
            (r#"{"tag": "t"}"#, "has tag t"),
            (r#"{"latest": true}"#, "latest with a contract"),
            (r#"{"deployed": true}"#, "deployed somewhere"),
            (r#"{"released": true, "environment": "e"}"#, "released in e"),
            (r#"{"deployedOrReleased": true}"#, "runs somewhere"),
            (r#"{"environment": "e"}"#, "runs in e"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn pitfall_06_a_misspelt_or_contradictory_selector_is_refused() {
        for (text, expected) in [
            (r#"{"mainBrnch": true}"#, "unknown field `mainBrnch`"),
            ("{}", "it selects nothing"),
            (r#"{"latest": false}"#, "it selects nothing"),
            (r#"{"consumer": "a"}"#, "it selects nothing"),
            (r#"{"consumer": " ", "latest": true}"#, "cannot be blank"),
            (r#"{"mainBranch": false}"#, "only `latest` can be false"),
            (r#"{"mainBranch": true, "latest": false}"#, "`mainBranch` stands alone"),
            (r#"{"mainBranch": true, "tag": "t"}"#, "`mainBranch` stands alone"),
            (r#"{"matchingBranch": true, "branch": "x"}"#, "`matchingBranch` stands alone"),
            (r#"{"tag": "t", "branch": "x"}"#, "`tag` and `branch` exclude"),
            (r#"{"branch": 7}"#, "`branch` is a name or true"),
            (r#"{"branch": " "}"#, "cannot be blank"),
            (r#"{"branch": "x", "latest": false}"#, "`latest` cannot be false"),
            (r#"{"branch": "x", "deployed": true}"#, "what runs somewhere"),
            (r#"{"deployed": true, "released": true}"#, "exclude each other"),
            (r#"{"fallbackTag": "t", "latest": true}"#, "`fallbackTag` needs"),
            (r#"{"fallbackBranch": "t", "latest": true}"#, "`fallbackBranch` needs"),
            (r#"[{"latest": true}, {"tg": "t"}]"#, "selector 2: unknown field `tg`"),
            ("latest", "this is not JSON"),
        ] {
            assert!(read(text).contains(expected), "{text}: {}", read(text));
        }
    }
}
