//! The marketing site of the running example: a consumer that publishes the questions of a campaign.
//!
//! ```text
//! FAQ_API=http://127.0.0.1:8080 cargo run --example marketing -- 'Does the spring offer apply to me?' 3 5
//! ```
//!
//! Its tests record what it expects of the FAQ service in `pacts/marketing-faq.json`.

mod faq;
#[cfg(test)]
mod tests;

use std::error::Error;
use std::io::Write;

use crate::faq::{FaqApi, Made, New};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let question = arguments.next().ok_or("usage: marketing QUESTION [RELATED ID]...")?;
    let related = arguments.map(|id| id.parse()).collect::<Result<_, _>>()?;
    let api = FaqApi::at(&variable("FAQ_API").ok_or("FAQ_API names the address of the FAQ service")?)?;
    let new = New { question, source: "campaign".to_owned(), related };
    let mut out = std::io::stdout();
    if new.related.is_empty() {
        let receipt = api.submit(&new).await?;
        writeln!(out, "published as {}, related to {} others", receipt.id, receipt.related.len())?;
    } else {
        let Made { faq, location } = api.create(&new).await?;
        writeln!(out, "\"{}\" ({}) is at {location}", faq.question, faq.source)?;
        writeln!(out, "published as {} at {}, related to {:?}", faq.id, faq.created_at, faq.related)?;
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "the example is a program of its own")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
