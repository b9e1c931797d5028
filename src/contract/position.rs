//! Where each value of a JSON text stands.
//!
//! Two passes over the text, each made once and only when somebody asks. The quick one knows the
//! items of a pact's two lists: every result names one of them, also when nothing is wrong. The
//! thorough one knows every value, for findings. Neither looks at the text again per question.

use std::sync::OnceLock;

use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::document::Pointer;
use super::document::{join_index, join_key};

/// A line and a column, both from 1; columns count characters.
pub(super) type Point = (u32, u32);

/// Where a value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spot {
    /// Where its key starts; for items of a list, and for the whole document, the value itself.
    pub(super) key: Point,
    /// Where the value starts.
    pub(super) value: Point,
}

/// The positions of one text, worked out as far as they were asked for.
#[derive(Debug, Default)]
pub(super) struct Positions {
    items: OnceLock<Items>,
    all: OnceLock<Vec<(Pointer, Spot)>>,
}

impl Positions {
    /// Where the value at `pointer` stands, or the nearest value above it that exists. The text is
    /// the same for every call, and is JSON.
    pub(super) fn find(&self, text: &str, pointer: &str) -> Spot {
        match self.items(text).get(pointer) {
            Some((_, point)) => Spot { key: point, value: point },
            None => self.nearest(text, pointer),
        }
    }

    /// Where the item of a pact's list at `pointer` starts, in bytes; `None` for anything else.
    pub(super) fn start_of_item(&self, text: &str, pointer: &str) -> Option<usize> {
        Some(self.items(text).get(pointer)?.0)
    }

    fn items(&self, text: &str) -> &Items {
        self.items.get_or_init(|| items(text).unwrap_or_default())
    }

    fn nearest(&self, text: &str, pointer: &str) -> Spot {
        let all = self.all.get_or_init(|| all(text));
        let mut wanted = pointer;
        loop {
            if let Ok(found) = all.binary_search_by(|(known, _)| known.as_str().cmp(wanted)) {
                return all[found].1;
            }
            match wanted.rfind('/') {
                Some(cut) => wanted = &wanted[..cut],
                None => return Spot { key: (1, 1), value: (1, 1) },
            }
        }
    }
}

/// The line and column of one byte of a text.
pub(super) fn point_at(text: &str, offset: usize) -> Point {
    Walk::start(text).to(offset)
}

/// Where the items of the two lists of a pact start.
#[derive(Debug, Default)]
struct Items {
    interactions: Vec<(usize, Point)>,
    messages: Vec<(usize, Point)>,
}

impl Items {
    fn get(&self, pointer: &str) -> Option<(usize, Point)> {
        let (list, index) = pointer.strip_prefix('/')?.split_once('/')?;
        let starts = match list {
            "interactions" => &self.interactions,
            "messages" => &self.messages,
            _ => return None,
        };
        starts.get(index.parse::<usize>().ok()?).copied()
    }
}

#[derive(Deserialize)]
struct Lists<'a> {
    #[serde(borrow, default)]
    interactions: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    messages: Vec<&'a RawValue>,
}

/// `None` when the text is not in the form of a pact.
fn items(text: &str) -> Option<Items> {
    let lists: Lists<'_> = serde_json::from_str(text).ok()?;
    let start = text.as_ptr().addr();
    let starts = |list: Vec<&RawValue>| {
        let mut walk = Walk::start(text);
        let offsets = list.into_iter().map(|item| item.get().as_ptr().addr() - start);
        offsets.map(|offset| (offset, walk.to(offset))).collect()
    };
    Some(Items { interactions: starts(lists.interactions), messages: starts(lists.messages) })
}

fn all(text: &str) -> Vec<(Pointer, Spot)> {
    // serde_json has accepted the text already, so the second parse cannot meet anything that
    // JSON does not allow, nor a nesting that is too deep.
    let parsed = jsonc_parser::parse_to_ast(
        text,
        &jsonc_parser::CollectOptions::default(),
        &jsonc_parser::ParseOptions::default(),
    );
    let mut found = Vec::new();
    if let Ok(Some(root)) = parsed.map(|result| result.value) {
        collect(&root, String::new(), root.start(), &mut (Walk::start(text), &mut found));
    }
    found.sort_by(|one, other| one.0.cmp(&other.0));
    found
}

/// Visits values in the order of the text, so that the walk only ever goes forward.
fn collect(
    value: &ast::Value<'_>,
    pointer: Pointer,
    key_start: usize,
    into: &mut (Walk<'_>, &mut Vec<(Pointer, Spot)>),
) {
    let spot = Spot { key: into.0.to(key_start), value: into.0.to(value.start()) };
    match value {
        ast::Value::Object(object) => {
            for property in &object.properties {
                let child = join_key(&pointer, property.name.as_str());
                collect(&property.value, child, property.start(), into);
            }
        }
        ast::Value::Array(array) => {
            for (index, item) in array.elements.iter().enumerate() {
                collect(item, join_index(&pointer, index), item.start(), into);
            }
        }
        _ => {}
    }
    into.1.push((pointer, spot));
}

/// Counts lines and columns on one way through a text.
struct Walk<'a> {
    rest: &'a str,
    offset: usize,
    point: Point,
}

impl<'a> Walk<'a> {
    fn start(text: &'a str) -> Self {
        Self { rest: text, offset: 0, point: (1, 1) }
    }

    /// Goes on to `offset`, which is not before the last one and at the start of a character.
    fn to(&mut self, offset: usize) -> Point {
        let (passed, rest) = self.rest.split_at(offset - self.offset);
        (self.rest, self.offset) = (rest, offset);
        let (line, column) = self.point;
        self.point = match passed.rfind('\n') {
            None => (line, column.saturating_add(length(passed))),
            Some(last) => {
                let lines = passed.bytes().filter(|byte| *byte == b'\n').count();
                (line.saturating_add(u32_from(lines)), 1 + length(&passed[last + 1..]))
            }
        };
        self.point
    }
}

fn length(text: &str) -> u32 {
    u32_from(text.chars().count())
}

fn u32_from(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "{\"é\": {\"interactions\": [9]}, \"messages\": [{}],\n \"interactions\": [ {\"a\":\n 1}, \"é\", [2] ]}";

    #[test]
    fn the_quick_pass_says_what_the_thorough_one_says() {
        let all = all(TEXT);
        let items = items(TEXT).expect("the form of a pact");
        let mut known = 0;
        for (pointer, spot) in &all {
            if let Some((_, point)) = items.get(pointer) {
                assert_eq!((point, point), (spot.key, spot.value), "{pointer}");
                known += 1;
            }
        }
        assert_eq!(known, 4);
    }

    #[test]
    fn what_is_no_item_of_a_list_is_found_by_the_thorough_pass() {
        let positions = Positions::default();
        let at = |pointer: &str| positions.find(TEXT, pointer).value;
        assert_eq!(at("/interactions/2/0"), (3, 12));
        assert_eq!(at("/interactions/7"), at("/interactions"), "the nearest above it");
        assert_eq!(at("/é/interactions/0"), (1, 25));
    }

    #[test]
    fn a_text_in_another_form_has_only_the_thorough_pass() {
        for text in ["[1]", r#"{"interactions": {"0": 1}}"#, r#"{"messages": [], "messages": []}"#] {
            assert!(items(text).is_none(), "{text}");
        }
        assert_eq!(
            Positions::default().find(r#"{"interactions": {"0": 1}}"#, "/interactions/0").key,
            (1, 19)
        );
    }
}
