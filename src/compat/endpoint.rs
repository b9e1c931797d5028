//! Which requests go to the same endpoint.
//!
//! A pact names paths, `/faqs/7` and `/faqs/8`, and an endpoint is what stands behind both. A template
//! of a specification says so for certain, and a rule on the path nearly so; without either only parts
//! that are plainly identifiers are put together, and what was written is always shown beside it.

use super::values::Values;
use crate::contract::Matcher;

/// A path in parts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Template {
    segments: Vec<Segment>,
}

/// One part of a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Segment {
    /// This text.
    Literal(String),
    /// Any text, under this name.
    Variable(String),
}

/// The name of a part of which only is known that it varies.
const UNNAMED: &str = "id";

impl Template {
    /// Reads `/faqs/{id}`. A part that only contains braces varies as a whole.
    #[must_use]
    pub fn parse(path: &str) -> Self {
        let segment = |text: &str| match text.find('{') {
            None => Segment::Literal(text.to_owned()),
            Some(_) => Segment::Variable(text.trim_matches(['{', '}']).to_owned()),
        };
        Self { segments: parts(path).map(segment).collect() }
    }

    /// The endpoint that the path of an interaction belongs to: the template that fits it best, or what
    /// the path itself shows.
    pub(crate) fn of_path(path: &Values, templates: &[Self]) -> Self {
        let example = path.example.as_str().unwrap_or_default();
        let fitting = templates.iter().filter(|template| template.matches(example));
        // A specification may have `/faqs/{id}` and `/faqs/popular`; the literal one is meant.
        fitting
            .min_by_key(|template| template.variables())
            .cloned()
            .unwrap_or_else(|| Self::guessed(path, example))
    }

    /// True when a path as it is sent fits.
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        let count = parts(path).count();
        count == self.segments.len()
            && parts(path).zip(&self.segments).all(|(part, segment)| match segment {
                Segment::Literal(text) => text == part,
                Segment::Variable(_) => !part.is_empty(),
            })
    }

    /// True when some path fits both. Where only one of the two varies it is taken to include the other.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        self.segments.len() == other.segments.len()
            && self.segments.iter().zip(&other.segments).all(|pair| match pair {
                (Segment::Literal(one), Segment::Literal(other)) => one == other,
                _ => true,
            })
    }

    /// True when no part varies.
    pub(crate) fn is_literal(&self) -> bool {
        self.variables() == 0
    }

    fn variables(&self) -> usize {
        self.segments.iter().filter(|segment| matches!(segment, Segment::Variable(_))).count()
    }

    fn guessed(path: &Values, example: &str) -> Self {
        let pattern = path.matchers.iter().find_map(|matcher| match matcher {
            Matcher::Regex(pattern) => Some(pattern.as_str()),
            _ => None,
        });
        let by_rule = pattern.and_then(|pattern| by_pattern(pattern, example));
        let variable = || Segment::Variable(UNNAMED.to_owned());
        let literal = |part: &str| Segment::Literal(part.to_owned());
        let segments = parts(example).enumerate().map(|(index, part)| {
            let varies = by_rule.as_ref().map_or_else(|| is_identifier(part), |known| known[index]);
            if varies { variable() } else { literal(part) }
        });
        Self { segments: segments.collect() }
    }
}

impl std::fmt::Display for Template {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for segment in &self.segments {
            match segment {
                Segment::Literal(text) => write!(f, "/{text}")?,
                Segment::Variable(name) => write!(f, "/{{{name}}}")?,
            }
        }
        Ok(())
    }
}

/// `/a/b` in its parts `a` and `b`; `/a/` has an empty last part.
fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.strip_prefix('/').unwrap_or(path).split('/')
}

/// Which parts of the example vary under a pattern; `None` when the two do not go part by part.
fn by_pattern(pattern: &str, example: &str) -> Option<Vec<bool>> {
    let bare = pattern.strip_prefix('^').unwrap_or(pattern);
    let bare = bare.strip_suffix('$').unwrap_or(bare).replace("\\/", "/");
    let wanted: Vec<_> = parts(&bare).map(|part| part.replace("\\.", ".").replace("\\-", "-")).collect();
    let found: Vec<_> = parts(example).collect();
    let varies = || wanted.iter().zip(&found).map(|(pattern, part)| pattern != part).collect();
    (wanted.len() == found.len()).then(varies)
}

/// A number, a UUID or another long text of hexadecimal digits.
fn is_identifier(part: &str) -> bool {
    let has_digit = part.chars().any(|c| c.is_ascii_digit());
    let hexadecimal = part.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    has_digit && (part.chars().all(|c| c.is_ascii_digit()) || (hexadecimal && part.len() >= 16))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Combine;

    fn guessed(path: &str, pattern: Option<&str>) -> String {
        let values = Values {
            matchers: pattern.map(|pattern| Matcher::Regex(pattern.to_owned())).into_iter().collect(),
            combine: Combine::And,
            ..Values::exactly(path.into(), true)
        };
        let pattern = pattern.map(|pattern| format!(" by /{pattern}/")).unwrap_or_default();
        format!("{path}{pattern}: {}", Template::of_path(&values, &[]))
    }

    #[test]
    fn only_what_plainly_varies_is_put_together() {
        let table = [
            guessed("/faqs/7", None),
            guessed("/faqs/popular", None),
            guessed("/v1/create", None),
            guessed("/users/0f8fad5b-d9cb-469f-a165-70867728950e/faqs", None),
            guessed("/users/anna", Some("^/users/[a-z]+$")),
            guessed("/users/anna/faqs/7", Some("/users/anna/faqs/\\d+")),
            guessed("/users/anna", Some(".*")),
            guessed("/", None),
            guessed("/faqs/", None),
        ];
        insta::assert_snapshot!(table.join("\n"), @r"
        /faqs/7: /faqs/{id}
        /faqs/popular: /faqs/popular
        /v1/create: /v1/create
        /users/0f8fad5b-d9cb-469f-a165-70867728950e/faqs: /users/{id}/faqs
        /users/anna by /^/users/[a-z]+$/: /users/{id}
        /users/anna/faqs/7 by //users/anna/faqs/\d+/: /users/anna/faqs/{id}
        /users/anna by /.*/: /users/anna
        /: /
        /faqs/: /faqs/
        ");
    }

    #[test]
    fn a_literal_template_wins_over_one_that_varies() {
        let templates = ["/faqs/{id}", "/faqs/popular"].map(Template::parse);
        let chosen =
            |path: &str| Template::of_path(&Values::exactly(path.into(), true), &templates).to_string();
        assert_eq!(chosen("/faqs/popular"), "/faqs/popular");
        assert_eq!(chosen("/faqs/x"), "/faqs/{id}");
        assert_eq!(chosen("/faqs/x/y"), "/faqs/x/y");
    }
}
