//! The name that a Pact Broker gives to a content: the SHA-1 of a reduced copy of the document.
//!
//! It is needed only where something is exchanged with a broker. Floating-point numbers are
//! written as Ruby writes them.

use std::fmt::Write as _;

use sha1::{Digest as _, Sha1};

use super::tree::Tree;

/// The SHA-1 that a Pact Broker computes of a published document, in hexadecimal digits.
///
/// The text is the document as it was received; a text that is not JSON counts as `null`.
#[must_use]
pub fn broker_hash(text: &str) -> String {
    let tree = Tree::read(text);
    let present = |key| tree.get(key).filter(|value| **value != Tree::Null);
    let Some(list) = ["interactions", "messages"].into_iter().find(|list| present(list).is_some()) else {
        return sha1(&tree);
    };
    let mut entries = Vec::new();
    for key in ["interactions", "messages"] {
        if let Some(value) = present(key) {
            let value = value.clone().sorted();
            entries.push((key.to_owned(), if key == list { with_items_in_order(value) } else { value }));
        }
    }
    if let Some(version) = specification(&tree) {
        entries.push(("pact_specification_version".to_owned(), version.clone()));
    }
    sha1(&Tree::Object(entries))
}

/// The `_id` that a Pact Broker gives to an interaction, whose text is that of the interaction alone.
#[must_use]
pub fn broker_interaction_id(text: &str) -> String {
    sha1(&Tree::read(text).without("_id").sorted())
}

fn with_items_in_order(list: Tree) -> Tree {
    match list {
        Tree::Array(mut items) => {
            items.sort_by_cached_key(|item| item.compact_with(number));
            Tree::Array(items)
        }
        other => other,
    }
}

fn specification(tree: &Tree) -> Option<&Tree> {
    let metadata = tree.get("metadata")?;
    let version = |key| metadata.get(key).and_then(|value| value.get("version"));
    version("pactSpecification")
        .or_else(|| version("pact-specification"))
        .or_else(|| metadata.get("pactSpecificationVersion"))
}

fn sha1(tree: &Tree) -> String {
    hex::encode(Sha1::digest(tree.compact_with(number)))
}

/// Writes a number as Ruby does: whole numbers in full, others with the fewest digits that tell them apart,
/// and an exponent outside 0.0001 to 10 000 000 000 000 000.
fn number(text: &str, into: &mut String) {
    if !text.contains(['.', 'e', 'E']) {
        into.push_str(if text == "-0" { "0" } else { text });
        return;
    }
    let value: f64 = text.parse().unwrap_or_default();
    let magnitude = value.abs();
    if value == 0.0 || (1e-4..1e16).contains(&magnitude) {
        let _ = write!(into, "{value:?}");
        return;
    }
    let scientific = format!("{value:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    let digits = if digits.contains('.') { digits.to_owned() } else { format!("{digits}.0") };
    let _ = write!(into, "{digits}e{exponent:+03}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_brokers() {
        let names = r#""consumer": {"name": "Foo"}, "provider": {"name": "Bar"}"#;
        let with = |rest: &str| broker_hash(&format!("{{{names}, {rest}}}"));
        assert_eq!(with(r#""interactions": []"#), "ed7c1aebc3e11064ce9afc29297e1e36203583cd");
        let version =
            r#""interactions": [{"b": 2, "a": 1}], "metadata": {"pactSpecification": {"version": "2.0.0"}}"#;
        assert_eq!(with(version), "b27aaaee61fdefe319fab337ba7e433517782ad5");
        let dashed = version.replace("pactSpecification", "pact-specification");
        assert_eq!(with(&dashed), "b27aaaee61fdefe319fab337ba7e433517782ad5");
        for list in [r#"[{"z": 1}, {"a": 1}]"#, r#"[{"a": 1}, {"z": 1}]"#] {
            assert_eq!(
                with(&format!(r#""interactions": {list}"#)),
                "43dda12411e293dd139b723926696f88182aaed1"
            );
            assert_eq!(
                with(&format!(r#""interactions": null, "messages": {list}"#)),
                "08fbaef15f1c09d8d81d1d0a84236910837f371a"
            );
        }
        let list = r#"[{"z": 1}, {"a": 1}]"#;
        assert_eq!(
            with(&format!(r#""interactions": {list}, "messages": {list}"#)),
            "71401c2763d1ce097d1aec515dbcafce9448459b"
        );
    }

    #[test]
    fn lists_in_an_interaction_keep_their_order() {
        let with = |body: &str| broker_hash(&format!(r#"{{"interactions": [{{"body": {body}}}]}}"#));
        assert_eq!(with("[1, 2]"), "75cc2e6fa245be8948a0fb5fd39eac0d6643e7e1");
        assert_eq!(with("[2, 1]"), "4d4581fd74fc81ea98e90f68d8e45e94ea695cc5");
    }

    #[test]
    fn a_document_without_lists_is_hashed_as_it_is() {
        assert_eq!(broker_hash(r#"{"b": 1, "a": 2}"#), "28a29a145787d0a9496f0901057dff556ca547fa");
    }

    #[test]
    fn numbers_are_written_as_ruby_writes_them() {
        let written = |text: &str| {
            let mut into = String::new();
            number(text, &mut into);
            into
        };
        for (text, ruby) in [
            ("1.0", "1.0"),
            ("100.50", "100.5"),
            ("1e3", "1000.0"),
            ("1e20", "1.0e+20"),
            ("1.5e-7", "1.5e-07"),
            ("12345678901234567890", "12345678901234567890"),
            ("-0.0", "-0.0"),
            ("0.0001", "0.0001"),
            ("1e16", "1.0e+16"),
        ] {
            assert_eq!(written(text), ruby);
        }
    }

    #[test]
    fn a_whole_interaction_has_the_id_and_the_hash_of_the_broker() {
        let item =
            r#"{"response": {"status": 200}, "_id": "x", "request": {"path": "/things/1", "method": "GET"}}"#;
        assert_eq!(broker_interaction_id(item), "259c61a68dd0c6f118f2754bafc895d5da48a8c7");
        let floats = r#"{"f": 1.0, "g": 100.50, "h": 1e3, "i": 1e20, "j": 1.5e-7, "k": 12345678901234567890, "l": -0.0}"#;
        let hash = broker_hash(&format!(r#"{{"interactions": [{floats}]}}"#));
        assert_eq!(hash, "7f2b36a40e74e926f07191b29f98467554e1f87e");
        for (number, hash) in
            [(1, "9779476011b4221793f0db64a0bcf6b5df45b270"), (2, "74a87be42e5f6afa74a4c8d4d34e0c4398ea90e7")]
        {
            let item = format!(
                r#"{{"request": {{"method": "GET", "path": "/things/{number}"}}, "response": {{"status": 200}}}}"#
            );
            assert_eq!(broker_hash(&format!(r#"{{"interactions": [{item}]}}"#)), hash);
        }
    }

    #[test]
    fn keys_are_sorted_by_their_bytes() {
        let item = r#"{"b": 1, "B": 1, "a": 1, "é": 1, "z": 1}"#;
        let hash = broker_hash(&format!(r#"{{"interactions": [{item}]}}"#));
        assert_eq!(hash, "3f2fa82abb151fc6c4d789d02b3063114a1c6995");
    }
}
