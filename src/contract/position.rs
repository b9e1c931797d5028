//! Where each value of a JSON text stands.
//!
//! Nothing is worked out before somebody asks, and nothing twice. A quick pass over the text knows
//! the items of a pact's two lists: every result names one of them, also when nothing is wrong. A
//! thorough pass knows every value in one item, for findings, or in the whole text.

use std::ops::Range;
use std::sync::OnceLock;

use jsonc_parser::ast;
use jsonc_parser::common::Ranged;

use super::pointer::{Pointer, join_index, join_key};

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
    all: OnceLock<Spots>,
}

/// Values by their pointer, sorted.
type Spots = Vec<(Pointer, Spot)>;

impl Positions {
    /// Where the value at `pointer` stands, or the nearest value above it that exists. The text is
    /// the same for every call, and is JSON.
    pub(super) fn find(&self, text: &str, pointer: &str) -> Spot {
        let Some((item, inside)) = self.items(text).get(pointer) else {
            return nearest(self.all.get_or_init(|| spots(text, Walk::start(text))), pointer);
        };
        if inside.is_empty() {
            return Spot { key: item.point, value: item.point };
        }
        let walk = Walk { rest: &text[item.start..item.end], offset: 0, point: item.point };
        nearest(item.spots.get_or_init(|| spots(walk.rest, walk)), inside)
    }

    /// The text of the item of a pact's list at `pointer`; `None` for anything else.
    pub(super) fn text_of_item<'a>(&self, text: &'a str, pointer: &str) -> Option<&'a str> {
        let (item, inside) = self.items(text).get(pointer)?;
        inside.is_empty().then(|| &text[item.start..item.end])
    }

    /// The text of a value in an item of a pact's list.
    pub(super) fn source<'a>(&self, text: &'a str, pointer: &str) -> Option<&'a str> {
        let (item, inside) = self.items(text).get(pointer)?;
        let mut here = &text[item.start..item.end];
        for step in inside.split('/').skip(1) {
            here = Scan { bytes: here.as_bytes(), at: 0 }.child(here, step)?;
        }
        Some(here)
    }

    fn items(&self, text: &str) -> &Items {
        self.items.get_or_init(|| items(text).unwrap_or_default())
    }
}

fn nearest(spots: &Spots, pointer: &str) -> Spot {
    let mut wanted = pointer;
    loop {
        if let Ok(found) = spots.binary_search_by(|(known, _)| known.as_str().cmp(wanted)) {
            return spots[found].1;
        }
        match wanted.rfind('/') {
            Some(cut) => wanted = &wanted[..cut],
            None => return Spot { key: (1, 1), value: (1, 1) },
        }
    }
}

/// The line and column of one byte of a text.
pub(super) fn point_at(text: &str, offset: usize) -> Point {
    Walk::start(text).to(offset)
}

/// The items of the two lists of a pact.
#[derive(Debug, Default)]
struct Items {
    interactions: Vec<Item>,
    messages: Vec<Item>,
}

/// Where an item stands in the text, and the values in it, by their pointer from it.
#[derive(Debug)]
struct Item {
    start: usize,
    end: usize,
    point: Point,
    spots: OnceLock<Spots>,
}

impl Items {
    /// The item that a pointer leads to or through, and the way from it.
    fn get<'a>(&self, pointer: &'a str) -> Option<(&Item, &'a str)> {
        let (list, way) = pointer.strip_prefix('/')?.split_once('/')?;
        let items = match list {
            "interactions" => &self.interactions,
            "messages" => &self.messages,
            _ => return None,
        };
        let (index, inside) = way.split_at(way.find('/').unwrap_or(way.len()));
        Some((items.get(index.parse::<usize>().ok()?)?, inside))
    }
}

