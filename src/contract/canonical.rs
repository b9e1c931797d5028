//! The one form of a pact in which it is stored and named.
//!
//! It has everything that a verification can depend on: the two names, the version of the
//! specification, the interactions and the messages, and what plugins need to know. It leaves out how the text
//! was laid out: the order of keys, white space, the order of interactions, and what a tool
//! has added (other metadata, other keys beside the lists, the `_id` that a broker gives to an interaction).
//!
//! Nothing else is left out. Lists inside an interaction keep their order, and a number is the
//! text that was written: `1`, `1.0` and `1.00` are three. So two pacts with one digest never differ in
//! what they ask for; the price is that a tool that writes numbers differently has its pact verified again.

use super::digest::Digest;
use super::model::{Contract, Interaction};
use super::tree::Tree;

/// The lists of a pact that hold what is verified.
const LISTS: [&str; 2] = ["interactions", "messages"];

/// A pact in the form in which it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canonical {
    /// The text, indented, with a final line end.
    pub text: String,
    /// The digest of the text, by which the content is named.
    pub digest: Digest,
    /// The interactions, in the order of the contract that it was made from.
    pub interactions: Vec<InteractionDigest>,
}

/// An interaction by its content.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct InteractionDigest {
    /// What it is about, in the consumer's words.
    pub description: String,
    /// The digest of all that its verification depends on: it says nothing about who the consumer
    /// is, so that equal interactions of two consumers have equal digests.
    pub digest: Digest,
}

/// The canonical form of a contract.
#[must_use]
pub fn canonical(contract: &Contract) -> Canonical {
    let tree = Tree::read(contract.document.text());
    let text = reduced(contract, &tree).pretty();
    let surroundings = surroundings(contract, &tree).compact();
    let interaction = |interaction: &Interaction| InteractionDigest {
        description: interaction.description.clone(),
        digest: interaction_digest(&surroundings, &interaction.pointer, &tree),
    };
    let interactions = contract.interactions.iter().map(interaction).collect();
    Canonical { digest: Digest::of(&text), text, interactions }
}

/// The document with only what counts, in the order that counts.
fn reduced(contract: &Contract, tree: &Tree) -> Tree {
    let name = |name: &str| Tree::Object(vec![("name".to_owned(), Tree::String(name.to_owned()))]);
    let mut entries = vec![
        ("consumer".to_owned(), name(&contract.consumer)),
        ("provider".to_owned(), name(&contract.provider)),
        ("metadata".to_owned(), surroundings(contract, tree)),
    ];
    for list in LISTS {
        if let Some(items) = tree.get(list).and_then(Tree::items) {
            let mut items: Vec<Tree> = items.iter().cloned().map(plain).collect();
            items.sort_by_cached_key(Tree::compact);
            entries.push((list.to_owned(), Tree::Array(items)));
        }
    }
    Tree::Object(entries).sorted()
}

/// What counts around the interactions.
fn surroundings(contract: &Contract, tree: &Tree) -> Tree {
    let version = Tree::String(contract.version.number().to_owned());
    let version = Tree::Object(vec![("version".to_owned(), version)]);
    let mut metadata = vec![("pactSpecification".to_owned(), version)];
    if let Some(plugins) = tree.get("metadata").and_then(|metadata| metadata.get("plugins")) {
        metadata.push(("plugins".to_owned(), plugins.clone()));
    }
    Tree::Object(metadata).sorted()
}

/// An interaction without what a broker has added, its keys in order.
fn plain(interaction: Tree) -> Tree {
    interaction.without("_id").sorted()
}

