//! Where `pactwright verify` takes pacts and settings from.

use serde_json::{Value, json};

use crate::support::command::Sandbox;
use crate::support::gate::{Gate, Verified, get, pact, pact_of, status, text};
use crate::support::provider::{Answer, Provider};
use crate::support::tls;

fn gate() -> Gate {
    Gate::new(&[get("/a")], &[("GET /a", &[status(200)])])
}

/// A server that has one pact, as a broker gives it, and says no to everybody without credentials.
fn library() -> Provider {
    let mut pact = pact(&[get("/a")]);
    pact["_links"] = json!({ "self": { "href": "http://broker/pacts/1" }, "pb:publish": [] });
    pact["createdAt"] = "2026-01-02T03:04:05+00:00".into();
    Provider::start(&[("GET /pact.json?page=1", &[Answer::json(200, &pact)])])
}

/// A gate without pacts of its own, against a provider that answers everything with 200.
fn run(arguments: &[&str]) -> Verified {
    gate().verify(arguments)
}

#[test]
fn a_pact_behind_tls_is_trusted_like_a_provider() {
    let pact = pact(&[get("/a")]).to_string();
    let url = format!("{}/pact.json", tls::answering(true, &pact));
    let [ca, client] = ["ca.pem", "client.pem"].map(|name| tls::file(name).display().to_string());
    let refused = run(&[&url]);
    assert_eq!(refused.status(), 2, "{}", refused.output);
    assert_eq!(run(&[&url, "--ca-file", &ca]).status(), 2, "the client presents nothing");
    for arguments in [["--ca-file", &ca], ["--insecure-tls", "-v"]] {
        let verified = run(&[&[url.as_str(), "--client-cert", &client], &arguments[..]].concat());
        assert_eq!(verified.status(), 0, "{}", verified.output);
    }
    let sandbox = Sandbox::new();
    assert_eq!(sandbox.run(&["lint", &url, "--ca-file", &ca, "--client-cert", &client]).status, 0);
    let settings = format!("[verify]\nca-file = \"{ca}\"\nclient-cert = \"{client}\"\n");
    sandbox.write("pactwright.toml", &settings);
    for command in ["lint", "states"] {
        let output = sandbox.run(&[command, &url]);
        assert_eq!(output.status, 0, "{output}");
    }
}

#[test]
fn a_pact_at_a_url_has_a_limit_and_a_deadline() {
    let body = vec![b' '; 1_000];
    let rows: [(&str, &[Answer]); 2] =
        [("GET /large.json", &[Answer::with(200, &[], &body)]), ("GET /never.json", &[Answer::Silence])];
    let library = Provider::start(&rows);
    for (path, limit, value, said) in [
        ("large", "--max-answer-bytes", "999", "it is larger than 999 bytes"),
        ("never", "--request-timeout", "200ms", "it did not answer within"),
    ] {
        let url = format!("{}/{path}.json", library.url());
        let verified = run(&[&url, limit, value]);
        assert_eq!(verified.status(), 2, "{}", verified.output);
        assert!(verified.output.stdout.contains(said), "{}", verified.output);
    }
}

#[test]
fn a_redirect_is_followed_to_nobody_who_was_not_named() {
    let elsewhere = Provider::start(&[]);
    let astray = elsewhere.url().replace("127.0.0.1", "localhost");
    let rows: [(&str, &[Answer]); 4] = [
        ("GET /old.json", &[Answer::with(302, &[("Location", "/pact.json")], b"")]),
        ("GET /pact.json", &[Answer::json(200, &pact(&[get("/a")]))]),
        ("GET /away.json", &[Answer::with(302, &[("Location", &format!("{astray}/x?token=hunter2"))], b"")]),
        ("GET /round.json", &[Answer::with(302, &[("Location", "/round.json")], b"")]),
    ];
    let library = Provider::start(&rows);
    let at = |path: &str| run(&[&format!("{}/{path}", library.url()), "--url-token", "hunter2-and-more"]);
    assert_eq!(at("old.json").status(), 0);
    let refused = at("away.json");
    assert_eq!(refused.status(), 2, "{}", refused.output);
    assert!(refused.output.stdout.contains("leads to http://[host]/x"), "{}", refused.output);
    assert!(!refused.output.to_string().contains("hunter2"), "{}", refused.output);
    assert!(elsewhere.asked().is_empty());
    let round = at("round.json");
    assert!(round.output.stdout.contains("it redirects for ever"), "{}", round.output);
}

fn consumers(verified: &Verified) -> Vec<String> {
    let pacts = verified.report["run"]["pacts"].as_array();
    pacts.into_iter().flatten().map(|pact| text(&pact["consumer"])).collect()
}