/// `None` when the text is not in the form of a pact.
fn items(text: &str) -> Option<Items> {
    let (mut interactions, mut messages) = (None, None);
    let mut scan = Scan { bytes: text.as_bytes(), at: 0 };
    let mut is_more = scan.opens(b'{')?;
    while is_more {
        let key = scan.value()?;
        scan.pass(b':')?;
        let list = match &text[key] {
            "\"interactions\"" => &mut interactions,
            "\"messages\"" => &mut messages,
            _ => {
                scan.value()?;
                is_more = scan.goes_on()?;
                continue;
            }
        };
        if list.replace(scan.items(text)?).is_some() {
            return None;
        }
        is_more = scan.goes_on()?;
    }
    Some(Items { interactions: interactions.unwrap_or_default(), messages: messages.unwrap_or_default() })
}

/// True when a key, in its quotes, is this name.
fn names(quoted: &str, name: &str) -> bool {
    let inside = &quoted[1..quoted.len() - 1];
    if inside.contains('\\') {
        serde_json::from_str::<String>(quoted).is_ok_and(|key| key == name)
    } else {
        inside == name
    }
}

/// Which bytes decide where a list or an object ends. Measured: a look into a table for each byte takes
/// three quarters of the instructions that five comparisons do.
const IS_STRUCTURE: [bool; 256] = {
    let mut table = [false; 256];
    let structure = b"\"{}[]";
    let mut at = 0;
    while at < structure.len() {
        table[structure[at] as usize] = true;
        at += 1;
    }
    table
};

/// Goes over a text that is known to be JSON, and looks at no more of it than it has to.
struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Scan<'_> {
    /// The next byte that is not space.
    fn next(&mut self) -> Option<u8> {
        while self.bytes.get(self.at)?.is_ascii_whitespace() {
            self.at += 1;
        }
        self.bytes.get(self.at).copied()
    }

    fn pass(&mut self, wanted: u8) -> Option<()> {
        (self.next()? == wanted).then(|| self.at += 1)
    }

    /// Goes into a list or an object; false when there is nothing in it.
    fn opens(&mut self, bracket: u8) -> Option<bool> {
        self.pass(bracket)?;
        Some(!matches!(self.next()?, b']' | b'}'))
    }

    /// True when another entry follows.
    fn goes_on(&mut self) -> Option<bool> {
        let goes_on = self.next()? == b',';
        self.at += 1;
        Some(goes_on)
    }

    /// Goes over a list.
    fn items(&mut self, text: &str) -> Option<Vec<Item>> {
        let mut walk = Walk::start(text);
        let mut items = Vec::new();
        let mut is_more = self.opens(b'[')?;
        if !is_more {
            self.at += 1;
        }
        while is_more {
            let Range { start, end } = self.value()?;
            items.push(Item { start, end, point: walk.to(start), spots: OnceLock::new() });
            is_more = self.goes_on()?;
        }
        Some(items)
    }

    /// The text of one value in a list or an object, whose text is `whole`.
    fn child<'a>(&mut self, whole: &'a str, step: &str) -> Option<&'a str> {
        let mut found = None;
        let is_list = self.next()? == b'[';
        let wanted = if is_list { String::new() } else { step.replace("~1", "/").replace("~0", "~") };
        let wanted_index = if is_list { step.parse::<usize>().ok()? } else { 0 };
        let mut index = 0;
        let mut is_more = self.opens(if is_list { b'[' } else { b'{' })?;
        while is_more {
            let is_it = if is_list {
                index == wanted_index
            } else {
                let key = self.value()?;
                self.pass(b':')?;
                names(&whole[key], &wanted)
            };
            let value = self.value()?;
            if is_it {
                // The last one of a key counts.
                found = Some(&whole[value]);
            }
            index += 1;
            is_more = self.goes_on()?;
        }
        found
    }

    /// Goes over a value and says where it stands.
    fn value(&mut self) -> Option<Range<usize>> {
        let first = self.next()?;
        let start = self.at;
        match first {
            b'"' => self.text()?,
            b'{' | b'[' => {
                let mut depth = 0_usize;
                loop {
                    let is_structure = |byte: &u8| IS_STRUCTURE[usize::from(*byte)];
                    self.at += self.bytes.get(self.at..)?.iter().position(is_structure)?;
                    match self.bytes.get(self.at)? {
                        b'"' => {
                            self.text()?;
                            continue;
                        }
                        b'{' | b'[' => depth += 1,
                        b'}' | b']' => depth -= 1,
                        _ => {}
                    }
                    self.at += 1;
                    if depth == 0 {
                        break;
                    }
                }
            }
            _ => {
                let is_end = |byte: &u8| matches!(byte, b',' | b']' | b'}') || byte.is_ascii_whitespace();
                let rest = &self.bytes[start..];
                self.at += rest.iter().position(is_end).unwrap_or(rest.len());
            }
        }
        Some(start..self.at)
    }

    /// Goes over a text, which begins here.
    fn text(&mut self) -> Option<()> {
        loop {
            let rest = self.bytes.get(self.at + 1..)?;
            let found = memchr::memchr2(b'"', b'\\', rest)?;
            self.at += found + 1;
            if self.bytes[self.at] == b'"' {
                self.at += 1;
                return Some(());
            }
            // Whatever is escaped does not end the text.
            self.at += 1;
        }
    }
}

