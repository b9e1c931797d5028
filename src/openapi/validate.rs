//! Single values against whole schemas, by a validator.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jsonschema::Validator;
use serde_json::Value;

use super::spec::Spec;

/// The schemas of a specification that were compiled up to now, by their pointer; nothing for one that
/// cannot be used.
#[derive(Debug, Default)]
pub(super) struct Validators {
    by_pointer: Mutex<HashMap<String, Option<Arc<Validator>>>>,
}

/// Something that a schema has against a value.
pub(super) struct Objection {
    /// Where in the value: `$.faqs[0].id`.
    pub(super) path: String,
    /// True when something that is not there could be the reason.
    pub(super) is_about_missing: bool,
    /// What is wrong, without the value.
    pub(super) message: String,
}

impl Spec {
    /// Whether one value satisfies the whole schema at a pointer; `None` when that cannot be told.
    pub(super) fn admits(&self, pointer: &str, value: &Value) -> Option<bool> {
        self.validated(pointer, |validator| validator.is_valid(value))
    }

    /// Everything that a schema has against a value, without the value itself; `None` when that cannot be told.
    pub(super) fn objections(&self, pointer: &str, value: &Value) -> Option<Vec<Objection>> {
        let objection = |error: jsonschema::ValidationError<'_>| Objection {
            path: path(error.instance_path().as_str()),
            is_about_missing: matches!(
                error.kind(),
                jsonschema::error::ValidationErrorKind::Required { .. }
                    | jsonschema::error::ValidationErrorKind::AnyOf { .. }
                    | jsonschema::error::ValidationErrorKind::OneOfNotValid { .. }
            ),
            message: error.masked_with("the value").to_string(),
        };
        self.validated(pointer, |validator| validator.iter_errors(value).map(objection).collect())
    }

    fn validated<T>(&self, pointer: &str, ask: impl FnOnce(&Validator) -> T) -> Option<T> {
        let validator = self.validators.get(pointer, || self.validator(pointer))?;
        Some(ask(&validator))
    }

    fn validator(&self, pointer: &str) -> Option<Validator> {
        let registry =
            jsonschema::Registry::new().add("urn:specification", &self.value).ok()?.prepare().ok()?;
        let schema = serde_json::json!({"$ref": format!("urn:specification#{pointer}")});
        let options = jsonschema::options();
        let options = options.with_draft(jsonschema::Draft::Draft202012).should_validate_formats(true);
        options.with_registry(&registry).offline().build(&schema).ok()
    }
}

impl Validators {
    /// What `made` has made of the schema at a pointer, now or before.
    fn get(&self, pointer: &str, made: impl FnOnce() -> Option<Validator>) -> Option<Arc<Validator>> {
        // Whoever crashed while holding the lock has left what was there.
        let mut known = self.by_pointer.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(validator) = known.get(pointer) {
            return validator.clone();
        }
        known.entry(pointer.to_owned()).or_insert(made().map(Arc::new)).clone()
    }
}

/// True when a specification has anything that is sent and never answered.
pub(super) fn has_write_only(value: &Value) -> bool {
    match value {
        Value::Object(map) => {
            map.get("writeOnly") == Some(&Value::Bool(true)) || map.values().any(has_write_only)
        }
        Value::Array(items) => items.iter().any(has_write_only),
        _ => false,
    }
}

/// A JSON pointer as contracts write paths: `$.faqs[0].id`.
fn path(pointer: &str) -> String {
    let step = |part: &str| match part.parse::<usize>() {
        Ok(index) => format!("[{index}]"),
        Err(_) => format!(".{}", part.replace("~1", "/").replace("~0", "~")),
    };
    pointer.split('/').skip(1).map(step).fold("$".to_owned(), |path, step| path + &step)
}
