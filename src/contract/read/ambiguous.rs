//! Rules of equal weight on one value of the example.

use std::collections::BTreeMap;

use serde_json::Value;

use super::cursor::Cursor;
use crate::contract::choice::is_tie;
use crate::contract::path::{Step, display_steps};
use crate::contract::rule::{Category, Rule, best_rule};
use crate::finding::Code;

/// Names each rule that loses against another only because it stands before it, with the first
/// value for which it does. The rules that lose against the same one are told together.
pub(super) fn check(part: &Cursor<'_>, rules: &[Rule], json: &Value) {
    let of_body: Vec<&Rule> = rules.iter().filter(|rule| rule.category == Category::Body).collect();
    let mut ties = (0..of_body.len()).flat_map(|one| (0..one).map(move |other| (one, other)));
    if !ties.any(|(one, other)| is_tie(of_body[one], of_body[other])) {
        return;
    }
    let mut search = Search { rules, losers: BTreeMap::new() };
    search.visit(json, &mut Vec::new());
    let mut told = BTreeMap::new();
    for (winner, loser, place) in search.losers.values() {
        told.entry(winner.pointer.as_str()).or_insert_with(Vec::new).push((*winner, *loser, place));
    }
    for group in told.values() {
        if let [(winner, loser, place), others @ ..] = group.as_slice() {
            say(part, (loser, winner), place, others.len());
        }
    }
}

/// Who wins, who loses, and where.
type Loss<'a> = (&'a Rule, &'a Rule, String);

struct Search<'a> {
    rules: &'a [Rule],
    /// By the loser's place in the pact.
    losers: BTreeMap<&'a str, Loss<'a>>,
}

impl Search<'_> {
    fn visit(&mut self, value: &Value, steps: &mut Vec<Step>) {
        if let Some((best, _)) = best_rule(self.rules, Category::Body, steps) {
            let loses = |rule: &&Rule| {
                rule.category == Category::Body && rule.path.weight(steps).is_some() && is_tie(rule, best)
            };
            for loser in self.rules.iter().filter(loses) {
                let defeat = || (best, loser, display_steps(steps));
                self.losers.entry(&loser.pointer).or_insert_with(defeat);
            }
        }
        let mut inside = |step: Step, child: &Value| {
            steps.push(step);
            self.visit(child, steps);
            steps.pop();
        };
        match value {
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(index, item)| inside(Step::Index(index), item));
            }
            Value::Object(map) => map.iter().for_each(|(key, value)| inside(Step::Key(key.clone()), value)),
            _ => {}
        }
    }
}

fn say(part: &Cursor<'_>, (losing, winning): (&Rule, &Rule), place: &str, others: usize) {
    let more = match others {
        0 => String::new(),
        1 => ", and so for 1 more rule".to_owned(),
        others => format!(", and so for {others} more rules"),
    };
    let message = format!(
        "`{}` and `{}` are equally specific for `{place}`; the later one holds{more}",
        losing.path, winning.path
    );
    let help = format!("say with a path of its own what holds for `{place}`");
    part.speaking_of(&losing.pointer).say(Code::AmbiguousRules, message, help);
}