#[test]
fn a_pact_can_be_fetched_with_the_links_of_a_broker_in_it() {
    let (gate, library) = (gate(), library());
    let url = format!("{}/pact.json?page=1", library.url());
    for arguments in [[url.as_str()].as_slice(), &["-u", &url], &["--url", &url]] {
        let verified = gate.verify(arguments);
        assert_eq!(
            (verified.status(), verified.verdicts().as_str()),
            (0, "get /a passed"),
            "{}",
            verified.output
        );
        assert_eq!(verified.noted(), [""; 0]);
    }
    assert_eq!(library.asked()[0].header("authorization"), [""; 0]);
}

#[test]
fn credentials_for_an_address_are_sent_and_never_shown() {
    let gate = gate();
    let library = library();
    let plain = format!("{}/pact.json?page=1", library.url());
    let inside = plain.replace("http://", "http://ann:hunter2@");
    // `ann:hunter2` in Base64.
    let basic = "Basic YW5uOmh1bnRlcjI=";
    let bearer = "Bearer hunter2";
    for (arguments, variables, sent) in [
        (inside.clone(), "", basic),
        (format!("{plain} --url-user ann --url-password hunter2"), "", basic),
        (format!("{plain} --user ann --password hunter2"), "", basic),
        (format!("{plain} --url-token hunter2"), "", bearer),
        (format!("{plain} --token=hunter2"), "", bearer),
        (plain.clone(), "PACTWRIGHT_URL_TOKEN=hunter2", bearer),
        (plain.clone(), "PACTWRIGHT_URL_USER=ann PACTWRIGHT_URL_PASSWORD=hunter2", basic),
    ] {
        let mut command = gate.command(&["--verbose"]);
        command.args(arguments.split_whitespace());
        command.envs(variables.split_whitespace().filter_map(|variable| variable.split_once('=')));
        let verified = gate.finish(command);
        assert_eq!(verified.status(), 0, "{}", verified.output);
        assert_eq!(
            library.asked().last().map(|asked| asked.header("authorization").concat()).as_deref(),
            Some(sent)
        );
        let told = format!("{}{}", verified.output, verified.report);
        assert!(!told.contains("hunter2") && !told.contains("YW5uOmh1bnRlcjI"), "{told}");
    }
}

#[test]
fn an_address_that_answers_no_pact_is_named_without_its_credentials() {
    let gate = gate();
    let library = library();
    let url = library.url().replace("http://", "http://ann:hunter2@");
    for path in ["/other", "/pact.json?page=1&token=hunter2"] {
        let verified = gate.verify(&["pacts", &format!("{url}{path}")]);
        assert_eq!((verified.status(), verified.verdicts().as_str()), (2, "get /a passed"));
        assert!(verified.output.stdout.contains("it answered 404"), "{}", verified.output);
        assert!(
            !format!("{}{}", verified.output, verified.report).contains("hunter2"),
            "{}",
            verified.output
        );
    }
}

#[test]
fn the_same_pact_twice_is_noticed_and_verified_once() {
    let gate = gate();
    gate.sandbox.write("copy/web-faq.json", &gate.sandbox.read("pacts/web-faq.json"));
    for arguments in
        [["pacts", "pacts/web-faq.json"], ["pacts", "copy"], ["pacts/*.json", "./pacts/../pacts"]]
    {
        let before = gate.asked().len();
        let verified = gate.verify(&arguments);
        assert_eq!((verified.status(), verified.verdicts().as_str()), (0, "get /a passed"), "{arguments:?}");
        assert_eq!(verified.noted(), ["duplicate-pact"], "{arguments:?}");
        assert_eq!(gate.asked().len(), before + 1);
    }
}

#[test]
fn files_directories_and_patterns_are_found_and_a_ledger_is_not_entered() {
    let gate = gate();
    for name in ["b", "ledger/c", "deep/d", "deep/ledger/e"] {
        let text = pact_of(name, "4.0", &[get("/a")]).to_string();
        gate.sandbox.write(&format!("pacts/{name}.json"), &text);
    }
    assert_eq!(consumers(&gate.verify(&["pacts"])), ["b", "deep/d", "web"]);
    assert_eq!(consumers(&gate.verify(&["pacts/*.json"])), ["b", "web"]);
    assert_eq!(consumers(&gate.verify(&["-d", "pacts/deep", "-f", "pacts/b.json"])), ["b", "deep/d"]);
    assert_eq!(gate.verify(&["pacts/*.jsn"]).status(), 2);
}

