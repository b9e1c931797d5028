//! Compares what two contracts demand at one place and below it.

use std::collections::BTreeMap;

use super::change::Part;
use super::demand::{Bounds, Form, Node};
use super::parts::Named;
use super::rules::Rule;
use super::secret;
use super::values::{Relation, Values};
use crate::contract::{Matcher, Step, display_steps};

/// A change before it is known in which interaction of which files it stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Seen {
    pub(super) rule: Rule,
    pub(super) part: Part,
    pub(super) path: String,
    pub(super) sentence: String,
    pub(super) old: Option<String>,
    pub(super) new: Option<String>,
}

/// The rules that apply to one part.
#[derive(Clone, Copy)]
pub(super) struct Rules {
    pub(super) part: Part,
    pub(super) added: Rule,
    pub(super) removed: Rule,
    pub(super) changed: Rule,
    pub(super) relaxed: Rule,
    pub(super) tightened: Rule,
    pub(super) example: Rule,
    /// For another example where the example is what is sent.
    pub(super) sent: Option<Rule>,
}

/// A query.
pub(super) const QUERY: Rules = Rules {
    part: Part::Query,
    added: Rule::RequestQueryAdded,
    removed: Rule::RequestQueryRemoved,
    changed: Rule::RequestQueryChanged,
    relaxed: Rule::RequestQueryRelaxed,
    tightened: Rule::RequestQueryTightened,
    example: Rule::RequestExampleChanged,
    sent: Some(Rule::RequestSentChanged),
};

/// The headers of a request.
pub(super) const REQUEST_HEADERS: Rules = Rules {
    part: Part::RequestHeader,
    added: Rule::RequestHeaderAdded,
    removed: Rule::RequestHeaderRemoved,
    changed: Rule::RequestHeaderChanged,
    relaxed: Rule::RequestHeaderRelaxed,
    tightened: Rule::RequestHeaderTightened,
    example: Rule::RequestExampleChanged,
    sent: Some(Rule::RequestSentChanged),
};

/// The body of a request.
pub(super) const REQUEST_BODY: Rules = Rules {
    part: Part::RequestBody,
    added: Rule::RequestFieldAdded,
    removed: Rule::RequestFieldRemoved,
    changed: Rule::RequestValueChanged,
    relaxed: Rule::RequestValueRelaxed,
    tightened: Rule::RequestValueTightened,
    example: Rule::RequestExampleChanged,
    sent: Some(Rule::RequestSentChanged),
};

/// The headers of an answer.
pub(super) const RESPONSE_HEADERS: Rules = Rules {
    part: Part::ResponseHeader,
    added: Rule::ResponseHeaderAdded,
    removed: Rule::ResponseHeaderRemoved,
    changed: Rule::ResponseHeaderChanged,
    relaxed: Rule::ResponseHeaderRelaxed,
    tightened: Rule::ResponseHeaderTightened,
    example: Rule::ResponseExampleChanged,
    sent: None,
};

/// The body of an answer.
pub(super) const RESPONSE_BODY: Rules = Rules {
    part: Part::ResponseBody,
    added: Rule::ResponseFieldAdded,
    removed: Rule::ResponseFieldRemoved,
    changed: Rule::ResponseValueChanged,
    relaxed: Rule::ResponseValueRelaxed,
    tightened: Rule::ResponseValueTightened,
    example: Rule::ResponseExampleChanged,
    sent: None,
};

impl Rules {
    /// Compares two places and all that is below them.
    pub(super) fn compare(self, path: &str, old: &Node, new: &Node) -> Vec<Seen> {
        let mut walk = Walk { rules: self, found: Vec::new() };
        walk.compare(path, old, new);
        walk.found
    }

