//! Which of the known names was probably meant.

/// `did you mean …?` with the nearest known name, when one is near enough.
pub fn did_you_mean<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    nearest(name, known).map(|near| format!("did you mean \"{near}\"?"))
}

/// The nearest known name, when one is near enough to be a misspelling.
pub fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = name.to_lowercase();
    known
        .map(|candidate| {
            (strsim::normalized_damerau_levenshtein(&wanted, &candidate.to_lowercase()), candidate)
        })
        .filter(|(likeness, _)| *likeness >= 0.6)
        .max_by(|(left, _), (right, _)| left.total_cmp(right))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_offered_and_a_far_one_is_not() {
        let known = ["faq", "billing", "support"];
        assert_eq!(nearest("fqa", known.into_iter()), Some("faq"));
        assert_eq!(nearest("Support", known.into_iter()), Some("support"));
        assert_eq!(nearest("warehouse", known.into_iter()), None);
    }
}
