//! Which values of an example the consumer's own type takes, so that the contract asks for nothing
//! that nobody reads.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt::Debug;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::derive::field;
use super::recorder::{Recorder, Use, Uses};

/// Takes out of an example what `T` does not read, and says what it was.
///
/// # Errors
/// Why `T` cannot be read from the example.
pub(super) fn keep_what_is_read<T: DeserializeOwned + Debug>(
    example: &mut Value,
) -> Result<Vec<String>, String> {
    let unread = unread::<T>(example)?;
    if unread.contains("$") {
        return Err("it reads nothing of it".to_owned());
    }
    let mut left_out = Vec::new();
    prune(example, "$", &unread, &mut left_out);
    Ok(left_out)
}

/// The paths of all values that `T` does not read; the items of a list count as one.
fn unread<T: DeserializeOwned + Debug>(example: &Value) -> Result<BTreeSet<String>, String> {
    let found = uses::<T>(example, None).map_err(|error| error.to_string())?;
    let mut unread: BTreeSet<String> =
        found.iter().filter(|(_, used)| **used == Use::Ignored).map(|(path, _)| path.clone()).collect();
    // From the innermost outwards: what holds something that is read is read.
    for (path, _) in found.iter().rev().filter(|(_, used)| **used == Use::Buffered) {
        let is_inside =
            |other: &&String| other.strip_prefix(path).is_some_and(|rest| rest.starts_with(['.', '[']));
        let holds_a_reader = found.keys().filter(is_inside).any(|inside| !unread.contains(inside));
        if !holds_a_reader && !makes_a_difference::<T>(example, path) {
            unread.insert(path.clone());
        }
    }
    Ok(unread)
}

/// Whether `T` is another value, or none, when the value at a path is another one.
///
/// Something that nothing can be read from is put there first. It tells of most fields; but an
/// untagged enum or an optional part may take it for another of its forms, and does so as well when
/// the value is only a little different.
fn makes_a_difference<T: DeserializeOwned + Debug>(example: &Value, path: &str) -> bool {
    let mut changed = example.clone();
    change(&mut changed, "$", path);
    let shown = |value: &Value| T::deserialize(value).ok().map(|value| format!("{value:?}"));
    uses::<T>(example, Some(path)).is_err() || shown(&changed) != shown(example)
}

/// Changes what stands at a path, and nothing else, to something of the same kind.
fn change(value: &mut Value, path: &str, wanted: &str) {
    let is_wanted = path == wanted;
    match value {
        Value::Null if is_wanted => *value = true.into(),
        Value::Bool(truth) if is_wanted => *truth = !*truth,
        Value::String(text) if is_wanted => text.push('x'),
        Value::Number(number) if is_wanted => {
            *value = match number.as_i64() {
                Some(number) => number.saturating_add(1).into(),
                None => number.as_f64().unwrap_or_default().mul_add(0.5, 1.0).into(),
            };
        }
        Value::Array(items) if is_wanted && items.is_empty() => items.push(Value::Null),
        Value::Array(items) => {
            for item in items {
                change(item, &format!("{path}[*]"), wanted);
            }
        }
        Value::Object(fields) => {
            for (key, value) in fields {
                change(value, &field(path, key), wanted);
            }
        }
        _ => {}
    }
}

/// What `T` does with each value; the value at `probe` is one that nothing can be read from.
fn uses<T: DeserializeOwned>(example: &Value, probe: Option<&str>) -> Result<Uses, serde_json::Error> {
    let uses = RefCell::default();
    T::deserialize(Recorder::new(example, probe, &uses))?;
    Ok(uses.into_inner())
}

