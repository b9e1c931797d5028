//! What was sent and what came back, as a report keeps it.

use base64::Engine as _;

use super::hooks::OutgoingRequest;
use crate::matching::Answer;
use crate::outcome::{Payload, Received, Sent};

/// The most of a body that is kept for a report.
const KEPT_BYTES: usize = 64 * 1024;

/// A request as a report keeps it.
pub(super) fn sent(base: &str, request: &OutgoingRequest) -> Sent {
    Sent {
        method: request.method.clone(),
        url: format!("{base}{}", request.target),
        headers: request.headers.clone(),
        body: payload(&request.body),
    }
}

/// An answer as a report keeps it.
pub(super) fn received(answer: &Answer) -> Received {
    Received { status: answer.status, headers: answer.headers.clone(), body: payload(&answer.body) }
}

fn payload(bytes: &[u8]) -> Option<Payload> {
    if bytes.is_empty() {
        return None;
    }
    let kept = &bytes[..bytes.len().min(KEPT_BYTES)];
    let cut = kept.len() < bytes.len();
    let text = match std::str::from_utf8(kept) {
        Ok(text) => Some(text),
        // A character that was cut in two does not make the rest binary.
        Err(error) if cut && error.error_len().is_none() => {
            std::str::from_utf8(&kept[..error.valid_up_to()]).ok()
        }
        Err(_) => None,
    };
    let (text, base64) = match text {
        Some(text) => (text.to_owned(), false),
        None => (base64::engine::general_purpose::STANDARD.encode(kept), true),
    };
    Some(Payload { text, base64, bytes: bytes.len(), cut })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_kept_as_text_and_everything_else_as_base64() {
        let text = payload("é".as_bytes()).expect("a body");
        assert_eq!((text.text.as_str(), text.base64, text.bytes, text.cut), ("é", false, 2, false));
        let binary = payload(&[0xff, 0xfe]).expect("a body");
        assert_eq!((binary.text.as_str(), binary.base64), ("//4=", true));
        assert_eq!(payload(b""), None);
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        let long = format!("a{}", "é".repeat(KEPT_BYTES));
        let kept = payload(long.as_bytes()).expect("a body");
        assert!(kept.cut && !kept.base64);
        assert_eq!(kept.text.len(), KEPT_BYTES - 1);
    }
}
