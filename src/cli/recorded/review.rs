//! `pactwright review`, `accept` and `reject`: what becomes of a pact that has changed.

use std::fs;
use std::io::{self, ErrorKind, IsTerminal as _};
use std::path::{Path, PathBuf};

use clap::Args;
use dialoguer::console::Term;

use super::Places;
use super::change::Change;
use super::refused;
use crate::cli::{Failure, stdio};
use crate::contract;
use crate::outcome::Answer;
use crate::recording::{Assembled, Assembly, Fragments, Pending, committed, not_assembled};

/// Decide about pacts that have changed, one after the other
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pactwright review             a accepts, r rejects, s skips; A, R and S do so with all that follow
  pactwright review --check     does anything wait, or was recorded and not put together?

For each change it says whether it demands more of the provider, less, or the same.

Exit status:
  0  nothing waits any more
  1  something still waits, or tests have recorded what no pact says yet
  2  there is no terminal to ask on; see `pactwright accept` and `pactwright reject`
  3  a pact cannot be read or written")]
pub(crate) struct Review {
    #[command(flatten)]
    places: Places,
    /// Ask nothing, and say whether anything waits
    #[arg(long)]
    check: bool,
}

/// Put changed pacts in the place of the committed ones
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pactwright accept                            everything that waits
  pactwright accept pacts/billing-faq.json     this one

Exit status:
  0  accepted
  2  the pact that was named does not wait
  3  nothing waits, or a pact cannot be written")]
pub(crate) struct Accept {
    #[command(flatten)]
    places: Places,
    /// The pacts to accept; all that wait when none is named
    #[arg(value_name = "PACT")]
    named: Vec<PathBuf>,
}

/// Forget changed pacts, and keep the committed ones
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pactwright reject                            everything that waits
  pactwright reject pacts/billing-faq.json     this one

Exit status:
  0  rejected
  2  the pact that was named does not wait
  3  nothing waits, or a pact cannot be deleted")]
pub(crate) struct Reject {
    #[command(flatten)]
    places: Places,
    /// The pacts to reject; all that wait when none is named
    #[arg(value_name = "PACT")]
    named: Vec<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Decision {
    Accept,
    Reject,
    Skip,
}

/// What could not be done about one pact, which keeps nobody from the others.
#[derive(Default)]
struct Failed(Option<Failure>);

impl Failed {
    /// The last failure is that of the command; those before it are said at once.
    fn keep(&mut self, done: Result<(), Failure>) {
        let Err(failure) = done else { return };
        if let Some(earlier) = self.0.replace(failure) {
            stdio::complain(&earlier);
        }
    }

