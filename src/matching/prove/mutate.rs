//! Changes to a good answer, at random or one after the other.

use proptest::sample::Index;
use serde_json::{Value, json};

/// A change to the JSON of an answer.
#[derive(Debug, Clone)]
pub(super) enum Change {
    /// Another value of the same kind.
    Vary(Index),
    Replace(Index, Value),
    Remove(Index),
    Add(Index, Value),
    /// One more item like the first.
    Repeat(Index),
    Clear(Index),
    /// The first key of an object is called something else.
    Rename(Index),
}

/// A change to the bytes of an answer.
#[derive(Debug, Clone)]
pub(super) enum Flaw {
    Insert(Index, &'static str),
    Cut(Index),
    Byte(Index),
    Empty,
    Deep,
}

/// JSON pointers to all values, the root first. Keys have no slashes here.
pub(super) fn pointers(value: &Value) -> Vec<String> {
    let inside = |key: &str, child: &Value| {
        pointers(child).into_iter().map(|rest| format!("/{key}{rest}")).collect::<Vec<_>>()
    };
    let mut found = vec![String::new()];
    match value {
        Value::Object(map) => found.extend(map.iter().flat_map(|(key, child)| inside(key, child))),
        Value::Array(items) => {
            found.extend(items.iter().enumerate().flat_map(|(at, child)| inside(&at.to_string(), child)));
        }
        _ => {}
    }
    found
}

/// Another value of the same kind.
pub(super) fn varied(value: &Value) -> Value {
    match value {
        Value::Bool(value) => Value::from(!value),
        Value::Number(number) => match number.as_i64() {
            Some(number) => Value::from(number + 1),
            None => Value::from(number.as_f64().unwrap_or_default() + 0.25),
        },
        Value::String(text) => Value::from(format!("{text}a")),
        other => other.clone(),
    }
}

/// The document with all changes made, as far as they can be made.
pub(super) fn changed(mut document: Value, changes: &[Change]) -> Value {
    for change in changes {
        let pointers = pointers(&document);
        let (Change::Vary(at)
        | Change::Replace(at, _)
        | Change::Remove(at)
        | Change::Add(at, _)
        | Change::Repeat(at)
        | Change::Clear(at)
        | Change::Rename(at)) = change;
        let Some(target) = document.pointer_mut(at.get::<String>(&pointers)) else { continue };
        apply(change, target);
    }
    document
}

fn apply(change: &Change, target: &mut Value) {
    match (change, target) {
        (Change::Vary(_), target) => *target = varied(target),
        (Change::Replace(_, value), target) => *target = value.clone(),
        (Change::Remove(_), Value::Object(map)) => {
            let last = map.keys().next_back().cloned();
            last.and_then(|key| map.shift_remove(&key));
        }
        (Change::Remove(_), Value::Array(items)) => drop(items.pop()),
        (Change::Add(_, value), Value::Object(map)) => drop(map.insert("new".to_owned(), value.clone())),
        (Change::Add(_, value), Value::Array(items)) => items.push(value.clone()),
        (Change::Repeat(_), Value::Array(items)) => items.extend(items.first().cloned()),
        (Change::Clear(_), Value::Array(items)) => items.clear(),
        (Change::Clear(_), Value::Object(map)) => map.clear(),
        (Change::Rename(_), Value::Object(map)) => {
            let first = map.keys().next().cloned();
            if let Some(value) = first.and_then(|key| map.shift_remove(&key)) {
                map.insert("renamed".to_owned(), value);
            }
        }
        _ => {}
    }
}

/// The bytes with a flaw in them.
pub(super) fn flawed(mut bytes: Vec<u8>, flaw: &Flaw) -> Vec<u8> {
    match flaw {
        Flaw::Insert(at, text) => {
            let at = at.index(bytes.len() + 1);
            bytes.splice(at..at, text.bytes());
        }
        Flaw::Cut(at) => bytes.truncate(at.index(bytes.len() + 1)),
        Flaw::Byte(at) => {
            if !bytes.is_empty() {
                let at = at.index(bytes.len());
                bytes[at] = 0xff;
            }
        }
        Flaw::Empty => bytes.clear(),
        Flaw::Deep => {
            bytes = format!("{}{}", "[".repeat(200), "]".repeat(200)).into_bytes();
        }
    }
    bytes
}

/// Every document that differs from a good answer in one place and in one way.
pub(super) fn mutants(good: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    for pointer in pointers(good) {
        let Some(value) = good.pointer(&pointer) else { continue };
        let others = [varied(value), Value::Null, json!("?"), json!(-7), json!([]), json!({})];
        for other in others.into_iter().filter(|other| other != value) {
            let mut mutant = good.clone();
            if let Some(place) = mutant.pointer_mut(&pointer) {
                *place = other;
                found.push(mutant);
            }
        }
        let lesser = match value {
            Value::Object(map) => map.keys().map(|key| without_key(value, key)).collect(),
            Value::Array(items) => (0..items.len()).map(|at| without_item(value, at)).collect(),
            _ => Vec::new(),
        };
        for less in lesser {
            let mut mutant = good.clone();
            if let Some(place) = mutant.pointer_mut(&pointer) {
                *place = less;
                found.push(mutant);
            }
        }
    }
    found
}

fn without_key(object: &Value, key: &str) -> Value {
    let mut object = object.clone();
    object.as_object_mut().and_then(|map| map.shift_remove(key));
    object
}

fn without_item(list: &Value, at: usize) -> Value {
    let mut list = list.clone();
    list.as_array_mut().map(|items| items.remove(at));
    list
}
