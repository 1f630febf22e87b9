//! Rules for Prometheus, and the tests that prove them.
//!
//! For each objective there are three groups: what is measured every minute (event rates and error ratios
//! over short windows), what is measured every two (long windows, budget and metadata), and the alerts.
//! Series are named as Sloth names them, so that dashboards made for it go on working; the label `slo`
//! takes the place of `sloth_id`.
//!
//! Invariants: no rule divides by nothing: without traffic a ratio is absent, not 0/0, and a counter that
//! never counted stands for none. Long windows are summed up from five-minute rates, so the raw counters
//! are read once, and busy hours weigh more than quiet ones.
//!
//! Absent on purpose: budgets of calendar windows. A range of PromQL has one length, and months do not;
//! those budgets are computed from samples.

mod alerts;
mod expressions;
mod group;
mod groups;
#[cfg(test)]
mod proofs;
mod tests_file;
mod yaml;

pub(crate) use alerts::{ABSENT, PATIENCE, burn_annotations, burn_labels, health_labels};
pub(crate) use expressions::{ERRORS, EVENTS, RATIO, SAMPLE, of};
pub use group::{Group, Rule, RuleKind};
pub use groups::groups;
pub(crate) use groups::labels;
pub use tests_file::tests;

use rayon::prelude::*;

use crate::slo::Slo;

/// Renders the rule file of these objectives.
#[must_use]
pub fn rules(slos: &[Slo]) -> String {
    let mut text = String::with_capacity(slos.len() * BYTES_OF_ONE + 256);
    text.push_str("# Generated from the playbook: edit the objectives there, not here.\n");
    if slos.is_empty() {
        text.push_str("groups: []\n");
        return text;
    }
    text.push_str("groups:\n");
    // On every core; put together in order.
    let parts: Vec<String> = slos.par_iter().map(rules_of).collect();
    parts.iter().for_each(|part| text.push_str(part));
    text
}

/// The groups of one objective, and why an alert is not among them.
fn rules_of(slo: &Slo) -> String {
    let mut text = String::with_capacity(BYTES_OF_ONE);
    for held in &slo.held {
        let why = format!("{}: no alert ({}): {}", slo.id, held.alert, held.reason);
        yaml::comment(&mut text, &why);
    }
    for group in groups(slo) {
        yaml::group(&mut text, &group);
    }
    text
}

/// About what one objective takes.
const BYTES_OF_ONE: usize = 8 << 10;
