//! How deeply a document is nested, found out without recursion.
//!
//! The matcher walks XML recursively and a deep document would overflow its stack, which nothing
//! can catch. JSON needs no check: its parser refuses more than 128 levels.

use quick_xml::Reader;
use quick_xml::events::Event;

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
    fn the_limit_itself_is_not_too_deep() {
        assert!(!is_too_deep(&nested(DEEPEST_XML)));
        assert!(is_too_deep(&nested(DEEPEST_XML + 1)));
        assert!(is_too_deep(&nested(100_000)));
        assert!(!is_too_deep(&b"<a/><a/>".repeat(1000)));
        assert!(!is_too_deep(b"no xml at all"));
    }
}
