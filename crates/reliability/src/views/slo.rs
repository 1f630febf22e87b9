//! Objectives and their budgets as they are shown.

use playbook::Model;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::slo::budget::{Budget, Forecast, Remaining};
use crate::slo::{Held, Indicator, Slo, Told, lower};

/// Every objective, and what cannot be rendered.
#[derive(Clone, Debug, Serialize)]
pub struct SloList {
    /// What is watched, by id.
    pub slos: Vec<SloRow>,
    /// What is not.
    pub skipped: Vec<SkippedRow>,
}

/// One objective.
#[derive(Clone, Debug, Serialize)]
pub struct SloRow {
    /// Its id.
    pub id: String,
    /// The name that people read.
    pub title: String,
    /// The service.
    pub service: String,
    /// How much must be good, such as `99.9 %`.
    pub objective: String,
    /// Over which time.
    pub window: String,
    /// What its budget counts.
    pub counts: &'static str,
    /// Its alerts, such as `page 1h 14.4×`.
    pub alerts: Vec<String>,
    /// Alerts that are left out.
    pub held: Vec<Held>,
    /// The document, such as `slo/checkout`.
    pub source: String,
}

/// An objective that cannot be rendered.
#[derive(Clone, Debug, Serialize)]
pub struct SkippedRow {
    /// The document.
    pub source: String,
    /// Why.
    pub reason: String,
    /// Whether it is nobody's mistake.
    pub is_measured_elsewhere: bool,
}

/// Lists every objective of the playbook.
#[must_use]
pub fn slo_list(model: &Model) -> SloList {
    let lowered = lower(model);
    let skipped = lowered.skipped.iter().map(|one| SkippedRow {
        source: one.source.clone(),
        reason: one.reason.clone(),
        is_measured_elsewhere: one.told == Told::OtherSoftware,
    });
    SloList { slos: lowered.slos.iter().map(row).collect(), skipped: skipped.collect() }
}

fn row(slo: &Slo) -> SloRow {
    let branches = slo.alerts.iter().flat_map(|rule| {
        rule.branches.iter().map(|one| format!("{} {} {}", rule.severity, one.long, one.burn))
    });
    SloRow {
        id: slo.id.clone(),
        title: slo.title.clone(),
        service: slo.service.clone(),
        objective: slo.objective.to_string(),
        window: slo.window.to_string(),
        counts: match &slo.indicator {
            Indicator::Events { .. } | Indicator::Own(_) => "events",
            Indicator::Ratio(_) | Indicator::Samples(_) => "time",
            Indicator::Composite(_) => "parts",
        },
        alerts: branches.collect(),
        held: slo.held.clone(),
        source: slo.source.clone(),
    }
}

/// A budget as it is shown.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct BudgetView {
    /// The objective's id.
    pub id: String,
    /// The service.
    pub service: String,
    /// How much must be good.
    pub objective: String,
    /// From when on it is counted.
    pub from: jiff::Timestamp,
    /// When a calendar window ends.
    pub end: Option<jiff::Timestamp>,
    /// What is left, as a ratio; `None` when it is not known exactly.
    pub left: Option<f64>,
    /// What is left if everything in gaps was bad; `None` when nothing is known.
    pub left_at_worst: Option<f64>,
    /// What is left if nothing in gaps was bad; `None` when nothing is known.
    pub left_at_best: Option<f64>,
    /// Why nothing is known.
    pub unknown: Option<String>,
    /// How fast it goes.
    pub burn: Vec<BurnView>,
    /// When it will be gone, in words or as a time.
    pub exhausted: String,
    /// Time without measurements.
    pub gaps: Vec<GapView>,
}

/// How fast a budget goes over one window.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct BurnView {
    /// The window, such as `1h`.
    pub over: String,
    /// How many times faster than evenly; `None` when unknown.
    pub rate: Option<f64>,
}

/// Time without measurements.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct GapView {
    /// From when on.
    pub from: jiff::Timestamp,
    /// Until when.
    pub to: jiff::Timestamp,
    /// Why.
    pub why: String,
}

/// Shows a budget.
#[must_use]
pub fn budget_view(slo: &Slo, budget: &Budget) -> BudgetView {
    let (left, worst, best, unknown) = match &budget.remaining {
        Remaining::Known(left) => (Some(*left), Some(*left), Some(*left), None),
        Remaining::Between { worst, best } => (None, Some(*worst), Some(*best), None),
        Remaining::Unknown(why) => (None, None, None, Some(why.clone())),
    };
    let burn = budget.burn.iter();
    let gaps = budget.gaps.iter();
    BudgetView {
        id: slo.id.clone(),
        service: slo.service.clone(),
        objective: slo.objective.to_string(),
        from: budget.from,
        end: budget.end,
        left,
        left_at_worst: worst,
        left_at_best: best,
        unknown,
        burn: burn.map(|one| BurnView { over: one.over.to_string(), rate: one.rate }).collect(),
        exhausted: match budget.forecast {
            Forecast::Spent => "spent".to_owned(),
            Forecast::At(at) => at.to_string(),
            Forecast::Lasts => "lasts".to_owned(),
            Forecast::Unknown => "unknown".to_owned(),
        },
        gaps: gaps
            .map(|gap| GapView { from: gap.from, to: gap.to, why: gap.why.clone() })
            .collect(),
    }
}

impl BudgetView {
    /// What is left, for people: `73.2 %`, `between 12 % and 40 %`, `unknown`.
    #[must_use]
    pub fn left_in_words(&self) -> String {
        let percent = |ratio: f64| format!("{:.1} %", ratio * 100.0);
        match (self.left, self.left_at_worst, self.left_at_best) {
            (Some(left), _, _) => percent(left),
            (None, Some(worst), Some(best)) => {
                format!("between {} and {}", percent(worst), percent(best))
            }
            (None, _, _) => "unknown".to_owned(),
        }
    }
}
