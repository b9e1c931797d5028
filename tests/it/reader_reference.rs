//! What we read is what the reference implementation reads, for pacts that both accept.

use std::collections::BTreeMap;

use pact_models::bodies::OptionalBody;
use pact_models::http_parts::HttpPart;
use pact_models::pact::load_pact_from_json;
use pact_models::v4::http_parts::HttpRequest;
use pactwright::contract::{self, Body, Exchange, Request};

use crate::support::data;

type Query = BTreeMap<String, Vec<Option<String>>>;

fn same_body(ours: &Body, theirs: &OptionalBody) -> bool {
    match (ours, theirs) {
        (Body::Missing, OptionalBody::Missing)
        | (Body::Null, OptionalBody::Null)
        | (Body::Empty, OptionalBody::Empty) => true,
        (Body::Present(ours), OptionalBody::Present(theirs, ..)) => ours.bytes == theirs.as_ref(),
        _ => false,
    }
}

fn same_headers(ours: &[(String, Vec<String>)], theirs: &dyn HttpPart) {
    let squeezed = |values: &[String]| values.join(",").replace(' ', "");
    let ours: BTreeMap<_, _> = ours.iter().map(|(name, values)| (name.clone(), squeezed(values))).collect();
    let theirs = theirs.headers().clone().unwrap_or_default();
    let theirs: BTreeMap<_, _> =
        theirs.iter().map(|(name, values)| (name.clone(), squeezed(values))).collect();
    assert_eq!(ours, theirs);
}

fn same_request(ours: &Request, theirs: &HttpRequest) {
    assert_eq!((&ours.method, &ours.path), (&theirs.method, &theirs.path));
    let mut query = Query::new();
    for (name, value) in &ours.query.params {
        query.entry(name.clone()).or_default().push(value.clone());
    }
    let theirs_query: Query = theirs.query.clone().unwrap_or_default().into_iter().collect();
    assert_eq!(query, theirs_query);
}

#[test]
fn real_pacts_mean_the_same_to_the_reference() {
    let mut compared = 0;
    let pacts = data::files("real-pacts");
    for (name, bytes) in pacts.iter().filter(|(name, _)| name != "INDEX.json") {
        let json = serde_json::from_slice(bytes).expect("JSON");
        let theirs = load_pact_from_json(name, &json).expect("the reference reads it");
        let ours = contract::read(name, bytes.clone()).contract.expect("we read it");
        assert_eq!(ours.interactions.len(), theirs.interactions().len(), "{name}");
        for (ours, theirs) in ours.interactions.iter().zip(theirs.interactions()) {
            assert_eq!(ours.description, theirs.description(), "{name}");
            let states: Vec<_> = theirs.provider_states().iter().map(|state| state.name.clone()).collect();
            assert_eq!(
                ours.states.iter().map(|state| state.name.clone()).collect::<Vec<_>>(),
                states,
                "{name}"
            );
            compared += 1;
            match &ours.exchange {
                Exchange::Http { request, response } => {
                    let theirs = theirs.as_v4_http().expect("an HTTP interaction");
                    same_request(request, &theirs.request);
                    same_headers(&request.headers, &theirs.request);
                    same_headers(&response.headers, &theirs.response);
                    assert_eq!(response.status, theirs.response.status, "{name}");
                    assert!(same_body(&request.body, &theirs.request.body), "{name}: request body");
                    assert!(same_body(&response.body, &theirs.response.body), "{name}: response body");
                }
                Exchange::Message(contents) => {
                    let theirs = theirs.contents_for_verification();
                    // The reference passes over `content`, as an early writer called it.
                    let early = matches!(&contents.body, Body::Present(content) if content.pointer.ends_with("/content") && content.pointer.starts_with("/messages"));
                    assert!(early || same_body(&contents.body, &theirs), "{name}: contents");
                }
                Exchange::SyncMessage { .. } => {}
            }
        }
    }
    assert!(compared > 100 || pacts.is_empty(), "only {compared} interactions were compared");
}