    fn none(self) -> Result<(), Failure> {
        self.0.map_or(Ok(()), Err)
    }
}

/// Asks about every pact that waits.
pub(crate) fn run(arguments: &Review) -> Result<Answer, Failure> {
    let waiting = waiting(&arguments.places)?;
    let answer = match waiting.as_slice() {
        [] => Answer::Yes,
        _ if arguments.check => {
            waiting.iter().try_for_each(|pending| stdio::say(&shown(pending)))?;
            Answer::No
        }
        _ => decide(&waiting, &arguments.places)?,
    };
    let recorded = recorded_since(&arguments.places)?;
    if !recorded.is_empty() {
        recorded.iter().try_for_each(said)?;
        let [assemble, review] = ["assemble", "review"].map(|name| arguments.places.command(name));
        stdio::note(&format!("next: {assemble}, and then {review}"));
        return Ok(Answer::No);
    }
    if waiting.is_empty() {
        stdio::say("nothing waits for a review\n")?;
    } else if arguments.check {
        stdio::note(&format!("next: {}", arguments.places.command("review")));
    }
    Ok(answer)
}

/// What was recorded and waits nowhere.
fn recorded_since(places: &Places) -> Result<Vec<Assembled>, Failure> {
    not_assembled(&places.fragments()?, &places.pacts_there()?).map_err(|problem| refused(&problem))
}

/// There is nothing to decide about; perhaps only not yet.
fn nothing_waits(places: &Places) -> Failure {
    let failure = Failure::could_not_find_out("nothing waits for a review");
    match recorded_since(places) {
        Ok(recorded) if recorded.is_empty() => failure,
        _ => {
            let next = places.command("assemble");
            failure.hint(format!("what tests have recorded is not assembled yet: {next}"))
        }
    }
}

/// Says what was recorded and waits nowhere.
fn said(pact: &Assembled) -> Result<(), Failure> {
    let change = Change::unwritten(&pact.file, pact.before.as_deref(), &pact.after)?.text()?;
    stdio::say(&format!("{}: recorded, and not assembled yet\n{change}\n", pact.file.display()))
}

/// Asks somebody at a terminal.
fn decide(waiting: &[Pending], places: &Places) -> Result<Answer, Failure> {
    let terminal = Term::stderr();
    if !(io::stdin().is_terminal() && terminal.is_term()) {
        return Err(Failure::asked_wrongly("there is no terminal to ask on")
            .hint(format!("{} shows what waits", places.command("review --check")))
            .hint(format!("{}, or {}", places.command("accept"), places.command("reject"))));
    }
    decide_all(waiting, &places.fragments()?, || ask(&terminal))
}

/// Asks until a decision is for all that follow.
fn decide_all(
    waiting: &[Pending],
    fragments: &Fragments,
    mut ask: impl FnMut() -> Result<(Decision, bool), Failure>,
) -> Result<Answer, Failure> {
    let mut answer = Answer::Yes;
    let mut for_all = None;
    let mut failed = Failed::default();
    for pending in waiting {
        stdio::say(&shown(pending))?;
        let (decision, is_for_all) = for_all.map_or_else(&mut ask, |decision| Ok((decision, true)))?;
        for_all = is_for_all.then_some(decision);
        match decision {
            Decision::Accept => failed.keep(accepted(pending)),
            Decision::Reject => failed.keep(rejected(pending, fragments)),
            Decision::Skip => answer = Answer::No,
        }
    }
    failed.none()?;
    Ok(answer)
}

/// Accepts what is named, or all.
pub(crate) fn accept(arguments: &Accept) -> Result<Answer, Failure> {
    let waiting = waiting(&arguments.places)?;
    if waiting.is_empty() {
        return Err(nothing_waits(&arguments.places));
    }
    let mut failed = Failed::default();
    for pending in named(&waiting, &arguments.named)? {
        failed.keep(accepted(pending));
    }
    failed.none()?;
    Ok(Answer::Yes)
}

/// Rejects what is named, or all.
pub(crate) fn reject(arguments: &Reject) -> Result<Answer, Failure> {
    let fragments = arguments.places.fragments()?;
    let waiting = waiting(&arguments.places)?;
    if waiting.is_empty() {
        return Err(nothing_waits(&arguments.places));
    }
    let mut failed = Failed::default();
    for pending in named(&waiting, &arguments.named)? {
        failed.keep(rejected(pending, &fragments));
    }
    failed.none()?;
    Ok(Answer::Yes)
}

fn ask(terminal: &Term) -> Result<(Decision, bool), Failure> {
    let unanswered = |error: io::Error| Failure::could_not_find_out("there was no answer").because(&error);
    terminal.write_str("  [a]ccept, [r]eject, [s]kip, capitals for all that follow: ").map_err(unanswered)?;
    loop {
        let key = terminal.read_char().map_err(unanswered)?;
        if let Some(decision) = decision(key) {
            terminal.write_line(&key.to_string()).map_err(unanswered)?;
            return Ok(decision);
        }
    }
}

/// What a key means, and whether it is for all that follow.
fn decision(key: char) -> Option<(Decision, bool)> {
    let decision = match key.to_ascii_lowercase() {
        'a' => Decision::Accept,
        'r' => Decision::Reject,
        's' => Decision::Skip,
        _ => return None,
    };
    Some((decision, key.is_ascii_uppercase()))
}

fn waiting(places: &Places) -> Result<Vec<Pending>, Failure> {
    let folder = places.pacts_there()?;
    folder.pending().map_err(|error| {
        Failure::could_not_find_out(format!("{} cannot be read", folder.path().display())).because(&error)
    })
}

/// Those that were named, by the committed file or by the one that waits.
fn named<'a>(waiting: &'a [Pending], names: &[PathBuf]) -> Result<Vec<&'a Pending>, Failure> {
    if names.is_empty() {
        return Ok(waiting.iter().collect());
    }
    let same = |one: &Path, other: &Path| std::path::absolute(one).ok() == std::path::absolute(other).ok();
    let find = |name: &PathBuf| {
        let is_meant = |pending: &&Pending| same(&pending.path, name) || same(&pending.committed, name);
        waiting.iter().find(is_meant).ok_or_else(|| {
            let all: Vec<_> = waiting.iter().map(|pending| pending.committed.display().to_string()).collect();
            Failure::asked_wrongly(format!("{} does not wait for a review", name.display()))
                .hint(format!("what waits is {}", all.join(", ")))
        })
    };
    names.iter().map(find).collect()
}

/// What waits, with what it changes. What cannot be compared waits all the same, and hides no other.
pub(in crate::cli) fn shown(pending: &Pending) -> String {
    let text = changed(pending).unwrap_or_else(|failure| {
        let why = [vec![failure.message], failure.causes].concat().join(": ");
        format!("  {why}\n")
    });
    format!("{}\n{text}\n", pending.path.display())
}

/// What a pact that waits changes.
fn changed(pending: &Pending) -> Result<String, Failure> {
    let text = |path: &Path| {
        fs::read_to_string(path).map(Some).or_else(|error| {
            if error.kind() == ErrorKind::NotFound {
                return Ok(None);
            }
            let message = format!("{} cannot be read", path.display());
            Err(Failure::could_not_find_out(message).because(&error))
        })
    };
    let before = text(&pending.committed)?;
    let after = text(&pending.path)?.unwrap_or_default();
    Change::of(pending, before.as_deref(), &after)?.text()
}

