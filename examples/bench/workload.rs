//! The workloads: pacts as consumer libraries write them, and what the provider answers.
//!
//! No two interactions are alike, so nothing is gained by replaying identical ones once. Every
//! answer differs from its example wherever a rule allows it, so that rules are really applied.

use std::error::Error;
use std::path::Path;

use serde_json::{Value, json};

use crate::provider::Answers;

/// Pacts of one kind.
pub(crate) struct Workload {
    /// What the table calls it.
    pub(crate) name: &'static str,
    /// Whether every interaction needs a provider state.
    pub(crate) states: bool,
    pacts: usize,
    interactions: usize,
    /// One answer in ten lacks a field.
    failing: bool,
    /// How many entries an answer lists; none for an answer that is one entry.
    entries: Option<usize>,
    /// Too much for the peer, which needs hours for some of these.
    pub(crate) alone: bool,
}

const SMALL: Workload = Workload {
    name: "50 x 20",
    pacts: 50,
    interactions: 20,
    states: false,
    failing: false,
    entries: None,
    alone: false,
};

const ALONE: Workload = Workload { alone: true, ..SMALL };

/// What is measured, in the order of the table.
pub(crate) const ALL: [Workload; 10] = [
    SMALL,
    Workload { name: "50 x 20, with states", states: true, ..SMALL },
    Workload { name: "50 x 20, one in ten fails", failing: true, ..SMALL },
    Workload { name: "1 x 3,000", pacts: 1, interactions: 3000, ..SMALL },
    Workload { name: "1 x 5, bodies of 1 MB", pacts: 1, interactions: 5, entries: Some(1200), ..SMALL },
    Workload { name: "1 x 1, a body of 50 MB", pacts: 1, interactions: 1, entries: Some(60_000), ..ALONE },
    Workload { name: "1 x 100", pacts: 1, interactions: 100, ..ALONE },
    Workload { name: "1 x 10,000", pacts: 1, interactions: 10_000, ..ALONE },
    Workload { name: "1,000 x 10", pacts: 1000, interactions: 10, ..ALONE },
    Workload { name: "100 x 1,000", pacts: 100, interactions: 1000, ..ALONE },
];

/// The workload of this name.
///
/// # Errors
/// When there is none.
pub(crate) fn named(name: &str) -> Result<&'static Workload, Box<dyn Error>> {
    let workload = ALL.iter().find(|workload| workload.name == name);
    Ok(workload.ok_or_else(|| format!("there is no workload \"{name}\""))?)
}

impl Workload {
    /// How many interactions there are in all pacts.
    pub(crate) fn interactions(&self) -> usize {
        self.pacts * self.interactions
    }

    /// The status with which a correct verification ends.
    pub(crate) fn status(&self) -> i32 {
        i32::from(self.failing)
    }

    /// Writes the pacts into a directory and says what the provider answers to them.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub(crate) fn write(&self, directory: &Path) -> Result<Answers, Box<dyn Error>> {
        let mut answers = Answers::new();
        for pact in 0..self.pacts {
            let interactions: Vec<Value> =
                (0..self.interactions).map(|number| self.interaction(pact, number, &mut answers)).collect();
            let pact = json!({
                "consumer": { "name": format!("consumer-{pact:03}") },
                "provider": { "name": "faq" },
                "interactions": interactions,
                "metadata": { "pactSpecification": { "version": "3.0.0" } },
            });
            let name = format!("{}-faq.json", pact["consumer"]["name"].as_str().unwrap_or_default());
            std::fs::write(directory.join(name), serde_json::to_vec_pretty(&pact)?)?;
        }
        Ok(answers)
    }

    /// One interaction; three in four read and the others write.
    fn interaction(&self, pact: usize, number: usize, answers: &mut Answers) -> Value {
        let path = format!("/c{pact}/faqs/{number}");
        let fails = self.failing && number % 10 == 3;
        answers.insert(path.clone(), self.answer(number, fails).to_string().into());
        let mut interaction = json!({
            "description": format!("a request for entry {number}"),
            "request": request(&path, number),
            "response": {
                "status": 200,
                "headers": { "Content-Type": "application/json" },
                "body": self.example(number),
                "matchingRules": { "body": self.rules() },
            },
        });
        if self.states {
            interaction["providerStates"] =
                json!([{ "name": "an entry exists", "params": { "id": number, "lang": "en" } }]);
        }
        interaction
    }

    fn example(&self, number: usize) -> Value {
        match self.entries {
            None => entry(number, "How?"),
            Some(count) => json!({ "items": (0..count).map(|n| entry(n, "How?")).collect::<Vec<_>>() }),
        }
    }

    fn answer(&self, number: usize, fails: bool) -> Value {
        let mut answer = match self.entries {
            None => entry(number + 1, "And why is that so?"),
            Some(count) => {
                json!({ "items": (0..count).map(|n| entry(n + 7, "And why?")).collect::<Vec<_>>() })
            }
        };
        if fails && let Some(fields) = answer.as_object_mut() {
            fields.remove("question");
        }
        answer
    }

    fn rules(&self) -> Value {
        let entry = if self.entries.is_some() { "$.items[*]" } else { "$" };
        let rule = |matcher: Value| json!({ "matchers": [matcher], "combine": "AND" });
        let mut rules = json!({
            format!("{entry}.id"): rule(json!({ "match": "integer" })),
            format!("{entry}.question"): rule(json!({ "match": "type" })),
            format!("{entry}.created"): rule(json!({ "match": "regex", "regex": r"^\d{4}-\d\d-\d\d$" })),
            format!("{entry}.author"): rule(json!({ "match": "type" })),
            format!("{entry}.related"): rule(json!({ "match": "type", "min": 1 })),
            format!("{entry}.tags"): rule(json!({ "match": "type", "min": 1 })),
        });
        if self.entries.is_some() {
            rules["$.items"] = rule(json!({ "match": "type", "min": 1 }));
        }
        rules
    }
}

fn request(path: &str, number: usize) -> Value {
    if number % 4 == 3 {
        json!({
            "method": "POST",
            "path": path,
            "headers": { "Content-Type": "application/json", "Accept": "application/json" },
            "body": { "question": "How?", "source": "ticket", "related": [number, 2, 3] },
        })
    } else {
        json!({
            "method": "GET",
            "path": path,
            "query": { "lang": ["en"], "page": [number.to_string()] },
            "headers": { "Accept": "application/json" },
        })
    }
}

/// An entry of a little under one kilobyte.
fn entry(number: usize, question: &str) -> Value {
    let day = number % 28 + 1;
    json!({
        "id": number,
        "question": question,
        "answer": "It depends on what was agreed upon. ".repeat(12),
        "source": "ticket",
        "created": format!("2026-03-{day:02}"),
        "author": { "id": number * 3, "name": format!("writer {number}"), "team": "support" },
        "related": [
            { "id": number + 1, "title": format!("entry {}", number + 1) },
            { "id": number + 2, "title": format!("entry {}", number + 2) },
            { "id": number + 3, "title": format!("entry {}", number + 3) },
        ],
        "tags": [format!("tag-{}", number % 7), "faq", "public"],
        "published": true,
        "score": 4.5,
    })
}
