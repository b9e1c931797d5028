//! Facts as text: what lies in a shared directory for years, and what people see in a review.
//!
//! Reading is strict. A newer form, an unknown field, a time that is not that of the id, or an outcome
//! that does not follow from its verdicts is refused: what was not understood could change the answer.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::kinds::{Fact, Outcome, What};
use super::{FactId, SCHEMA};

/// Why a text is not a fact.
#[derive(Debug, thiserror::Error)]
pub enum InvalidFact {
    /// It is no JSON, it was cut short, a field is missing, unknown or of the wrong type.
    #[error("it was cut short, or does not have the form of a fact")]
    Shape(#[source] serde_json::Error),
    /// A newer version of Pactwright has written it.
    #[error("it has schema {found}, and this version of Pactwright knows {SCHEMA}: use a newer one")]
    Newer {
        /// The version of its form.
        found: u32,
    },
    /// It says two things that cannot both be true.
    #[error("it contradicts itself: {0}")]
    Contradiction(&'static str),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    schema: u32,
    id: FactId,
    at: Timestamp,
    what: What,
}

impl Fact {
    /// The fact as an indented JSON document with a final line end.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{:#}\n", self.to_json())
    }

    /// The fact as JSON on one line, without a line end.
    #[must_use]
    pub fn to_line(&self) -> String {
        self.to_json().to_string()
    }

    /// Reads a fact that was written by [`to_text`](Self::to_text) or [`to_line`](Self::to_line).
    ///
    /// # Errors
    /// When the text is not exactly one sound fact.
    pub fn from_text(text: &str) -> Result<Self, InvalidFact> {
        let stored: Stored = serde_json::from_str(text).map_err(|error| shape(text, error))?;
        if stored.schema != SCHEMA {
            return Err(InvalidFact::Newer { found: stored.schema });
        }
        if stored.at != stored.id.at() {
            return Err(InvalidFact::Contradiction("its time is not that of its id"));
        }
        if let What::Verified(verified) = &stored.what {
            if verified.outcome
                != Outcome::of(verified.complete && !verified.doubtful, &verified.interactions)
            {
                return Err(InvalidFact::Contradiction("its outcome does not follow from its verdicts"));
            }
            if verified.judged != verified.interactions.len() {
                return Err(InvalidFact::Contradiction("it has not as many verdicts as it says"));
            }
        }
        Ok(Self { id: stored.id, what: stored.what })
    }

    /// The fact as a JSON value.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let stored = Stored { schema: SCHEMA, id: self.id, at: self.id.at(), what: self.what.clone() };
        // Plain structs with string keys always have a JSON form.
        without_blanks(serde_json::to_value(stored).unwrap_or_default())
    }
}

/// What is not said takes no line.
fn without_blanks(value: Value) -> Value {
    match value {
        Value::Object(entries) => Value::Object(
            entries
                .into_iter()
                .map(|(key, value)| (key, without_blanks(value)))
                .filter(|(_, value)| !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty()))
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.into_iter().map(without_blanks).collect()),
        other => other,
    }
}

/// A newer form is the likeliest reason for a shape that is not understood.
fn shape(text: &str, error: serde_json::Error) -> InvalidFact {
    #[derive(Deserialize)]
    struct Version {
        schema: u32,
    }
    match serde_json::from_str(text) {
        Ok(Version { schema }) if schema > SCHEMA => InvalidFact::Newer { found: schema },
        _ => InvalidFact::Shape(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Digest;
    use crate::fact::kinds::{Judged, Judgement, Published, Verified};

    fn id() -> FactId {
        "01KAW3D0V8Q4T6Z9M2N5X7C1BE".parse().expect("an id")
    }

    fn published() -> Fact {
        let name = |text: &str| text.parse().expect("a name");
        let what = What::Published(Published {
            consumer: name("support"),
            version: "1.0".parse().expect("a version"),
            provider: name("faq"),
            content: Digest::of("x"),
            replaces: Vec::new(),
            branch: Some("main".parse().expect("a branch")),
            tags: Vec::new(),
            build_url: None,
            commit: None,
        });
        Fact { id: id(), what }
    }

    fn verified(outcome: Outcome, verdict: Judgement) -> Fact {
        let what = What::Verified(Verified {
            provider: "faq".parse().expect("a name"),
            version: "2.0".parse().expect("a version"),
            branch: None,
            tags: Vec::new(),
            consumer: "support".parse().expect("a name"),
            content: Digest::of("x"),
            outcome,
            complete: true,
            judged: 1,
            dirty: false,
            doubtful: false,
            wip: false,
            build_url: None,
            commit: None,
            interactions: vec![Judged {
                interaction: Digest::of("y"),
                description: "a ticket".to_owned(),
                states: Vec::new(),
                verdict,
                taken_from: None,
                findings: Vec::new(),
            }],
        });
        Fact { id: id(), what }
    }

    #[test]
    fn a_fact_is_text_for_people() {
        insta::assert_snapshot!(published().to_text(), @r#"
        {
          "schema": 1,
          "id": "01KAW3D0V8Q4T6Z9M2N5X7C1BE",
          "at": "2025-11-24T23:32:51.688Z",
          "what": {
            "published": {
              "consumer": "support",
              "version": "1.0",
              "provider": "faq",
              "content": "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
              "branch": "main"
            }
          }
        }
        "#);
    }

    #[test]
    fn what_is_written_is_read_again() {
        for fact in [
            published(),
            verified(Outcome::Passed, Judgement::Passed),
            verified(Outcome::Failed, Judgement::Failed),
            verified(Outcome::Unfinished, Judgement::Error),
        ] {
            assert_eq!(Fact::from_text(&fact.to_text()).expect("a fact"), fact);
            assert_eq!(Fact::from_text(&fact.to_line()).expect("a fact"), fact);
            let brief = fact.without_details();
            let bytes = postcard::to_stdvec(&brief).expect("bytes");
            assert_eq!(postcard::from_bytes::<Fact>(&bytes).expect("a fact"), brief);
        }
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        let text = published().to_text();
        let error = |text: &str| Fact::from_text(text).expect_err("no fact").to_string();
        for cut in 0..text.len() - 2 {
            assert!(Fact::from_text(&text[..cut]).is_err(), "{cut}");
        }
        assert_eq!(
            error(&text.replace("\"schema\": 1", "\"schema\": 2")),
            "it has schema 2, and this version of Pactwright knows 1: use a newer one"
        );
        let newer = text.replace("\"schema\": 1", "\"schema\": 2").replace("\"branch\"", "\"twig\"");
        assert!(error(&newer).contains("schema 2"));
        for (from, to) in [("\"branch\"", "\"twig\""), ("published", "printed"), ("\"support\"", "\" \"")] {
            assert_eq!(
                error(&text.replace(from, to)),
                "it was cut short, or does not have the form of a fact"
            );
        }
        assert_eq!(
            error(&text.replace("2025-11", "2025-12")),
            "it contradicts itself: its time is not that of its id"
        );
        assert_eq!(
            error(&verified(Outcome::Passed, Judgement::Failed).to_text()),
            "it contradicts itself: its outcome does not follow from its verdicts"
        );
        let text = verified(Outcome::Passed, Judgement::Passed).to_text();
        assert_eq!(
            error(&text.replace("\"judged\": 1", "\"judged\": 2")),
            "it contradicts itself: it has not as many verdicts as it says"
        );
    }
}
