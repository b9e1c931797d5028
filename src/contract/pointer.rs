//! The way to a value in a JSON document.

/// A JSON pointer (RFC 6901) to a value: `/interactions/0/response`.
pub type Pointer = String;

/// Adds a key to a pointer, escaped as RFC 6901 asks.
#[must_use]
pub fn join_key(pointer: &str, key: &str) -> Pointer {
    let mut joined = String::with_capacity(pointer.len() + 1 + key.len());
    joined.push_str(pointer);
    joined.push('/');
    if key.contains(['~', '/']) {
        joined.push_str(&key.replace('~', "~0").replace('/', "~1"));
    } else {
        joined.push_str(key);
    }
    joined
}

/// Adds a position to a pointer.
#[must_use]
pub fn join_index(pointer: &str, index: usize) -> Pointer {
    format!("{pointer}/{index}")
}
