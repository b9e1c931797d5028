//! Paths of matching rules: `$.items[*].id`, `$['a b'][0]`, or a bare header or parameter name.
//!
//! The grammar and the weights are those of the reference implementation, so that the rule we
//! show for a value is the rule that was applied to it.

use std::fmt;

use serde_json::Value;

/// One part of a rule path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Token {
    /// `$`, the whole document.
    Root,
    /// A named field.
    Field(String),
    /// A position in a list.
    Index(usize),
    /// `.*`: any field (or position).
    Any,
    /// `[*]`: any position.
    AnyIndex,
}

/// One step from a document's root to a value in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Into an object, by key.
    Key(String),
    /// Into a list, by position.
    Index(usize),
}

/// The path of a matching rule or generator.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RulePath {
    tokens: Vec<Token>,
}

/// Why a path expression cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} at character {at}")]
pub struct PathError {
    /// What was wrong.
    pub message: String,
    /// Position in the expression, in characters from 1.
    pub at: usize,
}

impl RulePath {
    /// The path `$`.
    #[must_use]
    pub fn root() -> Self {
        Self { tokens: vec![Token::Root] }
    }

    /// The empty path, which stands for a category that has only one value (method, path, status).
    #[must_use]
    pub fn empty() -> Self {
        Self { tokens: Vec::new() }
    }

    /// The path of a header, query parameter or metadata entry, whatever characters it contains.
    #[must_use]
    pub fn name(name: &str) -> Self {
        Self { tokens: vec![Token::Root, Token::Field(name.to_owned())] }
    }

    /// The path that leads to one value only.
    #[must_use]
    pub fn to(steps: &[Step]) -> Self {
        let token = |step: &Step| match step {
            Step::Key(key) => Token::Field(key.clone()),
            Step::Index(index) => Token::Index(*index),
        };
        Self { tokens: std::iter::once(Token::Root).chain(steps.iter().map(token)).collect() }
    }

    /// The path that leads to every value in the one at `steps`.
    #[must_use]
    pub fn below(steps: &[Step]) -> Self {
        let mut path = Self::to(steps);
        path.tokens.push(Token::Any);
        path
    }

    /// Reads a path expression.
    ///
    /// # Errors
    /// A [`PathError`] that says what is wrong and where, also for positions that do not fit a
    /// machine word.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        let mut parser = Parser { chars: text.chars().collect(), at: 0, tokens: Vec::new() };
        parser.path()?;
        Ok(Self { tokens: parser.tokens })
    }

    /// The parts of the path, the root first.
    #[must_use]
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The name in a path of one field: the header, parameter or metadata entry it is about.
    #[must_use]
    pub fn first_field(&self) -> Option<&str> {
        self.tokens.iter().find_map(|token| match token {
            Token::Field(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// The name that the path starts with and the path below it: `body` and `$.id` for
    /// `$.body.id`.
    #[must_use]
    pub fn split_first_field(&self) -> Option<(&str, Self)> {
        let [Token::Root, Token::Field(name), rest @ ..] = self.tokens.as_slice() else {
            return None;
        };
        let tokens = std::iter::once(Token::Root).chain(rest.iter().cloned()).collect();
        Some((name, Self { tokens }))
    }

    /// The path without its last part, unless it is the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let (_, above) = self.tokens.split_last()?;
        (!above.is_empty()).then(|| Self { tokens: above.to_vec() })
    }

    /// How well the path fits the value reached by `steps`, following the specification's weights:
    /// `None` when it does not apply, and larger is better. A path that is shorter than the steps
    /// applies to them as well (it cascades).
    #[must_use]
    pub fn weight(&self, steps: &[Step]) -> Option<usize> {
        if self.tokens.len() > steps.len() + 1 || self.tokens.is_empty() {
            return None;
        }
        let mut weight = if self.tokens[0] == Token::Root { 2 } else { return None };
        for (token, step) in self.tokens[1..].iter().zip(steps) {
            weight *= token_weight(token, step)?;
        }
        Some(weight * self.tokens.len())
    }

    /// The weight that the path has for every value to which it applies.
    #[must_use]
    pub fn own_weight(&self) -> usize {
        let doubled = |token: &&Token| !matches!(token, Token::Any | Token::AnyIndex);
        let named = u32::try_from(self.tokens.iter().filter(doubled).count()).unwrap_or(u32::MAX);
        2_usize.saturating_pow(named).saturating_mul(self.tokens.len())
    }

    /// True when the path has exactly as many parts as are needed to reach the value at `steps`.
    #[must_use]
    pub fn reaches_exactly(&self, steps: &[Step]) -> bool {
        self.tokens.len() == steps.len() + 1
    }

    /// Every value in `document` that the path leads to, with the steps to it.
    #[must_use]
    pub fn resolve<'a>(&self, document: &'a Value) -> Vec<(Vec<Step>, &'a Value)> {
        let mut reached = vec![(Vec::new(), document)];
        for token in self.tokens.iter().filter(|token| **token != Token::Root) {
            reached = reached.into_iter().flat_map(|(steps, value)| advance(token, &steps, value)).collect();
        }
        reached
    }
}

impl fmt::Display for RulePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for token in &self.tokens {
            match token {
                Token::Root => f.write_str("$")?,
                Token::Field(name) => write_field(f, name)?,
                Token::Index(index) => write!(f, "[{index}]")?,
                Token::Any => f.write_str(".*")?,
                Token::AnyIndex => f.write_str("[*]")?,
            }
        }
        Ok(())
    }
}

