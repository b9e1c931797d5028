//! The questions that the billing service can link to, kept up to date by messages.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A message of the FAQ service: an entry is there now.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Event {
    pub(crate) event: String,
    pub(crate) faq: Published,
}

/// The entry in a message.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Published {
    pub(crate) id: u32,
    pub(crate) question: String,
    pub(crate) created_at: String,
}

/// Entries by their question.
#[derive(Debug, Default)]
pub(crate) struct Index {
    entries: BTreeMap<String, u32>,
}

impl Index {
    /// Takes in a message.
    #[cfg_attr(not(test), expect(dead_code, reason = "the queue is left out of the example"))]
    pub(crate) fn receive(&mut self, event: &Event) -> Result<(), String> {
        match event.event.as_str() {
            "published" => {
                self.add(&event.faq.question, event.faq.id);
                Ok(())
            }
            other => Err(format!("the event `{other}` is not known")),
        }
    }

    pub(crate) fn add(&mut self, question: &str, id: u32) {
        self.entries.insert(question.to_owned(), id);
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }
}