    /// Compares what stands under names.
    pub(super) fn compare_named(self, old: &Named, new: &Named) -> Vec<Seen> {
        let mut walk = Walk { rules: self, found: Vec::new() };
        for (key, entry) in new {
            match old.get(key) {
                Some(before) => walk.compare(&entry.name, &before.node, &entry.node),
                None => walk.added(self.added, &entry.name, &entry.node),
            }
        }
        for (_, entry) in old.iter().filter(|(key, _)| !new.contains_key(*key)) {
            walk.removed(self.removed, &entry.name, &entry.node);
        }
        walk.found
    }
}

struct Walk {
    rules: Rules,
    found: Vec<Seen>,
}

impl Walk {
    fn compare(&mut self, path: &str, old: &Node, new: &Node) {
        let places = (old, new);
        match (&old.form, &new.form) {
            (Form::Anything, Form::Anything) => {}
            (Form::Anything, _) => self.differs(Relation::Narrower, path, places),
            (_, Form::Anything) => self.differs(Relation::Wider, path, places),
            (Form::One(before), Form::One(after)) => self.single(path, (before, after), places),
            (
                Form::Object { fields: before, size: old_size, is_closed: was_closed },
                Form::Object { fields: after, size: new_size, is_closed },
            ) => {
                self.sized((*old_size, *new_size), path, places);
                if was_closed != is_closed {
                    let relation = if *is_closed { Relation::Narrower } else { Relation::Wider };
                    self.differs(relation, path, places);
                }
                self.fields(path, (before, after), *was_closed && *is_closed);
            }
            (
                Form::Map { keys: old_keys, entries: before, others_alike: old_others },
                Form::Map { keys: new_keys, entries: after, others_alike: new_others },
            ) => {
                if old_keys != new_keys || old_others != new_others {
                    self.differs(Relation::Other, path, places);
                }
                let keys = [before, after].map(|entries| {
                    let keys: Vec<_> = entries.keys().map(String::as_str).collect();
                    format!("an object with {}", keys.join(", "))
                });
                if !(before.is_empty() || after.is_empty()) {
                    self.sent(path, keys, places);
                }
                self.entries(path, before, after);
            }
            (
                Form::List { size: old_size, items: before, repeats: old_repeats },
                Form::List { size: new_size, items: after, repeats: new_repeats },
            ) => {
                self.sized((*old_size, *new_size), path, places);
                if *old_repeats && *new_repeats && !(before.is_empty() || after.is_empty()) {
                    self.sent(
                        path,
                        [before, after].map(|items| Bounds::exactly(items.len()).words()),
                        places,
                    );
                }
                self.items(path, (before, *old_repeats), (after, *new_repeats));
            }
            (Form::Unclear { .. }, Form::Unclear { .. }) if old == new => {}
            (Form::Contains(before), Form::Contains(after)) => self.variants(path, (before, after), places),
            _ => self.differs(Relation::Other, path, places),
        }
    }

    fn single(&mut self, path: &str, (before, after): (&Values, &Values), places: (&Node, &Node)) {
        let relation = before.relation(after);
        if before.example != after.example {
            self.moved(relation, path, [before, after].map(|values| values.example.to_string()), places);
        }
        self.differs(relation, path, places);
    }

    /// Another example within what both let through. What is sent is the example itself, so that the
    /// provider is asked something else; of an answer it stands for all values.
    fn moved(&mut self, relation: Relation, path: &str, examples: [String; 2], (old, new): (&Node, &Node)) {
        let rule = match (relation, self.rules.sent) {
            (Relation::Other, _) => None,
            (_, Some(sent)) => Some(sent),
            (relation, None) => (relation == Relation::Same).then_some(self.rules.example),
        };
        if let Some(rule) = rule {
            let [before, after] = examples.map(|example| secret::hidden(path, &example));
            let sentence = format!("the example of {} was {before} and is {after}", shown(path));
            self.say(rule, path, sentence, (old, new));
        }
    }