/// Every value of a text, whose beginning is where the walk begins.
fn spots(text: &str, walk: Walk<'_>) -> Spots {
    // serde_json has accepted the text already, so the second parse cannot meet anything that
    // JSON does not allow, nor a nesting that is too deep.
    let parsed = jsonc_parser::parse_to_ast(
        text,
        &jsonc_parser::CollectOptions::default(),
        &jsonc_parser::ParseOptions::default(),
    );
    let mut found = Vec::new();
    if let Ok(Some(root)) = parsed.map(|result| result.value) {
        collect(&root, String::new(), root.start(), &mut (walk, &mut found));
    }
    found.sort_by(|one, other| one.0.cmp(&other.0));
    found
}

/// Visits values in the order of the text, so that the walk only ever goes forward.
fn collect(value: &ast::Value<'_>, pointer: Pointer, key_start: usize, into: &mut (Walk<'_>, &mut Spots)) {
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
    fn a_pass_over_one_item_says_what_a_pass_over_everything_says() {
        let all = spots(TEXT, Walk::start(TEXT));
        let positions = Positions::default();
        for (pointer, spot) in &all {
            assert_eq!(positions.find(TEXT, pointer), *spot, "{pointer}");
        }
        let in_items =
            all.iter().filter(|(pointer, _)| items(TEXT).is_some_and(|items| items.get(pointer).is_some()));
        assert_eq!(in_items.count(), 6);
    }

    #[test]
    fn what_does_not_exist_stands_where_the_nearest_value_above_it_stands() {
        let positions = Positions::default();
        let at = |pointer: &str| positions.find(TEXT, pointer).value;
        assert_eq!(at("/interactions/2/0"), (3, 12));
        assert_eq!(at("/interactions/2/7/x"), at("/interactions/2"));
        assert_eq!(at("/interactions/7/x"), at("/interactions"));
        assert_eq!(at("/é/interactions/0"), (1, 25));
    }

    #[test]
    fn the_text_of_an_item_is_all_of_it_and_nothing_else() {
        let positions = Positions::default();
        assert_eq!(positions.text_of_item(TEXT, "/interactions/0"), Some("{\"a\":\n 1}"));
        for pointer in ["/interactions", "/interactions/0/a", "/interactions/3", "/é/interactions/0", ""] {
            assert_eq!(positions.text_of_item(TEXT, pointer), None, "{pointer}");
        }
    }

    #[test]
    fn the_text_of_a_value_is_found_by_its_pointer() {
        let text = r#"{"interactions": [{"a/b": [1.10, {"c": -0}]}]}"#;
        let positions = Positions::default();
        assert_eq!(positions.source(text, "/interactions/0/a~1b/0"), Some("1.10"));
        assert_eq!(positions.source(text, "/interactions/0/a~1b/1"), Some("{\"c\": -0}"));
        assert_eq!(positions.source(text, "/interactions/0/x"), None);
        assert_eq!(positions.source(text, "/interactions"), None);
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
