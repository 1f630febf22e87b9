//! What is judged: a change or a pull request, as plain data.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use playbook::Model;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kinds::{StepAction, Target};

/// What is judged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// What it is called: `CHG-2026-0007`, or the address of a pull request.
    pub name: String,
    /// The name of the person who wrote it.
    pub author: String,
    /// The revision of the playbook that it rests on.
    pub revision: String,
    /// The plan's hash; nothing while there is no plan.
    pub plan: Option<String>,
    /// When the plan was made.
    pub planned_at: Option<Timestamp>,
    /// What it touches.
    pub touched: Touched,
    /// What its author says about it.
    pub said: Said,
    /// Who has approved it, as far as the record or the forge knows.
    pub approvals: Vec<Approval>,
    /// Somebody who passes the gate in an emergency.
    pub break_glass: Option<BreakGlass>,
}

/// What the author says about a change; each part is there or missing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// What changes.
    pub description: bool,
    /// What could go wrong.
    pub risk: bool,
    /// How to get back.
    pub rollback: bool,
    /// The decision types that the author names, besides those that follow from what is touched.
    pub decision_types: BTreeSet<String>,
    /// The decisions that it cites, by name.
    pub cites: BTreeSet<String>,
    /// When it may be applied, if not at any time.
    pub windows: Vec<Window>,
}

/// A stretch of time.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
pub struct Window {
    /// Its first moment.
    pub from: Timestamp,
    /// The first moment after it.
    pub until: Timestamp,
}

impl Window {
    /// Says whether a moment is in it.
    pub fn contains(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.until
    }
}

/// Everything that a change touches.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Touched {
    /// Files of the playbook or another repository.
    pub paths: BTreeSet<String>,
    /// Kinds of the playbook's resources, as in references.
    pub kinds: BTreeSet<String>,
    /// Repositories, by name.
    pub repositories: BTreeSet<String>,
    /// Targets, by name.
    pub targets: BTreeSet<String>,
    /// What its steps do, and how many of them.
    pub actions: BTreeMap<StepAction, u64>,
    /// Environments, by name.
    pub environments: BTreeSet<String>,
    /// Sites, by name.
    pub sites: BTreeSet<String>,
    /// Services that notice, by name.
    pub services: BTreeSet<String>,
    /// More cost a month, in millionths of the organization's currency.
    pub monthly_cost_micros: i64,
    /// How many things are touched beyond those listed here, because a record has limits.
    pub unlisted: u64,
}

/// The most files that the record lists of one change. Beyond it, routing by path would be decided by
/// files that nobody can read through anyway; targets, kinds and environments are always complete.
const MOST_PATHS: usize = 2_000;

impl Touched {
    /// Says whether it touches a system, and not only the playbook's own words.
    pub fn is_infrastructure(&self) -> bool {
        !self.targets.is_empty() || !self.repositories.is_empty() || !self.actions.is_empty()
    }

    /// Counts a step of a plan.
    pub fn step(&mut self, action: StepAction) {
        *self.actions.entry(action).or_default() += 1;
    }

    /// Adds a file that changes.
    pub fn path(&mut self, path: impl Into<String>) {
        if self.paths.len() < MOST_PATHS {
            self.paths.insert(path.into());
        } else {
            self.unlisted += 1;
        }
    }

    /// Adds a target with what the playbook says about it: environment, site, services.
    pub fn target(&mut self, model: &Model, name: &str) {
        if !self.targets.insert(name.to_owned()) {
            return;
        }
        let Some(target) = model.get::<Target>(name) else { return };
        self.environments.extend(target.environment.iter().map(|it| it.name().to_owned()));
        self.sites.extend(target.site.iter().map(|it| it.name().to_owned()));
        self.services.extend(target.services.iter().map(|it| it.name().to_owned()));
    }
}

/// An approval, as far as it matters to a verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Approval {
    /// The seat that somebody approved for.
    pub seat: String,
    /// Who.
    pub person: String,
    /// The hash of the plan that they saw; nothing where there is no plan to see.
    pub plan: Option<String>,
    /// The revision that they saw.
    pub revision: String,
    /// When.
    pub at: Timestamp,
    /// Until when it counts.
    pub expires: Timestamp,
}

/// Somebody who passes the gate in an emergency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BreakGlass {
    /// Who.
    pub person: String,
    /// The seat that they hold.
    pub seat: String,
    /// The plan that passes, and no other.
    pub plan: Option<String>,
    /// When it must have been reviewed.
    pub review_due: Timestamp,
}
