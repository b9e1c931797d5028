//! Multipart bodies in which a name stands more than once.
//!
//! The matcher compares every expected part with the first received part of its name. Here the
//! parts are dealt out into rounds, the first of each name into the first round, the second into
//! the second, so that each round has no name twice and every part meets its own counterpart.

use std::collections::HashMap;

/// The bodies of one round: expected and received.
pub(crate) type Round = (Vec<u8>, Vec<u8>);

/// Deals two multipart bodies out into rounds, or gives `None` when no expected name stands twice
/// and the bodies can be compared as they are.
pub(crate) fn rounds(expected: (&[u8], Option<&str>), received: (&[u8], Option<&str>)) -> Option<Vec<Round>> {
    let (expected_boundary, received_boundary) = (boundary_in(expected.1?)?, boundary_in(received.1?)?);
    let expected = deal(expected.0, &expected_boundary);
    if expected.len() < 2 {
        return None;
    }
    let received = deal(received.0, &received_boundary);
    let rounds = expected.iter().enumerate().map(|(round, parts)| {
        let none = Vec::new();
        let counterparts = received.get(round).unwrap_or(&none);
        (assemble(parts, &expected_boundary), assemble(counterparts, &received_boundary))
    });
    Some(rounds.collect())
}

/// The boundary that a content type names, when it is one of a multipart body.
fn boundary_in(content_type: &str) -> Option<String> {
    let mut parameters = content_type.split(';');
    parameters.next().filter(|kind| kind.trim().to_ascii_lowercase().starts_with("multipart/"))?;
    parameters.find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let is_boundary = name.trim().eq_ignore_ascii_case("boundary");
        is_boundary.then(|| value.trim().trim_matches('"').to_owned())
    })
}

/// The parts by round: the n-th round holds the n-th part of each name.
fn deal<'a>(body: &'a [u8], boundary: &str) -> Vec<Vec<&'a [u8]>> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut rounds: Vec<Vec<&[u8]>> = Vec::new();
    for part in parts(body, boundary) {
        let round = seen.entry(name_of(part)).or_insert(0);
        if *round == rounds.len() {
            rounds.push(Vec::new());
        }
        rounds[*round].push(part);
        *round += 1;
    }
    rounds
}

/// The parts with their headers, without the lines around them.
fn parts<'a>(body: &'a [u8], boundary: &str) -> Vec<&'a [u8]> {
    let delimiter = format!("--{boundary}").into_bytes();
    let mut starts = Vec::new();
    let mut from = 0;
    while let Some(found) = find(&body[from..], &delimiter) {
        starts.push(from + found);
        from += found + delimiter.len();
    }
    let between = starts.windows(2).map(|pair| &body[pair[0] + delimiter.len()..pair[1]]);
    between.map(without_line_ends).collect()
}

fn without_line_ends(part: &[u8]) -> &[u8] {
    let part = part.strip_prefix(b"\r\n").or_else(|| part.strip_prefix(b"\n")).unwrap_or(part);
    part.strip_suffix(b"\r\n").or_else(|| part.strip_suffix(b"\n")).unwrap_or(part)
}

/// The name in a part's `Content-Disposition` header.
fn name_of(part: &[u8]) -> String {
    let end = find(part, b"\r\n\r\n").or_else(|| find(part, b"\n\n")).unwrap_or(part.len());
    let headers = String::from_utf8_lossy(&part[..end]);
    let disposition =
        headers.lines().find(|line| line.to_ascii_lowercase().starts_with("content-disposition:"));
    let name = disposition.and_then(|line| {
        line.split(';')
            .find_map(|parameter| parameter.trim().strip_prefix("name=").map(|name| name.trim_matches('"')))
    });
    name.unwrap_or_default().to_owned()
}

fn assemble(parts: &[&[u8]], boundary: &str) -> Vec<u8> {
    let mut body = Vec::new();
    for part in parts {
        body.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
        body.extend_from_slice(part);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    body
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPE: Option<&str> = Some("multipart/form-data; boundary=XX");

    fn body(parts: &[(&str, &str)]) -> Vec<u8> {
        let parts: Vec<Vec<u8>> = parts
            .iter()
            .map(|(name, text)| {
                format!("Content-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}").into_bytes()
            })
            .collect();
        assemble(&parts.iter().map(Vec::as_slice).collect::<Vec<_>>(), "XX")
    }

    #[test]
    fn each_round_has_a_name_only_once() {
        let expected = body(&[("a", "1"), ("b", "2"), ("a", "3")]);
        let received = body(&[("a", "x"), ("a", "y"), ("b", "z")]);
        let rounds = rounds((&expected, TYPE), (&received, TYPE)).expect("a name stands twice");
        assert_eq!(rounds[0], (body(&[("a", "1"), ("b", "2")]), body(&[("a", "x"), ("b", "z")])));
        assert_eq!(rounds[1], (body(&[("a", "3")]), body(&[("a", "y")])));
    }

    #[test]
    fn bodies_without_a_repeated_name_are_left_alone() {
        let plain = body(&[("a", "1"), ("b", "2")]);
        assert_eq!(rounds((&plain, TYPE), (&plain, TYPE)), None);
        assert_eq!(rounds((&plain, Some("text/plain")), (&plain, TYPE)), None);
    }
}
