//! What is known about the build that runs: version, branch, commit and address. What is typed
//! wins, then the usual variables of CI systems, then git.

use std::path::Path;

use clap::Args;

use crate::cli::Failure;
use crate::name::{Branch, Tag, Version};
use crate::verification::shared::{GitSilence, git, is_changed};

/// What is typed about a build.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct BuildArguments {
    /// The branch it was built from [default: from the CI system or git]
    #[arg(long, value_name = "NAME")]
    pub(crate) branch: Option<Branch>,
    /// A tag on the version; may be repeated or separated by commas
    #[arg(short = 't', long, value_name = "TAG", value_delimiter = ',')]
    pub(crate) tag: Vec<Tag>,
    /// Tag the version with the name of its branch as well
    #[arg(long)]
    pub(crate) tag_with_git_branch: bool,
    /// The address of the build [default: from the CI system]
    #[arg(long, value_name = "URL")]
    pub(crate) build_url: Option<String>,
    /// Accepted for those who are used to it: what is not given is always looked for
    #[arg(short = 'r', long, hide = true)]
    pub(crate) auto_detect_version_properties: bool,
}

/// What is known about a build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Built {
    pub(crate) version: Version,
    pub(crate) branch: Option<Branch>,
    pub(crate) tags: Vec<Tag>,
    pub(crate) build_url: Option<String>,
    pub(crate) commit: Option<String>,
    /// Where what was not given comes from, such as `version and branch from git`.
    pub(crate) origin: Option<String>,
    /// Whether git says that there are changes that no commit holds.
    pub(crate) dirty: bool,
}

/// A CI system: the variable by which it is known, and where it says what.
struct System {
    name: &'static str,
    known_by: &'static str,
    branch: &'static [&'static str],
    commit: &'static [&'static str],
    /// Variables in braces.
    build_url: &'static str,
}

const SYSTEMS: &[System] = &[
    System {
        name: "GitHub Actions",
        known_by: "GITHUB_ACTIONS",
        branch: &["GITHUB_HEAD_REF", "GITHUB_REF"],
        commit: &["GITHUB_SHA"],
        build_url: "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}",
    },
    System {
        name: "GitLab",
        known_by: "GITLAB_CI",
        branch: &["CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "CI_COMMIT_BRANCH"],
        commit: &["CI_COMMIT_SHA"],
        build_url: "{CI_JOB_URL}",
    },
    System {
        name: "Azure Pipelines",
        known_by: "TF_BUILD",
        branch: &["SYSTEM_PULLREQUEST_SOURCEBRANCH", "BUILD_SOURCEBRANCH"],
        commit: &["BUILD_SOURCEVERSION"],
        build_url: "{SYSTEM_TEAMFOUNDATIONSERVERURI}{SYSTEM_TEAMPROJECT}/_build/results?buildId={BUILD_BUILDID}",
    },
    System {
        name: "Bitbucket",
        known_by: "BITBUCKET_BUILD_NUMBER",
        branch: &["BITBUCKET_BRANCH"],
        commit: &["BITBUCKET_COMMIT"],
        build_url: "{BITBUCKET_GIT_HTTP_ORIGIN}/pipelines/results/{BITBUCKET_BUILD_NUMBER}",
    },
    System {
        name: "Buildkite",
        known_by: "BUILDKITE",
        branch: &["BUILDKITE_BRANCH"],
        commit: &["BUILDKITE_COMMIT"],
        build_url: "{BUILDKITE_BUILD_URL}",
    },
    System {
        name: "CircleCI",
        known_by: "CIRCLECI",
        branch: &["CIRCLE_BRANCH"],
        commit: &["CIRCLE_SHA1"],
        build_url: "{CIRCLE_BUILD_URL}",
    },
    System {
        name: "Drone",
        known_by: "DRONE",
        branch: &["DRONE_SOURCE_BRANCH", "DRONE_BRANCH"],
        commit: &["DRONE_COMMIT_SHA"],
        build_url: "{DRONE_BUILD_LINK}",
    },
    System {
        name: "Jenkins",
        known_by: "JENKINS_URL",
        branch: &["CHANGE_BRANCH", "BRANCH_NAME", "GIT_BRANCH"],
        commit: &["GIT_COMMIT"],
        build_url: "{BUILD_URL}",
    },
    System {
        name: "Semaphore",
        known_by: "SEMAPHORE",
        branch: &["SEMAPHORE_GIT_PR_BRANCH", "SEMAPHORE_GIT_BRANCH"],
        commit: &["SEMAPHORE_GIT_SHA"],
        build_url: "{SEMAPHORE_ORGANIZATION_URL}/workflows/{SEMAPHORE_WORKFLOW_ID}",
    },
    System {
        name: "Travis CI",
        known_by: "TRAVIS",
        branch: &["TRAVIS_PULL_REQUEST_BRANCH", "TRAVIS_BRANCH"],
        commit: &["TRAVIS_COMMIT"],
        build_url: "{TRAVIS_BUILD_WEB_URL}",
    },
];

/// Where a build is looked up: the environment, and git with its arguments.
pub(crate) struct Sources<'a> {
    pub(crate) variable: &'a dyn Fn(&str) -> Option<String>,
    pub(crate) git: &'a dyn Fn(&[&str]) -> Result<String, GitSilence>,
}

