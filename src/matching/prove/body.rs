//! The body of an answer.

use super::content;
use super::example::Example;
use super::rules::Rules;
use super::walk;
use crate::contract::{Body, Response};
use crate::matching::Answer;
use crate::matching::exact::may_be_rounded;

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

fn json_passes(bytes: &[u8], response: &Response, actual: &[u8]) -> bool {
    let (Some(rules), Some(example)) = (Rules::on_body(&response.rules), Example::read(bytes)) else {
        return false;
    };
    // Where a double takes two numbers for one, nothing is proven.
    let is_exact = !example.has_decimals() || !(may_be_rounded(bytes) || may_be_rounded(actual));
    is_exact && walk::passes(&example, &rules, actual)
}