/// Writes steps as a path expression that starts with `$`.
#[must_use]
pub fn display_steps(steps: &[Step]) -> String {
    RulePath::to(steps).to_string()
}

fn write_field(f: &mut fmt::Formatter<'_>, name: &str) -> fmt::Result {
    let plain = !name.is_empty() && name.chars().all(is_identifier);
    if plain { write!(f, ".{name}") } else { write!(f, "['{name}']") }
}

fn token_weight(token: &Token, step: &Step) -> Option<usize> {
    match (token, step) {
        (Token::Field(name), Step::Key(key)) if name == key => Some(2),
        (Token::Index(wanted), Step::Index(index)) if wanted == index => Some(2),
        // A key that looks like a position is one to the reference implementation.
        (Token::Index(wanted), Step::Key(key)) if key.parse() == Ok(*wanted) => Some(2),
        (Token::AnyIndex, Step::Index(_)) | (Token::Any, _) => Some(1),
        (Token::AnyIndex, Step::Key(key)) if key.parse::<usize>().is_ok() => Some(1),
        _ => None,
    }
}

fn advance<'a>(token: &Token, steps: &[Step], value: &'a Value) -> Vec<(Vec<Step>, &'a Value)> {
    let to = |step: Step, child: &'a Value| {
        let mut steps = steps.to_vec();
        steps.push(step);
        (steps, child)
    };
    match (token, value) {
        (Token::Field(name), Value::Object(map)) => {
            map.get(name).map(|child| to(Step::Key(name.clone()), child)).into_iter().collect()
        }
        (Token::Index(index), Value::Array(items)) => {
            items.get(*index).map(|child| to(Step::Index(*index), child)).into_iter().collect()
        }
        (Token::Any, Value::Object(map)) => {
            map.iter().map(|(key, child)| to(Step::Key(key.clone()), child)).collect()
        }
        (Token::Any | Token::AnyIndex, Value::Array(items)) => {
            items.iter().enumerate().map(|(index, child)| to(Step::Index(index), child)).collect()
        }
        _ => Vec::new(),
    }
}

fn is_identifier(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | ':' | '#' | '@')
}

struct Parser {
    chars: Vec<char>,
    at: usize,
    tokens: Vec<Token>,
}

impl Parser {
    fn path(&mut self) -> Result<(), PathError> {
        match self.peek() {
            None => return Ok(()),
            Some('$') => {
                self.at += 1;
                self.tokens.push(Token::Root);
            }
            Some(c) if c.is_alphanumeric() => {
                self.tokens.push(Token::Root);
                self.identifier()?;
            }
            Some(_) => return Err(self.error("a path starts with `$`")),
        }
        while let Some(c) = self.peek() {
            self.at += 1;
            match c {
                '.' if self.peek() == Some('*') => {
                    self.at += 1;
                    self.tokens.push(Token::Any);
                }
                '.' => self.identifier()?,
                '[' => self.brackets()?,
                _ => {
                    self.at -= 1;
                    return Err(self.error("`.` or `[` is missing"));
                }
            }
        }
        Ok(())
    }