impl BuildArguments {
    /// What is typed, completed by what the machine knows.
    ///
    /// # Errors
    /// Asked wrongly, when no version is given and none is found.
    pub(crate) fn built(&self, version: Option<&Version>) -> Result<Built, Failure> {
        self.complete(version, None, &Sources { variable: &variable, git: &git })
    }

    /// The same, where what lies in a store below the work tree is no change of the build.
    ///
    /// # Errors
    /// Those of [`built`](Self::built).
    pub(crate) fn built_beside(&self, version: Option<&Version>, store: &Path) -> Result<Built, Failure> {
        self.complete(version, Some(store), &Sources { variable: &variable, git: &git })
    }

    fn complete(
        &self,
        version: Option<&Version>,
        store: Option<&Path>,
        sources: &Sources<'_>,
    ) -> Result<Built, Failure> {
        let system = system(sources);
        let commit = system
            .and_then(|system| first(system.commit, sources))
            .or_else(|| (sources.git)(&["rev-parse", "HEAD"]).ok());
        let found = || commit.as_ref().and_then(|commit| commit.parse().ok());
        let Some(known) = version.cloned().or_else(found) else {
            return Err(Failure::asked_wrongly(
                "no version is given, and neither a CI system nor git knows one",
            )
            .hint("-a VERSION gives it; the commit is a good one"));
        };
        let detected = if self.branch.is_some() { None } else { found_branch(system, sources) };
        let has_found = [(version.is_none(), "version"), (detected.is_some(), "branch")];
        let has_found: Vec<_> = has_found.iter().filter(|(found, _)| *found).map(|(_, what)| *what).collect();
        let origin = (!has_found.is_empty()).then(|| {
            format!("{} from {}", has_found.join(" and "), system.map_or("git", |system| system.name))
        });
        let branch = self.branch.clone().or(detected);
        let mut tags = self.tag.clone();
        let as_tag =
            branch.as_ref().filter(|_| self.tag_with_git_branch).map(|branch| branch.as_str().parse());
        tags.extend(as_tag.and_then(Result::ok).filter(|tag| !self.tag.contains(tag)));
        let build_url =
            self.build_url.clone().or_else(|| system.and_then(|system| filled(system.build_url, sources)));
        // Only what is verified beside a store has to be what a commit holds.
        let changed = store.map_or(Ok(false), |store| is_changed(Some(store), sources.git));
        let dirty = changed.map_err(|silence| {
            Failure::asked_wrongly(silence.to_string())
                .hint("what no commit holds never counts, so git has to be able to tell")
        })?;
        Ok(Built { version: known, branch, tags, build_url, commit, origin, dirty })
    }
}

/// The branch that is built here, when a CI system or git knows it.
pub(crate) fn branch_of_this_build() -> Option<Branch> {
    let sources = Sources { variable: &variable, git: &git };
    found_branch(system(&sources), &sources)
}

