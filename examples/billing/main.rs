//! The billing service of the running example: a consumer that reads FAQ entries, and is told when
//! one is published.
//!
//! ```text
//! FAQ_API=http://127.0.0.1:8080 cargo run --example billing -- 7
//! ```
//!
//! Its tests record what it expects of the FAQ service in `pacts/billing-faq.json`.

mod faq;
mod index;
#[cfg(test)]
mod tests;

use std::error::Error;
use std::io::Write;

use crate::faq::FaqApi;
use crate::index::Index;

fn main() -> Result<(), Box<dyn Error>> {
    let id = std::env::args().nth(1).ok_or("usage: billing ID")?.parse()?;
    let api = FaqApi::at(&variable("FAQ_API").ok_or("FAQ_API names the address of the FAQ service")?);
    let mut index = Index::default();
    let line = match api.find(id)? {
        Some(faq) => {
            let edits = api.history(id).map_or(0, |history| history.changes.len());
            index.add(&faq.question, faq.id);
            format!("{} (from {}, changed {edits} times)", faq.question, faq.source)
        }
        None => "there is no such FAQ".to_owned(),
    };
    writeln!(std::io::stdout(), "{line}")?;
    let listed = api.handbook()?;
    writeln!(std::io::stdout(), "{} of {} entries are new here", listed.total - index.len(), listed.total)?;
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "the example is a program of its own")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
