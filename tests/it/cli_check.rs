//! `pactwright check` as people meet it: dialects, what is not understood, formats and statuses.

use serde_json::{Value, json};

use crate::support::command::{Output, Sandbox};

fn pact(interactions: &Value) -> String {
    let pact = json!({
        "consumer": {"name": "support"},
        "provider": {"name": "faq"},
        "interactions": interactions,
        "metadata": {"pactSpecification": {"version": "3.0.0"}}
    });
    format!("{pact:#}")
}

fn read(body: &Value) -> Value {
    json!({
        "description": format!("read {body}"),
        "request": {"method": "GET", "path": "/api/faqs/7"},
        "response": {"status": 200, "headers": {"Content-Type": "application/json"}, "body": body}
    })
}

fn create(body: &Value, rules: &Value) -> Value {
    json!({
        "description": format!("create {body}"),
        "request": {
            "method": "POST", "path": "/api/faqs", "headers": {"Content-Type": "application/json"},
            "body": body, "matchingRules": {"body": rules}
        },
        "response": {"status": 201}
    })
}

/// A specification with these schemas: what is read, and what is created.
fn spec(version: &str, faq: &str, new: &str) -> String {
    format!(
        "openapi: {version}
servers: [{{url: 'https://example.org/api'}}]
paths:
  /faqs/{{id}}:
    get:
      responses:
        2XX: {{description: one, content: {{application/json: {{schema: {faq}}}}}}}
  /faqs:
    post:
      requestBody: {{content: {{application/json: {{schema: {new}}}}}}}
      responses: {{default: {{description: done}}}}
components:
  schemas:
    Tree: {{type: object, properties: {{id: {{type: integer}}, children: {{type: array, items: {{$ref: '#/components/schemas/Tree'}}}}}}}}
"
    )
}

fn shown(output: &Output) -> String {
    format!("status {}\n{}{}", output.status, output.stdout, output.stderr)
}

/// Each line says what came of one interaction.
fn outcomes(root: &Sandbox) -> String {
    let json = root.run(&["check", "--openapi", "faq.yaml", "pact.json", "--format", "json"]).stdout;
    let checked: Value = serde_json::from_str(&json).unwrap_or_else(|error| panic!("{error}: {json}"));
    let told = |one: &Value| {
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let findings = one["findings"].as_array().expect("a list").iter();
        let findings: Vec<_> =
            findings.map(|one| format!("{} {}", text(&one["path"]), text(&one["message"]))).collect();
        format!("{}: {} [{}]", text(&one["outcome"]), text(&one["interaction"]), findings.join("; "))
    };
    let interactions = checked["contracts"][0]["interactions"].as_array().expect("a list").iter();
    interactions.map(told).collect::<Vec<_>>().join("\n")
}

fn case(spec: &str, interactions: &Value) -> String {
    let root = Sandbox::new();
    root.write("faq.yaml", spec);
    root.write("pact.json", &pact(interactions));
    outcomes(&root)
}

