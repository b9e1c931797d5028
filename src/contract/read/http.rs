//! HTTP requests and responses.

use serde_json::Value;

use super::body::{self, Headers};
use super::cursor::{Cursor, kind};
use super::examples::{self, Example};
use super::generator::{Side, generators};
use super::keys;
use super::query::query;
use super::rules::rules;
use crate::contract::http_text::is_token;
use crate::contract::model::{Exchange, Query, Request, Response, SpecVersion};
use crate::finding::Code;

/// Reads the request and the response of an interaction.
pub(super) fn exchange(interaction: &Cursor<'_>, version: SpecVersion) -> Option<Exchange> {
    let request = part(interaction, "request").and_then(|cursor| request(&cursor, version));
    let response = part(interaction, "response").and_then(|cursor| response(&cursor, version));
    Some(Exchange::Http { request: request?, response: response? })
}

fn part<'a>(interaction: &Cursor<'a>, key: &str) -> Option<Cursor<'a>> {
    let part = interaction.filled(key);
    if part.is_none() {
        interaction.lacks(key, "");
    }
    part
}

fn request(cursor: &Cursor<'_>, version: SpecVersion) -> Option<Request> {
    let defects = cursor.context().defects();
    if !cursor.is_object_of(keys::REQUEST) {
        return None;
    }
    let method = required_text(cursor, "method");
    let path = required_text(cursor, "path");
    if let Some(method) = method.filter(|method| !is_token(method)) {
        cursor.key("method").unwrap_or_else(|| cursor.clone()).value_says(
            Code::OutOfRange,
            format!("`{method}` is not an HTTP method"),
            "",
        );
    }
    let headers = headers(cursor);
    let request = Request {
        method: method.unwrap_or_default().to_uppercase(),
        path: path.unwrap_or_default().to_owned(),
        query: cursor.filled("query").map_or_else(Query::default, |cursor| query(&cursor, version)),
        body: body::http(cursor, version, &headers),
        headers,
        rules: rules(cursor, "requestMatchingRules"),
        generators: generators(cursor, Side::Sent),
        pointer: cursor.pointer.clone(),
    };
    (method.is_some() && path.is_some()).then(|| {
        examples::check(cursor, &request.rules, &Example::of_request(&request), defects);
        request
    })
}

fn response(cursor: &Cursor<'_>, version: SpecVersion) -> Option<Response> {
    let defects = cursor.context().defects();
    if !cursor.is_object_of(keys::RESPONSE) {
        return None;
    }
    // Writers may leave the status out; the reference takes it to be 200.
    let status = cursor.key("status").map_or(Some(200), |status| status.whole_number(100, 599));
    let headers = headers(cursor);
    let response = Response {
        status: u16::try_from(status.unwrap_or(200)).unwrap_or(200),
        body: body::http(cursor, version, &headers),
        headers,
        rules: rules(cursor, "responseMatchingRules"),
        generators: generators(cursor, Side::Received),
        pointer: cursor.pointer.clone(),
    };
    status.map(|_| {
        examples::check(cursor, &response.rules, &Example::of_response(&response), defects);
        response
    })
}

fn required_text<'a>(cursor: &Cursor<'a>, key: &str) -> Option<&'a str> {
    let Some(text) = cursor.key(key) else {
        cursor.lacks(key, " in the request");
        return None;
    };
    text.text()
}

fn headers(part: &Cursor<'_>) -> Headers {
    let Some(headers) = part.filled("headers") else {
        return Headers::new();
    };
    if !headers.value.is_object() {
        headers.refuse_type("an object");
        return Headers::new();
    }
    headers.entries().filter_map(|(name, value)| Some((name.to_owned(), header_values(&value)?))).collect()
}

fn header_values(header: &Cursor<'_>) -> Option<Vec<String>> {
    let values: Vec<String> = match header.value {
        Value::Array(_) => header.items().iter().filter_map(Cursor::scalar).collect(),
        Value::String(text) => vec![text.clone()],
        Value::Number(_) | Value::Bool(_) => vec![header.value.to_string()],
        Value::Null | Value::Object(_) => {
            let what = kind(header.value);
            let message = format!("the header `{}` is {what}, not a text or a list of texts", header.name());
            header.value_says(Code::BadType, message, "");
            return None;
        }
    };
    if values.is_empty() {
        header.value_says(Code::OutOfRange, format!("the header `{}` has no value", header.name()), "");
        return None;
    }
    Some(values)
}
