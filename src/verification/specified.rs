//! What a specification of the provider says about each interaction that was replayed, and which of the
//! three, provider, specification and contract, is the odd one out.
//!
//! Two by two they agree, disagree, or it is not known. What is not known is never a pass.

use crate::contract::{Contract, Exchange, Interaction};
use crate::finding::{Code, Finding, Location, Place, Weight};
use crate::openapi::{Answered, Checked, Departure, Outcome, Spec, check_one, departures};
use crate::outcome::{InteractionResult, Payload, Received, Verdict};
use crate::redact::{REDACTED, Redactor};
use crate::replay::Plan;

/// A specification that a run is held against.
#[derive(Debug)]
pub struct Specified {
    /// The specification.
    pub spec: Spec,
    /// Whether what cannot be decided passes.
    pub allows_undecidable: bool,
    /// Whether requests and answers of passed interactions stay in the report.
    pub keeps_exchanges: bool,
}

/// Whether two of the three say the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Agreement {
    Yes,
    No,
    Unknown,
}

impl Specified {
    /// What is to be noted of the specification as a whole.
    #[must_use]
    pub fn notes(&self) -> Vec<Finding> {
        let note = |unsupported: &crate::openapi::Unsupported| {
            let message = format!(
                "the specification uses `{}`, which is not compared ({} times, first at {})",
                unsupported.keyword, unsupported.times, unsupported.location
            );
            Finding::new(Code::SpecificationNoted, Place::Run, message)
        };
        self.spec.unsupported().iter().map(note).collect()
    }

    /// A result with what the specification says to it. What was not replayed stays as it is.
    #[must_use]
    pub fn judged(
        &self,
        mut result: InteractionResult,
        plan: &Plan,
        redactor: &Redactor,
    ) -> InteractionResult {
        let Some(entry) = plan.entries.get(result.index).filter(|_| result.verdict != Verdict::Skipped)
        else {
            return result;
        };
        let (contract, interaction) = (entry.contract(), entry.interaction());
        let checked = check_one(contract, interaction, &self.spec);
        let departures = self.departures(contract, interaction, result.response.as_ref());
        let findings = findings(&result, &checked, departures.as_deref());
        let has = |weight| findings.iter().any(|finding: &Finding| finding.weight() == weight);
        let is_undecided = has(Weight::Error) && !self.allows_undecidable;
        result.verdict = match result.verdict {
            Verdict::Passed if has(Weight::Broken) => Verdict::Failed,
            Verdict::Passed if is_undecided => Verdict::Error,
            known => known,
        };
        let is_kept = |finding: &Finding| finding.weight() != Weight::Error || is_undecided;
        result.findings.extend(findings.into_iter().filter(is_kept).map(|finding| redactor.finding(finding)));
        if result.verdict == Verdict::Passed && result.findings.is_empty() && !self.keeps_exchanges {
            (result.request, result.response) = (None, None);
        }
        result
    }

    /// Where the answer is not what the specification answers; nothing when there is no answer to compare.
    fn departures(
        &self,
        contract: &Contract,
        interaction: &Interaction,
        received: Option<&Received>,
    ) -> Option<Vec<Departure>> {
        let (Exchange::Http { request, .. }, Some(received)) = (&interaction.exchange, received) else {
            return None;
        };
        let answer = Answered {
            status: received.status,
            headers: &received.headers,
            body: body(received.body.as_ref()),
        };
        Some(departures(contract, request, answer, &self.spec))
    }
}

/// The body, when all of it is known.
fn body(payload: Option<&Payload>) -> Result<&[u8], &'static str> {
    match payload {
        None => Ok(&[]),
        Some(payload) if payload.cut => Err("only the beginning of the answer is known"),
        Some(payload) if payload.base64 => Err("the body of the answer is no text, and is not compared"),
        Some(payload) if payload.text.contains(REDACTED) => {
            Err("secrets were taken out of the answer, so that it cannot be compared")
        }
        Some(payload) => Ok(payload.text.as_bytes()),
    }
}

fn findings(result: &InteractionResult, checked: &Checked, departures: Option<&[Departure]>) -> Vec<Finding> {
    let kept = match result.verdict {
        Verdict::Passed => Agreement::Yes,
        _ if result.is_verified() => Agreement::No,
        _ => Agreement::Unknown,
    };
    let contract = match checked.outcome {
        Outcome::Covered => Agreement::Yes,
        Outcome::Violated => Agreement::No,
        Outcome::Undecidable => Agreement::Unknown,
    };
    let replied = result.response.as_ref().map(|response| response.status);
    let request = on_request(kept, checked, replied);
    let answer = match departures {
        Some(list) if list.iter().any(|one| !one.is_doubt) => Agreement::No,
        Some([]) => Agreement::Yes,
        None | Some(_) => Agreement::Unknown,
    };
    let is_contradiction = contract == Agreement::No || answer == Agreement::No;
    let is_undecided = contract == Agreement::Unknown || answer == Agreement::Unknown;
    let code = match () {
        () if is_contradiction => Code::SpecificationContradicted,
        // An interaction without a verdict has said why.
        () if is_undecided && kept != Agreement::Unknown => Code::SpecificationUndecided,
        () if kept == Agreement::No => Code::SpecificationNoted,
        () => return Vec::new(),
    };
    let summary = |text| Finding::new(code, Place::Request, text).with_location(result.location.clone());
    let expected = of_answers(checked);
    // An answer to an operation that is not there has nothing of its own to be compared with.
    // A refusal of what the specification forbids says nothing of how contract and specification agree.
    let is_answer_apart =
        checked.operation.is_some() && kept != Agreement::No && [expected, answer].contains(&Agreement::No);
    let summaries: Vec<_> = match request {
        None => vec![summary(sentence(kept, contract, answer))],
        Some(text) if is_answer_apart => vec![summary(text), summary(sentence(kept, expected, answer))],
        Some(text) => vec![summary(text)],
    };
    let single = |place, path: &str, message: String, location: &Location| {
        Finding::new(code, place, message).at(path).with_location(location.clone())
    };
    // Beside a contradiction, what is not known would only distract.
    let of_contract = checked.findings.iter().filter(|one| !(is_contradiction && one.is_doubt)).map(|one| {
        let message = format!("the contract: {} [{}], {}", one.message, one.rule.slug(), one.spec);
        single(Place::Request, &one.path, message, &one.pact)
    });
    let of_answer = departures.unwrap_or_default().iter().filter(|one| !(is_contradiction && one.is_doubt));
    let of_answer =
        of_answer.map(|one| single(one.place, &one.path, format!("the answer: {}", one.message), &one.spec));
    summaries.into_iter().chain(of_contract).chain(of_answer).collect()
}

