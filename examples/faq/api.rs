//! The API that consumers use.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use serde::Deserialize;
use serde_json::json;

use crate::app::App;
use crate::store::Draft;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/health", get(|| async { "ok" }))
        .route("/v1/create", post(create_v1))
        .route("/v2/create", post(create_v2))
        .route("/faqs", get(list))
        .route("/faqs/{id}", get(show))
}

#[derive(Deserialize)]
struct V1 {
    #[serde(default)]
    question: String,
    #[serde(default)]
    source: String,
}

/// Version 1 takes a form and answers with the three fields that it always had.
async fn create_v1(State(app): State<Arc<App>>, Form(form): Form<V1>) -> Response {
    if app.drop_v1 {
        return problem(StatusCode::NOT_FOUND, "there is no /v1/create any more");
    }
    if form.question.is_empty() {
        return problem(StatusCode::BAD_REQUEST, "a question is needed");
    }
    let faq = app.faqs.create(Draft { question: form.question, source: form.source, related: Vec::new() });
    let mut answer = json!({"id": faq.id, "question": faq.question});
    if !app.break_v1 {
        answer["source"] = faq.source.into();
    }
    (StatusCode::CREATED, Json(answer)).into_response()
}

#[derive(Deserialize)]
struct V2 {
    question: String,
    source: String,
    #[serde(default)]
    related: Vec<u32>,
}

/// Version 2 takes JSON and knows related entries.
async fn create_v2(State(app): State<Arc<App>>, Json(entry): Json<V2>) -> Response {
    if let Some(id) = entry.related.iter().find(|id| app.faqs.find(**id).is_none()) {
        return problem(StatusCode::UNPROCESSABLE_ENTITY, &format!("there is no FAQ {id} to relate to"));
    }
    let draft = Draft { question: entry.question, source: entry.source, related: entry.related };
    let faq = app.faqs.create(draft);
    let location = format!("/faqs/{}", faq.id);
    (StatusCode::CREATED, [(header::LOCATION, location)], Json(faq)).into_response()
}

async fn show(State(app): State<Arc<App>>, Path(id): Path<u32>) -> Response {
    match app.faqs.find(id) {
        Some(faq) => Json(faq).into_response(),
        None => problem(StatusCode::NOT_FOUND, &format!("there is no FAQ {id}")),
    }
}

#[derive(Deserialize)]
struct Filter {
    source: Option<String>,
}

async fn list(State(app): State<Arc<App>>, Query(filter): Query<Filter>) -> Response {
    let faqs = app.faqs.list(filter.source.as_deref());
    Json(json!({"total": faqs.len(), "faqs": faqs})).into_response()
}

/// An error as RFC 9457 writes it.
fn problem(status: StatusCode, detail: &str) -> Response {
    let body = json!({"title": status.canonical_reason(), "status": status.as_u16(), "detail": detail});
    (status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
}
