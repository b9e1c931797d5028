//! Messages on demand: what the service would publish on its queue, asked for over HTTP.
//!
//! The contents are the body of the answer; what a queue carries beside them goes into one
//! header, as Base64 of a JSON object.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::json;

use crate::app::App;
use crate::store::Faq;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new().route("/_pact/messages", post(publish))
}

#[derive(Deserialize)]
struct Wanted {
    description: String,
}

async fn publish(State(app): State<Arc<App>>, Json(wanted): Json<Wanted>) -> Response {
    let newest = app.faqs.list(None).into_iter().next_back();
    match (wanted.description.as_str(), newest) {
        ("a FAQ was published", Some(faq)) => published(&faq),
        ("a FAQ was published", None) => (StatusCode::CONFLICT, "there is no FAQ to publish").into_response(),
        (other, _) => (StatusCode::NOT_FOUND, format!("the message `{other}` is not known")).into_response(),
    }
}

fn published(faq: &Faq) -> Response {
    let metadata =
        json!({"contentType": "application/json", "topic": "faqs", "partitionKey": faq.id.to_string()});
    let message = json!({"event": "published", "faq": faq});
    let headers = [
        (header::CONTENT_TYPE.as_str(), "application/json".to_owned()),
        ("pact-message-metadata", STANDARD.encode(metadata.to_string())),
    ];
    (headers, message.to_string()).into_response()
}