/// Who stands alone about a request that the specification forbids: how the provider answers it is
/// evidence. Nothing is said when the specification does not forbid it, or the answer shows nothing.
fn on_request(kept: Agreement, checked: &Checked, replied: Option<u16>) -> Option<&'static str> {
    let is_forbidden = checked.findings.iter().any(|one| one.rule.is_of_request() && !one.is_doubt);
    match (kept, replied.filter(|_| is_forbidden)?) {
        (Agreement::Yes, 200..300) => Some(
            "the specification is the odd one out: it forbids the request, and the provider takes it as the contract says",
        ),
        (Agreement::No, 400..500) => Some(
            "the contract is the odd one out: the specification forbids its request, and the provider refuses it",
        ),
        _ => None,
    }
}

/// Whether what the contract expects back is as the specification says.
fn of_answers(checked: &Checked) -> Agreement {
    let found = || checked.findings.iter().filter(|one| !one.rule.is_of_request());
    match () {
        () if found().any(|one| !one.is_doubt) => Agreement::No,
        () if found().next().is_some() => Agreement::Unknown,
        () => Agreement::Yes,
    }
}

/// Which one is the odd one out.
fn sentence(kept: Agreement, contract: Agreement, answer: Agreement) -> &'static str {
    use Agreement::{No, Unknown, Yes};
    match (kept, contract, answer) {
        (No, Yes, No) => {
            "the provider is the odd one out: the contract and the specification agree, and its answer breaks both"
        }
        (Yes, Yes, No) => {
            "the provider is the odd one out: its answer keeps the contract, which asks for less, and breaks the specification"
        }
        (Yes, No, No) => {
            "the specification is the odd one out: the provider keeps the contract, and neither is as the specification says"
        }
        (No, No, Yes) => {
            "the contract is the odd one out: the answer is as the specification says, and the contract is not"
        }
        (Yes, No, Yes) => {
            "the contract is the odd one out: the answer is as both say, and the contract allows what the specification does not"
        }
        (No, No, No) => "no two of provider, specification and contract agree",
        (_, No, Unknown) => {
            "the contract breaks the specification; whether the answer does is not known, so nobody can be called the odd one out"
        }
        (_, Unknown, No) => {
            "the answer breaks the specification; whether the contract does is not known, so nobody can be called the odd one out"
        }
        (Unknown, No, _) | (Unknown, _, No) => {
            "the specification is contradicted; whether the provider keeps the contract is not known, so nobody can be called the odd one out"
        }
        (_, Unknown, Unknown) => {
            "it could not be decided whether contract and answer are as the specification says"
        }
        (_, Unknown, Yes) => "it could not be decided whether the contract is as the specification says",
        (_, Yes, Unknown) => "it could not be decided whether the answer is as the specification says",
        (No, Yes, Yes) => {
            "the answer is as the specification says: the contract asks for more than the specification promises"
        }
        (Yes | Unknown, Yes, Yes) => "provider, specification and contract agree",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_disagree_has_a_sentence_that_fits() {
        use Agreement::{No, Unknown, Yes};
        let all = [Yes, No, Unknown];
        let odd = |kept, contract, answer| {
            let text = sentence(kept, contract, answer);
            ["provider", "specification", "contract"]
                .into_iter()
                .find(|name| text.starts_with(&format!("the {name} is the odd one out")))
        };
        for (kept, contract, answer) in all
            .into_iter()
            .flat_map(|a| all.into_iter().flat_map(move |b| all.into_iter().map(move |c| (a, b, c))))
        {
            let disagreements = [kept, contract, answer].iter().filter(|one| **one == No).count();
            let has_unknown = [kept, contract, answer].contains(&Unknown);
            let found = odd(kept, contract, answer);
            // With two disagreements among three, it is the one that both share.
            match (kept, contract, answer) {
                _ if has_unknown => assert_eq!(found, None, "{kept:?} {contract:?} {answer:?}"),
                (No, Yes, No) => assert_eq!(found, Some("provider")),
                (Yes, No, No) => assert_eq!(found, Some("specification")),
                (No, No, Yes) => assert_eq!(found, Some("contract")),
                _ => assert!(disagreements != 2),
            }
        }
    }
}
