//! What a body, a header or a parameter must look like: the example and its rules, read as one tree.
//!
//! This is where the meaning of matching rules is known, with their weights, their cascade and the
//! rules that replace others below a list or a map. Whoever compares, maps or checks contracts reads
//! the tree and never a rule.

use std::collections::BTreeMap;

use serde_json::Value;

use super::values::Values;
use crate::contract::{Category, Combine, Matcher, Rule, RulePath, Step, best_rule, join_index, join_key};

/// What is demanded at one place and below it. Two of them are equal when they demand the same,
/// wherever they stand.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    /// What stands there.
    pub(crate) form: Form,
    /// JSON pointer to the example in the pact.
    pub(crate) pointer: String,
}

/// What may stand at one place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Form {
    /// Anything at all.
    Anything,
    /// A single value.
    One(Values),
    /// An object with these fields, and perhaps others.
    Object {
        fields: BTreeMap<String, Node>,
        size: Bounds,
        /// True when the whole object is compared, so that it may have no other field.
        is_closed: bool,
    },
    /// An object whose keys are free.
    Map {
        /// What each key must satisfy.
        keys: Vec<Matcher>,
        /// The examples of values, by their keys.
        entries: BTreeMap<String, Node>,
        /// True when a value under an unknown key must be like the first example.
        others_alike: bool,
    },
    /// A list.
    List {
        size: Bounds,
        items: Vec<Node>,
        /// True when items behind the examples must be like the first one.
        repeats: bool,
    },
    /// A list that has an item like each of these, in any order.
    Contains(Vec<Node>),
    /// An object or a list under a rule that does not look into it, such as a number or a pattern, or under
    /// one of several that are enough. It is only known to be the same as itself.
    Unclear {
        /// The rules, in words.
        rule: String,
        /// What it looks like without them.
        like: Box<Self>,
    },
}

/// How many items there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bounds {
    pub(crate) min: usize,
    pub(crate) max: Option<usize>,
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.form == other.form
    }
}

impl Bounds {
    pub(crate) const ANY: Self = Self { min: 0, max: None };

    pub(crate) const fn exactly(number: usize) -> Self {
        Self { min: number, max: Some(number) }
    }

    /// Whether each number within these bounds is also within the others.
    pub(crate) fn is_within(self, other: Self) -> bool {
        self.min >= other.min && other.max.is_none_or(|most| self.max.is_some_and(|own| own <= most))
    }

    pub(crate) fn words(self) -> String {
        let items = |number: usize| if number == 1 { "1 item".to_owned() } else { format!("{number} items") };
        match self {
            Self { min, max: Some(max) } if min == max => format!("exactly {}", items(min)),
            Self { min: 0, max: Some(max) } => format!("at most {}", items(max)),
            Self { min, max: Some(max) } => format!("{min} to {}", items(max)),
            Self { min: 0, max: None } => "any number of items".to_owned(),
            Self { min, max: None } => format!("at least {}", items(min)),
        }
    }
}

/// The rules that hold below one place, with the number of steps that lead to it.
#[derive(Clone, Copy)]
struct Scope<'a> {
    rules: &'a [Rule],
    category: Category,
    start: usize,
}

/// What is demanded of a JSON value, by its example and the rules of one category. The steps lead
/// from the root of the category to the value: none for a body, one for a metadata entry.
pub(crate) fn of_json(
    example: &Value,
    rules: &[Rule],
    (category, steps): (Category, Vec<Step>),
    pointer: &str,
) -> Node {
    let scope = Scope { rules, category, start: 0 };
    scope.node(example, &mut steps.clone(), pointer)
}

/// What is demanded of the texts under one name: a header or a parameter.
pub(crate) fn of_texts(texts: &[String], rule: Option<&Rule>, pointer: &str) -> Node {
    let one = |text: &String| Node {
        form: Form::One(Values {
            example: text.as_str().into(),
            matchers: rule.map(|rule| rule.matchers.clone()).unwrap_or_default(),
            combine: rule.map(|rule| rule.combine).unwrap_or_default(),
            is_text: true,
        }),
        pointer: pointer.to_owned(),
    };
    if let [text] = texts {
        return one(text);
    }
    let items = texts.iter().map(one).collect();
    let size = match rule {
        Some(rule) => list_bounds(&rule.matchers, texts.len()),
        None => Bounds::exactly(texts.len()),
    };
    Node { form: Form::List { size, items, repeats: rule.is_some() }, pointer: pointer.to_owned() }
}

