//! Provider states: how a contract test says what must be true before it asks.
//!
//! The verifier posts a state by name and gets back the values that the state produced, such as
//! the number of the entry that now exists. A state that is not known is refused: a test that
//! runs in the wrong state proves nothing.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::App;
use crate::store::{Draft, Faqs};

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new().route("/_pact/states", post(change))
}

#[derive(Deserialize)]
struct Change {
    state: String,
    #[serde(default)]
    params: Params,
    #[serde(default)]
    action: Action,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "lowercase")]
enum Action {
    #[default]
    Setup,
    Teardown,
}

/// What a state may be given.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Params {
    ids: Vec<u32>,
    question: Option<String>,
    source: Option<String>,
}

async fn change(State(app): State<Arc<App>>, Json(change): Json<Change>) -> Response {
    if let Action::Teardown = change.action {
        app.faqs.clear();
        return Json(json!({})).into_response();
    }
    match set_up(&app.faqs, &change.state, change.params) {
        Some(values) => Json(values).into_response(),
        None => {
            (StatusCode::BAD_REQUEST, format!("the state `{}` is not known", change.state)).into_response()
        }
    }
}

/// Brings a state about and says which values it produced; nothing when the state is not known.
fn set_up(faqs: &Faqs, state: &str, params: Params) -> Option<Value> {
    match state {
        "no FAQ exists" => {
            faqs.clear();
            Some(json!({}))
        }
        "a FAQ exists" => {
            let question = params.question.unwrap_or_else(|| "How do I pay an invoice?".to_owned());
            let source = params.source.unwrap_or_else(|| "handbook".to_owned());
            let faq = faqs.create(Draft { question, source, related: Vec::new() });
            Some(json!({"id": faq.id}))
        }
        "some FAQs exist" => {
            for id in &params.ids {
                faqs.put(*id, Draft { question: format!("Question {id}?"), ..Draft::default() });
            }
            Some(json!({"ids": params.ids}))
        }
        _ => None,
    }
}
