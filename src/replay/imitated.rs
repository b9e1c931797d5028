//! The same interaction asked in the way of the reference verifier.
//!
//! It regroups the query, leaves out parameters without a value, drops slashes at the beginning of
//! a path, puts values of states into it unencoded, and lets a header of the pact win over one of the run when they differ in case. Whether
//! that is why the two disagree is not guessed: the provider is asked in that way, and judged as
//! always.

use form_urlencoded::{Serializer, parse};

use super::hooks::OutgoingRequest;
use super::options::Options;
use super::outgoing::outgoing;
use super::plan::Entry;
use super::site::{Replayed, Site, isolated};
use crate::contract::{Category, Exchange, Generator, PlacedGenerator, Request};
use crate::matching::Quirk;

/// What comes of it, when the reference sends another request than we do.
pub(super) async fn imitated(site: &Site, entry: &Entry) -> Option<Replayed> {
    let Exchange::Http { request, .. } = &entry.interaction().exchange else { return None };
    let options = as_the_reference(request, site.options())?;
    let site = site.with(options);
    Some(site.judge(entry, isolated(&site, entry).await).await)
}

/// The options with which we send what the reference sends, when that is something else.
fn as_the_reference(request: &Request, options: &Options) -> Option<Options> {
    let mut theirs = options.clone();
    theirs.connection.headers.retain(|(name, _)| !is_outdone(name, request));
    theirs.hooks.set_request_filter(|request| request.target = regrouped(&request.target));
    let has_values = |placed: &PlacedGenerator| {
        placed.category == Category::Path && matches!(placed.generator, Generator::ProviderState { .. })
    };
    // It puts values of states into a path as they stand.
    let is_filled = request.generators.iter().any(has_values);
    if is_filled {
        theirs.reference_behaviour.insert(Quirk::MissingStateValue);
    }
    let is_other = is_filled
        || theirs.connection.headers.len() != options.connection.headers.len()
        || asks_for_other(&outgoing(request));
    is_other.then_some(theirs)
}

/// True when the pact's own header of this name, in another case, wins.
fn is_outdone(name: &str, request: &Request) -> bool {
    let is_other = |(own, _): &(String, Vec<String>)| own != name && own.eq_ignore_ascii_case(name);
    request.headers.iter().any(is_other)
}

fn asks_for_other(request: &OutgoingRequest) -> bool {
    regrouped(&request.target) != request.target
}

/// A path and query as the reference makes them of the same.
fn regrouped(target: &str) -> String {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let valued = query.split('&').filter(|parameter| parameter.contains('='));
    let mut pairs: Vec<_> = valued.flat_map(|parameter| parse(parameter.as_bytes())).collect();
    // Stable: values of one name keep their order.
    pairs.sort_by(|(left, _), (right, _)| left.cmp(right));
    let path = format!("/{}", path.trim_start_matches('/'));
    if pairs.is_empty() {
        return path;
    }
    format!("{path}?{}", Serializer::new(String::new()).extend_pairs(pairs).finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_written_as_the_reference_writes_it() {
        let table = ["/a", "//a//b/", "/a?", "/a?flag", "/a?b=2&a=1&flag&b=1&empty=", "/a?x=a%20b&y[]=~"]
            .map(|target| format!("{target} -> {}", regrouped(target)));
        insta::assert_snapshot!(table.join("\n"), @"
        /a -> /a
        //a//b/ -> /a//b/
        /a? -> /a
        /a?flag -> /a
        /a?b=2&a=1&flag&b=1&empty= -> /a?a=1&b=2&b=1&empty=
        /a?x=a%20b&y[]=~ -> /a?x=a+b&y%5B%5D=%7E
        ");
    }
}
