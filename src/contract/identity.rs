//! What tells one interaction of a pact from the others.

use serde_json::Value;

/// The keys under which provider states stand, in the order in which they are looked for.
const STATES: [&str; 3] = ["providerStates", "providerState", "provider_state"];

/// Two interactions with the same text are one: they have the same description, provider states and
/// kind. The order in which the parameters of a state are written says nothing.
#[must_use]
pub fn identity(interaction: &Value) -> String {
    let states = STATES.iter().find_map(|key| interaction.get(*key));
    let states = states.filter(|states| !states.as_array().is_some_and(Vec::is_empty));
    let parts = [interaction.get("description"), states, interaction.get("type")];
    let text = |part: Option<&Value>| {
        let mut part = part.cloned().unwrap_or_default();
        part.sort_all_objects();
        part.to_string()
    };
    parts.map(text).join("\0")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_order_of_parameters_and_an_empty_list_of_states_say_nothing() {
        let with = |states: Value| identity(&json!({ "description": "a", "providerStates": states }));
        let one = with(json!([{ "name": "s", "params": { "a": 1, "b": { "c": 2, "d": 3 } } }]));
        assert_eq!(one, with(json!([{ "params": { "b": { "d": 3, "c": 2 }, "a": 1 }, "name": "s" }])));
        assert_ne!(one, with(json!([{ "name": "s", "params": { "a": 2, "b": { "c": 2, "d": 3 } } }])));
        assert_eq!(with(json!([])), identity(&json!({ "description": "a" })));
        assert_ne!(
            with(json!([{ "name": "s" }, { "name": "t" }])),
            with(json!([{ "name": "t" }, { "name": "s" }]))
        );
    }
}
