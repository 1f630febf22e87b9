//! The plan in figures: what the screen, the UI and `--format json` all show.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::held::Reason;
use crate::plan::Plan;
use crate::resource::Micros;
use crate::step::{Action, Step};

/// The labels by which plans are rolled up, in the order in which people ask.
const ROLLUPS: [&str; 3] = ["service", "tenant", "site"];

/// A plan in figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Overview {
    /// The plan's hash.
    pub hash: String,
    /// The steps by action.
    pub counts: Counts,
    /// How many steps cannot be taken back.
    pub irreversible: usize,
    /// How many steps interrupt somebody.
    pub disruptive: usize,
    /// The services that disruptive and destructive steps hit.
    pub services_hit: Vec<String>,
    /// The failure domains in which something is disrupted, one step at a time in each.
    pub domains_hit: Vec<String>,
    /// The steps by label.
    pub rollups: Vec<Rollup>,
    /// What is held back, by reason.
    pub held: Vec<HeldGroup>,
    /// How much more it costs a month; none if nobody knows.
    pub cost_delta: Option<Micros>,
    /// How many steps have no cost although others have: the sum is not the whole truth then.
    pub cost_unknown: usize,
    /// How much more it takes from quotas.
    pub quota_delta: BTreeMap<String, i64>,
}

/// How many steps of each action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[expect(missing_docs, reason = "the fields are the actions")]
pub struct Counts {
    pub destroy: usize,
    pub replace: usize,
    pub run: usize,
    pub update: usize,
    pub create: usize,
}

impl Counts {
    /// Counts steps.
    pub fn of<'a>(steps: impl IntoIterator<Item = &'a Step>) -> Self {
        let mut counts = Self::default();
        for step in steps {
            *counts.of_mut(step.action) += 1;
        }
        counts
    }

    fn of_mut(&mut self, action: Action) -> &mut usize {
        match action {
            Action::Destroy => &mut self.destroy,
            Action::Replace => &mut self.replace,
            Action::Run => &mut self.run,
            Action::Update => &mut self.update,
            Action::Create => &mut self.create,
        }
    }

    /// How many of one action.
    #[must_use]
    pub fn get(&self, action: Action) -> usize {
        match action {
            Action::Destroy => self.destroy,
            Action::Replace => self.replace,
            Action::Run => self.run,
            Action::Update => self.update,
            Action::Create => self.create,
        }
    }

    /// How many together.
    #[must_use]
    pub fn all(&self) -> usize {
        Action::ALL.into_iter().map(|action| self.get(action)).sum()
    }
}

/// The steps by one label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rollup {
    /// The label: `service`.
    pub label: String,
    /// Its values, those with the gravest steps first.
    pub rows: Vec<Row>,
}

/// One value of a label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The value; none for steps without the label.
    pub name: Option<String>,
    /// Its steps.
    pub counts: Counts,
    /// How many of them interrupt somebody.
    pub disruptive: usize,
}

/// What is held back for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeldGroup {
    /// The reason.
    pub reason: Reason,
    /// How many resources.
    pub count: usize,
    /// The targets that they are in.
    pub targets: Vec<String>,
    /// The text of the first of them.
    pub first: String,
}

/// Sums a plan up.
#[must_use]
pub fn overview(plan: &Plan) -> Overview {
    let steps = plan.steps();
    let with_cost = steps.iter().filter(|step| step.cost_delta.is_some()).count();
    let hits = |step: &&Step| step.disruptive || step.action.destroys();
    let mut quota_delta: BTreeMap<String, i64> = BTreeMap::new();
    for (name, delta) in steps.iter().flat_map(|step| &step.quota_delta) {
        let sum = quota_delta.entry(name.clone()).or_default();
        *sum = sum.saturating_add(*delta);
    }
    Overview {
        hash: plan.hash().to_string(),
        counts: Counts::of(steps),
        irreversible: steps.iter().filter(|step| !step.is_reversible()).count(),
        disruptive: steps.iter().filter(|step| step.disruptive).count(),
        services_hit: distinct(
            steps.iter().filter(hits).filter_map(|step| step.labels.get("service")),
        ),
        domains_hit: distinct(
            steps
                .iter()
                .filter(|step| step.disruptive)
                .filter_map(|step| step.failure_domain.as_ref()),
        ),
        rollups: ROLLUPS.iter().filter_map(|label| rollup(label, steps)).collect(),
        held: held(plan),
        cost_delta: (with_cost > 0).then(|| Micros(cost(steps))),
        cost_unknown: if with_cost == 0 { 0 } else { steps.len() - with_cost },
        quota_delta,
    }
}

fn cost(steps: &[Step]) -> i64 {
    let deltas = steps.iter().filter_map(|step| step.cost_delta);
    deltas.fold(0, |sum, delta| sum.saturating_add(delta.0))
}

fn distinct<'a>(names: impl Iterator<Item = &'a String>) -> Vec<String> {
    names.collect::<BTreeSet<_>>().into_iter().cloned().collect()
}

/// None when no step has the label.
fn rollup(label: &str, steps: &[Step]) -> Option<Rollup> {
    let mut groups: BTreeMap<Option<&String>, Vec<&Step>> = BTreeMap::new();
    for step in steps {
        groups.entry(step.labels.get(label)).or_default().push(step);
    }
    if groups.keys().all(Option::is_none) {
        return None;
    }
    let mut rows: Vec<Row> = groups
        .into_iter()
        .map(|(name, steps)| Row {
            name: name.cloned(),
            disruptive: steps.iter().filter(|step| step.disruptive).count(),
            counts: Counts::of(steps),
        })
        .collect();
    // Gravest first; what has no label last among equals.
    rows.sort_by_key(|row| {
        let counts = row.counts;
        let grave = counts.destroy + counts.replace;
        (
            std::cmp::Reverse((grave, row.disruptive, counts.all())),
            row.name.is_none(),
            row.name.clone(),
        )
    });
    Some(Rollup { label: label.to_owned(), rows })
}

fn held(plan: &Plan) -> Vec<HeldGroup> {
    Reason::ALL
        .into_iter()
        .filter_map(|reason| {
            let mut all = plan.report().iter().filter(|held| held.reason == reason).peekable();
            let first = all.peek()?.text.clone();
            let resources: Vec<_> = all.map(|held| &held.resource.target).collect();
            let count = resources.len();
            Some(HeldGroup { reason, count, targets: distinct(resources.into_iter()), first })
        })
        .collect()
}
