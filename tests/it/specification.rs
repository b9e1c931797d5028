//! The specification's own test cases, response by response and message by message, through the
//! whole engine: the pact expects `expected`, a provider answers `actual`.

use std::sync::Arc;

use pactwright::contract::{self, Contract};
use pactwright::mock::{Incoming, explained, which};
use pactwright::outcome::{InteractionResult, Verdict};
use pactwright::replay::Selection;
use serde_json::{Value, json};

use crate::support::case::verify;
use crate::support::case_options::CaseOptions;
use crate::support::data;
use crate::support::provider::{Answer, Asked, Provider};

/// One case of the specification, as a pact and the answer to it.
struct Specified {
    /// `v2 response: matches with regex.json`.
    name: String,
    matches: bool,
    contract: Arc<Contract>,
    answer: Answer,
}

const RESPONSES: [(&str, &str); 6] = [
    ("2.0.0", "spec-cases/v2/testcases/response/body"),
    ("2.0.0", "spec-cases/v2/testcases/response/headers"),
    ("2.0.0", "spec-cases/v2/testcases/response/status"),
    ("3.0.0", "spec-cases/v3/testcases/response/body"),
    ("3.0.0", "spec-cases/v3/testcases/response/headers"),
    ("3.0.0", "spec-cases/v3/testcases/response/status"),
];
const MESSAGES: &str = "spec-cases/v3/testcases/message/body";

#[test]
#[expect(clippy::print_stdout, reason = "how many cases ran is a result as well")]
fn every_response_and_message_of_the_specification_gets_the_verdict_it_asks_for() {
    let mut cases = Vec::new();
    for (version, folder) in RESPONSES {
        for (name, bytes) in data::files(folder) {
            cases.push(response(cases.len(), (version, folder), &name, &bytes));
        }
    }
    for (name, bytes) in data::files(MESSAGES) {
        cases.push(message(cases.len(), &name, &bytes));
    }
    if cases.is_empty() {
        println!("skipped: how many cases there are is not known without PACTWRIGHT_DATA");
        return;
    }
    let results = verdicts(&cases);
    let mut disagreements = Vec::new();
    for (case, result) in cases.iter().zip(&results) {
        let agrees = (result.verdict == Verdict::Passed) == case.matches;
        if !agrees {
            let said: Vec<_> = result.findings.iter().map(|finding| &finding.message).collect();
            disagreements
                .push(format!("{}: match {}, {:?} {said:?}", case.name, case.matches, result.verdict));
        }
    }
    println!("{} cases of the specification ran", cases.len());
    assert!(disagreements.is_empty(), "{} disagree\n{}", disagreements.len(), disagreements.join("\n"));
}

const REQUESTS: [(&str, &str); 2] =
    [("2.0.0", "spec-cases/v2/testcases/request"), ("3.0.0", "spec-cases/v3/testcases/request")];
/// Where the reference implementation and the specification disagree, the reference is followed.
const FOLLOWS_THE_REFERENCE: [&str; 2] = ["order.json", "matches with regex xml.json"];

#[test]
#[expect(clippy::print_stdout, reason = "how many cases ran is a result as well")]
fn every_request_of_the_specification_meets_what_it_should_meet() {
    let mut ran = 0;
    let mut disagreements = Vec::new();
    for (version, folder) in REQUESTS {
        for (name, bytes) in data::files(folder) {
            let mut case: Value = serde_json::from_slice(&bytes).expect("a case is JSON");
            // A case about a body may leave both out, on both sides.
            for (side, key, value) in [
                ("expected", "method", "GET"),
                ("expected", "path", "/"),
                ("actual", "method", "GET"),
                ("actual", "path", "/"),
            ] {
                if case[side][key].is_null() {
                    case[side][key] = value.into();
                }
            }
            let interaction = json!({
                "description": name,
                "request": case["expected"],
                "response": { "status": 200 },
            });
            let contract = specified(&name, "interactions", &interaction, version).contract;
            let found = which(&[contract], &incoming(&case["actual"]));
            ran += 1;
            if found.is_ok() != (case["match"] == true) {
                let why = found.err().map(|miss| explained(&miss)).unwrap_or_default();
                disagreements
                    .push((name.clone(), format!("{folder} {name}: match {}\n{why}", case["match"])));
            }
        }
    }
    if ran == 0 {
        println!("skipped: how many cases there are is not known without PACTWRIGHT_DATA");
        return;
    }
    println!("{ran} requests of the specification ran");
    let (known, new): (Vec<_>, Vec<_>) = disagreements
        .iter()
        .partition(|(name, _)| FOLLOWS_THE_REFERENCE.iter().any(|known| name.contains(known)));
    let shown: Vec<_> = new.iter().map(|(_, text)| text.as_str()).collect();
    assert!(new.is_empty(), "{} disagree\n{}", new.len(), shown.join("\n"));
    println!("in {} of them the reference is followed", known.len());
}

