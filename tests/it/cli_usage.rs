//! `pactwright usage` and `pactwright can-i-remove` as people meet them.

use serde_json::{Value, json};

use crate::support::command::{Output, Sandbox};

fn pact(consumer: &str, interactions: &Value) -> String {
    let pact = json!({
        "consumer": {"name": consumer},
        "provider": {"name": "faq"},
        "interactions": interactions,
        "metadata": {"pactSpecification": {"version": "3.0.0"}}
    });
    format!("{pact:#}")
}

fn read(path: &str, body: &Value, rules: &Value) -> Value {
    json!({
        "description": format!("read {path}"),
        "providerStates": [{"name": "some FAQs exist"}],
        "request": {"method": "GET", "path": path, "query": {"lang": ["en"]}},
        "response": {"status": 200, "headers": {"ETag": "abc"}, "body": body, "matchingRules": {"body": rules}}
    })
}

/// Three consumers: one is exact, one reads by type and by rules, one has markup in its name.
fn pacts() -> Sandbox {
    let root = Sandbox::new();
    let by_type = |path: &str| json!({path: {"matchers": [{"match": "type"}]}});
    let exact = json!([
        read("/faqs/7", &json!({"id": 7, "source": "mail"}), &json!({})),
        read("/faqs/8", &json!({"id": 8}), &by_type("$.id")),
    ]);
    root.write("pacts/support-faq.json", &pact("support", &exact));
    let loose = json!({
        "$": {"matchers": [{"match": "type"}]},
        "$.related": {"matchers": [{"match": "type", "min": 0}]},
        "$.prices": {"matchers": [{"match": "eachValue", "rules": [{"match": "decimal"}], "value": "1.5"}]}
    });
    let body = json!({"id": 9, "related": [{"id": 3}], "prices": {"EUR": 1.5}});
    root.write("pacts/billing-faq.json", &pact("billing", &json!([read("/faqs/9", &body, &loose)])));
    let form = json!({
        "description": "create",
        "request": {
            "method": "POST", "path": "/v1/create",
            "headers": {"Content-Type": "application/x-www-form-urlencoded", "Authorization": "Bearer abc"},
            "body": "question=How%3F&source=mail"
        },
        "response": {"status": 201, "headers": {"Content-Type": "application/xml"}, "body": "<faq/>"}
    });
    root.write("pacts/odd-faq.json", &pact("<img src=x>|`@team`", &json!([form])));
    root.write("pacts/owners.toml", "[support]\nteam = \"Care\"\ncontact = \"#care\"\n");
    root
}

/// Everything that a run said, for a snapshot.
fn shown(output: &Output) -> String {
    format!("status {}\n{}{}", output.status, output.stdout, output.stderr)
}

#[test]
fn the_map_shows_who_relies_on_what_and_how_firmly() {
    insta::assert_snapshot!(shown(&pacts().run(&["usage"])));
}

#[test]
fn markdown_and_html_hold_the_map_and_nothing_in_them_is_markup() {
    let root = pacts();
    insta::assert_snapshot!(root.run(&["usage", "--format", "markdown"]).stdout);
    let page = root.run(&["usage", "--format", "html"]).stdout;
    assert!(page.contains("GET /faqs/{id}") && page.contains("&#60;img src=x&#62;"));
    assert!(!page.contains("<img") && !page.contains("<script"));
    // Neither a secret nor anything from elsewhere is in it.
    assert!(!page.contains("Bearer abc") && !page.contains("http://") && !page.contains("https://"));
}

#[test]
fn json_names_each_place_with_its_users() {
    let json = pacts().run(&["usage", "--format", "json"]).stdout;
    let map: Value = serde_json::from_str(&json).expect("JSON");
    let operations: Vec<_> =
        map["endpoints"].as_array().expect("a list").iter().map(|one| &one["operation"]).collect();
    assert_eq!(operations, ["GET /faqs/{id}", "POST /v1/create"]);
    let id = &map["endpoints"][0]["answers"][0]["response"][2];
    assert_eq!(id["path"], "$.id");
    let by = id["by"].as_array().expect("a list");
    let by: Vec<_> = by.iter().map(|one| [&one["consumer"], &one["strength"]]).collect();
    assert_eq!(by, [["billing", "type"], ["support", "exact"]]);
    assert!(!json.contains("Bearer abc"));
}

