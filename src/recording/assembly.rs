//! A pact that is put together from the committed one and from what tests have recorded. Pure.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::fragment::{Fragment, same_content};
use crate::contract::identity;

/// The lists of interactions that a pact may have.
const LISTS: [&str; 2] = ["interactions", "messages"];

/// The pact between one consumer and one provider.
#[derive(Debug, Clone)]
pub struct Assembly {
    consumer: String,
    provider: String,
    version: Option<String>,
    /// The plugins that the committed pact names.
    plugins: Option<Value>,
    /// By list, and in it in the order in which they are written.
    entries: BTreeMap<(String, String), Entry>,
}

#[derive(Debug, Clone)]
struct Entry {
    interaction: Value,
    /// The interaction as text, indented as it stands in the pact.
    text: String,
    /// The version of the specification it is written in.
    version: String,
    /// The test that it names, and its place; `None` for one that is committed.
    named: Option<(String, String)>,
    /// What has recorded it last; `None` for one that only the committed pact has.
    fragment: Option<Fragment>,
}

/// Two tests of one run describe the same interaction differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The interaction.
    pub description: String,
    /// The test that was there first.
    pub first: String,
    /// The other one.
    pub second: String,
}

/// What a recorded interaction did to the pact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// The pact has it already.
    Unchanged,
    /// It is new, or differs from the one that was there.
    Changed,
}

impl Assembly {
    /// A pact without interactions.
    #[must_use]
    pub fn new(consumer: &str, provider: &str) -> Self {
        Self {
            consumer: consumer.to_owned(),
            provider: provider.to_owned(),
            version: None,
            plugins: None,
            entries: BTreeMap::new(),
        }
    }

    /// The committed pact, from the JSON of a file that was read without a defect.
    #[must_use]
    pub fn of(pact: &Value) -> Self {
        let name = |role: &str| pact[role]["name"].as_str().unwrap_or_default().to_owned();
        let metadata = &pact["metadata"];
        let version = ["pactSpecification", "pact-specification"].iter().find_map(|key| {
            metadata.get(key).and_then(|specification| specification["version"].as_str()).map(normal)
        });
        let mut assembly = Self {
            consumer: name("consumer"),
            provider: name("provider"),
            version: Some(version.unwrap_or_else(|| "3.0.0".to_owned())),
            plugins: metadata.get("plugins").cloned(),
            entries: BTreeMap::new(),
        };
        for list in LISTS {
            for interaction in pact[list].as_array().into_iter().flatten() {
                assembly.put(list, interaction, None);
            }
        }
        assembly
    }

    /// Takes in what a test has recorded; of two runs, the later one is right.
    ///
    /// # Errors
    /// Another test of the same run has recorded it differently.
    pub fn take(&mut self, fragment: Fragment) -> Result<Taken, Box<Conflict>> {
        let key = key(&fragment.list, &fragment.interaction);
        let known = self.entries.get(&key);
        if let Some(entry) = known.filter(|entry| same_content(&entry.interaction, &fragment.interaction)) {
            if entry.version == fragment.version {
                return Ok(self.take_once_more(&key, fragment));
            }
        } else if let Some(other) =
            known.and_then(|entry| entry.fragment.as_ref()).filter(|other| other.run == fragment.run)
        {
            return Err(Box::new(Conflict {
                description: fragment.interaction["description"].as_str().unwrap_or_default().to_owned(),
                first: other.recorded_by(),
                second: fragment.recorded_by(),
            }));
        }
        self.replace(fragment);
        Ok(Taken::Changed)
    }

    /// Several tests may record the same. A committed interaction keeps the test that it names; of those
    /// that are not committed yet, the first by name is written, whichever ran first.
    fn take_once_more(&mut self, key: &(String, String), fragment: Fragment) -> Taken {
        match self.entries.get_mut(key) {
            Some(entry) if entry.named.as_ref().is_some_and(|named| names(&fragment) < *named) => {
                self.replace(fragment);
                Taken::Changed
            }
            Some(entry) => {
                entry.fragment = Some(fragment);
                Taken::Unchanged
            }
            None => Taken::Unchanged,
        }
    }

    /// Takes in what a test has recorded, whatever others have said.
    pub(crate) fn replace(&mut self, fragment: Fragment) {
        self.version = Some(fragment.version.clone());
        let (list, interaction) = (fragment.list.clone(), fragment.interaction.clone());
        self.put(&list, &interaction, Some(fragment));
    }

