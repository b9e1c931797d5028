//! The limit: the same requests in the same order over kept-alive connections, with nothing judged.
//!
//! It reads the pacts, sends what may go side by side eight at a time and all else one by one, sets
//! states up where they are named, and reads every answer to its end. It is a process of its own, as
//! the contenders are, so that its start and the reading of the pacts count as theirs do.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use futures_util::stream::{self, StreamExt as _};
use reqwest::{Client, Method, Request, Url};
use serde_json::{Value, json};

/// As many requests as pactwright sends side by side.
const SIDE_BY_SIDE: usize = 8;

/// A request with the states it needs.
struct Step {
    states: Vec<Request>,
    request: Request,
}

/// Replays the pacts of a directory against the provider at `base`.
///
/// # Errors
/// When a pact cannot be read or a request has no answer.
pub(crate) fn replay(pacts: &Path, base: &str) -> Result<(), Box<dyn Error>> {
    let mut steps = Vec::new();
    for file in files(pacts)? {
        let pact: Value = serde_json::from_slice(&fs::read(file)?)?;
        for interaction in pact["interactions"].as_array().into_iter().flatten() {
            steps.push(step(interaction, base)?);
        }
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(send_all(steps))?;
    // As a process ends: what it has is not given back piece by piece.
    std::mem::forget(runtime);
    Ok(())
}

/// The files of a directory, by name.
///
/// # Errors
/// When it cannot be listed.
pub(crate) fn files(directory: &Path) -> Result<Vec<PathBuf>, std::io::Error> {
    let mut files: Vec<_> =
        fs::read_dir(directory)?.map(|entry| Ok(entry?.path())).collect::<Result<_, std::io::Error>>()?;
    files.sort();
    Ok(files)
}

async fn send_all(steps: Vec<Step>) -> Result<(), reqwest::Error> {
    // Nothing is encrypted here, but the client wants to know who would do it. It is told once.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder().tls_certs_only([]).no_proxy().build()?;
    let is_free = |step: &Step| step.states.is_empty() && step.request.method() == Method::GET;
    let (free, in_turn): (Vec<_>, Vec<_>) = steps.into_iter().partition(is_free);
    let mut free = stream::iter(free).map(|step| send(&client, step.request)).buffer_unordered(SIDE_BY_SIDE);
    while let Some(sent) = free.next().await {
        sent?;
    }
    for step in in_turn {
        for state in step.states {
            send(&client, state).await?;
        }
        send(&client, step.request).await?;
    }
    Ok(())
}

async fn send(client: &Client, request: Request) -> Result<usize, reqwest::Error> {
    let mut answer = client.execute(request).await?;
    let mut bytes = 0;
    while let Some(chunk) = answer.chunk().await? {
        bytes += chunk.len();
    }
    Ok(bytes)
}

fn step(interaction: &Value, base: &str) -> Result<Step, Box<dyn Error>> {
    let request = &interaction["request"];
    let text = |key: &str| request[key].as_str().unwrap_or_default();
    let mut url = Url::parse(&format!("{base}{}", text("path")))?;
    for (name, values) in request["query"].as_object().into_iter().flatten() {
        for value in values.as_array().into_iter().flatten() {
            url.query_pairs_mut().append_pair(name, value.as_str().unwrap_or_default());
        }
    }
    let mut built = Request::new(text("method").parse()?, url);
    for (name, value) in request["headers"].as_object().into_iter().flatten() {
        let name: reqwest::header::HeaderName = name.parse()?;
        built.headers_mut().insert(name, value.as_str().unwrap_or_default().parse()?);
    }
    if !request["body"].is_null() {
        *built.body_mut() = Some(request["body"].to_string().into());
    }
    let states = interaction["providerStates"].as_array().into_iter().flatten();
    let states = states.map(|state| state_change(state, base)).collect::<Result<_, _>>()?;
    Ok(Step { states, request: built })
}

fn state_change(state: &Value, base: &str) -> Result<Request, Box<dyn Error>> {
    let mut request = Request::new(Method::POST, Url::parse(&format!("{base}/_pact/states"))?);
    request.headers_mut().insert("content-type", "application/json".parse()?);
    let body = json!({ "state": state["name"], "params": state["params"], "action": "setup" });
    *request.body_mut() = Some(body.to_string().into());
    Ok(request)
}
