//! A broken contract is never green (pitfalls 9 to 18).

use serde_json::{Value, json};

use crate::support::gate::{Gate, Verified, get, given, http, json_body, pact, pact_of, status, text};
use crate::support::provider::Answer;

/// A gate with one interaction `GET /a`, whose answer has this example and these rules.
fn answering(example: &Value, rules: &Value, answer: &Value) -> Verified {
    let response = json!({ "status": 200, "body": json_body(example), "matchingRules": { "body": rules } });
    let interaction = http("a", &json!({ "method": "GET", "path": "/a" }), &response);
    let gate = Gate::new(&[interaction], &[("GET /a", &[Answer::json(200, answer)])]);
    gate.verify(&[])
}

fn rule(matchers: &Value) -> Value {
    json!({ "combine": "AND", "matchers": [matchers] })
}

/// A pact of which every reader should complain, and what this one says of it.
fn refused(pact: &Value) -> Verified {
    let gate = Gate::with_pact(pact, &[("GET /a", &[status(200)])]);
    let verified = gate.verify(&[]);
    assert_eq!(verified.status(), 2, "{}", verified.output);
    assert!(gate.asked().is_empty(), "nothing of a defective pact is replayed: {:?}", gate.asked());
    verified
}

/// Everything that was said about a pact, with what was meant.
fn said(verified: &Verified) -> String {
    let findings = verified.report["findings"].as_array().into_iter().flatten();
    let line = |finding: &Value| {
        let [code, message, help] = ["code", "message", "help"].map(|key| text(&finding[key]));
        if help.is_empty() { format!("{code}: {message}") } else { format!("{code}: {message} ({help})") }
    };
    findings.filter(|finding| finding["code"] != "nothing-verified").map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn pitfall_09_a_message_endpoint_that_fails_is_not_a_pass() {
    let message = json!({
        "type": "Asynchronous/Messages",
        "description": "a FAQ was published",
        "contents": json_body(&json!({ "id": 7 })),
    });
    let answer = Answer::json(500, &json!({ "id": 7 }));
    let gate = Gate::new(&[message], &[("POST /", &[answer])]);
    let verified = gate.verify(&["--message-url", "/"]);
    assert_eq!(verified.status(), 3);
    insta::assert_snapshot!(verified.verdicts(), @"a FAQ was published error message-endpoint-failed");
    assert_eq!(verified.finding("a FAQ was published")["actual"], "{\"id\":7}");
    assert_eq!(gate.verify(&["--message-url", "/", "--reference-behaviour", "message-status"]).status(), 0);
}

#[test]
fn pitfall_09_no_page_is_taken_for_a_message_when_nobody_says_where_messages_are() {
    let message = json!({ "type": "Asynchronous/Messages", "description": "anything" });
    let gate = Gate::new(&[message], &[("POST /", &[Answer::with(200, &[], b"<html>hello</html>")])]);
    let verified = gate.verify(&[]);
    assert_eq!(verified.status(), 3);
    insta::assert_snapshot!(verified.verdicts(), @"anything error message-handler-missing");
    assert!(gate.asked().is_empty());
}

#[test]
fn pitfall_10_a_redirect_to_a_page_that_would_match_is_not_a_pass() {
    let found = Answer::with(302, &[("Location", "/login")], b"");
    let gate = Gate::new(&[get("/a")], &[("GET /a", &[found]), ("GET /login", &[status(200)])]);
    let verified = gate.verify(&[]);
    assert_eq!(verified.status(), 1);
    insta::assert_snapshot!(verified.verdicts(), @"get /a failed status-mismatch");
    assert_eq!(gate.asked(), ["GET /a"]);
    assert_eq!(gate.verify(&["--follow-redirects"]).status(), 0);
    assert_eq!(gate.asked(), ["GET /a", "GET /a", "GET /login"]);
}

#[test]
fn pitfall_11_a_pattern_is_for_text_and_a_boolean_is_no_text() {
    let pattern = json!({ "$.a": rule(&json!({ "match": "regex", "regex": ".*" })) });
    for value in [json!(null), json!({}), json!(7), json!(["x"]), json!(true)] {
        let verified = answering(&json!({ "a": "x" }), &pattern, &json!({ "a": value }));
        assert_eq!((verified.status(), verified.verdicts().as_str()), (1, "a failed wrong-type"), "{value}");
    }
    assert_eq!(answering(&json!({ "a": "x" }), &pattern, &json!({ "a": "y" })).status(), 0);
    let boolean = json!({ "$.a": rule(&json!({ "match": "boolean" })) });
    let verified = answering(&json!({ "a": true }), &boolean, &json!({ "a": "true" }));
    assert_eq!((verified.status(), verified.verdicts().as_str()), (1, "a failed wrong-type"));
    assert_eq!(answering(&json!({ "a": true }), &boolean, &json!({ "a": false })).status(), 0);
}

#[test]
fn pitfall_12_an_empty_list_is_not_like_a_list_of_examples() {
    let like = json!({ "$.items": rule(&json!({ "match": "type" })) });
    let verified = answering(&json!({ "items": [{ "id": 1 }] }), &like, &json!({ "items": [] }));
    assert_eq!((verified.status(), verified.verdicts().as_str()), (1, "a failed wrong-length"));
    let bounds = json!({ "$.items": rule(&json!({ "match": "type", "min": 1, "max": 2 })) });
    for items in [json!([]), json!([1, 2, 3])] {
        let verified = answering(&json!({ "items": [] }), &bounds, &json!({ "items": items }));
        assert_eq!(verified.status(), 1, "{}", verified.output);
        assert_eq!(verified.verdicts(), "a failed wrong-length", "{items}");
        assert!(verified.noted().contains(&"empty-example".to_owned()), "{:?}", verified.noted());
    }
}

#[test]
fn pitfall_13_two_parts_of_one_name_are_compared_with_their_own_examples() {
    let multipart = |second: &str| {
        let part = |text: &str| {
            format!(
                "--B\r\nContent-Disposition: form-data; name=\"file\"\r\nContent-Type: text/plain\r\n\r\n{text}\r\n"
            )
        };
        format!("{}{}--B--\r\n", part("one"), part(second))
    };
    let kind = "multipart/form-data; boundary=B";
    let response = json!({
        "status": 200,
        "headers": { "Content-Type": [kind] },
        "body": { "contentType": kind, "content": multipart("two"), "encoded": false },
    });
    let interaction = http("a", &json!({ "method": "GET", "path": "/a" }), &response);
    let answer = |second: &str| Answer::with(200, &[("Content-Type", kind)], multipart(second).as_bytes());
    for (second, status, verdict) in [("two", 0, "a passed"), ("one", 1, "a failed wrong-value")] {
        let gate = Gate::new(std::slice::from_ref(&interaction), &[("GET /a", &[answer(second)])]);
        let verified = gate.verify(&[]);
        assert_eq!(
            (verified.status(), verified.verdicts().as_str()),
            (status, verdict),
            "{}",
            verified.output
        );
    }
}

#[test]
fn pitfall_14_messages_and_interactions_in_one_file_are_all_verified() {
    let mut pact = pact_of("web", "3.0.0", &[]);
    pact["interactions"] = json!([
        { "description": "an answer", "request": { "method": "GET", "path": "/a" }, "response": { "status": 200 } }
    ]);
    pact["messages"] = json!([{ "description": "a message", "contents": { "id": 7 } }]);
    let gate = Gate::with_pact(
        &pact,
        &[("GET /a", &[status(500)]), ("POST /", &[Answer::json(200, &json!({ "id": 8 }))])],
    );
    let verified = gate.verify(&["--message-url", "/"]);
    assert_eq!(verified.status(), 1);
    insta::assert_snapshot!(verified.verdicts(), @"
    an answer failed status-mismatch
    a message failed wrong-value
    ");
}

#[test]
fn pitfall_15_misspelt_keys_are_refused_with_what_was_meant() {
    let request = json!({ "method": "GET", "path": "/a" });
    let response = json!({ "status": 200 });
    let whole = http("a", &request, &response);
    let renamed = |part: &str, key: &str, wrong: &str| {
        let mut interaction = whole.clone();
        interaction["response"]["headers"] = json!({ "X-A": ["b"] });
        interaction["response"]["body"] = json_body(&json!(1));
        let object = if part.is_empty() { &mut interaction } else { &mut interaction[part] };
        let object = object.as_object_mut().expect("an object");
        let value = object.remove(key).expect("the key is there");
        object.insert(wrong.to_owned(), value);
        pact(&[interaction])
    };
    let mut misspelt = pact(std::slice::from_ref(&whole));
    misspelt["interactons"] = misspelt["interactions"].take();
    misspelt.as_object_mut().expect("an object").remove("interactions");
    let mut list = whole.clone();
    list["response"]["headers"] = json!(["X-A"]);
    let mut nothing = whole.clone();
    nothing["response"]["body"] = json!({});
    let cases = [
        renamed("", "response", "reponse"),
        renamed("response", "body", "bdy"),
        renamed("response", "headers", "headrs"),
        renamed("response", "status", "Status"),
        renamed("request", "method", "metod"),
        renamed("request", "path", "pth"),
        misspelt,
        pact(&[list]),
        pact(&[nothing]),
    ];
    let said: Vec<String> = cases.iter().map(|pact| said(&refused(pact))).collect();
    insta::assert_snapshot!(said.join("\n"), @"
    misspelt-key: `reponse` is not a key of a pact and would have no effect (did you mean `response`?)
    misspelt-key: `bdy` is not a key of a pact and would have no effect (did you mean `body`?)
    misspelt-key: `headrs` is not a key of a pact and would have no effect (did you mean `headers`?)
    misspelt-key: `Status` is not a key of a pact and would have no effect (did you mean `status`?)
    misspelt-key: `metod` is not a key of a pact and would have no effect (did you mean `method`?)
    misspelt-key: `pth` is not a key of a pact and would have no effect (did you mean `path`?)
    misspelt-key: `interactons` is not a key of a pact and would have no effect (did you mean `interactions`?)
    bad-type: `headers` is a list, not an object
    missing-key: `content` is missing in `body`, so no body would be compared (leave the whole key out when there is no body)
    ");
}

#[test]
fn pitfall_15_an_empty_object_is_no_pact() {
    let gate = Gate::with_pact(&json!({}), &[]);
    let verified = gate.verify(&["pacts/web-faq.json"]);
    assert_eq!(verified.status(), 2, "{}", verified.output);
    assert_eq!(verified.noted(), ["nothing-verified", "not-a-pact"]);
    assert_eq!(gate.verify(&["pacts"]).status(), 2, "nor is it when it is met in a directory");
}

#[test]
fn pitfall_16_what_is_out_of_range_is_refused() {
    let with = |response: Value| pact(&[http("a", &json!({ "method": "GET", "path": "/a" }), &response)]);
    let bounds = |matcher: Value| {
        let rules = json!({ "body": { "$": rule(&matcher) } });
        with(json!({ "status": 200, "body": json_body(&json!([1])), "matchingRules": rules }))
    };
    let cases = [
        with(json!({ "status": 65_736 })),
        bounds(json!({ "match": "type", "min": -1 })),
        bounds(json!({ "match": "type", "min": "two" })),
        bounds(json!({ "match": "eachKey" })),
    ];
    let said: Vec<String> = cases.iter().map(|pact| said(&refused(pact))).collect();
    insta::assert_snapshot!(said.join("\n"), @"
    out-of-range: `status` is 65736, and must be 100 to 599
    out-of-range: `min` is -1, and must be 0 or more
    bad-type: `min` is a text, not a whole number
    empty-rule: a matcher `eachKey` needs `rules`
    ");
}

#[test]
fn pitfall_17_a_rule_that_leads_nowhere_is_told_in_every_run_and_refused_when_strict() {
    let rules = json!({ "body": { "$.b": rule(&json!({ "match": "type" })) } });
    let response = json!({ "status": 200, "body": json_body(&json!({ "a": 1 })), "matchingRules": rules });
    let interaction = http("a", &json!({ "method": "GET", "path": "/a" }), &response);
    let gate = Gate::new(&[interaction], &[("GET /a", &[Answer::json(200, &json!({ "a": 1 }))])]);
    let verified = gate.verify(&[]);
    assert_eq!(verified.status(), 0);
    insta::assert_snapshot!(said(&verified), @"unresolved-rule: `$.b` leads nowhere in the example body, so the rule checks nothing");
    assert!(verified.output.stdout.contains("pacts/web-faq.json:1:"), "{}", verified.output);
    assert_eq!(gate.verify(&["--strict"]).status(), 2);
}

#[test]
fn pitfall_18_a_state_that_nobody_sets_up_is_an_error() {
    let gate = Gate::new(&[given(get("/a"), &["a FAQ exists"])], &[("GET /a", &[status(200)])]);
    let verified = gate.verify(&[]);
    assert_eq!(verified.status(), 3);
    insta::assert_snapshot!(verified.verdicts(), @"get /a error state-handler-missing");
    assert!(gate.asked().is_empty());
    assert_eq!(gate.verify(&["--reference-behaviour", "missing-state-handler"]).status(), 0);
}

#[test]
fn pitfall_18_a_state_answer_without_the_value_that_is_needed_is_an_error() {
    let mut interaction = given(get("/faqs/1"), &["a FAQ exists"]);
    interaction["request"]["generators"] =
        json!({ "path": { "type": "ProviderState", "expression": "/faqs/${id}", "dataType": "STRING" } });
    let table = |answer: Answer| {
        let gate = Gate::new(
            std::slice::from_ref(&interaction),
            &[("POST /states", &[answer]), ("GET /faqs/1", &[status(200)]), ("GET /faqs/7", &[status(200)])],
        );
        (gate.verify(&["--state-url", "/states"]), gate.asked())
    };
    let (verified, asked) = table(Answer::with(200, &[], b"done"));
    assert_eq!(verified.status(), 3);
    insta::assert_snapshot!(verified.verdicts(), @"get /faqs/1 error state-value-missing");
    let help = &verified.finding("get /faqs/1")["help"];
    assert_eq!(help, "the state handler's answer is not JSON: done");
    assert_eq!(asked, ["POST /states"], "the example value is not sent instead");
    let (verified, asked) = table(Answer::json(200, &json!({ "id": 7 })));
    assert_eq!((verified.status(), asked.last().map(String::as_str)), (0, Some("GET /faqs/7")));
}

#[test]
fn pitfall_18_a_state_value_is_something_and_stays_in_its_segment_of_the_path() {
    let mut interaction = given(get("/u/1"), &["a user exists"]);
    interaction["request"]["generators"] =
        json!({ "path": { "type": "ProviderState", "expression": "/u/${id}", "dataType": "STRING" } });
    let told = |id: Value| {
        let gate = Gate::new(
            std::slice::from_ref(&interaction),
            &[
                ("POST /states", &[Answer::json(200, &json!({ "id": id }))]),
                ("GET /u/", &[status(200)]),
                ("GET /u/a%3Fb=1%2F%25", &[status(200)]),
            ],
        );
        let verified = gate.verify(&["--state-url", "/states"]);
        let message = verified.finding("get /u/1")["message"].as_str().unwrap_or_default().to_owned();
        format!("{id}: {}, {} {message}", gate.asked().join(", "), verified.verdicts())
    };
    let values = [json!(null), json!(""), json!({ "a": 1 }), json!([1]), json!("a?b=1/%")];
    insta::assert_snapshot!(values.map(told).join("\n"), @r#"
    null: POST /states, get /u/1 error state-value-missing the request needs the value "id", which is null
    "": POST /states, get /u/1 error state-value-missing the request needs the value "id", which is empty and part of a path
    {"a":1}: POST /states, get /u/1 error state-value-missing the request needs the value "id", which is an object and part of a path
    [1]: POST /states, get /u/1 error state-value-missing the request needs the value "id", which is a list and part of a path
    "a?b=1/%": POST /states, GET /u/a%3Fb=1%2F%25, get /u/1 passed
    "#);
}
