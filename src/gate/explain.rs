//! A decision for people and programs: in which field a contract breaks, whom to call, what to type.
//!
//! It can neither soften nor harden the decision.

use std::collections::BTreeMap;

use super::explanation::{
    Cause, Explanation, Message, Row, Side, SideVersion, Summary, VerificationResult, WaiverText, Word,
};
use super::question::{Question, Selector, Target, Which};
use super::verdict::{Decision, Integration, Notice, Party, Unverified, Verdict};
use crate::fact::{About, FactId, Judged, Judgement, State, Verified};
use crate::name::{Application, Branch, Environment, Line, Version, did_you_mean, quoted};
use crate::outcome::Answer;

/// Version of the JSON form.
const SCHEMA_VERSION: u32 = 1;

/// What is said of a version of which only changes that no commit holds were verified.
pub const ONLY_TRIED: &str = "what was verified of it had changes that no commit holds, and is no version";

/// What an explanation is made from.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'a> {
    /// What was asked.
    pub question: &'a Question,
    /// What was known.
    pub state: &'a State,
    /// The verifications that [`Decision::needed`] names, with their details.
    pub verified: &'a BTreeMap<FactId, Verified>,
    /// What names the store in a command, with a space in front.
    pub store_flag: &'a str,
}

impl Decision {
    /// The verifications whose details an explanation needs.
    pub fn needed(&self) -> impl Iterator<Item = FactId> {
        self.integrations.iter().filter_map(|integration| match integration.verdict {
            Verdict::Breaks { result } => Some(result),
            Verdict::Unverified(Unverified::NoResult { attempt }) => Some(attempt),
            Verdict::Safe { .. } | Verdict::Unverified(_) => None,
        })
    }

    /// The answer of a command. A version that nobody has seen is something else than a no.
    #[must_use]
    pub fn answer(&self) -> Answer {
        let tally = self.tally();
        if tally.breaks + tally.unverified > 0 {
            Answer::No
        } else if self.deployable == Some(true) {
            Answer::Yes
        } else {
            Answer::CouldNotFindOut
        }
    }
}

/// Says what a decision means.
#[must_use]
pub fn explain(decision: &Decision, sources: &Sources<'_>) -> Explanation {
    let tally = decision.tally();
    let unknown = decision.unknown.iter().map(|selector| sources.unknown_version(selector));
    let known = decision.integrations.iter().map(|integration| sources.row(integration));
    Explanation {
        schema_version: SCHEMA_VERSION,
        summary: Summary {
            deployable: decision.deployable,
            answer: decision.answer(),
            reason: reason(decision, sources.question),
            success: tally.safe,
            failed: tally.breaks,
            unknown: tally.unverified,
            waived: tally.waived,
            ignored: tally.ignored,
        },
        notices: decision.notices.iter().map(message).collect(),
        matrix: unknown.chain(known).collect(),
    }
}

fn reason(decision: &Decision, question: &Question) -> String {
    let what = question.selectors().iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ");
    let target = question.target();
    match (decision.deployable, decision.unknown.is_empty()) {
        (Some(true), _) => format!("{what} can work with {target}"),
        (_, false) => format!("there is no {}", list(&decision.unknown)),
        (Some(false), _) => format!("{what} cannot work with {target}"),
        (None, _) => format!("nobody knows whether {what} can work with {target}"),
    }
}

fn list(selectors: &[Selector]) -> String {
    let texts: Vec<String> =
        selectors.iter().map(|selector| selector.to_string().trim_start_matches("the ").to_owned()).collect();
    texts.join(" and no ")
}

fn message(notice: &Notice) -> Message {
    let (kind, text) = match notice {
        Notice::NoTarget => (
            "warning",
            "nobody said where to, so the latest versions of all others were taken: --to-environment says it"
                .to_owned(),
        ),
        Notice::IgnoredNothing(ignore) => {
            ("warning", format!("{ignore} was to be ignored and plays no part"))
        }
        Notice::NothingToCheck => (
            "warning",
            "there was nothing to check: no contract binds this version to anything there".to_owned(),
        ),
        Notice::PublishedNothing { application, version, before } => (
            "warning",
            format!(
                "{application} {version} has published no contract, and {before} has: publish it, or say \
                 `--ignore {}` when it needs none any more",
                quoted(application.as_str())
            ),
        ),
    };
    Message { kind, text }
}

