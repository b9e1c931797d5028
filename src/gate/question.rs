//! A question that exists can be answered: what contradicts itself is refused while it is put.

use std::fmt;

use crate::name::{Application, Branch, Environment, Tag, Version};

/// Whether some versions may go somewhere together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    pub(super) selectors: Vec<Selector>,
    pub(super) target: Target,
    pub(super) ignored: Vec<Ignore>,
    /// True when nobody has said where to.
    pub(super) has_no_target: bool,
}

/// A version of an application, or several, by what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector {
    /// The application.
    pub application: Application,
    /// Which of its versions.
    pub which: Which,
}

/// Which versions of an application are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// This one.
    Version(Version),
    /// The one that came to be known last.
    Latest,
    /// The last one with this tag.
    Tagged(Tag),
    /// The head of this branch.
    Branch(Branch),
    /// The head of the main branch.
    MainBranch,
    /// All that run in this environment.
    Environment(Environment),
}

/// With what the asked versions will have to work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// With all that runs in this environment.
    Environment(Environment),
    /// With the last versions that have this tag.
    Tagged(Tag),
    /// With the heads of this branch of each application.
    Branch(Branch),
    /// With the heads of the main branches.
    MainBranches,
    /// With the latest versions of everything.
    Latest,
    /// Only with each other.
    EachOther,
}

/// Something that is left out of the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignore {
    /// The application.
    pub application: Application,
    /// Only this version of it.
    pub version: Option<Version>,
}

/// Why a question cannot be put.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadQuestion {
    /// It is about nothing.
    #[error("the question names no application")]
    Nothing,
    /// It names an application twice.
    #[error("the question names {0} twice")]
    Twice(Application),
    /// It is about one application and itself.
    #[error("{0} alone has no others to work with: say where it is to go")]
    Alone(Application),
}

impl Question {
    /// Puts a question. Without a target, a single application is asked about against the latest
    /// versions of all others, and several are asked about against each other.
    ///
    /// # Errors
    /// When it is about nothing, names an application twice, or cannot have an answer.
    pub fn new(
        selectors: Vec<Selector>,
        target: Option<Target>,
        ignored: Vec<Ignore>,
    ) -> Result<Self, BadQuestion> {
        let Some(first) = selectors.first() else { return Err(BadQuestion::Nothing) };
        for (index, selector) in selectors.iter().enumerate() {
            if selectors[..index].iter().any(|before| before.application == selector.application) {
                return Err(BadQuestion::Twice(selector.application.clone()));
            }
        }
        let is_one = selectors.len() == 1;
        if is_one && target == Some(Target::EachOther) {
            return Err(BadQuestion::Alone(first.application.clone()));
        }
        let has_no_target = is_one && target.is_none();
        let target = target.unwrap_or(if is_one { Target::Latest } else { Target::EachOther });
        Ok(Self { selectors, target, ignored, has_no_target })
    }

    /// The versions that are asked about.
    #[must_use]
    pub fn selectors(&self) -> &[Selector] {
        &self.selectors
    }

    /// With what they will have to work.
    #[must_use]
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// What is left out.
    #[must_use]
    pub fn ignored(&self) -> &[Ignore] {
        &self.ignored
    }
}

impl Ignore {
    pub(super) fn matches(&self, application: &Application, version: Option<&Version>) -> bool {
        self.application == *application && self.version.as_ref().is_none_or(|own| Some(own) == version)
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let application = &self.application;
        match &self.which {
            Which::Version(version) => write!(f, "{application} {version}"),
            Which::Latest => write!(f, "the latest version of {application}"),
            Which::Tagged(tag) => write!(f, "the latest version of {application} with tag {tag}"),
            Which::Branch(branch) => write!(f, "the latest version of {application} on branch {branch}"),
            Which::MainBranch => write!(f, "the latest version of {application} on its main branch"),
            Which::Environment(environment) => write!(f, "{application} in {environment}"),
        }
    }
}

/// As the end of `…may work with`.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment(environment) => write!(f, "what runs in {environment}"),
            Self::Tagged(tag) => write!(f, "the latest versions with tag {tag}"),
            Self::Branch(branch) => write!(f, "the heads of branch {branch}"),
            Self::MainBranches => f.write_str("the heads of the main branches"),
            Self::Latest => f.write_str("the latest versions of all others"),
            Self::EachOther => f.write_str("each other"),
        }
    }
}

impl fmt::Display for Ignore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.version {
            Some(version) => write!(f, "{} {version}", self.application),
            None => self.application.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selector(application: &str) -> Selector {
        let application = Application::new(application).expect("a name");
        Selector { application, which: Which::Latest }
    }

    #[test]
    fn a_question_without_a_target_has_the_one_that_people_mean() {
        let one = Question::new(vec![selector("a")], None, Vec::new()).expect("a question");
        assert_eq!((one.target, one.has_no_target), (Target::Latest, true));
        let two = vec![selector("a"), selector("b")];
        let two = Question::new(two, None, Vec::new()).expect("a question");
        assert_eq!((two.target, two.has_no_target), (Target::EachOther, false));
    }

    #[test]
    fn what_cannot_be_answered_is_refused() {
        let refused = |selectors, target| {
            Question::new(selectors, target, Vec::new()).expect_err("refused").to_string()
        };
        assert_eq!(refused(Vec::new(), None), "the question names no application");
        assert_eq!(refused(vec![selector("a"), selector("a")], None), "the question names a twice");
        let alone = refused(vec![selector("a")], Some(Target::EachOther));
        assert_eq!(alone, "a alone has no others to work with: say where it is to go");
    }
}
