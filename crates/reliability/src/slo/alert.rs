//! When a budget burns too fast: the SRE Workbook's windows, and why some are left out.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{BurnRate, ErrorBudget, Minutes};

/// The alert's name. One for all objectives, so that a page can inhibit the ticket beside it.
pub(crate) const ALERT_NAME: &str = "SloErrorBudgetBurn";

/// One rule that alerts: any of its branches is enough.
#[derive(Clone, Debug, PartialEq)]
pub struct AlertRule {
    /// The name of the alert.
    pub name: String,
    /// `page`, `ticket`, or what the policy says.
    pub severity: String,
    /// The conditions.
    pub branches: Vec<Branch>,
    /// How long a condition must hold.
    pub hold: Option<Minutes>,
    /// More labels.
    pub labels: BTreeMap<String, String>,
    /// More annotations.
    pub annotations: BTreeMap<String, String>,
}

/// A burn rate over a long window, and over a short one that ends the alert soon after the trouble does.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    /// From which burn rate on.
    pub burn: BurnRate,
    /// `>` or `>=`.
    pub comparison: &'static str,
    /// Where it must have burned.
    pub long: Minutes,
    /// Where it must still burn.
    pub short: Option<Minutes>,
}

/// An alert that is left out.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Held {
    /// Which.
    pub alert: String,
    /// Why, as a sentence.
    pub reason: String,
}

/// Severity, part of the budget, long window in hours, short window in minutes: chapter 5 of the SRE
/// Workbook, for 30 days 14.4×, 6×, 3× and 1×.
const STANDARD: [(&str, Decimal, u64, u64); 4] = [
    ("page", Decimal::from_parts(2, 0, 0, false, 2), 1, 5),
    ("page", Decimal::from_parts(5, 0, 0, false, 2), 6, 30),
    ("ticket", Decimal::from_parts(1, 0, 0, false, 1), 24, 120),
    ("ticket", Decimal::from_parts(1, 0, 0, false, 1), 72, 360),
];

/// Below this burn rate the budget comfortably outlasts its window, so an alert would be noise: with a
/// window of a week, a tenth of the budget in three days is a quarter of what is allowed. 0.9 keeps the
/// slowest alert of a 28-day window (0.9333×) where everybody's tools have it.
const SLOWEST: Decimal = Decimal::from_parts(9, 0, 0, false, 1);

impl Branch {
    /// Whether an error ratio can ever reach it; it cannot exceed 1, so everything failing must do.
    #[must_use]
    pub fn can_fire(&self, budget: ErrorBudget) -> bool {
        let threshold = budget.threshold(self.burn);
        threshold < Decimal::ONE || (self.comparison == ">=" && threshold == Decimal::ONE)
    }

    /// Its windows, long and short.
    pub fn windows(&self) -> impl Iterator<Item = Minutes> {
        [Some(self.long), self.short].into_iter().flatten()
    }

    /// What it says, and why these windows.
    #[must_use]
    pub fn explanation(&self, window: Minutes) -> String {
        let spent =
            self.burn.factor() * Decimal::from(self.long.count()) / Decimal::from(window.count());
        let spent = super::numbers::percent(spent).round_dp(1).normalize();
        let still = self.short.map_or_else(String::new, |short| {
            format!(
                ", and it still burned in the last {}, which ends the alert soon after the trouble",
                short.words()
            )
        });
        format!(
            "{spent} % of the {} budget went within {} ({} the even rate){still}",
            window.words(),
            self.long.words(),
            self.burn
        )
    }
}

/// The standard alerts for a window and budget, and those of them that make no sense there.
#[must_use]
pub fn standard_alerts(window: Minutes, budget: ErrorBudget) -> (Vec<AlertRule>, Vec<Held>) {
    let mut rules: Vec<AlertRule> = Vec::new();
    let mut held = Vec::new();
    for (severity, fraction, long, short) in STANDARD {
        let (long, short) = (Minutes::of_hours(long), Minutes::of(short));
        let alert = format!("{severity}, {long} and {short}");
        if long >= window {
            let reason =
                format!("{} is not shorter than the window, {}", long.words(), window.words());
            held.push(Held { alert, reason });
            continue;
        }
        let burn = BurnRate::spending(fraction, window, long)
            .filter(|burn| burn.factor() >= SLOWEST)
            .unwrap_or(BurnRate::EVEN);
        let branch = Branch { burn, comparison: ">", long, short: Some(short) };
        if !branch.can_fire(budget) {
            held.push(Held { alert, reason: never_fires(&branch, budget) });
            continue;
        }
        match rules.iter_mut().find(|rule| rule.severity == severity) {
            Some(rule) => rule.branches.push(branch),
            None => rules.push(AlertRule {
                name: ALERT_NAME.to_owned(),
                severity: severity.to_owned(),
                branches: vec![branch],
                hold: None,
                labels: BTreeMap::new(),
                annotations: BTreeMap::new(),
            }),
        }
    }
    (rules, held)
}

/// Why a branch can never fire.
pub(crate) fn never_fires(branch: &Branch, budget: ErrorBudget) -> String {
    let highest = Decimal::ONE / budget.ratio();
    format!(
        "it can never fire: {} of a budget of {} % is more than 100 % errors; nothing burns faster than {}×",
        branch.burn,
        super::numbers::percent(budget.ratio()),
        highest.round_dp(2).normalize()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slo::Objective;

    #[track_caller]
    fn check(days: u64, objective: f64, expect: &[&str], expect_held: &[&str]) {
        let budget = Objective::of_percent(objective).unwrap().budget();
        let (rules, held) = standard_alerts(Minutes::of_days(days), budget);
        let shown: Vec<String> = rules
            .iter()
            .flat_map(|rule| rule.branches.iter().map(|branch| (&rule.severity, branch)))
            .map(|(severity, branch)| format!("{severity} {} {}", branch.long, branch.burn))
            .collect();
        assert_eq!(shown, expect);
        let held: Vec<&str> = held.iter().map(|held| held.alert.as_str()).collect();
        assert_eq!(held, expect_held);
    }

    #[test]
    fn thirty_days_have_the_workbook_s_factors() {
        check(30, 99.9, &["page 1h 14.4×", "page 6h 6×", "ticket 1d 3×", "ticket 3d 1×"], &[]);
    }

    #[test]
    fn a_short_window_has_no_alert_slower_than_even() {
        check(7, 99.9, &["page 1h 3.36×", "page 6h 1.4×", "ticket 1d 1×", "ticket 3d 1×"], &[]);
        let longer = ["ticket, 1d and 2h", "ticket, 3d and 6h"];
        check(1, 99.9, &["page 1h 1×", "page 6h 1×"], &longer);
    }

    #[test]
    fn what_can_never_fire_is_left_out() {
        let fast = ["page, 1h and 5m"];
        check(30, 90.0, &["page 6h 6×", "ticket 1d 3×", "ticket 3d 1×"], &fast);
        let all = ["page, 1h and 5m", "page, 6h and 30m", "ticket, 1d and 2h", "ticket, 3d and 6h"];
        check(30, 0.0, &[], &all);
    }

    #[test]
    fn an_explanation_says_how_much_is_gone() {
        let budget = Objective::of_percent(99.9).unwrap().budget();
        let (rules, _) = standard_alerts(Minutes::of_days(30), budget);
        assert_eq!(
            rules[0].branches[0].explanation(Minutes::of_days(30)),
            "2 % of the 30 days budget went within 1 hour (14.4× the even rate), and it still burned in the last 5 minutes, which ends the alert soon after the trouble"
        );
    }
}