#[test]
fn a_value_that_may_be_null_is_one_in_every_dialect() {
    let interactions = json!([read(&json!({"a": null})), read(&json!({"a": "x"})), read(&json!({"a": 1}))]);
    let with = |version, schema| {
        case(&spec(version, &format!("{{properties: {{a: {schema}}}}}"), "{}"), &interactions)
    };
    let outcomes =
        |told: &str| told.lines().map(|line| line.split('[').next().map(str::to_owned)).collect::<Vec<_>>();
    let old = with("3.0.3", "{type: string, nullable: true}");
    for new in ["{type: [string, 'null']}", "{anyOf: [{type: string}, {type: 'null'}]}"] {
        assert_eq!(outcomes(&with("3.1.0", new)), outcomes(&old), "{new}");
    }
    insta::assert_snapshot!(old, @r#"
    covered: read {"a":null} []
    covered: read {"a":"x"} []
    violated: read {"a":1} [$.a 1 is not of types "null", "string"]
    "#);
}

#[test]
fn rules_are_compared_as_sets() {
    let schema = "{type: object, properties: {kind: {type: string, enum: [faq, note]}, name: {type: string, minLength: 2, maxLength: 4}, count: {type: integer, minimum: 0, exclusiveMaximum: 10}, at: {type: string, format: date}, free: {type: string}}}";
    let rule = |field: &str, matcher: &Value| json!({format!("$.{field}"): {"matchers": [matcher]}});
    let by = |field: &str, example: &Value, matcher: &Value| {
        let mut interaction = create(&json!({field: example}), &rule(field, matcher));
        interaction["description"] = format!("{field} {example} by {matcher}").into();
        interaction
    };
    let regex = |pattern: &str| json!({"match": "regex", "regex": pattern});
    let interactions = json!([
        by("kind", &json!("faq"), &regex("faq|note")),
        by("kind", &json!("faq"), &regex("faq|mail")),
        by("kind", &json!("faq"), &regex("[a-z]+")),
        by("kind", &json!("faq"), &json!({"match": "type"})),
        by("name", &json!("abc"), &regex("[a-z]{2,4}")),
        by("name", &json!("abc"), &regex("[a-z]{1,4}")),
        by("name", &json!("abc"), &json!({"match": "include", "value": "b"})),
        by("count", &json!(3), &json!({"match": "equality"})),
        by("count", &json!(3), &json!({"match": "integer"})),
        by("count", &json!(10), &json!({"match": "equality"})),
        by("at", &json!("2026-05-04"), &json!({"match": "date", "format": "yyyy-MM-dd"})),
        by("at", &json!("04.05.2026"), &json!({"match": "date", "format": "dd.MM.yyyy"})),
        by("free", &json!("x"), &json!({"match": "type"})),
        by("free", &json!("x"), &regex(".*")),
    ]);
    insta::assert_snapshot!(case(&spec("3.1.0", "{}", schema), &interactions), @r#"
    covered: kind "faq" by {"match":"regex","regex":"faq|note"} []
    violated: kind "faq" by {"match":"regex","regex":"faq|mail"} [$.kind "mail" is not one of "faq" or "note"]
    violated: kind "faq" by {"match":"regex","regex":"[a-z]+"} [$.kind the rule (regex /[a-z]+/) lets "a" be sent: "a" is not one of "faq" or "note"]
    undecidable: kind "faq" by {"match":"type"} [$.kind the rule (any text) lets "" be sent: "" is not one of "faq" or "note"]
    covered: name "abc" by {"match":"regex","regex":"[a-z]{2,4}"} []
    violated: name "abc" by {"match":"regex","regex":"[a-z]{1,4}"} [$.name the rule (regex /[a-z]{1,4}/) lets "a" be sent: "a" is shorter than 2 characters]
    violated: name "abc" by {"match":"include","value":"b"} [$.name the rule (include "b") lets "b" be sent: "b" is shorter than 2 characters]
    covered: count 3 by {"match":"equality"} []
    violated: count 3 by {"match":"integer"} [$.count the rule (any whole number) lets -1 be sent: -1 is less than the minimum of 0]
    violated: count 10 by {"match":"equality"} [$.count 10 is greater than or equal to the maximum of 10]
    covered: at "2026-05-04" by {"match":"date","format":"yyyy-MM-dd"} []
    violated: at "04.05.2026" by {"match":"date","format":"dd.MM.yyyy"} [$.at the rule (date dd.MM.yyyy) lets "04.05.2026" be sent: "04.05.2026" is not a "date"]
    covered: free "x" by {"match":"type"} []
    covered: free "x" by {"match":"regex","regex":".*"} []
    "#);
}

#[test]
fn alternatives_recursion_and_free_keys_are_followed() {
    let tree = json!({"id": 1, "children": [{"id": 2, "children": [{"id": "x"}]}]});
    let interactions = json!([read(&json!({"id": 1, "children": [{"id": 2}]})), read(&tree)]);
    insta::assert_snapshot!(case(&spec("3.0.0", "{$ref: '#/components/schemas/Tree'}", "{}"), &interactions), @r#"
    covered: read {"id":1,"children":[{"id":2}]} []
    violated: read {"id":1,"children":[{"id":2,"children":[{"id":"x"}]}]} [$.children[*].children[*].id "x" is not of type "integer"]
    "#);
    let one_of = "{oneOf: [{type: object, required: [a], properties: {a: {type: integer}}, additionalProperties: false}, {type: object, required: [b], properties: {b: {type: string}}}]}";
    let interactions = json!([
        create(&json!({"a": 1}), &json!({})),
        create(&json!({"b": "x"}), &json!({})),
        create(&json!({"b": 1}), &json!({}))
    ]);
    insta::assert_snapshot!(case(&spec("3.0.0", "{}", one_of), &interactions), @r#"
    covered: create {"a":1} []
    covered: create {"b":"x"} []
    violated: create {"b":1} [$.b 1 is not of type "string" (none of 2 alternatives fits; this is the nearest)]
    "#);
    let all_of = "{allOf: [{type: object, required: [a], properties: {a: {type: integer}}}, {properties: {b: {type: string}}}]}";
    let interactions = json!([
        read(&json!({"a": 1, "b": "x"})),
        read(&json!({"c": 1})),
        create(&json!({"b": "x"}), &json!({}))
    ]);
    insta::assert_snapshot!(case(&spec("3.0.0", all_of, all_of), &interactions), @r#"
    covered: read {"a":1,"b":"x"} []
    violated: read {"c":1} [$.c the specification does not mention the field]
    violated: create {"b":"x"} [$.a the specification requires the field]
    "#);
    let map = "{type: object, additionalProperties: {type: integer}}";
    let interactions = json!([read(&json!({"x": 1})), read(&json!({"x": "1"}))]);
    insta::assert_snapshot!(case(&spec("3.0.0", map, "{}"), &interactions), @r#"
    covered: read {"x":1} []
    violated: read {"x":"1"} [$.x "1" is not of type "integer"]
    "#);
}

#[test]
fn what_is_not_understood_is_listed_and_never_passes_unless_it_can_be_validated() {
    let root = Sandbox::new();
    root.write("faq.yaml", &spec("3.0.0", "{}", "{type: object, not: {required: [secret]}}"));
    let by_type = json!({"$": {"matchers": [{"match": "type"}]}});
    let interactions = json!([
        create(&json!({"b": 1}), &json!({})),
        create(&json!({"secret": 1}), &json!({})),
        create(&json!({"b": 2}), &by_type),
    ]);
    root.write("pact.json", &pact(&interactions));
    insta::assert_snapshot!(shown(&root.run(&["check", "--openapi", "faq.yaml", "pact.json"])), @r#"
    status 1
    support -> faq
      violated create {"secret":1}  POST /faqs
        error[request.body.incompatible]: `$`: the example breaks the schema, which uses `not`
          pact.json:36:9 | faq.yaml:10:50
      undecidable create {"b":2}  POST /faqs
        undecidable[request.body.incompatible]: `$`: the keyword `not` is not understood
          pact.json:55:9 | faq.yaml:10:50

    not understood: not at faq.yaml:10:73
    1 contract, 3 interactions against faq.yaml: 1 covered, 1 violated, 1 undecidable
    "#);
    // A reference to another file is followed by nobody.
    root.write("faq.yaml", &spec("3.0.0", "{}", "{properties: {a: {$ref: 'other.yaml#/A'}}}"));
    root.write("pact.json", &pact(&json!([create(&json!({"a": 2}), &json!({}))])));
    insta::assert_snapshot!(shown(&root.run(&["check", "--openapi", "faq.yaml", "pact.json"])), @r#"
    status 3
    support -> faq
      undecidable create {"a":2}  POST /faqs
        undecidable[request.body.incompatible]: `$.a`: the schema refers to something that is not in the document
          pact.json:18:11 | faq.yaml:10:72

    not understood: $ref to other.yaml#/A at faq.yaml:10:76
    1 contract, 1 interaction against faq.yaml: 1 undecidable
    "#);
    assert_eq!(root.run(&["check", "--openapi", "faq.yaml", "pact.json", "--allow-undecidable"]).status, 0);
}

#[test]
fn swagger_2_is_read_from_json() {
    let root = Sandbox::new();
    let swagger = json!({
        "swagger": "2.0", "basePath": "/api", "consumes": ["application/json"], "produces": ["application/json"],
        "paths": {
            "/faqs/{id}": {"get": {
                "parameters": [
                    {"name": "id", "in": "path", "required": true, "type": "integer"},
                    {"name": "tags", "in": "query", "type": "array", "items": {"type": "string", "enum": ["a", "b"]}, "collectionFormat": "csv"}
                ],
                "responses": {"200": {"description": "one", "schema": {"$ref": "#/definitions/Faq"}}}
            }},
            "/faqs": {"post": {
                "parameters": [{"name": "body", "in": "body", "required": true, "schema": {"$ref": "#/definitions/Faq"}}],
                "responses": {"201": {"description": "created"}}
            }}
        },
        "definitions": {"Faq": {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer", "minimum": 0, "exclusiveMinimum": true}}}}
    });
    root.write("faq.yaml", &format!("{swagger:#}"));
    let tagged = |tags: &str| {
        let mut interaction = read(&json!({"id": 7}));
        interaction["description"] = tags.into();
        interaction["request"]["query"] = json!({"tags": [tags]});
        interaction
    };
    let interactions = json!([
        read(&json!({"id": 7})),
        read(&json!({"id": 0})),
        tagged("a,b"),
        tagged("a,c"),
        create(&json!({"id": 7}), &json!({})),
        create(&json!({}), &json!({})),
    ]);
    root.write("pact.json", &pact(&interactions));
    insta::assert_snapshot!(outcomes(&root), @r#"
    covered: read {"id":7} []
    violated: read {"id":0} [$.id 0 is less than or equal to the minimum of 0]
    covered: a,b []
    violated: a,c [tags[*] "c" is not one of "a" or "b"]
    covered: create {"id":7} []
    violated: create {} [$.id the specification requires the field]
    "#);
}

#[test]
fn every_format_says_the_same_and_the_status_is_the_answer() {
    let root = Sandbox::new();
    root.write("faq.yaml", &spec("3.0.0", "{properties: {id: {type: integer}}}", "{}"));
    root.write("pact.json", &pact(&json!([read(&json!({"id": "x"})), read(&json!({"id": 7}))])));
    let run = |format: &str| root.run(&["check", "--openapi", "faq.yaml", "pact.json", "--format", format]);
    insta::assert_snapshot!(shown(&run("text")), @r#"
    status 1
    support -> faq
      violated read {"id":"x"}  GET /faqs/{id}
        error[response.body.incompatible]: `$.id`: "x" is not of type "integer"
          pact.json:21:11 | faq.yaml:7:84

    1 contract, 2 interactions against faq.yaml: 1 covered, 1 violated
    "#);
    insta::assert_snapshot!(shown(&run("markdown")), @"
    status 1
    ### 1 contract, 2 interactions against faq.yaml&#58; 1 covered, 1 violated

    | Consumer | Interaction | Outcome | Finding | Pact | Specification |
    |---|---|---|---|---|---|
    | support | read &#123;&#34;id&#34;&#58;&#34;x&#34;&#125; | violated | error&#91;response.body.incompatible&#93;&#58; &#96;&#36;.id&#96;&#58; &#34;x&#34; is not of type &#34;integer&#34; | pact.json&#58;21&#58;11 | faq.yaml&#58;7&#58;84 |
    ");
    insta::assert_snapshot!(shown(&run("github")), @r#"
    status 1
    ::error file=pact.json,line=21,col=11,title=error[response.body.incompatible]::read {"id":"x"}: `$.id`: "x" is not of type "integer"%0Aspecification: faq.yaml:7:84
    1 contract, 2 interactions against faq.yaml: 1 covered, 1 violated
    "#);
    assert_eq!(run("json").status, 1);
    root.write("pact.json", &pact(&json!([read(&json!({"id": 7}))])));
    insta::assert_snapshot!(shown(&run("text")), @"
    status 0
    1 contract, 1 interaction against faq.yaml: 1 covered
    ");
}

#[test]
fn what_cannot_be_compared_is_no_yes() {
    let root = Sandbox::new();
    root.write("pact.json", &pact(&json!([read(&json!({"id": 7}))])));
    let run = |spec: &str| {
        root.write("faq.yaml", spec);
        shown(&root.run(&["check", "--openapi", "faq.yaml", "pact.json"]))
    };
    let table = [
        run("a: ["),
        run("openapi: 4.0.0"),
        run("a: 1"),
        run("openapi: 3.0.0\npaths: {}"),
        run("{\"openapi\": "),
    ];
    insta::assert_snapshot!(table.join("\n"), @"
    status 2
    error: faq.yaml:2:1: this is not valid YAML: while parsing a node, did not find expected node content

    status 2
    error: faq.yaml:1:1: OpenAPI 4.0.0 is not known; 3.0, 3.1 and Swagger 2.0 are

    status 2
    error: faq.yaml:1:1: this is no specification: neither `openapi` nor `swagger` is there

    status 2
    error: faq.yaml:2:1: the specification has no operations

    status 2
    error: faq.yaml:1:12: this is not valid JSON: EOF while parsing a value
    ");
    insta::assert_snapshot!(shown(&root.run(&["check", "--openapi", "none.yaml", "pact.json"])), @"
    status 2
    error: the specification none.yaml cannot be read
      because No such file or directory (os error 2)
    ");
    root.write("faq.yaml", &spec("3.0.0", "{}", "{}"));
    root.write("empty.json", &pact(&json!([])));
    insta::assert_snapshot!(shown(&root.run(&["check", "--openapi", "faq.yaml", "empty.json"])), @"
    status 3
    error: the pacts have no interactions, so nothing was compared
    ");
}