impl Scope<'_> {
    fn node(self, example: &Value, steps: &mut Vec<Step>, pointer: &str) -> Node {
        let form = match example {
            Value::Object(fields) => self.object(fields, steps, pointer),
            Value::Array(items) => self.list(items, steps, pointer),
            single => Form::One(self.single(single, steps)),
        };
        let form = match self.unclear(example, steps) {
            Some(rule) => Form::Unclear { rule, like: Box::new(form) },
            None => form,
        };
        Node { form, pointer: pointer.to_owned() }
    }

    /// The rule that decides about a place, and whether it stands for a place above.
    fn rule(&self, steps: &[Step]) -> Option<(&Rule, bool)> {
        best_rule(self.rules, self.category, &steps[self.start..])
    }

    /// The rule for an object or a list, when it is none that looks into it.
    fn unclear(self, example: &Value, steps: &[Step]) -> Option<String> {
        let (rule, _) = self.rule(steps).filter(|_| example.is_object() || example.is_array())?;
        let looks_into = |matcher: &Matcher| match matcher {
            Matcher::Type { .. } | Matcher::NotEmpty => true,
            // Beside another rule it does not replace those further down.
            Matcher::EachValue(_) => rule.matchers.iter().all(is_about_each),
            Matcher::EachKey(_) | Matcher::Values => example.is_object(),
            Matcher::ArrayContains(_) => example.is_array(),
            Matcher::Equality => rule.matchers.len() == 1,
            _ => false,
        };
        let is_choice = rule.combine == Combine::Or && rule.matchers.len() > 1;
        (is_choice || !rule.matchers.iter().all(looks_into)).then(|| rule.to_string())
    }

    fn single(self, example: &Value, steps: &[Step]) -> Values {
        let (matchers, combine) = match self.rule(steps) {
            None => (Vec::new(), Combine::And),
            Some((rule, _)) => (rule.matchers.clone(), rule.combine),
        };
        Values { example: example.clone(), matchers, combine, is_text: false }
    }

    fn child(self, step: Step, example: &Value, steps: &mut Vec<Step>, pointer: &str) -> Node {
        let pointer = match &step {
            Step::Key(key) => join_key(pointer, key),
            Step::Index(index) => join_index(pointer, *index),
        };
        steps.push(step);
        let node = self.node(example, steps, &pointer);
        steps.pop();
        node
    }

    fn object(self, example: &serde_json::Map<String, Value>, steps: &mut Vec<Step>, pointer: &str) -> Form {
        let rule = self.rule(steps).map(|(rule, cascaded)| (rule.clone(), cascaded));
        let own = rule.as_ref().filter(|(_, cascaded)| !cascaded).map(|(rule, _)| rule);
        let free = own.and_then(|rule| rule.matchers.iter().find(|matcher| frees_keys(matcher)));
        let is_equal = |(rule, _): &(Rule, bool)| rule.matchers.contains(&Matcher::Equality);
        let is_closed = rule.as_ref().is_some_and(is_equal);
        let below = if is_closed { Below::equal(steps.len()) } else { Below::of(free, steps.len()) };
        let scope = below.as_ref().map_or(self, |below| below.scope(self));
        let fields: BTreeMap<String, Node> = example
            .iter()
            .map(|(key, value)| (key.clone(), scope.child(Step::Key(key.clone()), value, steps, pointer)))
            .collect();
        if free.is_some() {
            let keys = own.into_iter().flat_map(|rule| &rule.matchers);
            let keys = keys.filter_map(|matcher| match matcher {
                Matcher::EachKey(matchers) => Some(matchers.clone()),
                _ => None,
            });
            let others_alike = own.is_some_and(|rule| {
                !rule.matchers.iter().all(|matcher| matches!(matcher, Matcher::EachKey(_)))
            });
            return Form::Map { keys: keys.flatten().collect(), entries: fields, others_alike };
        }
        let size = own.map_or(Bounds::ANY, |rule| written_bounds(&rule.matchers));
        Form::Object { fields, size, is_closed }
    }

    fn list(self, example: &[Value], steps: &mut Vec<Step>, pointer: &str) -> Form {
        let rule = self.rule(steps).map(|(rule, cascaded)| (rule.clone(), cascaded));
        let exact = rule
            .as_ref()
            .is_none_or(|(rule, _)| rule.matchers.iter().all(|matcher| *matcher == Matcher::Equality));
        let own = rule.as_ref().filter(|(_, cascaded)| !cascaded).map(|(rule, _)| rule);
        let matchers = own.map(|rule| rule.matchers.as_slice()).unwrap_or_default();
        if let Some(variants) = matchers.iter().find_map(|matcher| match matcher {
            Matcher::ArrayContains(variants) => Some(variants),
            _ => None,
        }) {
            let variant = |variant: &crate::contract::Variant| {
                let scope = Scope { rules: &variant.rules, category: Category::Body, start: 0 };
                let value = example.get(variant.index)?;
                Some(scope.node(value, &mut Vec::new(), &join_index(pointer, variant.index)))
            };
            return Form::Contains(variants.iter().filter_map(variant).collect());
        }
        let each = matchers.iter().find(|matcher| matches!(matcher, Matcher::EachValue(_)));
        let is_equal = exact && rule.is_some();
        let below = if is_equal { Below::equal(steps.len()) } else { Below::of(each, steps.len()) };
        let scope = below.as_ref().map_or(self, |below| below.scope(self));
        let items: Vec<_> = example
            .iter()
            .enumerate()
            .map(|(index, value)| scope.child(Step::Index(index), value, steps, pointer))
            .collect();
        let size = if exact {
            Bounds::exactly(example.len())
        } else {
            list_bounds(matchers, if each.is_some() { 0 } else { example.len() })
        };
        Form::List { size, items, repeats: !exact }
    }
}