impl Sources<'_> {
    fn row(&self, integration: &Integration) -> Row {
        let instead_of = word(integration.verdict);
        let fact = |id| self.state.waivers().find(|(known, _)| *known == id).map(|(_, waived)| waived);
        let waiver = integration.waiver.and_then(fact).map(|waived| WaiverText {
            instead_of,
            reason: waived.reason.to_string(),
            owner: waived.owner.to_string(),
            expires: waived.expires.to_string(),
        });
        let verdict = match integration {
            Integration { ignored: true, .. } => Word::Ignored,
            Integration { waiver: Some(_), .. } => Word::Waived,
            _ => instead_of,
        };
        Row {
            about: None,
            verdict,
            consumer: Some(self.side(&integration.consumer)),
            provider: Some(self.side(&integration.provider)),
            verification_result: result(integration.verdict),
            reason: self.sentence(integration),
            causes: self.causes(integration.verdict),
            waiver,
            hint: None,
            next: self.next(integration),
        }
    }

    fn unknown_version(&self, selector: &Selector) -> Row {
        let Selector { application, which } = selector;
        let party = Party { application: application.clone(), version: None };
        Row {
            about: self.state.knows(application).then(|| self.side(&party)),
            verdict: Word::UnknownVersion,
            consumer: None,
            provider: None,
            verification_result: None,
            reason: format!("there is no {}", list(std::slice::from_ref(selector))),
            causes: Vec::new(),
            waiver: None,
            hint: self.meant(selector),
            next: self.made_known(application, which),
        }
    }

    /// What makes a version of a known application known.
    fn made_known(&self, application: &Application, which: &Which) -> Option<String> {
        let (Which::Version(version), true) = (which, self.state.knows(application)) else { return None };
        let (flag, version) = (self.store_flag, quoted(version.as_str()));
        Some(if self.state.providers_of(application).next().is_some() {
            format!("pactwright publish PACTS{flag} --consumer-app-version {version}")
        } else {
            let name = quoted(application.as_str());
            format!("pactwright verify{flag} --provider {name} --provider-app-version {version} --publish")
        })
    }

    /// What was probably meant by a version that does not exist, or how it comes to exist.
    fn meant(&self, selector: &Selector) -> Option<String> {
        let Selector { application, which } = selector;
        if !self.state.knows(application) {
            let known = self.state.applications().map(Application::as_str);
            return did_you_mean(application.as_str(), known).or_else(|| {
                Some(format!("pactwright publish PACTS{} makes an application known", self.store_flag))
            });
        }
        let versions = self.state.versions(application);
        let latest = versions.last().map(|known| format!("its latest version is {}", known.version));
        match which {
            Which::Version(version) if self.state.was_only_tried(application, version) => {
                Some(ONLY_TRIED.to_owned())
            }
            Which::Version(version) => {
                let known = versions.iter().map(|known| known.version.as_str());
                did_you_mean(version.as_str(), known).or(latest)
            }
            Which::Branch(branch) => {
                did_you_mean(branch.as_str(), self.state.branches(application).map(Branch::as_str)).or(latest)
            }
            Which::Latest | Which::Tagged(_) | Which::MainBranch | Which::Environment(_) => latest,
        }
    }

    fn side(&self, party: &Party) -> Side {
        let About { team, contact, .. } = self.state.about(&party.application);
        let version = party.version.as_ref().map(|number| SideVersion {
            number: number.clone(),
            branch: self
                .state
                .version(&party.application, number)
                .and_then(|info| info.branches.last().cloned()),
            environments: self.environments(&party.application, number),
        });
        let text = |line: Option<Line>| line.map(|line| line.to_string());
        Side { name: party.application.clone(), version, team: text(team), contact: text(contact) }
    }

    fn environments(&self, application: &Application, version: &Version) -> Vec<Environment> {
        let runs = |name: &&Environment| {
            self.state.live(application, name).iter().any(|live| live.version == *version)
        };
        self.state.environments().map(|environment| &environment.name).filter(runs).cloned().collect()
    }

    fn sentence(&self, integration: &Integration) -> String {
        let (consumer, provider) = (name(&integration.consumer), name(&integration.provider));
        match integration.verdict {
            Verdict::Safe { .. } => format!("{provider} keeps the contract of {consumer}"),
            Verdict::Breaks { .. } => format!("{provider} breaks the contract of {consumer}"),
            Verdict::Unverified(Unverified::Never) => {
                format!("{provider} was never verified with the contract of {consumer}")
            }
            Verdict::Unverified(Unverified::NoResult { attempt }) => {
                let why = self.verified.get(&attempt).map_or("came to no result", why_no_result);
                format!("the newest verification of {provider} with the contract of {consumer} {why}")
            }
            Verdict::Unverified(Unverified::OtherCommit) => format!(
                "{provider} is built from another commit than when it was verified with the contract of {consumer}"
            ),
            Verdict::Unverified(Unverified::ProviderIsNotThere) => {
                format!("{consumer} needs {provider}, which is not among {}", self.question.target())
            }
        }
    }

    fn causes(&self, verdict: Verdict) -> Vec<Cause> {
        let result = match verdict {
            Verdict::Breaks { result } => result,
            Verdict::Unverified(Unverified::NoResult { attempt }) => attempt,
            Verdict::Safe { .. } | Verdict::Unverified(_) => return Vec::new(),
        };
        let broken = |judged: &&Judged| matches!(judged.verdict, Judgement::Failed | Judgement::Error);
        let judged = self.verified.get(&result).into_iter().flat_map(|verified| &verified.interactions);
        judged
            .filter(broken)
            .map(|judged| Cause {
                interaction: judged.description.clone(),
                states: judged.states.clone(),
                findings: judged.findings.clone(),
            })
            .collect()
    }

    /// What to type to find out or to see more. A contract is named by its content: selectors need not choose
    /// it, and only a store has one.
    fn next(&self, integration: &Integration) -> Option<String> {
        let (flag, provider) = (self.store_flag, &integration.provider);
        let name = quoted(provider.application.as_str());
        let verify = integration
            .content
            .map(|content| format!("pactwright verify{flag} --provider {name} --content {content}"));
        match (integration.verdict, &provider.version, self.question.target()) {
            (Verdict::Safe { .. }, ..) => None,
            (Verdict::Breaks { .. }, ..) => verify,
            (_, Some(version), _) => verify.map(|verify| {
                format!("{verify} --provider-app-version {} --publish", quoted(version.as_str()))
            }),
            (_, None, Target::Environment(environment)) => Some(format!(
                "pactwright record-deployment{flag} -a {name} -e VERSION --environment {}",
                quoted(environment.as_str())
            )),
            (_, None, _) => Some(format!(
                "pactwright verify{flag} --provider {name} --provider-app-version VERSION --publish"
            )),
        }
    }
}

fn word(verdict: Verdict) -> Word {
    match verdict {
        Verdict::Safe { .. } => Word::Safe,
        Verdict::Breaks { .. } => Word::Breaks,
        Verdict::Unverified(_) => Word::Unverified,
    }
}

fn result(verdict: Verdict) -> Option<VerificationResult> {
    let (success, fact) = match verdict {
        Verdict::Safe { result } => (true, result),
        Verdict::Breaks { result } => (false, result),
        Verdict::Unverified(_) => return None,
    };
    Some(VerificationResult { success, verified_at: fact.moment(), fact })
}

fn why_no_result(verified: &Verified) -> &'static str {
    let has_error = verified.interactions.iter().any(|judged| judged.verdict == Judgement::Error);
    if verified.dirty {
        "was made from changes that no commit holds"
    } else if verified.doubtful {
        "could not be finished: something went wrong beside the interactions"
    } else if has_error {
        "could not find everything out"
    } else if verified.complete {
        "found nothing that holds"
    } else {
        "left interactions out"
    }
}

fn name(party: &Party) -> String {
    match &party.version {
        Some(version) => format!("{} {version}", party.application),
        None => party.application.to_string(),
    }
}
