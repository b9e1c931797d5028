//! A request as a `curl` command that can be pasted into a shell.
//!
//! The command sends what was sent, as far as the report has it: redacted secrets stay redacted, and
//! a body that was cut is not passed off as the whole one.

use super::excerpt::is_hidden;
use crate::outcome::{Payload, Sent};

/// The command on one line.
#[must_use]
pub fn command(sent: &Sent) -> String {
    words(sent).join(" ")
}

/// The command in pieces between which a line may be broken.
pub(super) fn words(sent: &Sent) -> Vec<String> {
    let globoff = if sent.url.contains(['[', ']', '{', '}']) { " --globoff" } else { "" };
    let as_is = if sent.url.contains("/./") || sent.url.contains("/../") { " --path-as-is" } else { "" };
    let mut words = vec![format!("{}{globoff}{as_is} {}", opening(sent), quote(&sent.url))];
    let shown = sent.headers.iter().filter(|(name, value)| !is_set_by_curl(name, value, &sent.url));
    words.extend(shown.map(|(name, value)| header(name, value)));
    if let Some(body) = sent.body.as_ref().filter(|body| body.bytes > 0) {
        if !sent.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
            // curl would otherwise call every body a form.
            words.push("-H 'Content-Type:'".to_owned());
        }
        words.push(data(body));
    }
    words
}

/// A text as one word of a POSIX shell; hidden characters make it a `$'…'` word, as bash and zsh read.
pub(super) fn quote(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    if text.chars().any(|c| is_hidden(c) && c != '\n') {
        return format!("$'{}'", text.chars().map(escaped).collect::<String>());
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

fn opening(sent: &Sent) -> String {
    let has_body = sent.body.as_ref().is_some_and(|body| body.bytes > 0);
    let decoded = sent.body.as_ref().filter(|body| body.base64 && !body.cut);
    let pipe =
        decoded.map_or_else(String::new, |body| format!("printf %s {} | base64 -d | ", quote(&body.text)));
    match sent.method.as_str() {
        "GET" if !has_body => format!("{pipe}curl"),
        // With a body curl takes `--head` for a contradiction.
        "HEAD" if !has_body => format!("{pipe}curl --head"),
        method => format!("{pipe}curl -X {}", quote(method)),
    }
}

fn header(name: &str, value: &str) -> String {
    // An empty value needs a semicolon: with a colon curl removes the header.
    let text = if value.is_empty() { format!("{name};") } else { format!("{name}: {value}") };
    format!("-H {}", quote(&text))
}

fn data(body: &Payload) -> String {
    if body.cut {
        return format!("--data-binary @BODY-OF-{}-BYTES", body.bytes);
    }
    if body.base64 { "--data-binary @-".to_owned() } else { format!("--data-raw {}", quote(&body.text)) }
}

fn is_set_by_curl(name: &str, value: &str, url: &str) -> bool {
    let authority = url.split("://").nth(1).and_then(|rest| rest.split(['/', '?']).next());
    (name.eq_ignore_ascii_case("host") && authority == Some(value))
        || name.eq_ignore_ascii_case("content-length")
}

fn escaped(c: char) -> String {
    match c {
        '\'' => r"\'".to_owned(),
        '\\' => r"\\".to_owned(),
        '\n' => r"\n".to_owned(),
        '\r' => r"\r".to_owned(),
        '\t' => r"\t".to_owned(),
        _ if is_hidden(c) => format!("\\u{:04x}", u32::from(c)),
        _ => c.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(method: &str, url: &str, body: Option<&str>) -> Sent {
        let body =
            body.map(|text| Payload { text: text.to_owned(), base64: false, bytes: text.len(), cut: false });
        Sent { method: method.to_owned(), url: url.to_owned(), headers: Vec::new(), body }
    }

    #[test]
    fn a_get_is_only_its_address() {
        insta::assert_snapshot!(command(&sent("GET", "http://h/faqs/1", None)), @"curl http://h/faqs/1");
        insta::assert_snapshot!(command(&sent("GET", "http://h/f?a[0]=x&b=it's", None)), @r"curl --globoff 'http://h/f?a[0]=x&b=it'\''s'");
    }

    #[test]
    fn nothing_in_a_request_can_leave_its_quotation_marks() {
        let mut request = sent("PO;ST", "http://h/$(id)/../`id`", Some("a'; rm -rf /\u{1b}'"));
        request.headers = vec![
            ("X-A".to_owned(), "$HOME '\"".to_owned()),
            ("X-Empty".to_owned(), String::new()),
            ("Host".to_owned(), "h".to_owned()),
        ];
        insta::assert_snapshot!(command(&request), @r#"curl -X 'PO;ST' --path-as-is 'http://h/$(id)/../`id`' -H 'X-A: $HOME '\''"' -H 'X-Empty;' -H 'Content-Type:' --data-raw $'a\'; rm -rf /\u001b\''"#);
    }

    #[test]
    fn binary_and_cut_bodies_are_not_passed_off_as_text() {
        let mut request = sent("POST", "http://h/", Some("AAEC"));
        if let Some(body) = &mut request.body {
            body.base64 = true;
        }
        insta::assert_snapshot!(command(&request), @"printf %s AAEC | base64 -d | curl -X POST http://h/ -H 'Content-Type:' --data-binary @-");
        if let Some(body) = &mut request.body {
            body.cut = true;
            body.bytes = 70_000;
        }
        insta::assert_snapshot!(command(&request), @"curl -X POST http://h/ -H 'Content-Type:' --data-binary @BODY-OF-70000-BYTES");
    }
}