    /// Another number of items, or other keys, that are sent.
    fn sent(&mut self, path: &str, [before, after]: [String; 2], places: (&Node, &Node)) {
        if self.rules.sent.is_some() && before != after {
            self.moved(Relation::Same, path, [before, after], places);
        }
    }

    /// Where no other field may stand, a field that goes is one that may no longer come: that demands
    /// something else, not less.
    fn fields(
        &mut self,
        path: &str,
        (old, new): (&BTreeMap<String, Node>, &BTreeMap<String, Node>),
        is_closed: bool,
    ) {
        let Rules { added, removed, changed, .. } = self.rules;
        let (added, removed) = if is_closed { (changed, changed) } else { (added, removed) };
        for (key, after) in new {
            let path = below(path, key);
            match old.get(key) {
                Some(before) => self.compare(&path, before, after),
                None => self.added(added, &path, after),
            }
        }
        for (key, before) in old.iter().filter(|(key, _)| !new.contains_key(*key)) {
            self.removed(removed, &below(path, key), before);
        }
    }

    /// Under free keys, an example stands for all the keys that have none of their own.
    fn entries(&mut self, path: &str, old: &BTreeMap<String, Node>, new: &BTreeMap<String, Node>) {
        let (first_old, first_new) = (old.values().next(), new.values().next());
        // What is sent under an example without entries has none itself.
        if !self.rules.part.is_response()
            && let [(None, Some(one)) | (Some(one), None)] = [(first_old, first_new)]
        {
            return self.differs(Relation::Other, &format!("{path}.*"), (one, one));
        }
        let keys: std::collections::BTreeSet<_> = old.keys().chain(new.keys()).collect();
        for key in keys {
            let before = old.get(key).or(first_old);
            let after = new.get(key).or(first_new);
            if let (Some(before), Some(after)) = (before, after) {
                self.compare(&format!("{path}.*"), before, after);
            } else if let Some((place, relation)) = after
                .map(|after| (after, Relation::Narrower))
                .or(before.map(|before| (before, Relation::Wider)))
            {
                self.differs(relation, &format!("{path}.*"), (place, place));
            }
        }
    }

    fn items(
        &mut self,
        path: &str,
        (old, old_repeats): (&[Node], bool),
        (new, new_repeats): (&[Node], bool),
    ) {
        let anything = |like: &Node| Node { form: Form::Anything, pointer: like.pointer.clone() };
        let at = |items: &[Node], repeats: bool, index: usize| {
            items.get(index).or_else(|| items.first().filter(|_| repeats)).cloned()
        };
        for index in 0..old.len().max(new.len()) {
            let step = if old_repeats && new_repeats { "[*]".to_owned() } else { format!("[{index}]") };
            let path = format!("{path}{step}");
            match (at(old, old_repeats, index), at(new, new_repeats, index)) {
                (Some(before), Some(after)) => self.compare(&path, &before, &after),
                // An empty example says nothing about items, the end of an exact list is in its size.
                (Some(before), None) if new_repeats => self.item(&path, (&before, &anything(&before))),
                (None, Some(after)) if old_repeats => self.item(&path, (&anything(&after), &after)),
                _ => {}
            }
        }
    }

    /// An item where the other list has none. What is sent under an empty list has no items itself, so
    /// that the provider has never seen one.
    fn item(&mut self, path: &str, places: (&Node, &Node)) {
        if self.rules.part.is_response() {
            self.compare(path, places.0, places.1);
        } else {
            self.differs(Relation::Other, path, places);
        }
    }

