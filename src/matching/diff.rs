//! The part of two JSON documents that differs, as lines.
//!
//! Only what the findings name is shown as different: a value that a rule allows is not, however
//! much it differs from the example.

use std::collections::HashSet;

use serde_json::Value;

use super::values::{brief, example_at, steps_of, value_at};
use crate::contract::Step;
use crate::finding::{Finding, Place};
use crate::outcome::{DiffLine, Side};

/// The longest diff; what is beyond it is said in one line.
const MOST_LINES: usize = 80;

/// Shows where a received document differs from the example, as far as `findings` say so.
pub(crate) fn diff(example: &Value, actual: &Value, findings: &[&Finding]) -> Vec<DiffLine> {
    let mut wrong: Vec<Wrong> = findings
        .iter()
        .filter(|finding| finding.place == Place::Body && finding.path.starts_with('$'))
        .map(|finding| Wrong { steps: steps_of(&finding.path), note: finding.rule.clone() })
        .collect();
    wrong.sort_by(|left, right| left.steps.cmp(&right.steps));
    wrong.dedup_by(|left, right| left.steps == right.steps);
    if wrong.is_empty() {
        return Vec::new();
    }
    let mut view = View { example, actual, wrong: &wrong, lines: Vec::new() };
    view.show(&mut Vec::new(), "");
    let mut lines = view.lines;
    if lines.len() > MOST_LINES {
        let rest = lines.len() - MOST_LINES;
        lines.truncate(MOST_LINES);
        lines.push(line(Side::Gap, format!("… {rest} more lines")));
    }
    lines
}

struct Wrong {
    steps: Vec<Step>,
    note: Option<String>,
}

struct View<'a> {
    example: &'a Value,
    actual: &'a Value,
    wrong: &'a [Wrong],
    lines: Vec<DiffLine>,
}

impl View<'_> {
    /// Shows the value at `steps`, in which something is wrong. `label` is its key.
    fn show(&mut self, steps: &mut Vec<Step>, label: &str) {
        if let Some(wrong) = self.wrong_inside(steps).first().filter(|wrong| wrong.steps == *steps) {
            let note = wrong.note.clone();
            self.both_sides(steps, label, note);
            return;
        }
        let (open, close) = match value_at(self.actual, steps).or_else(|| example_at(self.example, steps)) {
            Some(Value::Array(_)) => ("[", "]"),
            _ => ("{", "}"),
        };
        let indent = "  ".repeat(steps.len());
        self.lines.push(line(Side::Both, format!("{indent}{label}{open}")));
        let mut gap = false;
        for step in self.children(steps) {
            steps.push(step);
            if self.wrong_inside(steps).is_empty() {
                gap = true;
            } else {
                self.flush(&mut gap, steps.len());
                let label = label_of(steps.last());
                self.show(steps, &label);
            }
            steps.pop();
        }
        self.flush(&mut gap, steps.len() + 1);
        self.lines.push(line(Side::Both, format!("{indent}{close}")));
    }

    fn flush(&mut self, gap: &mut bool, depth: usize) {
        if std::mem::take(gap) {
            self.lines.push(line(Side::Gap, format!("{}…", "  ".repeat(depth))));
        }
    }

    /// What is wrong at `steps` or below. There may be many of them, and they are sorted.
    fn wrong_inside(&self, steps: &[Step]) -> &[Wrong] {
        let from = self.wrong.partition_point(|wrong| wrong.steps.as_slice() < steps);
        let rest = &self.wrong[from..];
        &rest[..rest.partition_point(|wrong| wrong.steps.starts_with(steps))]
    }

    /// The children of the received value in its order, then those that only the findings know.
    fn children(&self, steps: &[Step]) -> Vec<Step> {
        let mut children: Vec<Step> = match value_at(self.actual, steps) {
            Some(Value::Object(map)) => map.keys().cloned().map(Step::Key).collect(),
            Some(Value::Array(items)) => (0..items.len()).map(Step::Index).collect(),
            _ => Vec::new(),
        };
        let mut known: HashSet<&Step> = children.iter().collect();
        let inside = self.wrong_inside(steps).iter().filter_map(|wrong| wrong.steps.get(steps.len()));
        let others: Vec<Step> = inside.filter(|step| known.insert(step)).cloned().collect();
        children.extend(others);
        children
    }

    fn both_sides(&mut self, steps: &[Step], label: &str, note: Option<String>) {
        let sides = [
            (Side::Expected, example_at(self.example, steps), note),
            (Side::Received, value_at(self.actual, steps), None),
        ];
        for (side, value, note) in sides {
            let Some(value) = value else { continue };
            for (number, text) in pretty(value).lines().enumerate() {
                let label = if number == 0 { label } else { "" };
                let text = format!("{}{label}{text}", "  ".repeat(steps.len()));
                let note = if number == 0 { note.clone() } else { None };
                self.lines.push(DiffLine { side, text, note });
            }
        }
    }
}

/// Small values in full, large ones in a line.
fn pretty(value: &Value) -> String {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    if text.lines().count() > 12 { brief(value) } else { text }
}

fn label_of(step: Option<&Step>) -> String {
    match step {
        Some(Step::Key(key)) => format!("{}: ", Value::from(key.as_str())),
        Some(Step::Index(index)) => format!("[{index}] "),
        None => String::new(),
    }
}

fn line(side: Side, text: String) -> DiffLine {
    DiffLine { side, text, note: None }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::finding::Code;

    fn shown(example: &Value, actual: &Value, paths: &[&str]) -> String {
        let findings: Vec<Finding> =
            paths.iter().map(|path| Finding::new(Code::WrongValue, Place::Body, "").at(*path)).collect();
        let lines = diff(example, actual, &findings.iter().collect::<Vec<_>>());
        let sign = |side| match side {
            Side::Expected => '-',
            Side::Received => '+',
            Side::Both | Side::Gap => ' ',
        };
        lines.iter().map(|line| format!("{}{}", sign(line.side), line.text)).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn only_what_is_wrong_is_shown_as_different() {
        let example = json!({"id": 1, "name": "a", "tags": [{"k": 1}], "at": "x"});
        let actual = json!({"id": 2, "name": 5, "tags": [{"k": 1}, {"k": "2"}]});
        insta::assert_snapshot!(shown(&example, &actual, &["$.name", "$.tags[1].k", "$.at"]), @r#"
         {
           …
        -  "name": "a"
        +  "name": 5
           "tags": [
             …
             [1] {
        -      "k": 1
        +      "k": "2"
             }
           ]
        -  "at": "x"
         }
        "#);
    }

    #[test]
    fn a_difference_at_the_root_shows_both_documents() {
        insta::assert_snapshot!(shown(&json!({"a": 1}), &json!([1]), &["$"]), @r#"
        -{
        -  "a": 1
        -}
        +[
        +  1
        +]
        "#);
    }
}