    /// True when the pact says what a test has recorded.
    #[must_use]
    pub fn has(&self, fragment: &Fragment) -> bool {
        let known = self.entries.get(&key(&fragment.list, &fragment.interaction));
        known.is_some_and(|entry| {
            entry.version == fragment.version && same_content(&entry.interaction, &fragment.interaction)
        })
    }

    /// True when both pacts demand the same, in the same version, whatever their form.
    pub(crate) fn says_the_same(&self, other: &Self) -> bool {
        let mut pairs = self.entries.iter().zip(&other.entries);
        self.version == other.version
            && self.len() == other.len()
            && pairs.all(|((key, entry), (other_key, other))| {
                key == other_key && same_content(&entry.interaction, &other.interaction)
            })
    }

    /// Forgets what no test has recorded and returns the descriptions of it.
    pub fn drop_what_was_not_recorded(&mut self) -> Vec<String> {
        let mut dropped = Vec::new();
        self.entries.retain(|_, entry| {
            if entry.fragment.is_none() {
                dropped.push(entry.interaction["description"].as_str().unwrap_or_default().to_owned());
            }
            entry.fragment.is_some()
        });
        dropped
    }

    /// What is written in another version of the specification than the rest, when something is.
    #[must_use]
    pub fn versions_differ(&self) -> Option<String> {
        let wanted = self.version.as_deref().unwrap_or_default();
        let other = self.entries.values().find(|entry| entry.version != wanted)?;
        let who = match &other.fragment {
            Some(fragment) => format!("{} writes version {}", fragment.recorded_by(), other.version),
            None => format!(
                "the committed \"{}\" is in version {} and no test has recorded it again",
                other.interaction["description"].as_str().unwrap_or_default(),
                other.version
            ),
        };
        Some(format!("{who}, another test version {wanted}"))
    }

    /// The pact as it is written to a file: keys and interactions sorted, and no versions of tools.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("{{\n  \"consumer\": {},\n", indented(&json!({"name": self.consumer}), 2));
        for list in LISTS {
            let of_list = self.entries.iter().filter(|((name, _), _)| name == list);
            let entries: Vec<&str> = of_list.map(|(_, entry)| entry.text.as_str()).collect();
            if !entries.is_empty() || list == LISTS[0] && self.entries.is_empty() {
                text.extend(["  \"", list, "\": [\n", &entries.join(",\n"), "\n  ],\n"]);
            }
        }
        let mut metadata = json!({"pactSpecification": {"version": self.version}});
        if let Some(plugins) = &self.plugins {
            metadata["plugins"] = plugins.clone();
        }
        let (metadata, provider) = (sorted(&metadata), json!({"name": self.provider}));
        text.extend(["  \"metadata\": ", &indented(&metadata, 2), ",\n"]);
        text.extend(["  \"provider\": ", &indented(&provider, 2), "\n}\n"]);
        text
    }

    /// How many interactions it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// True when it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn put(&mut self, list: &str, interaction: &Value, fragment: Option<Fragment>) {
        let interaction = sorted(interaction);
        let text = format!("    {}", indented(&interaction, 4));
        let version = self.version.clone().unwrap_or_default();
        let named = fragment.as_ref().map(names);
        self.entries.insert(key(list, &interaction), Entry { interaction, text, version, named, fragment });
    }
}

fn key(list: &str, interaction: &Value) -> (String, String) {
    (list.to_owned(), identity(interaction))
}

/// The test that has recorded something, and its place.
fn names(fragment: &Fragment) -> (String, String) {
    (fragment.test.clone(), fragment.source.clone())
}

/// The number of a version as this crate writes it.
fn normal(version: &str) -> String {
    match version.trim_start_matches('v').split('.').next() {
        Some("4") => "4.0".to_owned(),
        Some("3") => "3.0.0".to_owned(),
        Some("2") => "2.0.0".to_owned(),
        _ => version.to_owned(),
    }
}

/// Indented JSON whose lines but the first stand `by` columns further to the right.
fn indented(value: &Value, by: usize) -> String {
    format!("{value:#}").replace('\n', &format!("\n{:by$}", ""))
}

/// The same value with the keys of all objects in order.
fn sorted(value: &Value) -> Value {
    let mut value = value.clone();
    value.sort_all_objects();
    value
}
