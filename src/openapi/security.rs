//! Whether a request has credentials of a kind that the specification asks for.

use serde_json::Value;

use super::check::Notes;
use super::request::Asked;
use super::rules::Rule;
use super::spec::{Dialect, Place, Spec};

/// Checks the credentials of a request. Whether they are right is nothing that a contract can know.
pub(super) fn check(notes: &mut Notes<'_>, asked: &Asked<'_>) {
    let spec = notes.spec;
    let own = spec.place(&format!("{}/security", asked.operation.place));
    let Some(wanted) = own.or_else(|| spec.place("/security")) else { return };
    let ways = spec.items(&wanted);
    let is_open = ways.is_empty()
        || ways.iter().any(|way| way.value.as_object().is_some_and(serde_json::Map::is_empty));
    let is_met = |way: &Place<'_>| spec.entries(way).iter().all(|(name, _)| has(spec, asked, name));
    if is_open || ways.iter().any(is_met) {
        return;
    }
    let names: Vec<_> = ways.iter().flat_map(|way| spec.entries(way)).map(|(name, _)| name).collect();
    let message = format!("the specification asks for {}", names.join(" or "));
    notes.no(Rule::RequestAuthorizationMissing, ("", &message), (&asked.request.pointer, &wanted.pointer));
}

/// True when a scheme's key goes under this name in the query or among headers.
pub(super) fn is_key(spec: &Spec, place: &str, name: &str) -> bool {
    let Some(schemes) = schemes(spec) else { return false };
    let said = |scheme: &Place<'_>, key: &str, wanted: &str| {
        scheme.value.get(key).is_some_and(|value| value == wanted)
    };
    spec.entries(&schemes).iter().any(|(_, scheme)| said(scheme, "in", place) && said(scheme, "name", name))
}

fn schemes(spec: &Spec) -> Option<Place<'_>> {
    spec.place(match spec.dialect {
        Dialect::OpenApi3 => "/components/securitySchemes",
        Dialect::Swagger2 => "/securityDefinitions",
    })
}

/// Whether a request has the credentials of one scheme.
fn has(spec: &Spec, asked: &Asked<'_>, name: &str) -> bool {
    let scheme = schemes(spec).and_then(|schemes| spec.get(&schemes, name));
    let Some(scheme) = scheme else { return false };
    let text = |key: &str| scheme.value.get(key).and_then(Value::as_str).unwrap_or_default();
    match text("type") {
        "apiKey" => has_key(asked, text("in"), text("name")),
        "http" => has_authorization(asked, text("scheme")),
        "basic" => has_authorization(asked, "basic"),
        "oauth2" | "openIdConnect" => has_authorization(asked, "bearer"),
        // The connection itself proves who asks, which no contract shows.
        "mutualTLS" => true,
        _ => false,
    }
}

fn has_key(asked: &Asked<'_>, place: &str, name: &str) -> bool {
    let request = asked.request;
    let is_header = |wanted: &str| request.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(wanted));
    match place {
        "header" => is_header(name).is_some(),
        "query" => request.query.params.iter().any(|(own, _)| own == name),
        "cookie" => is_header("cookie").is_some_and(|(_, values)| {
            values
                .iter()
                .flat_map(|value| value.split(';'))
                .any(|one| one.trim().starts_with(&format!("{name}=")))
        }),
        _ => false,
    }
}

fn has_authorization(asked: &Asked<'_>, scheme: &str) -> bool {
    let mut headers = asked.request.headers.iter();
    let Some((_, values)) = headers.find(|(name, _)| name.eq_ignore_ascii_case("authorization")) else {
        return false;
    };
    let starts =
        |value: &String| value.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    values.iter().any(starts)
}
