//! The entries, kept in memory.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use serde::Serialize;

/// One question with where it came from.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Faq {
    pub(crate) id: u32,
    pub(crate) question: String,
    pub(crate) source: String,
    pub(crate) related: Vec<u32>,
    pub(crate) created_at: String,
}

/// What a new entry is made from.
#[derive(Default)]
pub(crate) struct Draft {
    pub(crate) question: String,
    pub(crate) source: String,
    pub(crate) related: Vec<u32>,
}

/// All entries by their number.
#[derive(Default)]
pub(crate) struct Faqs {
    entries: Mutex<BTreeMap<u32, Faq>>,
}

impl Faqs {
    /// Adds an entry under the next free number.
    pub(crate) fn create(&self, draft: Draft) -> Faq {
        let next = self.entries().last_key_value().map_or(1, |(id, _)| id + 1);
        self.put(next, draft)
    }

    /// Adds an entry under a number, or replaces the one that has it.
    pub(crate) fn put(&self, id: u32, draft: Draft) -> Faq {
        let Draft { question, source, related } = draft;
        let created_at = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let faq = Faq { id, question, source, related, created_at };
        self.entries().insert(id, faq.clone());
        faq
    }

    /// The entry with this number.
    pub(crate) fn find(&self, id: u32) -> Option<Faq> {
        self.entries().get(&id).cloned()
    }

    /// All entries, or those from one source, by number.
    pub(crate) fn list(&self, source: Option<&str>) -> Vec<Faq> {
        let wanted = |faq: &&Faq| source.is_none_or(|source| faq.source == source);
        self.entries().values().filter(wanted).cloned().collect()
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) {
        self.entries().clear();
    }

    fn entries(&self) -> MutexGuard<'_, BTreeMap<u32, Faq>> {
        self.entries.lock().expect("nothing panics while it holds the lock")
    }
}