    fn identifier(&mut self) -> Result<(), PathError> {
        let start = self.at;
        while self.peek().is_some_and(is_identifier) {
            self.at += 1;
        }
        if start == self.at {
            return Err(self.error("a field name is missing"));
        }
        self.tokens.push(Token::Field(self.chars[start..self.at].iter().collect()));
        Ok(())
    }

    fn brackets(&mut self) -> Result<(), PathError> {
        match self.peek() {
            Some('*') => {
                self.at += 1;
                self.tokens.push(Token::AnyIndex);
            }
            Some('\'') => self.quoted()?,
            Some(c) if c.is_ascii_digit() => self.index()?,
            _ => return Err(self.error("a position, a `*` or a quoted name is missing")),
        }
        if self.peek() != Some(']') {
            return Err(self.error("`]` is missing"));
        }
        self.at += 1;
        Ok(())
    }

    fn quoted(&mut self) -> Result<(), PathError> {
        self.at += 1;
        let start = self.at;
        while self.peek().is_some_and(|c| c != '\'') {
            self.at += 1;
        }
        if self.peek().is_none() {
            return Err(self.error("the closing quote is missing"));
        }
        if start == self.at {
            return Err(self.error("an empty name cannot be written in a path"));
        }
        self.tokens.push(Token::Field(self.chars[start..self.at].iter().collect()));
        self.at += 1;
        Ok(())
    }

    fn index(&mut self) -> Result<(), PathError> {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
        }
        let digits: String = self.chars[start..self.at].iter().collect();
        let index = digits.parse().map_err(|_| PathError {
            message: format!("the position {digits} is too large"),
            at: start + 1,
        })?;
        self.tokens.push(Token::Index(index));
        Ok(())
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn error(&self, message: &str) -> PathError {
        PathError { message: message.to_owned(), at: self.at + 1 }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(text: &str) -> String {
        RulePath::parse(text).map_or_else(|error| error.to_string(), |path| path.to_string())
    }

    #[test]
    fn paths_are_read_and_shown_again() {
        for text in ["$", "$.a.b", "$.a[0]", "$.a[*].*", "$['a b'].c", "$.x-y:z"] {
            assert_eq!(shown(text), text);
        }
        assert_eq!(shown("name"), "$.name");
        assert_eq!(shown("$['plain']"), "$.plain");
        assert_eq!(shown(""), "");
    }

    #[test]
    fn what_is_wrong_with_a_path_is_said_with_its_position() {
        insta::assert_snapshot!(
            ["$a", "$.", "$[", "$[]", "$['a", "$['']", "$[1", "!", "$[99999999999999999999999]"]
                .map(shown)
                .join("\n"),
            @r"
        `.` or `[` is missing at character 2
        a field name is missing at character 3
        a position, a `*` or a quoted name is missing at character 3
        a position, a `*` or a quoted name is missing at character 3
        the closing quote is missing at character 5
        an empty name cannot be written in a path at character 4
        `]` is missing at character 4
        a path starts with `$` at character 1
        the position 99999999999999999999999 is too large at character 3
        "
        );
    }

    #[test]
    fn a_path_resolves_to_all_the_values_it_leads_to() {
        let document = json!({"a": [{"b": 1}, {"b": 2}, {}], "c": {"d": 3}});
        let reached = |text: &str| {
            let path = RulePath::parse(text).expect("a path");
            path.resolve(&document).iter().map(|(steps, _)| display_steps(steps)).collect::<Vec<_>>()
        };
        assert_eq!(reached("$.a[*].b"), ["$.a[0].b", "$.a[1].b"]);
        assert_eq!(reached("$.*"), ["$.a", "$.c"]);
        assert_eq!(reached("$.a[2].b"), Vec::<String>::new());
    }

    #[test]
    fn the_more_exact_path_weighs_more() {
        let steps = [Step::Key("a".into()), Step::Index(0), Step::Key("b".into())];
        let weight = |text: &str| RulePath::parse(text).expect("a path").weight(&steps);
        assert!(weight("$.a[*].b") > weight("$.a[*].*"));
        assert!(weight("$.a[0].b") > weight("$.a[*].b"));
        assert!(weight("$.a").is_some(), "a shorter path cascades");
        assert_eq!(weight("$.c"), None);
        assert_eq!(weight("$.a[0].b.c"), None, "a longer path does not apply");
    }
}
