//! Rules of equal weight on one value of the example.

use serde_json::Value;

use super::cursor::Cursor;
use crate::contract::choice::are_chosen_between;
use crate::contract::path::{Step, display_steps};
use crate::contract::rule::{Category, Rule, best_rule};
use crate::finding::Code;

/// Names each pair of rules between which only their order decides, with the first value for which
/// it does.
pub(super) fn check(part: &Cursor<'_>, rules: &[Rule], json: &Value) {
    let of_body: Vec<&Rule> = rules.iter().filter(|rule| rule.category == Category::Body).collect();
    for (index, earlier) in of_body.iter().enumerate() {
        for later in &of_body[index + 1..] {
            let is_tie = earlier.path.own_weight() == later.path.own_weight();
            if !is_tie || !are_chosen_between(earlier, later) {
                continue;
            }
            let is_decided = |steps: &[Step]| {
                let best = best_rule(rules, Category::Body, steps).map(|(best, _)| best);
                earlier.path.weight(steps).is_some() && best.is_some_and(|best| std::ptr::eq(best, *later))
            };
            if let Some(steps) = first(json, &mut Vec::new(), &is_decided) {
                say(part, earlier, later, &steps);
            }
        }
    }
}

fn say(part: &Cursor<'_>, earlier: &Rule, later: &Rule, steps: &[Step]) {
    let (losing, winning, place) = (&earlier.path, &later.path, display_steps(steps));
    let message =
        format!("`{losing}` and `{winning}` are equally specific for `{place}`; the later one holds");
    let help = format!("say with a path of its own what holds for `{place}`");
    part.speaking_of(&earlier.pointer).say(Code::AmbiguousRules, message, help);
}

/// The way to the first value for which something is true, those above others first.
fn first(value: &Value, steps: &mut Vec<Step>, is_wanted: &dyn Fn(&[Step]) -> bool) -> Option<Vec<Step>> {
    if is_wanted(steps) {
        return Some(steps.clone());
    }
    let children: Vec<(Step, &Value)> = match value {
        Value::Array(items) => {
            items.iter().enumerate().map(|(index, item)| (Step::Index(index), item)).collect()
        }
        Value::Object(map) => map.iter().map(|(key, value)| (Step::Key(key.clone()), value)).collect(),
        _ => Vec::new(),
    };
    children.into_iter().find_map(|(step, child)| {
        steps.push(step);
        let found = first(child, steps, is_wanted);
        steps.pop();
        found
    })
}
