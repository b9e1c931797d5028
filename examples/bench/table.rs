//! Medians and ratios as Markdown.

use std::fmt::Write as _;
use std::time::Duration;

use crate::contender::Contender;
use crate::measure::Measured;
use crate::workload::Workload;

/// The head of the table.
pub(crate) const HEAD: &str = "\
| Workload | Who | Runs | Wall time | | CPU time | | Peak memory | |
|---|---|---:|---:|---:|---:|---:|---:|---:|";

/// The rows of one workload: a line for each contender. The ratios say how many times more than
/// the first one it needs.
pub(crate) fn rows(workload: &Workload, contenders: &[Contender], measured: &[Vec<Measured>]) -> String {
    let medians: Vec<[f64; 3]> = measured.iter().map(|runs| medians(runs)).collect();
    let mut text = String::new();
    for (position, contender) in contenders.iter().enumerate() {
        if measured[position].is_empty() {
            continue;
        }
        let ([wall, cpu, memory], runs) = (medians[position], measured[position].len());
        let name = if position == 0 { workload.name } else { "" };
        let ratio = |what: usize| match position {
            0 => String::new(),
            _ => factor(medians[position][what] / medians[0][what]),
        };
        let _ = writeln!(
            text,
            "| {name} | {} | {runs} | {} | {} | {} | {} | {:.0} MB | {} |",
            contender.name,
            seconds(wall),
            ratio(0),
            seconds(cpu),
            ratio(1),
            memory / 1e6,
            ratio(2),
        );
    }
    text
}

/// Wall and processor time in seconds, and memory in bytes.
fn medians(runs: &[Measured]) -> [f64; 3] {
    let seconds = |time: Duration| time.as_secs_f64();
    [
        median(runs.iter().map(|run| seconds(run.wall))),
        median(runs.iter().map(|run| seconds(run.cpu))),
        #[expect(clippy::cast_precision_loss, reason = "no process has so much memory")]
        median(runs.iter().map(|run| run.memory as f64)),
    ]
}

/// The one in the middle, or the mean of the two there.
pub(crate) fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    match values.len() {
        0 => f64::NAN,
        length if length % 2 == 1 => values[half],
        _ => f64::midpoint(values[half - 1], values[half]),
    }
}

pub(crate) fn factor(ratio: f64) -> String {
    if ratio < 10.0 { format!("{ratio:.1} x") } else { format!("{ratio:.0} x") }
}

pub(crate) fn seconds(value: f64) -> String {
    if value < 1.0 { format!("{:.0} ms", value * 1e3) } else { format!("{value:.2} s") }
}