/// A request as it would come in over HTTP.
fn incoming(actual: &Value) -> Incoming {
    let headers = actual["headers"].as_object().cloned().unwrap_or_default();
    let headers: Vec<(String, String)> =
        headers.iter().map(|(name, value)| (name.clone(), text(value))).collect();
    let query = match &actual["query"] {
        Value::String(query) if !query.is_empty() => Some(query.clone()),
        Value::Object(params) => {
            let pairs = params.iter().flat_map(|(name, values)| {
                values.as_array().into_iter().flatten().map(move |value| format!("{name}={}", text(value)))
            });
            Some(pairs.collect::<Vec<_>>().join("&")).filter(|query| !query.is_empty())
        }
        _ => None,
    };
    Incoming {
        method: actual["method"].as_str().unwrap_or_default().to_owned(),
        path: actual["path"].as_str().unwrap_or_default().to_owned(),
        query,
        body: travelling(&headers, &actual["body"]).into_bytes(),
        headers,
    }
}

/// The verdicts of the engine, all in one run.
fn verdicts(cases: &[Specified]) -> Vec<InteractionResult> {
    let answers: Vec<Answer> = cases.iter().map(|case| case.answer.clone()).collect();
    let provider = Provider::answering(move |asked| {
        let answer = number_of(asked).and_then(|number| answers.get(number));
        answer.cloned().unwrap_or_else(|| Answer::unknown(asked.row()))
    });
    let scratch = tempfile::tempdir().expect("a temporary directory can be made");
    let (options, _) = CaseOptions::default().options(&provider, scratch.path());
    let contracts: Vec<Arc<Contract>> = cases.iter().map(|case| Arc::clone(&case.contract)).collect();
    let report = verify(&contracts, &Selection::default(), options);
    assert_eq!(report.interactions.len(), cases.len());
    report.interactions
}

/// The number of the case: in the path of a request, or in the description of a message.
fn number_of(asked: &Asked) -> Option<usize> {
    let body: Value = serde_json::from_slice(&asked.body).unwrap_or_default();
    let text = body["description"].as_str().unwrap_or_else(|| asked.row());
    text.rsplit(['/', ' ']).next().and_then(|number| number.parse().ok())
}

fn response(number: usize, (version, folder): (&str, &str), name: &str, bytes: &[u8]) -> Specified {
    let case: Value = serde_json::from_slice(bytes).expect("a case is JSON");
    let interaction = json!({
        "description": name,
        "request": { "method": "GET", "path": format!("/{number}") },
        "response": case["expected"],
    });
    let actual = &case["actual"];
    let headers = actual["headers"].as_object().cloned().unwrap_or_default();
    let headers: Vec<(String, String)> =
        headers.iter().map(|(name, value)| (name.clone(), text(value))).collect();
    let status = actual["status"].as_u64().and_then(|status| u16::try_from(status).ok()).unwrap_or(200);
    let mut specified = specified(name, "interactions", &interaction, version);
    let short = folder.trim_start_matches("spec-cases/").replace("/testcases/", " ");
    specified.name = format!("{short}: {name}");
    specified.matches = case["match"] == true;
    specified.answer = answer(status, &headers, &actual["body"]);
    specified
}

fn message(number: usize, name: &str, bytes: &[u8]) -> Specified {
    let case: Value = serde_json::from_slice(bytes).expect("a case is JSON");
    let mut interaction = case["expected"].clone();
    interaction["description"] = format!("message {number}").into();
    let actual = &case["actual"];
    let content_type = actual["metaData"]["contentType"].as_str().map(str::to_owned);
    let headers: Vec<_> = content_type.map(|text| ("Content-Type".to_owned(), text)).into_iter().collect();
    let mut specified = specified(name, "messages", &interaction, "3.0.0");
    specified.name = format!("v3 message: {name}");
    specified.matches = case["match"] == true;
    specified.answer = answer(200, &headers, &actual["contents"]);
    specified
}

/// A pact of one interaction.
fn specified(name: &str, list: &str, interaction: &Value, version: &str) -> Specified {
    let pact = json!({
        "consumer": { "name": "specification" },
        "provider": { "name": "specification" },
        list: [interaction],
        "metadata": { "pactSpecification": { "version": version } },
    });
    let reading = contract::read(name, pact.to_string().into_bytes());
    let contract = reading.contract.unwrap_or_else(|| panic!("{name}: {:#?}", reading.findings));
    let answer = Answer::with(200, &[], b"");
    Specified { name: name.to_owned(), matches: false, contract: Arc::new(contract), answer }
}

fn answer(status: u16, headers: &[(String, String)], body: &Value) -> Answer {
    let body = travelling(headers, body);
    let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    Answer::with(status, &headers, body.as_bytes())
}

/// What travels for a body: a text as it is unless it is said to be JSON, and nothing for null or
/// an empty text.
fn travelling(headers: &[(String, String)], body: &Value) -> String {
    let is_json = headers
        .iter()
        .any(|(name, value)| name.eq_ignore_ascii_case("content-type") && value.contains("json"));
    match body {
        Value::Null => String::new(),
        Value::String(text) if !is_json || text.is_empty() => text.clone(),
        body => body.to_string(),
    }
}

/// A header's value, on one line: one case breaks it, which HTTP no longer allows.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), |text| text.replace(['\r', '\n'], " "))
}
