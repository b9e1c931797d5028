//! What can never happen, so that a contract that demands it is kept by nobody. Whoever writes one is told
//! so; a pact that exists is replayed as it is, and fails.

use super::http_text::is_token;
use super::model::{Body, Content, Contract, Exchange, Interaction, Request, Response};
use super::pointer::join_key;
use super::rule::{Category, PlacedGenerator};

/// A demand that nobody can meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Impossible {
    /// Where it stands in the document.
    pub pointer: String,
    /// What cannot be, and what to do.
    pub message: String,
}

/// Every demand of a contract that nobody can meet.
#[must_use]
pub fn impossible(contract: &Contract) -> Vec<Impossible> {
    contract.interactions.iter().flat_map(of_interaction).collect()
}

fn of_interaction(interaction: &Interaction) -> Vec<Impossible> {
    let mut found = Vec::new();
    if interaction.description.trim().is_empty() {
        found.push(at(&join_key(&interaction.pointer, "description"), "the description is empty"));
    }
    match &interaction.exchange {
        Exchange::Http { request, response } => {
            of_request(request, &mut found);
            of_response(request, response, &mut found);
        }
        Exchange::Message(contents) => found.extend(lost(&contents.generators, &contents.body)),
        Exchange::SyncMessage { request, responses } => {
            let all = std::iter::once(request).chain(responses);
            found.extend(all.flat_map(|contents| lost(&contents.generators, &contents.body)));
        }
    }
    found
}

fn of_request(request: &Request, found: &mut Vec<Impossible>) {
    let pointer = join_key(&request.pointer, "path");
    if !request.path.starts_with('/') {
        found.push(at(&pointer, &format!("a path starts with `/`, and `{}` does not", request.path)));
    } else if request.path.contains('?') {
        let message = format!("`{}` is more than a path: give the query on its own", request.path);
        found.push(at(&pointer, &message));
    } else if request.path.contains('#') {
        let message = format!("what stands behind the `#` of `{}` is never sent", request.path);
        found.push(at(&pointer, &message));
    }
    if !is_token(&request.method) {
        found.push(at(&join_key(&request.pointer, "method"), &format!("`{}` is no method", request.method)));
    }
    found.extend(of_headers(&request.headers, &request.pointer));
    found.extend(lost(&request.generators, &request.body));
}

fn of_response(request: &Request, response: &Response, found: &mut Vec<Impossible>) {
    found.extend(of_headers(&response.headers, &response.pointer));
    found.extend(lost(&response.generators, &response.body));
    let is_body = response.body.content().is_some_and(|content| !content.bytes.is_empty());
    let why = match response.status {
        _ if request.method == "HEAD" => "the answer to HEAD".to_owned(),
        status @ (100..=199 | 204 | 304) => format!("an answer with status {status}"),
        _ => return,
    };
    if is_body {
        let message = format!("{why} never has a body, and this one is expected to have one");
        found.push(at(&join_key(&response.pointer, "body"), &message));
    }
}

fn of_headers(headers: &[(String, Vec<String>)], part: &str) -> Vec<Impossible> {
    let mut found = Vec::new();
    for (name, values) in headers {
        let pointer = join_key(&join_key(part, "headers"), name);
        if !is_token(name) {
            found.push(at(&pointer, &format!("`{name}` is no name of a header")));
        }
        if values.iter().any(|value| value.contains(['\r', '\n', '\0'])) {
            found.push(at(&pointer, &format!("no header can have the value of `{name}`: it has a line end")));
        }
    }
    found
}

/// Generators whose path leads nowhere, so that they make nothing.
fn lost(generators: &[PlacedGenerator], body: &Body) -> Vec<Impossible> {
    let Some(example) = body.content().and_then(Content::json) else { return Vec::new() };
    let is_lost =
        |one: &&PlacedGenerator| one.category == Category::Body && one.path.resolve(&example).is_empty();
    let say = |one: &PlacedGenerator| {
        at(&one.pointer, &format!("the path `{}` leads nowhere, so nothing is made there", one.path))
    };
    generators.iter().filter(is_lost).map(say).collect()
}

fn at(pointer: &str, message: &str) -> Impossible {
    Impossible { pointer: pointer.to_owned(), message: message.to_owned() }
}
