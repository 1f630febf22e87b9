//! Charts: what was left of a budget over time, drawn as SVG inside the page.
//!
//! A picture of numbers that stand beside it in words; it takes the theme's colours, needs no script, and says in a
//! sentence what it shows to those who do not see it. Gaps in the measurements are gaps in the line.

use std::fmt::Write as _;

use jiff::Timestamp;
use serde::Serialize;

use crate::objectives::{Change, HistoryPoint};

/// The picture's size, in its own units.
const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 180.0;

/// How much more than a whole budget the picture may show as spent: beyond, the line runs along the edge.
const LOWEST: f64 = -1.0;

/// A line with what happened along it.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Chart {
    width: f64,
    height: f64,
    /// One path for each stretch without a gap.
    lines: Vec<String>,
    /// Where the budget is spent.
    zero: String,
    /// What happened.
    marks: Vec<Mark>,
    says: String,
}

/// A moment on the line.
#[derive(Debug, PartialEq, Serialize)]
struct Mark {
    x: String,
    says: String,
}

/// Draws what was left; nothing where fewer than two moments are known.
pub(super) fn draw(history: &[HistoryPoint], changes: &[Change]) -> Option<Chart> {
    let (first, last) = (history.first()?.at, history.last()?.at);
    let known: Vec<f64> = history.iter().filter_map(|point| point.left).collect();
    if known.len() < 2 || last <= first {
        return None;
    }
    let least = known.iter().copied().fold(0.0, f64::min).max(LOWEST);
    let scale = Scale { first, last, least };
    let mut lines = Vec::new();
    for stretch in history.split(|point| point.left.is_none()).filter(|part| !part.is_empty()) {
        lines.push(scale.path(stretch));
    }
    let inside = changes.iter().filter(|change| change.at >= first && change.at <= last);
    let marks = inside.map(|change| Mark {
        x: format!("{:.1}", scale.x(change.at)),
        says: format!("{} {}", change.reference, change.what),
    });
    let percent = |left: f64| format!("{:.0} %", left * 100.0);
    let (began, ended) = (known.first().copied()?, known.last().copied()?);
    Some(Chart {
        width: WIDTH,
        height: HEIGHT,
        lines,
        zero: format!("{:.1}", scale.y(0.0)),
        marks: marks.collect(),
        says: format!("The budget went from {} to {}", percent(began), percent(ended)),
    })
}

/// From moments and ratios to places in the picture.
struct Scale {
    first: Timestamp,
    last: Timestamp,
    least: f64,
}

impl Scale {
    fn x(&self, at: Timestamp) -> f64 {
        let all = self.last.duration_since(self.first).as_secs_f64();
        WIDTH * at.duration_since(self.first).as_secs_f64() / all
    }

    fn y(&self, left: f64) -> f64 {
        HEIGHT * (1.0 - left.clamp(self.least, 1.0)) / (1.0 - self.least)
    }

    fn path(&self, stretch: &[HistoryPoint]) -> String {
        let mut path = String::new();
        let places =
            stretch.iter().filter_map(|point| Some((self.x(point.at), self.y(point.left?))));
        for (number, (x, y)) in places.enumerate() {
            // Writing into a string cannot fail.
            let _ = write!(path, "{}{x:.1} {y:.1}", if number == 0 { "M" } else { "L" });
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(left: &[Option<f64>]) -> Vec<HistoryPoint> {
        let at = |number: usize| {
            Timestamp::from_second(i64::try_from(number).expect("small") * 60).expect("in range")
        };
        left.iter()
            .enumerate()
            .map(|(number, left)| HistoryPoint { at: at(number), left: *left })
            .collect()
    }

    #[test]
    fn a_gap_is_a_gap_and_what_is_overspent_is_below_the_line() {
        let chart = draw(&history(&[Some(1.0), Some(0.5), None, Some(-0.5), Some(-9.0)]), &[]);
        let chart = chart.expect("enough is known");
        assert_eq!(chart.lines, ["M0.0 0.0L160.0 45.0", "M480.0 135.0L640.0 180.0"]);
        assert_eq!(
            (chart.zero.as_str(), chart.says.as_str()),
            ("90.0", "The budget went from 100 % to -900 %")
        );
    }

    #[test]
    fn one_moment_is_no_line() {
        assert_eq!(draw(&history(&[Some(1.0), None]), &[]), None);
        assert_eq!(draw(&[], &[]), None);
    }

    #[test]
    fn what_happened_stands_where_it_happened() {
        let moment = |second| Timestamp::from_second(second).expect("in range");
        let change = |second| Change {
            at: moment(second),
            reference: "change/CHG-2026-0001".to_owned(),
            what: "was applied".to_owned(),
        };
        let chart =
            draw(&history(&[Some(1.0), Some(0.5), Some(0.4)]), &[change(60), change(9_000)]);
        let marks = chart.expect("enough is known").marks;
        assert_eq!(marks.len(), 1, "{marks:?}");
        assert_eq!(marks[0].x, "320.0");
    }
}