    fn variants(&mut self, path: &str, (old, new): (&[Node], &[Node]), places: (&Node, &Node)) {
        // Nothing is like an item that the example does not have, so that no list keeps such a rule.
        if old.is_empty() != new.is_empty() {
            return self.differs(Relation::Other, path, places);
        }
        let mut old_left: Vec<_> = old.iter().collect();
        let mut new_left = Vec::new();
        for variant in new {
            match old_left.iter().position(|known| *known == variant) {
                Some(known) => drop(old_left.remove(known)),
                None => new_left.push(variant),
            }
        }
        match old_left.len().cmp(&new_left.len()) {
            std::cmp::Ordering::Less => self.differs(Relation::Narrower, path, places),
            std::cmp::Ordering::Greater => self.differs(Relation::Wider, path, places),
            std::cmp::Ordering::Equal => {}
        }
        for (before, after) in old_left.into_iter().zip(new_left) {
            self.compare(&format!("{path}[*]"), before, after);
        }
    }

    fn sized(&mut self, (old, new): (Bounds, Bounds), path: &str, places: (&Node, &Node)) {
        let relation = Relation::of(Some(new.is_within(old)), Some(old.is_within(new)));
        self.differs(relation, path, places);
    }

    fn differs(&mut self, relation: Relation, path: &str, places: (&Node, &Node)) {
        let rule = match relation {
            Relation::Same => return,
            Relation::Narrower => self.rules.tightened,
            Relation::Wider => self.rules.relaxed,
            Relation::Other => self.rules.changed,
        };
        let [old, new] = [places.0, places.1].map(|node| secret::hidden(path, &words(&node.form)));
        self.say(rule, path, format!("{} was {old} and is {new}", shown(path)), places);
    }

    fn added(&mut self, rule: Rule, path: &str, node: &Node) {
        let sentence = format!("{} is new: {}", shown(path), secret::hidden(path, &words(&node.form)));
        self.push(rule, path, sentence, (None, Some(node.pointer.clone())));
    }

    fn removed(&mut self, rule: Rule, path: &str, node: &Node) {
        let sentence = format!("{} is gone: {}", shown(path), secret::hidden(path, &words(&node.form)));
        self.push(rule, path, sentence, (Some(node.pointer.clone()), None));
    }

    fn say(&mut self, rule: Rule, path: &str, sentence: String, (old, new): (&Node, &Node)) {
        self.push(rule, path, sentence, (Some(old.pointer.clone()), Some(new.pointer.clone())));
    }

    /// Items of one list often say the same; it is said once.
    fn push(
        &mut self,
        rule: Rule,
        path: &str,
        sentence: String,
        (old, new): (Option<String>, Option<String>),
    ) {
        let is_known = |seen: &Seen| seen.rule == rule && seen.path == path && seen.sentence == sentence;
        if !self.found.iter().any(is_known) {
            let seen = Seen { rule, part: self.rules.part, path: path.to_owned(), sentence, old, new };
            self.found.push(seen);
        }
    }
}

/// The path of a field of the object at `path`.
pub(super) fn below(path: &str, key: &str) -> String {
    let step = display_steps(&[Step::Key(key.to_owned())]);
    format!("{path}{}", step.trim_start_matches('$'))
}

fn shown(path: &str) -> String {
    if path.is_empty() { "it".to_owned() } else { format!("`{path}`") }
}

/// What may stand at a place, in words.
pub(crate) fn words(form: &Form) -> String {
    match form {
        Form::Anything => "anything".to_owned(),
        Form::One(values) => values.words(),
        Form::Object { is_closed: true, .. } => "an object with no other fields".to_owned(),
        Form::Object { size, .. } if *size != Bounds::ANY => format!("an object with {}", size.words()),
        Form::Object { .. } => "an object".to_owned(),
        Form::Map { keys, .. } if keys.is_empty() => "an object with any keys".to_owned(),
        Form::Map { keys, .. } => {
            let keys: Vec<_> = keys.iter().map(Matcher::to_string).collect();
            format!("an object with keys of {}", keys.join(" and "))
        }
        Form::List { size, .. } => format!("a list of {}", size.words()),
        Form::Unclear { rule, like } => format!("{} by the rule {rule}", words(like)),
        Form::Contains(variants) => {
            format!("a list that has {} certain items", variants.len())
        }
    }
}