fn prune(value: &mut Value, path: &str, unread: &BTreeSet<String>, left_out: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            for item in items {
                prune(item, &format!("{path}[*]"), unread, left_out);
            }
        }
        Value::Object(fields) => fields.retain(|key, value| {
            let path = field(path, key);
            let is_read = !unread.contains(&path);
            if is_read {
                prune(value, &path, unread, left_out);
            } else if !left_out.contains(&path) {
                left_out.push(path);
            }
            is_read
        }),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    fn left_out<T: DeserializeOwned + Debug>(example: Value) -> String {
        let mut example = example;
        match keep_what_is_read::<T>(&mut example) {
            Ok(left_out) => format!("{example} without {}", left_out.join(", ")),
            Err(why) => why,
        }
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "what is read is asked for, not what it is")]
    struct Entry {
        id: u32,
        #[serde(rename = "questionText", alias = "q")]
        question: String,
        note: Option<String>,
        #[serde(default)]
        tags: Vec<Tag>,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "what is read is asked for, not what it is")]
    struct Tag {
        name: String,
    }

    #[test]
    fn fields_that_a_struct_does_not_have_are_left_out() {
        let example = json!({
            "id": 1, "q": "Why?", "note": null, "extra": {"a": [1]},
            "tags": [{"name": "a", "weight": 1}, {"name": "b", "colour": "red"}],
        });
        insta::assert_snapshot!(left_out::<Entry>(example), @r#"{"id":1,"q":"Why?","note":null,"tags":[{"name":"a"},{"name":"b"}]} without $.extra, $.tags[*].weight, $.tags[*].colour"#);
    }

    #[test]
    fn a_map_and_a_value_read_everything() {
        let example = json!({"a": {"b": 1}, "c": {"b": 2}});
        assert!(left_out::<HashMap<String, Value>>(example.clone()).ends_with("without "));
        assert!(left_out::<HashMap<String, HashMap<String, u8>>>(example.clone()).ends_with("without "));
        assert!(left_out::<Value>(example.clone()).ends_with("without "));
        insta::assert_snapshot!(left_out::<HashMap<String, Empty>>(example), @r#"{"a":{},"c":{}} without $.a.b, $.c.b"#);
    }

    #[derive(Debug, Deserialize)]
    struct Empty {
        #[serde(default)]
        #[expect(dead_code, reason = "what is read is asked for, not what it is")]
        never_there: bool,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "what is read is asked for, not what it is")]
    struct Flat {
        id: u32,
        #[serde(flatten)]
        tag: Tag,
        #[serde(flatten)]
        other: Option<Place>,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "what is read is asked for, not what it is")]
    struct Place {
        place: Tag,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "what is read is asked for, not what it is")]
    struct Open {
        id: u32,
        #[serde(flatten)]
        rest: HashMap<String, Value>,
    }

    #[test]
    fn a_flattened_struct_reads_its_own_fields_and_a_flattened_map_all() {
        let example = json!({"id": 1, "name": "a", "size": 3, "place": {"name": "b", "zip": "1"}});
        insta::assert_snapshot!(left_out::<Flat>(example.clone()), @r#"{"id":1,"name":"a","place":{"name":"b"}} without $.size, $.place.zip"#);
        assert!(left_out::<Open>(example).ends_with("without "));
    }

    #[derive(Debug, Deserialize)]
    #[serde(tag = "kind", rename_all = "lowercase")]
    #[expect(dead_code, reason = "what is read is asked for, not what it is")]
    enum Tagged {
        Faq { id: u32, tag: Tag },
        Other,
    }

    #[derive(Debug, Deserialize)]
    #[serde(untagged)]
    #[expect(dead_code, reason = "what is read is asked for, not what it is")]
    enum Untagged {
        Named { name: String },
        Nothing {},
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "lowercase")]
    #[expect(dead_code, reason = "what is read is asked for, not what it is")]
    enum External {
        Unit,
        One(Tag),
        Both { left: Tag, right: u8 },
    }

    #[test]
    fn enums_are_followed_however_they_are_tagged() {
        let example = json!({"kind": "faq", "id": 1, "more": true, "tag": {"name": "a", "size": 1}});
        insta::assert_snapshot!(left_out::<Tagged>(example), @r#"{"kind":"faq","id":1,"tag":{"name":"a"}} without $.more, $.tag.size"#);
        let example = json!([{"one": {"name": "a", "size": 1}}, "unit", {"both": {"left": {"name": "", "x": 1}, "right": 2, "y": 0}}]);
        insta::assert_snapshot!(left_out::<Vec<External>>(example), @r#"[{"one":{"name":"a"}},"unit",{"both":{"left":{"name":""},"right":2}}] without $[*].one.size, $[*].both.left.x, $[*].both.y"#);
        insta::assert_snapshot!(left_out::<Untagged>(json!({"name": "a", "size": 1})), @r#"{"name":"a"} without $.size"#);
    }

    #[test]
    fn a_type_that_cannot_be_read_or_reads_nothing_is_told() {
        insta::assert_snapshot!(left_out::<Tag>(json!({"nam": "a"})), @"missing field `name`");
        insta::assert_snapshot!(left_out::<serde::de::IgnoredAny>(json!({"nam": "a"})), @"it reads nothing of it");
        insta::assert_snapshot!(left_out::<HashMap<u16, i8>>(json!({"1": -2})), @r#"{"1":-2} without"#);
    }
}