/// The rules that hold below a place with `EachValue`, which are no others than its own.
struct Below {
    rules: Vec<Rule>,
    start: usize,
}

impl Below {
    fn of(matcher: Option<&Matcher>, start: usize) -> Option<Self> {
        let Some(Matcher::EachValue(matchers)) = matcher else { return None };
        let path = RulePath::parse("$.*").ok()?;
        let rule = |category| Rule {
            category,
            path: path.clone(),
            matchers: matchers.clone(),
            combine: Combine::And,
            pointer: String::new(),
        };
        let rules = if matchers.is_empty() {
            Vec::new()
        } else {
            vec![rule(Category::Body), rule(Category::Metadata)]
        };
        Some(Self { rules, start })
    }

    /// Where all must be equal, no rule further down counts.
    fn equal(start: usize) -> Option<Self> {
        let path = RulePath::parse("$").ok()?;
        let rule = |category| Rule {
            category,
            path: path.clone(),
            matchers: vec![Matcher::Equality],
            combine: Combine::And,
            pointer: String::new(),
        };
        Some(Self { rules: vec![rule(Category::Body), rule(Category::Metadata)], start })
    }

    fn scope<'a>(&'a self, above: Scope<'a>) -> Scope<'a> {
        Scope { rules: &self.rules, category: above.category, start: self.start }
    }
}

const fn is_about_each(matcher: &Matcher) -> bool {
    matches!(matcher, Matcher::EachValue(_) | Matcher::EachKey(_))
}

/// True for a rule under which an object may have any keys.
fn frees_keys(matcher: &Matcher) -> bool {
    matches!(matcher, Matcher::Values | Matcher::EachValue(_) | Matcher::EachKey(_))
}

/// The bounds that stand in a rule.
fn written_bounds(matchers: &[Matcher]) -> Bounds {
    let mut bounds = Bounds::ANY;
    for matcher in matchers {
        match matcher {
            Matcher::Type { min, max } => {
                bounds.min = bounds.min.max(min.unwrap_or(0));
                bounds.max = [bounds.max, *max].into_iter().flatten().min();
            }
            Matcher::NotEmpty => bounds.min = bounds.min.max(1),
            _ => {}
        }
    }
    bounds
}

/// The bounds of a list under a rule: one item at least, like the examples, unless the rule says
/// otherwise.
fn list_bounds(matchers: &[Matcher], examples: usize) -> Bounds {
    let written = written_bounds(matchers);
    let says_least = matchers.iter().any(|matcher| matches!(matcher, Matcher::Type { min: Some(_), .. }));
    let least = usize::from(examples > 0 && !says_least);
    Bounds { min: written.min.max(least), max: written.max }
}