#[test]
fn what_nobody_needs_can_go_and_what_somebody_needs_cannot() {
    let root = pacts();
    let asked = |arguments: &[&str]| {
        let all = [&["can-i-remove"], arguments].concat();
        let output = root.run(&all);
        let answer = output.stdout.lines().last().unwrap_or_default().to_owned();
        format!("{}: {} {answer}", arguments.join(" "), output.status)
    };
    let table = [
        asked(&["POST /v1/create"]),
        asked(&["/faqs/7"]),
        asked(&["/faqs/{id}"]),
        asked(&["POST /faqs/{id}"]),
        asked(&["GET /faqs/{id}", "--field", "$.source"]),
        asked(&["GET /faqs/{id}", "--field", "$.title"]),
        asked(&["GET /faqs/{id}", "--field", "$.related"]),
        asked(&["GET /faqs/{id}", "--field", "$.related[*]"]),
        asked(&["GET /faqs/{id}", "--field", "$.related[0].id"]),
        asked(&["GET /faqs/{id}", "--field", "$.prices.EUR"]),
        asked(&["GET /faqs/{id}", "--status", "200"]),
        asked(&["GET /faqs/{id}", "--status", "404"]),
        asked(&["GET /faqs/{id}", "--query", "lang"]),
        asked(&["*", "--header", "etag"]),
        asked(&["POST /v1/create", "--field", "question"]),
        asked(&["POST /v1/create", "--field", "inside.the.xml"]),
    ];
    insta::assert_snapshot!(table.join("\n"), @"
    POST /v1/create: 1 Answer: no, <img src=x>|`@team` still relies on POST /v1/create
    /faqs/7: 1 Answer: no, support still relies on /faqs/7
    /faqs/{id}: 1 Answer: no, billing, support still rely on /faqs/{id}
    POST /faqs/{id}: 0 Answer: yes, none of 3 contracts mentions POST /faqs/{id}
    GET /faqs/{id} --field $.source: 1 Answer: no, support still relies on the field `$.source` of GET /faqs/{id}
    GET /faqs/{id} --field $.title: 0 Answer: yes, none of 3 contracts mentions the field `$.title` of GET /faqs/{id}
    GET /faqs/{id} --field $.related: 1 Answer: no, billing still relies on the field `$.related` of GET /faqs/{id}
    GET /faqs/{id} --field $.related[*]: 0 Answer: yes, none of 3 contracts needs the field `$.related[*]` of GET /faqs/{id}
    GET /faqs/{id} --field $.related[0].id: 1 Answer: no, billing still relies on the field `$.related[0].id` of GET /faqs/{id}
    GET /faqs/{id} --field $.prices.EUR: 0 Answer: yes, none of 3 contracts needs the field `$.prices.EUR` of GET /faqs/{id}
    GET /faqs/{id} --status 200: 1 Answer: no, billing, support still rely on the status 200 of GET /faqs/{id}
    GET /faqs/{id} --status 404: 0 Answer: yes, none of 3 contracts mentions the status 404 of GET /faqs/{id}
    GET /faqs/{id} --query lang: 1 Answer: no, billing, support still rely on the parameter `lang` of GET /faqs/{id}
    * --header etag: 1 Answer: no, billing, support still rely on the header `etag` of every operation
    POST /v1/create --field question: 1 Answer: no, <img src=x>|`@team` still relies on the field `$.question` of POST /v1/create
    POST /v1/create --field inside.the.xml: 1 Answer: no, <img src=x>|`@team` still relies on the field `$.inside.the.xml` of POST /v1/create
    ");
}

#[test]
fn names_with_brackets_and_an_example_of_several_statuses_are_needed() {
    let mut get = read("/q", &json!({"ok": true}), &json!({}));
    get["request"]["query"] = json!({"Filter[x]": ["1"], "ids[]": ["1", "2"]});
    get["response"]["matchingRules"] =
        json!({"status": {"matchers": [{"match": "statusCode", "status": "success"}]}});
    let root = Sandbox::new();
    root.write("p.json", &pact("support", &json!([get])));
    let asked = |arguments: &[&str]| {
        let all = [&["can-i-remove", "GET /q", "p.json", "--provider", "faq"], arguments].concat();
        let output = root.run(&all);
        format!("{}: {}", arguments.join(" "), output.status)
    };
    let table = [
        asked(&["--query", "Filter[x]"]),
        asked(&["--query", "Filter"]),
        asked(&["--query", "Filter[y]"]),
        asked(&["--query", "ids[]"]),
        asked(&["--status", "200"]),
        asked(&["--status", "201"]),
    ];
    insta::assert_snapshot!(table.join("\n"), @"
    --query Filter[x]: 1
    --query Filter: 1
    --query Filter[y]: 0
    --query ids[]: 1
    --status 200: 1
    --status 201: 0
    ");
}

#[test]
fn a_no_names_whom_to_call_and_the_way_out() {
    insta::assert_snapshot!(shown(&pacts().run(&["can-i-remove", "GET /faqs/{id}", "--field", "$.source"])), @r#"
    status 1
    support  Care, #care
      read /faqs/7 (given some FAQs exist)
        relies on  GET /faqs/{id}, response body `$.source`: exactly "mail"
        at         pacts/support-faq.json:32:11
        way out    do not expect `$.source` in this interaction

    Answer: no, support still relies on the field `$.source` of GET /faqs/{id}
    "#);
    insta::assert_snapshot!(pacts().run(&["can-i-remove", "POST /v1/create", "--format", "markdown"]).stdout, @"
    ### Answer: no, &#60;img src&#61;x&#62;&#124;&#96;&#64;team&#96; still relies on POST /v1/create

    | Consumer | Version | Whom to call | Interaction | Relies on | Way out |
    |---|---|---|---|---|---|
    | &#60;img src&#61;x&#62;&#124;&#96;&#64;team&#96; |  |  | create | POST /v1/create, all of it | remove this interaction, or let it use another endpoint |
    ");
    let json = pacts().run(&["can-i-remove", "GET /faqs/7", "--format", "json"]).stdout;
    let answer: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(answer["removable"], false);
    assert_eq!(answer["blockers"][0]["owner"]["contact"], "#care");
}

#[test]
fn a_question_that_cannot_be_answered_is_no_yes() {
    let root = pacts();
    insta::assert_snapshot!(shown(&root.run(&["can-i-remove", "GET /faq/{id}"])), @"
    status 0
    note: no contract mentions the operation; one that resembles it is GET /faqs/{id}
    Answer: yes, none of 3 contracts mentions GET /faq/{id}
    ");
    let misspelt = |part: &[&str]| shown(&root.run(&[&["can-i-remove", "GET /faqs/{id}"], part].concat()));
    insta::assert_snapshot!(misspelt(&["--field", "$.sorce"]), @"
    status 0
    note: no contract mentions the field; one that resembles it is $.source
    Answer: yes, none of 3 contracts mentions the field `$.sorce` of GET /faqs/{id}
    ");
    insta::assert_snapshot!(misspelt(&["--header", "X-Nobody"]), @"
    status 0
    Answer: yes, none of 3 contracts mentions the header `X-Nobody` of GET /faqs/{id}
    ");
    insta::assert_snapshot!(shown(&root.run(&["can-i-remove", "create"])), @"
    status 2
    error: invalid value 'create' for '<OPERATION>': `create` is neither a method with a path (`GET /faqs/{id}`), a path, nor `message` with a description

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(shown(&root.run(&["can-i-remove", "/x", "--provider", "fqa"])), @r#"
    status 3
    error: no pact is about the provider "fqa"
      hint: did you mean "faq"?
      hint: the pacts are about: faq
    "#);
    root.write("empty/readme.txt", "");
    insta::assert_snapshot!(shown(&root.run(&["can-i-remove", "/x", "empty"])), @"
    status 3
    error: no pact was found, so nothing is known about who relies on what
      hint: name files, directories, globs or URLs that hold pacts of the provider
    ");
    root.write("pacts/broken.json", "{");
    insta::assert_snapshot!(shown(&root.run(&["can-i-remove", "/x"])), @"
    status 2
    Answer: not known: none of 3 contracts needs /x, but 1 pact could not be read
    error: not all pacts could be read, so something may be missing here
      hint: pacts/broken.json:1:1: this is not valid JSON: EOF while parsing an object
      hint: `pactwright lint` says all that is wrong with them
    ");
    assert_eq!(root.run(&["can-i-remove", "POST /v1/create"]).status, 1);
    assert_eq!(root.run(&["usage"]).status, 2);
}

#[test]
fn what_is_mentioned_and_not_needed_is_not_said_to_be_mentioned_by_nobody() {
    let root = Sandbox::new();
    let mut get = read("/q", &json!({"ok": true}), &json!({}));
    get["response"]["matchingRules"] =
        json!({"status": {"matchers": [{"match": "statusCode", "status": "success"}]}});
    root.write("p.json", &pact("support", &json!([get])));
    let asked = |status: &str| {
        let output = root.run(&["can-i-remove", "GET /q", "--status", status, "p.json", "--provider", "faq"]);
        shown(&output)
    };
    insta::assert_snapshot!([asked("201"), asked("404")].concat(), @"
    status 0
    Answer: yes, none of 1 contract needs the status 201 of GET /q
    status 0
    Answer: yes, none of 1 contract mentions the status 404 of GET /q
    ");
}

#[test]
fn where_no_interaction_was_looked_at_nothing_is_known() {
    let root = Sandbox::new();
    root.write("none.json", &pact("support", &json!([])));
    insta::assert_snapshot!(shown(&root.run(&["can-i-remove", "GET /x", "none.json"])), @"
    status 3
    error: no interaction was found, so nothing is known about who relies on what
      hint: no interactions are in none.json
    ");
    assert_eq!(root.run(&["usage", "none.json"]).status, 3);
    let other = pact("billing", &json!([read("/faqs/7", &json!({"id": 7}), &json!({}))]));
    root.write("other.json", &other.replace("\"faq\"", "\"FAQ\""));
    root.write("own.json", &pact("support", &json!([read("/faqs/8", &json!({"id": 8}), &json!({}))])));
    let asked = |files: &[&str]| {
        shown(&root.run(&[&["can-i-remove", "POST /x", "--provider", "faq"][..], files].concat()))
    };
    insta::assert_snapshot!(asked(&["other.json", "own.json"]), @r#"
    status 0
    Answer: yes, none of 1 contract mentions POST /x
    note: other.json is left out: its provider is called "FAQ", not "faq"
    "#);
    assert!(asked(&["other.json", "none.json"]).starts_with("status 3"));
}

#[test]
fn a_shared_contract_whose_provider_is_perhaps_the_one_that_is_meant_is_named() {
    let root = shared();
    let other = pact("billing", &json!([read("/faqs/7", &json!({"id": 7}), &json!({}))]));
    root.write("other.json", &other.replace("\"faq\"", "\"FAQ Service\""));
    let publish = [
        "publish",
        "other.json",
        "--consumer-app-version",
        "1.0.0",
        "--branch",
        "main",
        "--store",
        "shared",
        "--allow-similar-name",
    ];
    assert_eq!(root.run(&publish).status, 0);
    let asked = root.run(&["can-i-remove", "POST /x", "--provider", "faq", "--store", "shared"]);
    insta::assert_snapshot!(shown(&asked), @r#"
    status 0
    Answer: yes, none of 2 contracts mentions POST /x
    note: billing is left out: its provider is called "FAQ Service", not "faq"
    "#);
}

/// A store with two versions of support, of which the one of a branch is deployed.
fn shared() -> Sandbox {
    let root = pacts();
    let done = |words: &str| {
        let words: Vec<&str> = words.split_whitespace().chain(["--store", "shared"]).collect();
        let output = root.run(&words);
        assert_eq!(output.status, 0, "{output}");
    };
    done("publish pacts/support-faq.json --consumer-app-version 1.0.0 --branch main");
    done("publish pacts/support-faq.json --consumer-app-version 1.1.0 --branch experiment");
    done("create-environment --name production --production");
    done("record-deployment --pacticipant support --version 1.1.0 --environment production");
    root
}

#[test]
fn a_shared_directory_knows_versions_branches_and_environments() {
    let root = shared();
    let map = root.run(&["usage", "--provider", "faq", "--store", "shared", "--format", "json"]);
    let map: Value = serde_json::from_str(&map.stdout).unwrap_or_else(|error| panic!("{error}: {map}"));
    let told = |one: &Value| {
        format!("{} {} {} {}", one["consumer"], one["version"], one["branches"], one["environments"])
    };
    let told: Vec<_> = map["contracts"].as_array().expect("a list").iter().map(told).collect();
    insta::assert_snapshot!(told.join("\n"), @r#"
    "support" "1.0.0" ["main"] []
    "support" "1.1.0" ["experiment"] ["production"]
    "#);
    let asked =
        ["can-i-remove", "GET /faqs/{id}", "--field", "$.source", "--provider", "faq", "--store", "shared"];
    insta::assert_snapshot!(shown(&root.run(&asked)), @r#"
    status 1
    support  1.0.0, branch main  Care, #care
      read /faqs/7 (given some FAQs exist)
        relies on  GET /faqs/{id}, response body `$.source`: exactly "mail"
        at         shared: support 1.0.0:25:11
        way out    do not expect `$.source` in this interaction

    support  1.1.0, branch experiment, in production  Care, #care
      read /faqs/7 (given some FAQs exist)
        relies on  GET /faqs/{id}, response body `$.source`: exactly "mail"
        at         shared: support 1.1.0:25:11
        way out    do not expect `$.source` in this interaction

    Answer: no, support still relies on the field `$.source` of GET /faqs/{id}
    "#);
    insta::assert_snapshot!(shown(&root.run(&["usage", "--provider", "faq", "--store", "none"])), @"
    status 3
    error: the store could not be read
      because there is no store at none
      hint: --store names another; `pactwright publish` makes one
    ");
    let comment = root.run(&[&asked[..], &["--format", "markdown"]].concat());
    insta::assert_snapshot!(comment.stdout);
    insta::assert_snapshot!(shown(&root.run(&["usage", "--provider", "fqa", "--store", "shared"])), @r#"
    status 3
    error: no contract with the provider "fqa" is shared in shared
      hint: did you mean "faq"?
    "#);
}

#[test]
fn where_contracts_are_shared_a_working_copy_says_nothing_of_what_is_deployed() {
    let root = shared();
    // The working copy has moved on: it does not read the field any more.
    let pact = std::fs::read_to_string(root.path("pacts/support-faq.json")).expect("a pact");
    root.write("pacts/support-faq.json", &pact.replace("\"source\"", "\"origin\""));
    let asked = ["can-i-remove", "GET /faqs/{id}", "--field", "$.source", "--provider", "faq"];
    let status = |output: &Output| output.status;
    let mut with_store = root.command(&asked);
    with_store.env("PACTWRIGHT_STORE", "shared");
    assert_eq!(status(&root.run(&asked)), 0, "nothing says that there is a store");
    assert_eq!(status(&root.finish(with_store)), 1);
    root.write("pactwright.toml", "store = \"shared\"\n");
    assert_eq!(status(&root.run(&asked)), 1);
    assert_eq!(status(&root.run(&[&asked[..], &["pacts"]].concat())), 0, "the files were named");
    std::fs::remove_file(root.path("pactwright.toml")).expect("a file");
    std::fs::rename(root.path("shared/ledger"), root.path("pacts/ledger")).expect("a directory");
    assert_eq!(status(&root.run(&asked)), 1, "contracts are shared where the pacts are");
}

#[test]
fn selectors_say_which_versions_of_a_shared_directory_are_meant() {
    let root = shared();
    let versions = |selectors: &[&str]| {
        let all = [
            &["usage", "--provider", "faq", "--store", "shared", "--format", "json"][..],
            &selectors.iter().flat_map(|one| ["--consumer-version-selectors", one]).collect::<Vec<_>>(),
        ];
        let output = root.run(&all.concat());
        let told = match serde_json::from_str::<Value>(&output.stdout) {
            Ok(map) => {
                let contracts = map["contracts"].as_array().expect("a list");
                let told = |one: &Value| format!("{} {}", one["version"], one["environments"]);
                contracts.iter().map(told).collect::<Vec<_>>().join("; ")
            }
            Err(_) => output.stderr.clone(),
        };
        format!("{}: {} {told}", selectors.join(" "), output.status)
    };
    let table = [
        versions(&[r#"{"mainBranch": true}"#]),
        versions(&[r#"{"environment": "production"}"#]),
        versions(&[r#"{"branch": "experiment"}"#, r#"[{"mainBranch": true}]"#]),
        versions(&[r#"{"branch": "none"}"#]),
        versions(&[r#"{"matchingBranch": true}"#]),
        versions(&["[]"]),
        versions(&[r#"{"mainBranch": 1}"#]),
    ];
    insta::assert_snapshot!(table.join("\n"));
}
