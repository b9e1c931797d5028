//! What the marketing site expects of the FAQ service. Its contract is in version 3, which other
//! tools of the team still read. All is asserted inside `run_async`, for what fails there records nothing.

use pactwright::consumer::generators::{self, DataType, provider_state};
use pactwright::consumer::matchers::{between, datetime, equality, include, integer, regex};
use pactwright::consumer::{Pact, matching};
use serde_json::json;

use crate::faq::{Error, Faq, FaqApi, New, Receipt};

const TIMESTAMP: &str = "yyyy-MM-dd'T'HH:mm:ssX";

fn faq() -> Pact {
    Pact::between("marketing", "faq").v3()
}

fn question(text: &str, related: &[u32]) -> New {
    New { question: text.to_owned(), related: related.to_owned(), source: "campaign".to_owned() }
}

#[tokio::test]
async fn a_campaign_question_is_published_with_its_relations() {
    let new = question("Does the spring offer apply to me?", &[3, 5]);
    let faq_6 = Faq {
        id: 6,
        question: new.question.clone(),
        source: new.source.clone(),
        related: new.related.clone(),
        created_at: "2026-03-01T09:30:00Z".to_owned(),
    };
    faq()
        .http("a campaign question with related FAQs")
        .given_with("some FAQs exist", json!({"ids": [3, 5]}))
        .post("/v2/create")
        .json(&new)
        .replies(201)
        .header("Location", matching("/faqs/6", regex(r"^/faqs/\d+$")))
        .json(faq_6)
        .rule("$.source", equality())
        .rule("$.createdAt", datetime(TIMESTAMP))
        .generate("$.createdAt", generators::datetime(TIMESTAMP, None))
        .run_async(async |server| -> Result<(), Error> {
            let made = FaqApi::at(server.url())?.create(&new).await?;
            assert_eq!((made.faq.id, made.location.as_str()), (6, "/faqs/6"));
            Ok(())
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_can_be_related_to_those_of_other_teams() {
    let new = question("Can I still use last year's offer?", &[7]);
    faq()
        .http("a question related to a FAQ of another team")
        .given_with("a FAQ exists", json!({"question": "How long is an offer valid?", "source": "handbook"}))
        .post("/v2/create")
        .json(&new)
        .rule("$.related[0]", integer())
        .generate("$.related[0]", provider_state("${id}", DataType::Integer))
        .replies(201)
        .json(json!({
            "id": 8,
            "question": "Can I still use last year's offer?",
            "source": "campaign",
            "related": [7],
            "createdAt": "2026-03-01T09:30:00Z",
        }))
        .rule("$.related", between(1, 1))
        .reads::<Receipt>()
        .run_async(async |server| -> Result<(), Error> {
            let receipt = FaqApi::at(server.url())?.submit(&new).await?;
            assert_eq!((receipt.id, receipt.related.len()), (8, 1));
            Ok(())
        })
        .await;
}

#[tokio::test]
async fn a_relation_that_leads_nowhere_is_explained() {
    let new = question("Where did it go?", &[404]);
    faq()
        .http("a question related to a FAQ that does not exist")
        .given("no FAQ exists")
        .post("/v2/create")
        .json(&new)
        .replies(422)
        .header("Content-Type", "application/problem+json")
        .json_exact(json!({"detail": "there is no FAQ 404 to relate to", "status": 422}))
        .rule("$.detail", include("404"))
        .run_async(async |server| -> Result<(), Error> {
            let refused = FaqApi::at(server.url())?.create(&new).await;
            assert!(matches!(refused, Err(Error::Refused(why)) if why.contains("404")));
            Ok(())
        })
        .await;
}
