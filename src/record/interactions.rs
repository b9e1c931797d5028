//! A file of interactions, read into a contract.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::build::interaction;
use super::parse::Format;
use super::reader::Reader;
use crate::contract::{self, Contract, Impossible, SpecVersion};
use crate::finding::{Code, Finding, Location, Place};
use crate::yaml::{At, Data, Node};

const FILE: [&str; 6] = ["$schema", "consumer", "provider", "env", "version", "interactions"];

/// A file and its text.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The name of the file, whose ending says which format it has.
    pub name: &'a str,
    /// What is in it.
    pub text: &'a str,
}

/// What was said outside of the file; it wins over what stands in it.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Who has the expectations.
    pub consumer: Option<String>,
    /// Of whom.
    pub provider: Option<String>,
    /// The variable that is given the address of the mock.
    pub env: Option<String>,
    /// The version of the specification.
    pub version: Option<SpecVersion>,
}

/// A contract as it was read from a file of interactions.
#[derive(Debug, Clone)]
pub struct Recording {
    /// The contract.
    pub contract: Contract,
    /// The variable that is given the address of the mock, when the file or somebody names one.
    pub env: Option<String>,
    file: String,
    /// Places in the document of the contract, in their order, with those in the file.
    places: Vec<(At, At)>,
}

impl Recording {
    /// Where in the file something is written that stands at `pointer` in the contract.
    #[must_use]
    pub fn place(&self, pointer: &str) -> Location {
        let at = self.contract.location(pointer);
        self.original(&at)
    }

    /// Where in the file something is written, by its place in the document of the contract.
    #[must_use]
    pub fn original(&self, at: &Location) -> Location {
        original(&self.file, &self.places, at)
    }
}

/// Reads a file of interactions.
///
/// # Errors
/// Everything that is wrong with it, in the order of the file. What is only a warning in a pact is
/// an error here: whoever writes the file can put it right.
pub fn read(source: Source<'_>, wanted: &Wanted) -> Result<Recording, Vec<Finding>> {
    let mut reader = Reader::new(source.name, source.text);
    let Some(format) = Format::of(source.name) else {
        let message = "an interactions file ends in .yaml, .yml, .toml or .json";
        reader.say(Code::Unreadable, (1, 1), message);
        return Err(reader.findings);
    };
    let root = format.parse(source.name, source.text).map_err(|problem| {
        let finding = Finding::new(Code::Unreadable, Place::Pact, problem.message);
        vec![Finding { help: problem.help, ..finding.with_location(reader.location(problem.at)) }]
    })?;
    let head = head(&mut reader, &root, wanted);
    let (list, places) = all_interactions(&mut reader, &root, head.version);
    if !reader.findings.is_empty() {
        reader.findings.sort_by_key(|finding| finding.location.as_ref().map(|at| (at.line, at.column)));
        return Err(reader.findings);
    }
    let pact = json!({
        "consumer": { "name": head.consumer },
        "interactions": list,
        "metadata": { "pactSpecification": { "version": head.version.number() } },
        "provider": { "name": head.provider },
    });
    checked(source.name, &pact, &places, head.env)
}

/// Passes a pact through the strict reader, and brings what that says back to the file.
fn checked(
    file: &str,
    pact: &Value,
    places: &[(String, At)],
    env: Option<String>,
) -> Result<Recording, Vec<Finding>> {
    let reading = contract::read(file, format!("{pact:#}\n").into_bytes());
    let document = contract::Document::parse(file, format!("{pact:#}\n").into_bytes());
    let mut places: Vec<(At, At)> = document.map_or_else(
        |_| Vec::new(),
        |document| {
            let in_document = |pointer: &str| {
                let at = document.location(pointer);
                (at.line, at.column)
            };
            places.iter().map(|(pointer, at)| (in_document(pointer), *at)).collect()
        },
    );
    places.sort_unstable();
    let mut findings = reading.findings;
    for finding in &mut findings {
        finding.location = finding.location.as_ref().map(|at| original(file, &places, at));
    }
    for Impossible { pointer, message } in reading.contract.iter().flat_map(contract::impossible) {
        let at = reading.contract.as_ref().map(|contract| contract.location(&pointer));
        let finding = Finding::new(Code::OutOfRange, Place::Pact, message);
        findings.push(Finding { location: at.map(|at| original(file, &places, &at)), ..finding });
    }
    match reading.contract {
        Some(contract) if findings.is_empty() => {
            Ok(Recording { contract, env, file: file.to_owned(), places })
        }
        _ => Err(findings),
    }
}

