//! How deeply a document is nested, found out without recursion.
//!
//! The matcher walks XML recursively and a deep document would overflow its stack, which nothing
//! can catch. The parser of JSON refuses what is too deep as if it were no JSON, which it may well be.

use quick_xml::Reader;
use quick_xml::events::Event;

/// The deepest JSON that is read.
pub(crate) const DEEPEST_JSON: usize = 127;

/// True when a JSON document is nested more deeply than can be read.
pub(crate) fn is_json_too_deep(json: &[u8]) -> bool {
    let mut depth = 0_usize;
    let mut in_text = false;
    let mut bytes = json.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => in_text = !in_text,
            b'\\' if in_text => drop(bytes.next()),
            b'{' | b'[' if !in_text => depth += 1,
            b'}' | b']' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST_JSON {
            return true;
        }
    }
    false
}

/// The deepest XML that is compared.
pub(crate) const DEEPEST_XML: usize = 256;

/// True when an XML document is nested more deeply than can be compared. A document that is not
/// well-formed is left to the matcher, up to the place where it breaks.
pub(crate) fn is_too_deep(xml: &[u8]) -> bool {
    let mut reader = Reader::from_reader(xml);
    reader.config_mut().check_end_names = false;
    let mut depth = 0usize;
    loop {
        match reader.read_event() {
            Ok(Event::Start(_)) => {
                depth += 1;
                if depth > DEEPEST_XML {
                    return true;
                }
            }
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(Event::Eof) | Err(_) => return false,
            Ok(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(depth: usize) -> Vec<u8> {
        format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth)).into_bytes()
    }

    #[test]
    fn the_limit_of_json_is_that_of_its_parser() {
        for depth in [1, DEEPEST_JSON, DEEPEST_JSON + 1, 1000] {
            let json = format!("{}\"[\\\"[\"{}", "[".repeat(depth), "]".repeat(depth));
            let is_read = serde_json::from_str::<serde_json::Value>(&json).is_ok();
            assert_eq!(is_json_too_deep(json.as_bytes()), !is_read, "{depth}");
        }
        assert!(!is_json_too_deep("[],".repeat(1000).as_bytes()));
    }

    #[test]
    fn the_limit_itself_is_not_too_deep() {
        assert!(!is_too_deep(&nested(DEEPEST_XML)));
        assert!(is_too_deep(&nested(DEEPEST_XML + 1)));
        assert!(is_too_deep(&nested(100_000)));
        assert!(!is_too_deep(&b"<a/><a/>".repeat(1000)));
        assert!(!is_too_deep(b"no xml at all"));
    }
}
