//! The map as one JSON document.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use super::{ABSENCE, Map};
use crate::compat::{Place, Use};
use crate::finding::Location;
use crate::outcome::Owner;
use crate::report::deprecated::Deprecated;

/// Version of the JSON form.
const SCHEMA_VERSION: u32 = 1;

/// Writes one JSON document.
///
/// # Errors
/// Those of the writer.
pub fn write(map: &Map<'_>, out: &mut dyn Write) -> io::Result<()> {
    let endpoints = map.usage.endpoints.iter().map(|endpoint| JsonEndpoint {
        operation: endpoint.operation.to_string(),
        written: &endpoint.written,
        deprecated: map.outgoing(endpoint),
        request: places(map, &endpoint.request),
        answers: endpoint
            .answers
            .iter()
            .map(|answer| JsonAnswer {
                status: &answer.status,
                by: uses(map, &answer.by),
                response: places(map, &answer.response),
            })
            .collect(),
    });
    let document = JsonMap {
        schema_version: SCHEMA_VERSION,
        provider: map.provider,
        unreadable: map.unreadable,
        note: ABSENCE,
        deprecated: map.deprecated,
        contracts: map
            .usage
            .sources
            .iter()
            .map(|source| JsonSource {
                consumer: &source.consumer,
                version: source.version.as_deref(),
                branches: &source.branches,
                environments: &source.environments,
                file: &source.file,
                interactions: source.interactions,
                owner: map.owners.get(&source.consumer),
            })
            .collect(),
        endpoints: endpoints.collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

/// The JSON Schema of what `usage` says.
#[must_use]
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(JsonMap<'_>).to_value()
}

fn places<'a>(map: &Map<'a>, places: &'a [Place]) -> Vec<JsonPlace<'a>> {
    let place =
        |place: &'a Place| JsonPlace { part: place.part.slug(), path: &place.path, by: uses(map, &place.by) };
    places.iter().map(place).collect()
}

fn uses<'a>(map: &Map<'a>, uses: &'a [Use]) -> Vec<JsonUse<'a>> {
    let told = |one: &'a Use| JsonUse {
        contract: one.source,
        consumer: map.usage.sources.get(one.source).map_or("", |source| source.consumer.as_str()),
        strength: one.strength.word(),
        words: &one.words,
        required: one.is_required,
        pending: one.is_pending,
        interactions: one.interactions,
        location: &one.location,
    };
    uses.iter().map(told).collect()
}

#[derive(Serialize, JsonSchema)]
#[schemars(title = "Pactwright usage")]
struct JsonMap<'a> {
    schema_version: u32,
    provider: &'a str,
    unreadable: usize,
    note: &'static str,
    /// What is to go, and who still uses it.
    deprecated: &'a [Deprecated],
    contracts: Vec<JsonSource<'a>>,
    endpoints: Vec<JsonEndpoint<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct JsonSource<'a> {
    consumer: &'a str,
    version: Option<&'a str>,
    branches: &'a [String],
    environments: &'a [String],
    file: &'a str,
    interactions: usize,
    owner: Option<&'a Owner>,
}

#[derive(Serialize, JsonSchema)]
struct JsonEndpoint<'a> {
    operation: String,
    written: &'a [String],
    /// What of it is to go, in words.
    deprecated: Vec<String>,
    request: Vec<JsonPlace<'a>>,
    answers: Vec<JsonAnswer<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct JsonAnswer<'a> {
    status: &'a str,
    by: Vec<JsonUse<'a>>,
    response: Vec<JsonPlace<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct JsonPlace<'a> {
    part: &'static str,
    path: &'a str,
    by: Vec<JsonUse<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct JsonUse<'a> {
    contract: usize,
    consumer: &'a str,
    strength: &'static str,
    words: &'a str,
    required: bool,
    pending: bool,
    interactions: usize,
    location: &'a Location,
}
