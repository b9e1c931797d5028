//! What a mock answers for an interaction: the example, with the values that generators make.

use pact_matching::generate_response;
use pact_models::generators::{GeneratorCategory, GeneratorTestMode};
use pact_models::v4::http_parts::HttpResponse;
use serde_json::{Map, Value, json};

use super::actual::Answer;
use super::reference::{Reference, changes, context_of, prepare};
use crate::contract::{Body, Contract, Interaction, Response};

/// Headers that may not be joined with commas.
const ONE_BY_ONE: [&str; 2] = ["set-cookie", "www-authenticate"];

/// The answer of a mock that is reached at `url`.
///
/// # Errors
/// Says which generator has no value. The example would be kept where a value was promised.
pub(crate) fn answer_of(
    contract: &Contract,
    interaction: &Interaction,
    response: &Response,
    url: &str,
) -> Result<Answer, String> {
    let mut answer = example(response);
    if response.generators.is_empty() {
        return Ok(answer);
    }
    let Reference::Http(http) = Reference::load(contract, interaction)? else {
        return Err("a message is not answered over HTTP".to_owned());
    };
    let made = generated_answer(&http.response, &context(url))?;
    if changes(&made.generators, GeneratorCategory::STATUS) {
        answer.status = made.status;
    }
    if changes(&made.generators, GeneratorCategory::HEADER) {
        for (name, values) in made.headers.into_iter().flatten() {
            answer.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(&name));
            answer.headers.extend(header_lines(&name, &values));
        }
    }
    if changes(&made.generators, GeneratorCategory::BODY) {
        answer.body = made.body.value().map(|bytes| bytes.to_vec()).unwrap_or_default();
    }
    Ok(answer)
}

/// The answer of a mock with its generators applied, or why one of them has no value.
fn generated_answer(response: &HttpResponse, values: &Map<String, Value>) -> Result<HttpResponse, String> {
    let mut response = response.clone();
    let context = context_of(values);
    let mode = GeneratorTestMode::Consumer;
    prepare(&mut response.generators, mode, &context, false)?;
    let generate = generate_response(&response, &mode, &context);
    Ok(futures_util::FutureExt::now_or_never(generate).unwrap_or(response))
}

/// What `MockServerURL` needs to know; the reference reads either name.
fn context(url: &str) -> Map<String, Value> {
    let port = url.rsplit(':').next().and_then(|port| port.parse::<u16>().ok());
    let server = json!({ "url": url, "href": url, "port": port });
    Map::from_iter([("mockServer".to_owned(), server)])
}

fn example(response: &Response) -> Answer {
    let mut headers: Vec<(String, String)> =
        response.headers.iter().flat_map(|(name, values)| header_lines(name, values)).collect();
    let mut body = Vec::new();
    if let Body::Present(content) = &response.body {
        body.clone_from(&content.bytes);
        let is_typed = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        if !is_typed
            && let Some(content_type) = content.content_type.as_deref().or(json_type(content.is_json))
        {
            headers.push(("Content-Type".to_owned(), content_type.to_owned()));
        }
    }
    Answer { status: response.status, headers, body }
}

fn json_type(is_json: bool) -> Option<&'static str> {
    is_json.then_some("application/json")
}

fn header_lines(name: &str, values: &[String]) -> Vec<(String, String)> {
    if ONE_BY_ONE.iter().any(|known| name.eq_ignore_ascii_case(known)) {
        values.iter().map(|value| (name.to_owned(), value.clone())).collect()
    } else {
        vec![(name.to_owned(), values.join(", "))]
    }
}