/// The nearest known place that is not behind the one in the document.
fn original(file: &str, places: &[(At, At)], at: &Location) -> Location {
    let behind = places.partition_point(|(place, _)| *place <= (at.line, at.column));
    let (line, column) = behind.checked_sub(1).map_or((1, 1), |index| places[index].1);
    Location { file: file.to_owned(), line, column }
}

/// Who expects something of whom.
struct Head {
    consumer: String,
    provider: String,
    env: Option<String>,
    version: SpecVersion,
}

fn head(reader: &mut Reader, root: &Node, wanted: &Wanted) -> Head {
    reader.fields(root, &FILE, "the file");
    let mut text = |key: &str, given: &Option<String>| {
        given.clone().or_else(|| root.get(key).and_then(|node| reader.text(node, &format!("`{key}`"))))
    };
    let (consumer, provider) = (text("consumer", &wanted.consumer), text("provider", &wanted.provider));
    let env = text("env", &wanted.env);
    for (name, value) in [("consumer", &consumer), ("provider", &provider)] {
        if value.is_none() && root.get(name).is_none() {
            let help = format!("write `{name}: …` into the file, or give --{name}");
            reader.advise(Code::MissingKey, root.at, format!("the {name} is not named"), help);
        }
    }
    let version = wanted.version.or_else(|| version(reader, root.get("version")?)).unwrap_or(SpecVersion::V4);
    let (consumer, provider) = (consumer.unwrap_or_default(), provider.unwrap_or_default());
    Head { consumer, provider, env, version }
}

fn version(reader: &mut Reader, node: &Node) -> Option<SpecVersion> {
    match node.scalar().as_deref() {
        Some("2") => Some(SpecVersion::V2),
        Some("3") => Some(SpecVersion::V3),
        Some("4") => Some(SpecVersion::V4),
        _ => {
            reader.say(Code::UnknownVersion, node.at, "the version of the specification is 2, 3 or 4");
            None
        }
    }
}

fn all_interactions(
    reader: &mut Reader,
    root: &Node,
    version: SpecVersion,
) -> (Vec<Value>, Vec<(String, At)>) {
    let Some(node) = root.get("interactions") else {
        if matches!(root.data, Data::Map(_)) {
            reader.say(Code::MissingKey, root.at, "there are no `interactions`");
        }
        return (Vec::new(), Vec::new());
    };
    let Data::List(items) = &node.data else {
        reader.say(Code::BadType, node.at, format!("`interactions` is a list, and this is {}", node.kind()));
        return (Vec::new(), Vec::new());
    };
    if items.is_empty() {
        reader.say(Code::NoInteractions, node.at, "there are no interactions in the list");
    }
    let mut places = vec![("/interactions".to_owned(), node.at)];
    let mut list = Vec::new();
    let mut known: HashMap<String, At> = HashMap::new();
    for (index, item) in items.iter().enumerate() {
        let part = interaction(reader, version, item);
        let identity = contract::identity(&part.json);
        if part.json.get("description").is_some()
            && let Some(first) = known.insert(identity, item.at)
        {
            let first = reader.location(first);
            let message = format!("it has the same description and states as the one at {first}");
            reader.say(Code::ConflictingInteractions, item.at, message);
        }
        places.extend(
            part.places.into_iter().map(|(pointer, at)| (format!("/interactions/{index}{pointer}"), at)),
        );
        list.push(part.json);
    }
    (list, places)
}