fn interaction_digest(surroundings: &str, pointer: &str, tree: &Tree) -> Digest {
    let mut way = pointer.trim_start_matches('/').split('/');
    let list = way.next().unwrap_or_default();
    let index = way.next().and_then(|index| index.parse::<usize>().ok());
    let item = tree.get(list).and_then(Tree::items).zip(index).and_then(|(items, index)| items.get(index));
    let text = item.cloned().map_or(Tree::Null, plain).compact();
    Digest::of(format!("{surroundings}\n{list}\n{text}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::read;

    fn canonical_of(text: &str) -> Canonical {
        let reading = read("a.json", text.as_bytes().to_vec());
        canonical(&reading.contract.unwrap_or_else(|| panic!("{:?}", reading.findings)))
    }

    fn pact(interactions: &str, rest: &str) -> String {
        format!(
            r#"{{"consumer": {{"name": "support"}}, "provider": {{"name": "faq"}}, "interactions": [{interactions}]{rest}}}"#
        )
    }

    const ONE: &str = r#"{"description": "one", "request": {"method": "GET", "path": "/1"}, "response": {"status": 200, "body": {"a": [1, 2], "b": 1.0}}}"#;
    const ONE_IN_ANOTHER_ORDER: &str = r#"{"response": {"body": {"b": 1.0, "a": [1, 2]}, "status": 200},
        "_id": "4711", "request": {"path": "/1", "method": "GET"}, "description": "one"}"#;
    const TWO: &str =
        r#"{"description": "two", "request": {"method": "GET", "path": "/2"}, "response": {"status": 200}}"#;

    #[test]
    fn the_stored_form_is_for_people_and_machines() {
        insta::assert_snapshot!(canonical_of(&pact(ONE, "")).text, @r#"
        {
          "consumer": {
            "name": "support"
          },
          "interactions": [
            {
              "description": "one",
              "request": {
                "method": "GET",
                "path": "/1"
              },
              "response": {
                "body": {
                  "a": [
                    1,
                    2
                  ],
                  "b": 1.0
                },
                "status": 200
              }
            }
          ],
          "metadata": {
            "pactSpecification": {
              "version": "3.0.0"
            }
          },
          "provider": {
            "name": "faq"
          }
        }
        "#);
    }

    #[test]
    fn order_white_space_and_tool_metadata_do_not_count() {
        let one = canonical_of(&pact(&format!("{ONE}, {TWO}"), ""));
        let other = canonical_of(&pact(
            &format!("{TWO}, {ONE_IN_ANOTHER_ORDER}"),
            r#", "metadata": {"pactSpecification": {"version": "3.0.0"}, "pactRust": {"version": "1"}}, "createdAt": "2026""#,
        ));
        assert_eq!((one.digest, &one.text), (other.digest, &other.text));
        assert_eq!(one.interactions[0], other.interactions[1]);
        assert_eq!(canonical_of(&one.text).text, one.text);
    }

    #[test]
    fn everything_else_counts() {
        let base = canonical_of(&pact(ONE, ""));
        for (from, to) in [
            ("[1, 2]", "[2, 1]"),
            ("1.0", "1"),
            ("1.0", "1.00"),
            ("\"one\"", "\"One\""),
            ("200", "201"),
            ("\"status\"", "\"headers\": {}, \"status\""),
        ] {
            let changed = canonical_of(&pact(&ONE.replace(from, to), ""));
            assert_ne!(base.digest, changed.digest, "{from} -> {to}");
            assert_ne!(base.interactions[0].digest, changed.interactions[0].digest, "{from} -> {to}");
        }
        let version = r#", "metadata": {"pactSpecification": {"version": "2.0.0"}}"#;
        let changed = canonical_of(&pact(ONE, version));
        assert_ne!(base.interactions[0].digest, changed.interactions[0].digest);
        assert_ne!(base.digest, canonical_of(&pact(&format!("{ONE}, {ONE}"), "")).digest);
    }

    #[test]
    fn long_numbers_are_not_confused() {
        let with = |number: &str| canonical_of(&pact(&ONE.replace("1.0", number), "")).digest;
        assert_ne!(with("100000000000000000001"), with("100000000000000000002"));
    }

    #[test]
    fn an_interaction_is_the_same_whoever_the_consumer_is() {
        let one = canonical_of(&pact(ONE, ""));
        let other = canonical_of(&pact(ONE, "").replace("support", "billing"));
        assert_ne!(one.digest, other.digest);
        assert_eq!(one.interactions, other.interactions);
    }
}
