//! A place of a contract against the alternatives of a schema.

use super::fit::{At, Fit, Side, Walk, doubt, no, partly};
use super::json_schema::PERHAPS_NULL;
use super::scalar;
use super::schema::{Alternatives, Conjunction, alternatives};
use super::spec::Place;
use crate::compat::{Form, Node, Values};
use serde_json::Value;

/// What ends a message about the alternative that is refused for the fewest reasons.
const NEAREST: &str = "; this is the nearest)";

impl Walk<'_> {
    /// Compares a place with a schema, whatever alternatives it has.
    pub(super) fn node(self, path: &str, node: &Node, schema: &Place<'_>) -> Fit {
        let at = At { path, node };
        let Some(choices) = alternatives(self.spec, schema) else {
            return doubt(at, "the schema refers to something that is not in the document", &schema.pointer);
        };
        let fit = self.choose(at, &choices, schema);
        let is_perhaps_null = schema.value.get(PERHAPS_NULL).is_some();
        if !fit.noes.is_empty() && is_perhaps_null && may_be_null(node) {
            let message =
                "`nullable` stands beside no type, and whether null is allowed is read in both ways";
            return doubt(at, message, &schema.pointer);
        }
        fit
    }

    fn choose(self, at: At<'_>, choices: &Alternatives<'_>, schema: &Place<'_>) -> Fit {
        let mut fits: Vec<_> = choices.all.iter().map(|one| self.conjunction(at, one)).collect();
        if fits.len() == 1 {
            return fits.remove(0);
        }
        let undecided = |message: &str| {
            self.one_by_one(at, schema).unwrap_or_else(|| doubt(at, message, &schema.pointer))
        };
        if fits.iter().any(Fit::is_yes) {
            let may_fit = |one: &&Conjunction<'_>| {
                Self { side: Side::Received, ..self }.conjunction(at, one).noes.is_empty()
            };
            let possible = || choices.all.iter().filter(may_fit).count();
            if self.side == Side::Sent && choices.is_exclusive && possible() > 1 {
                return undecided("whether exactly one of the alternatives of `oneOf` fits");
            }
            return Fit::default();
        }
        if fits.iter().any(|fit| fit.noes.is_empty()) {
            return undecided("which of the alternatives fits");
        }
        // Each alternative refuses some of the values; together they may take all.
        let is_partial = |fit: &&Fit| fit.noes.iter().all(|trouble| trouble.is_partial);
        if fits.iter().filter(is_partial).count() > 1 {
            return undecided("whether each of the values fits one of the alternatives");
        }
        let number = fits.len();
        let mut nearest = fits.into_iter().min_by_key(|fit| fit.noes.len()).unwrap_or_default();
        // Of a choice in a choice it is said once.
        for trouble in nearest.noes.iter_mut().filter(|one| !one.message.ends_with(NEAREST)) {
            trouble.message = format!("{} (none of {number} alternatives fits{NEAREST}", trouble.message);
        }
        nearest
    }

    /// Each of few values for itself, or some of many, of which one that is refused says enough.
    fn one_by_one(self, at: At<'_>, schema: &Place<'_>) -> Option<Fit> {
        let Form::One(values) = &at.node.form else { return None };
        if values.is_exact() || self.side == Side::Received {
            return None;
        }
        let listed = values.listed();
        let is_all = listed.is_some();
        let mut known = match listed {
            Some(listed) => listed,
            None if scalar::is_vague(values) => return None,
            None => scalar::sent(values),
        };
        if !known.contains(&values.example) {
            known.push(values.example.clone());
        }
        let fits: Vec<_> = known
            .into_iter()
            .map(|value| {
                let form = Form::One(Values::exactly(value.clone(), values.is_text));
                let node = Node { form, pointer: at.node.pointer.clone() };
                (value, self.node(at.path, &node, schema))
            })
            .collect();
        let refused = fits.iter().find_map(|(value, fit)| Some((value, fit.noes.first()?)));
        if let Some((value, trouble)) = refused {
            let message = scalar::lets(values, value, &trouble.message);
            return Some(partly(no(at, &message, &trouble.spec)));
        }
        (is_all && fits.iter().all(|(_, fit)| fit.is_yes())).then(Fit::default)
    }
}

fn may_be_null(node: &Node) -> bool {
    match &node.form {
        Form::One(values) => values.has(&Value::Null) == Some(true),
        _ => false,
    }
}