fn accepted(pending: &Pending) -> Result<(), Failure> {
    let path = pending.committed.display();
    let unwritable =
        |error: io::Error| Failure::could_not_find_out(format!("{path} cannot be written")).because(&error);
    if pending.is_outdated().map_err(unwritable)? {
        let message = format!("{path} has changed since {} was made", pending.path.display());
        return Err(Failure::asked_wrongly(message).hint("pactwright assemble makes it anew"));
    }
    let text = fs::read(&pending.path).map_err(unwritable)?;
    let reading = contract::read(&pending.path.to_string_lossy(), text);
    if reading.contract.is_none() {
        let message = format!("{} is no sound pact, so it was not accepted", pending.path.display());
        return Err(Failure::asked_wrongly(message)
            .hint("the tests make it anew: pactwright assemble --complete -- COMMAND"));
    }
    pending.accept().map_err(unwritable)?;
    stdio::say(&format!("accepted {path}\n"))
}

/// Deletes what waits, and what the tests have recorded of it: a test that is still there records it again,
/// and one that is gone is not heard of any more.
fn rejected(pending: &Pending, fragments: &Fragments) -> Result<(), Failure> {
    let path = pending.path.display();
    let undeletable =
        |error: io::Error| Failure::could_not_find_out(format!("{path} cannot be deleted")).because(&error);
    let text = fs::read(&pending.path).map_err(undeletable)?;
    if let Some(contract) = contract::read(&pending.path.to_string_lossy(), text).contract {
        let (consumer, provider) = (&*contract.consumer, &*contract.provider);
        let there = committed(&pending.committed, (consumer, provider));
        let there = there.map_err(|problem| refused(&problem))?.map(|(_, pact)| Assembly::of(&pact));
        fragments.forget_all_but(there.as_ref(), consumer, provider).map_err(|error| {
            let path = fragments.path().display();
            Failure::could_not_find_out(format!("{path} cannot be cleared")).because(&error)
        })?;
    }
    pending.reject().map_err(undeletable)?;
    stdio::say(&format!("rejected {path}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::Folder;

    #[test]
    fn a_key_decides_about_one_pact_and_a_capital_about_all_that_follow() {
        let folder = tempfile::tempdir().expect("a folder");
        let pacts = Folder::of(folder.path().to_owned());
        let pact = |name: &str| {
            format!(
                r#"{{"consumer": {{"name": "{name}"}}, "provider": {{"name": "faq"}}, "interactions": [],
                    "metadata": {{"pactSpecification": {{"version": "4.0"}}}}}}"#
            )
        };
        let propose = || {
            for name in ["a", "b", "c", "d"] {
                pacts.propose(&pacts.committed(name, "faq"), &pact(name)).expect("written");
            }
            pacts.pending().expect("readable")
        };
        let decide = |keys: &str| {
            let mut keys = keys.chars();
            let ask = || Ok(keys.next().and_then(decision).expect("a key for each question"));
            let fragments = Fragments::of(folder.path().join("fragments"));
            let answer = decide_all(&propose(), &fragments, ask).expect("decided");
            let committed = |name: &&str| pacts.committed(name, "faq").exists();
            let accepted: Vec<&str> =
                ["a", "b", "c", "d"].into_iter().filter(|name| committed(name)).collect();
            (answer, accepted.join(""), pacts.pending().expect("readable").len())
        };
        assert_eq!(decide("rsaR"), (Answer::No, "c".to_owned(), 1));
        assert_eq!(decide("sA"), (Answer::No, "bcd".to_owned(), 1));
        assert_eq!(decide("A"), (Answer::Yes, "abcd".to_owned(), 0));
        assert_eq!(decision('x'), None);
    }

    #[test]
    fn what_cannot_be_accepted_keeps_nobody_from_what_follows() {
        let folder = tempfile::tempdir().expect("a folder");
        let pacts = Folder::of(folder.path().to_owned());
        let sound = r#"{"consumer": {"name": "z"}, "provider": {"name": "faq"}, "interactions": [],
            "metadata": {"pactSpecification": {"version": "4.0"}}}"#;
        for (name, text) in [("a", "{"), ("z", sound)] {
            pacts.propose(&pacts.committed(name, "faq"), text).expect("written");
        }
        let fragments = Fragments::of(folder.path().join("fragments"));
        let waiting = pacts.pending().expect("readable");
        assert!(decide_all(&waiting, &fragments, || Ok((Decision::Accept, false))).is_err());
        let waiting = pacts.pending().expect("readable");
        assert_eq!(waiting.len(), 1, "the sound one was accepted");
        let rejected = decide_all(&waiting, &fragments, || Ok((Decision::Reject, false)));
        assert_eq!(rejected.expect("rejected"), Answer::Yes);
    }
}
