//! Content codings: what a provider compressed is judged as what it compressed, as every consumer's
//! HTTP client sees it.

use std::io::Read;

use flate2::read::{GzDecoder, ZlibDecoder};

use crate::contract::Body;
use crate::finding::{Code, Finding, Place};
use crate::matching::Answer;

/// The first bytes of everything that gzip has made.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// The answer without the coding of its body, which may become so large.
pub(super) fn decoded(mut answer: Answer, limit: usize) -> Result<Answer, Box<Finding>> {
    let coding = answer.header("content-encoding").unwrap_or_default().trim().to_ascii_lowercase();
    if answer.body.is_empty() {
        return Ok(answer);
    }
    let body = answer.body.as_slice();
    let read = match coding.as_str() {
        "gzip" | "x-gzip" => read_some(GzDecoder::new(body), limit),
        "deflate" => read_some(ZlibDecoder::new(body), limit),
        "" | "identity" => return Ok(answer),
        _ => {
            // A consumer's client may well take it off: nothing is known about what it would find.
            let message = format!("the body is encoded as {coding:?}, which cannot be taken off here");
            let help = "known are gzip and deflate; the pact's Accept-Encoding header decides what is sent";
            return Err(Box::new(Finding::new(Code::BadAnswer, Place::Body, message).with_help(help)));
        }
    };
    let decoded = read.map_err(|error| {
        let message = format!("the body is not valid {coding}, which Content-Encoding says it is: {error}");
        Box::new(Finding::new(Code::BadAnswer, Place::Body, message))
    })?;
    if decoded.len() > limit {
        let message = format!("the answer is larger than {limit} bytes without its {coding}");
        return Err(Box::new(Finding::new(Code::AnswerTooLarge, Place::Body, message)));
    }
    answer.body = decoded;
    Ok(answer)
}

/// True for a body that is compressed in the contract as well, and so is compared as it is.
pub(super) fn expects_coded(body: &Body) -> bool {
    body.content().is_some_and(|content| is_compressed(&content.bytes))
}

fn is_compressed(body: &[u8]) -> bool {
    body.starts_with(&GZIP)
}

/// True for a coding that [`decoded`] takes off.
pub(super) fn is_known(coding: &str) -> bool {
    matches!(coding.trim().to_ascii_lowercase().as_str(), "gzip" | "x-gzip" | "deflate")
}

/// One byte more than is allowed is enough to know that it is too much.
fn read_some(coded: impl Read, limit: usize) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    coded.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::{GzEncoder, ZlibEncoder};

    use super::*;

    fn answer(coding: &str, body: Vec<u8>) -> Answer {
        Answer { status: 200, headers: vec![("Content-Encoding".to_owned(), coding.to_owned())], body }
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).expect("a vector takes everything");
        encoder.finish().expect("a vector takes everything")
    }

    fn body(coding: &str, body: Vec<u8>) -> Result<Vec<u8>, Code> {
        decoded(answer(coding, body), 1_000).map(|answer| answer.body).map_err(|finding| finding.code)
    }

    #[test]
    fn what_was_compressed_is_judged_as_what_it_was() {
        assert_eq!(body("gzip", gzip(b"hello")), Ok(b"hello".to_vec()));
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(b"hello").expect("a vector takes everything");
        assert_eq!(body("Deflate", zlib.finish().expect("a vector")), Ok(b"hello".to_vec()));
        assert_eq!(body("identity", b"as it is".to_vec()), Ok(b"as it is".to_vec()));
        assert_eq!(body("br", b"who knows".to_vec()), Err(Code::BadAnswer));
        assert_eq!(body("gzip", Vec::new()), Ok(Vec::new()), "there is no body behind HEAD and 304");
        assert!(is_compressed(&gzip(b"hello")) && !is_compressed(b"{}"));
    }

    #[test]
    fn neither_rubbish_nor_a_bomb_gets_through() {
        assert_eq!(body("gzip", b"{\"ok\":true}".to_vec()), Err(Code::BadAnswer));
        assert_eq!(body("gzip", gzip(&[b'a'; 1_001])), Err(Code::AnswerTooLarge));
        assert!(body("gzip", gzip(&[b'a'; 1_000])).is_ok());
    }
}
