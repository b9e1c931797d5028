//! What the billing service expects of the FAQ service. All is asserted inside `run`, for what fails there
//! records nothing.

use pactwright::consumer::matchers::{datetime, equality, like, regex};
use pactwright::consumer::{Asking, Http, Pact, Text, matching};
use serde_json::json;

use crate::faq::{Change, Faq, FaqApi, History, Listed};
use crate::index::{Event, Index, Published};

const QUESTION: &str = "How do I pay an invoice?";

fn faq() -> Pact {
    Pact::between("billing", "faq")
}

/// A `GET` as the client sends it.
fn get(pact: &Pact, description: &str, path: impl Into<Text>) -> Http<Asking> {
    pact.http(description).get(path).header("Accept", "application/json")
}

fn one_faq() -> Faq {
    Faq { id: 7, question: QUESTION.to_owned(), source: "handbook".to_owned() }
}

#[test]
fn an_invoice_links_to_its_faq() {
    let path = matching("/faqs/7", regex(r"^/faqs/\d+$")).from_state("/faqs/${id}");
    get(&faq(), "a request for one FAQ", path)
        .given_with("a FAQ exists", json!({"question": QUESTION, "source": "handbook"}))
        .replies(200)
        .json(one_faq())
        .rule("$.source", equality())
        .run(|server| {
            let found = FaqApi::at(server.url()).find(7);
            found.map(|found| assert_eq!(found.map(|faq| faq.question).as_deref(), Some(QUESTION)))
        });
}

#[test]
fn the_help_page_lists_the_handbook() {
    get(&faq(), "the FAQs of the handbook", "/faqs")
        .given("no FAQ exists")
        .given_with("a FAQ exists", json!({"source": "handbook"}))
        .query("source", "handbook")
        .replies(200)
        .json(Listed { faqs: vec![one_faq()], total: 1 })
        .rule("$.faqs[*].source", equality())
        .run(|server| {
            let listed = FaqApi::at(server.url()).handbook();
            listed.map(|listed| assert_eq!(listed.faqs.len(), listed.total))
        });
}

#[test]
fn a_missing_faq_hides_the_link() {
    get(&faq(), "a request for a FAQ that does not exist", "/faqs/404")
        .given("no FAQ exists")
        .replies(404)
        .header("Content-Type", "application/problem+json")
        .json_exact(json!({"detail": "there is no FAQ 404", "status": 404}))
        .rule("$.detail", like())
        .run(|server| FaqApi::at(server.url()).find(404).map(|found| assert!(found.is_none())));
}

#[test]
fn a_changed_answer_is_marked() {
    let path = matching("/faqs/7/history", regex(r"^/faqs/\d+/history$")).from_state("/faqs/${id}/history");
    get(&faq(), "the history of a FAQ", path)
        .given_with("a FAQ exists", json!({"question": QUESTION}))
        .pending()
        .comment("The FAQ team has not built this yet.")
        .replies(200)
        .json(History { changes: vec![Change { at: "2026-03-01T09:30:00Z".to_owned() }] })
        .rule("$.changes[*].at", datetime("yyyy-MM-dd'T'HH:mm:ssX"))
        .run(|server| {
            let history = FaqApi::at(server.url()).history(7);
            history.map(|history| assert_eq!(history.changes.len(), 1))
        });
}

#[test]
fn a_published_faq_is_indexed() {
    let published =
        Published { id: 7, question: QUESTION.to_owned(), created_at: "2026-03-01T09:30:00Z".to_owned() };
    let mut index = Index::default();
    faq()
        .message("a FAQ was published")
        .given_with("a FAQ exists", json!({"question": QUESTION}))
        .metadata("topic", "faqs")
        .metadata("partitionKey", matching("7", regex(r"^\d+$")))
        .json(Event { event: "published".to_owned(), faq: published })
        .rule("$.event", equality())
        .rule("$.faq.createdAt", datetime("yyyy-MM-dd'T'HH:mm:ssX"))
        .handled_by(|event: Event, _| index.receive(&event).map(|()| assert_eq!(index.len(), 1)));
}