fn system(sources: &Sources<'_>) -> Option<&'static System> {
    SYSTEMS.iter().find(|system| (sources.variable)(system.known_by).is_some())
}

fn found_branch(system: Option<&System>, sources: &Sources<'_>) -> Option<Branch> {
    let from_system = || branch(&system.and_then(|system| first(system.branch, sources))?);
    let from_git = || branch(&(sources.git)(&["symbolic-ref", "--quiet", "--short", "HEAD"]).ok()?);
    from_system().or_else(from_git)
}

/// The first of some variables that says something.
fn first(names: &[&str], sources: &Sources<'_>) -> Option<String> {
    names.iter().find_map(|name| (sources.variable)(name))
}

/// The name of a branch, without what CI systems put in front of it.
fn branch(text: &str) -> Option<Branch> {
    let name = ["refs/heads/", "origin/"].iter().find_map(|prefix| text.strip_prefix(prefix));
    // A build of a tag or of a pull request's merge is a build of no branch.
    let name = name.unwrap_or(text);
    (!name.starts_with("refs/")).then(|| name.parse().ok()).flatten()
}

/// A text with its variables put in; nothing when one of them is not set.
fn filled(template: &str, sources: &Sources<'_>) -> Option<String> {
    let mut parts = template.split(['{', '}']);
    let mut text = parts.next()?.to_owned();
    while let (Some(name), Some(rest)) = (parts.next(), parts.next()) {
        text.push_str(&(sources.variable)(name)?);
        text.push_str(rest);
    }
    Some(text)
}

#[expect(clippy::disallowed_methods, reason = "the command line is where the environment is read")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(
        arguments: &BuildArguments,
        version: Option<&str>,
        variables: &[(&str, &str)],
        git: &[(&str, &str)],
    ) -> String {
        let of = |list: &[(&str, &str)], name: &str| {
            list.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        let sources = Sources {
            variable: &|name| of(variables, name),
            git: &|arguments| of(git, arguments[0]).ok_or(GitSilence::NoRepository),
        };
        let version = version.map(|version| version.parse().expect("a version"));
        match arguments.complete(version.as_ref(), None, &sources) {
            Err(failure) => failure.message,
            Ok(built) => format!(
                "{} | {} | {:?} | {} | {}",
                built.version,
                built.branch.map_or("-".to_owned(), |branch| branch.to_string()),
                built.tags,
                built.build_url.unwrap_or("-".to_owned()),
                built.origin.unwrap_or("-".to_owned())
            ),
        }
    }

    #[test]
    fn a_build_is_known_by_what_is_typed_then_by_the_ci_system_then_by_git() {
        let none = BuildArguments::default();
        let git = &[("rev-parse", "abc"), ("symbolic-ref", "feat/x"), ("status", "")];
        let github = &[
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_SHA", "def"),
            ("GITHUB_REF", "refs/heads/main"),
            ("GITHUB_SERVER_URL", "https://github.com"),
            ("GITHUB_REPOSITORY", "a/b"),
            ("GITHUB_RUN_ID", "7"),
        ];
        insta::assert_snapshot!(built(&none, None, &[], git), @"abc | feat/x | [] | - | version and branch from git");
        insta::assert_snapshot!(built(&none, Some("1.0"), &[], git), @"1.0 | feat/x | [] | - | branch from git");
        insta::assert_snapshot!(built(&none, None, github, git), @"def | main | [] | https://github.com/a/b/actions/runs/7 | version and branch from GitHub Actions");
        let pull = [&github[..], &[("GITHUB_HEAD_REF", "fix")]].concat();
        insta::assert_snapshot!(built(&none, None, &pull, git), @"def | fix | [] | https://github.com/a/b/actions/runs/7 | version and branch from GitHub Actions");
        let typed = BuildArguments {
            branch: Some("mine".parse().expect("a branch")),
            tag: vec!["prod".parse().expect("a tag")],
            tag_with_git_branch: true,
            build_url: Some("http://x".to_owned()),
            auto_detect_version_properties: true,
        };
        insta::assert_snapshot!(built(&typed, Some("1"), github, git), @r#"1 | mine | ["prod", "mine"] | http://x | -"#);
        insta::assert_snapshot!(built(&none, None, &[], &[]), @"no version is given, and neither a CI system nor git knows one");
        let azure =
            &[("TF_BUILD", "True"), ("BUILD_SOURCEBRANCH", "refs/heads/a/b"), ("BUILD_SOURCEVERSION", "9")];
        insta::assert_snapshot!(built(&none, None, azure, &[]), @"9 | a/b | [] | - | version and branch from Azure Pipelines");
        let tag =
            &[("TF_BUILD", "True"), ("BUILD_SOURCEBRANCH", "refs/tags/v1"), ("BUILD_SOURCEVERSION", "9")];
        insta::assert_snapshot!(built(&none, None, tag, &[]), @"9 | - | [] | - | version from Azure Pipelines");
    }
}