#[test]
fn a_directory_that_is_not_entered_is_said_and_alone_it_is_nothing_verified() {
    let gate = gate();
    for name in ["ledger/c", "deep/.old/d"] {
        let text = pact_of(name, "4.0", &[get("/a")]).to_string();
        gate.sandbox.write(&format!("shared/{name}.json"), &text);
    }
    let alone = gate.verify(&["shared/ledger"]);
    assert_eq!(alone.status(), 3);
    assert_eq!(alone.noted(), ["nothing-verified"]);
    insta::assert_snapshot!(alone.output.stderr, @"note: not looked into: shared/ledger (--store reads a ledger)");
    let besides = gate.verify(&["pacts", "shared"]);
    assert_eq!(consumers(&besides), ["web"]);
    insta::assert_snapshot!(besides.output.stderr, @"note: not looked into: shared/deep/.old (it is hidden), shared/ledger (--store reads a ledger)");
    let linted = gate.sandbox.run(&["lint", "shared/ledger"]);
    assert_eq!(linted.status, 3);
    assert!(linted.stderr.starts_with("note: not looked into: shared/ledger"), "{linted}");
}

#[test]
fn an_address_of_another_kind_is_no_missing_file() {
    let gate = gate();
    let refused = gate.verify(&["ftp://ann:hunter2@pacts.example/a.json"]);
    assert_eq!(refused.status(), 2);
    insta::assert_snapshot!(refused.output.stderr, @"
    error: the pacts could not be found
      because ftp://REDACTED@pacts.example/a.json cannot be fetched: pacts come from http:// and https://, and files from paths alone
      hint: name files, directories, globs or URLs that hold pacts
      hint: or name them in pactwright.toml; `pactwright init` writes one
    ");
    assert_eq!(gate.verify(&["file:///etc/pact.json"]).status(), 2);
}

#[test]
fn json_that_is_plainly_no_pact_is_named_and_skipped() {
    let gate = gate();
    gate.sandbox.write("pacts/package.json", r#"{ "name": "web", "version": "1.0.0" }"#);
    let verified = gate.verify(&[]);
    assert_eq!((verified.status(), verified.noted()), (0, vec!["skipped-file".to_owned()]));
    assert!(verified.output.stdout.contains("pacts/package.json"), "{}", verified.output);
    // Named as a pact, it has to be one.
    assert_eq!(gate.verify(&["pacts/package.json"]).status(), 2);
}

#[test]
fn several_providers_have_to_be_told_apart() {
    let gate = gate();
    gate.sandbox.write("pacts/other.json", &pact(&[get("/b")]).to_string().replace("\"faq\"", "\"billing\""));
    let verified = gate.verify(&[]);
    assert_eq!(verified.status(), 2);
    insta::assert_snapshot!(verified.output.stderr, @"
    error: the pacts are about several providers
      hint: name one of them with --provider: billing, faq
    ");
    for option in ["--provider", "--provider-name", "-n"] {
        assert_eq!(gate.verify(&[option, "faq"]).verdicts(), "get /a passed");
    }
}

/// A project whose configuration says everything, and a directory inside it.
fn project(gate: &Gate, settings: &str) -> String {
    let url = gate.provider.url();
    let text =
        format!("provider = \"faq\"\npacts = [\"pacts\"]\n\n[verify]\nprovider-url = \"{url}\"\n{settings}");
    gate.sandbox.write("pactwright.toml", &text);
    gate.sandbox.write("src/deep/main.txt", "");
    url
}

fn inside(sandbox: &Sandbox, arguments: &[&str]) -> crate::support::command::Output {
    let mut command = sandbox.command(&[&["verify"], arguments].concat());
    command.current_dir(sandbox.path("src/deep"));
    sandbox.finish(command)
}

#[test]
fn the_configuration_is_found_in_a_directory_above() {
    let gate = gate();
    project(&gate, "");
    let output = inside(&gate.sandbox, &[]);
    assert_eq!(output.status, 0, "{output}");
    assert_eq!(gate.asked(), ["GET /a"]);
}

#[test]
fn a_flag_wins_over_the_environment_and_that_over_the_file() {
    let (gate, environment, flag) = (gate(), gate(), gate());
    project(&gate, "");
    let run = |arguments: &[&str], variable: Option<&str>| {
        let mut command = gate.sandbox.command(&[&["verify"], arguments].concat());
        command.envs(variable.map(|url| ("PACTWRIGHT_PROVIDER_URL", url)));
        assert_eq!(gate.sandbox.finish(command).status, 0);
        [&gate, &environment, &flag].map(|gate| gate.asked().len())
    };
    let (second, third) = (environment.provider.url(), flag.provider.url());
    assert_eq!(run(&[], None), [1, 0, 0]);
    assert_eq!(run(&[], Some(&second)), [1, 1, 0]);
    assert_eq!(run(&["--provider-url", &third], Some(&second)), [1, 1, 1]);
    let start = ["--provider-url", &third, "--retries", "0"];
    assert_eq!(run(&start, None), [1, 1, 2]);
}

#[test]
fn a_switch_in_the_file_can_be_taken_back_by_a_flag() {
    let redirect = Answer::with(302, &[("Location", "/b")], b"");
    let gate = Gate::new(&[get("/a")], &[("GET /a", &[redirect]), ("GET /b", &[status(200)])]);
    project(&gate, "follow-redirects = true\n");
    assert_eq!(gate.sandbox.run(&["verify"]).status, 0);
    assert_eq!(gate.sandbox.run(&["verify", "--follow-redirects=false"]).status, 1);
}

#[test]
fn a_misspelt_key_in_the_configuration_is_refused_with_its_place() {
    let gate = gate();
    project(&gate, "stat-url = \"/states\"\n");
    let output = gate.sandbox.run(&["verify"]);
    assert_eq!(output.status, 2);
    insta::assert_snapshot!(output.stderr, @"
    error: $DIR/pactwright.toml:6:1: the key `stat-url` is not known here
      hint: did you mean `state-url`?
    ");
    assert!(gate.asked().is_empty());
}

#[test]
fn everything_that_was_asked_wrongly_is_told_before_anything_is_asked() {
    let gate = gate();
    let url = gate.provider.url();
    let cases: [&[&str]; 8] = [
        &[],
        &["--provider-url", "localhost:1"],
        &["--provider-url", &url, "--start", "true"],
        &["--provider-url", &url, "--request-timeout", "soon"],
        &["--provider-url", &url, "--reference-behaviour", "other"],
        &["--provider-url", &url, "--report", "yaml"],
        &["--provider-url", &url, "--fail-fast", "--max-failures", "2"],
        &["--provider-url", &url, "--no-such-flag"],
    ];
    for arguments in cases {
        let output = gate.sandbox.run(&[&["verify"], arguments].concat());
        assert_eq!(output.status, 2, "{arguments:?}: {output}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{output}");
    }
    assert!(gate.asked().is_empty());
}

/// Runs `verify` with words as they are typed.
fn typed(sandbox: &Sandbox, words: &str) -> crate::support::command::Output {
    sandbox.run(&std::iter::once("verify").chain(words.split_whitespace()).collect::<Vec<_>>())
}

#[test]
fn the_flags_of_the_reference_verifier_are_understood() {
    let interaction = crate::support::gate::given(get("/a"), &["s"]);
    let gate = Gate::new(&[interaction], &[("GET /v1/a", &[status(200)]), ("POST /states", &[status(200)])]);
    let url = gate.provider.url();
    let port = url.rsplit(':').next().expect("a port");
    let short = format!(
        "-f pacts/web-faq.json -n faq --hostname 127.0.0.1 -p {port} --scheme http -s {url}/states -H X-A=b \
         -c web --base-path /v1 -j x.json -x x.xml --html x.html"
    );
    let long = format!(
        "--dir pacts --provider-name faq --hostname 127.0.0.1 --port {port} --state-change-url {url}/states \
         --state-change-teardown --header X-A=b --filter-consumer web --base-path v1 --request-timeout 5000 \
         --filter-description get --filter-state s --exit-on-first-error --disable-ssl-verification \
         --json x.json --junit x.xml"
    );
    for words in [&short, &long] {
        let output = typed(&gate.sandbox, words);
        assert_eq!(output.status, 0, "{output}");
        assert!(gate.sandbox.read("x.xml").contains("<testsuites"));
        let report: Value = serde_json::from_str(&gate.sandbox.read("x.json")).expect("JSON");
        assert_eq!(report["counts"]["passed"], 1);
    }
    assert!(gate.provider.asked().iter().any(|asked| asked.header("x-a") == ["b"]));
    let output = typed(&gate.sandbox, &format!("{short} --state-change-as-query"));
    assert_eq!(output.status, 3, "the table knows no such query: {output}");
    assert_eq!(gate.asked().last().map(String::as_str), Some("POST /states?state=s&action=setup"));
}

#[test]
fn credentials_that_no_pact_has_a_use_for_are_noted() {
    let gate = Gate::new(&[get("/a")], &[("GET /a", &[status(200)])]);
    let noted = gate.verify(&["--url-token", "t0k3n-of-mine"]);
    assert_eq!(noted.status(), 0, "{}", noted.output);
    assert!(noted.output.stderr.contains("note: --url-token has no effect"), "{}", noted.output);
    let mut command = gate.command(&[]);
    command.env("PACTWRIGHT_URL_TOKEN", "t0k3n-of-mine");
    let silent = gate.finish(command);
    assert!(!silent.output.stderr.contains("no effect"), "{}", silent.output);
}
