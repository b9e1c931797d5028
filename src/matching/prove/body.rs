//! The body of an answer.

use super::content;
use super::example::Example;
use super::rules::Rules;
use super::walk;
use crate::contract::{Body, Response};
use crate::matching::Answer;

/// True when the body surely is what the contract expects.
pub(super) fn passes(response: &Response, answer: &Answer) -> bool {
    match &response.body {
        // XML may be too deep to be looked at.
        Body::Missing => {
            !answer.body.trim_ascii_start().starts_with(b"<") && !answer.body.starts_with(b"\xef")
        }
        Body::Null | Body::Empty => answer.body.is_empty(),
        Body::Present(content) => {
            content.is_json
                && content::agrees(content, response, answer)
                && json_passes(&content.bytes, response, &answer.body)
        }
    }
}

fn json_passes(written: &[u8], response: &Response, actual: &[u8]) -> bool {
    let (Some(rules), Some(example)) = (Rules::on_body(&response.rules), Example::read(written)) else {
        return false;
    };
    walk::passes((&example, written), &rules, actual)
}
