//! Yes, no, or not known: how several answers become one.

use super::rule::Combine;

impl Combine {
    /// The answer of a rule, from those of its matchers.
    pub(crate) fn of(self, answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
        match self {
            Self::And => all(answers),
            Self::Or => any(answers),
        }
    }
}

/// No as soon as one is a no, yes when all are a yes.
pub(crate) fn all(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = true;
    for answer in answers {
        match answer {
            Some(false) => return Some(false),
            Some(true) => {}
            None => known = false,
        }
    }
    known.then_some(true)
}

/// Yes as soon as one is a yes, no when all are a no.
fn any(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    all(answers.map(|answer| answer.map(|yes| !yes))).map(|none| !none)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_decides_only_where_nothing_else_does() {
        let (yes, no, unknown) = (Some(true), Some(false), None);
        let table = [
            (vec![], yes, no),
            (vec![yes, yes], yes, yes),
            (vec![yes, no], no, yes),
            (vec![no, no], no, no),
            (vec![unknown, yes], unknown, yes),
            (vec![unknown, no], no, unknown),
            (vec![unknown], unknown, unknown),
        ];
        for (answers, and, or) in table {
            assert_eq!(Combine::And.of(answers.iter().copied()), and, "all of {answers:?}");
            assert_eq!(Combine::Or.of(answers.iter().copied()), or, "any of {answers:?}");
        }
    }
}
