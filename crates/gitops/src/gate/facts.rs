//! What the gate is told about the world: one set of facts for every change that is judged with it.

use std::collections::{BTreeMap, BTreeSet};

use governance::record::State as Record;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::freeze::Frozen;

/// What the gate is told about the world. What nobody said is not known, and never assumed to be good:
/// an error budget that is not listed is unknown, which is said but does not hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GateFacts {
    /// The council's record: which decisions are in force.
    pub council: Record,
    /// Freezes around now, from the playbook and the record; see [`crate::freeze::around`].
    pub freezes: Vec<Frozen>,
    /// What is left of the error budgets, by service.
    pub budgets: BTreeMap<String, Budget>,
    /// Incidents that are open.
    pub incidents: Vec<OpenIncident>,
    /// When each target was last observed; a target that is missing never was.
    pub observed: BTreeMap<String, Timestamp>,
    /// What has changed at the targets since the plan was made, by target.
    pub drift: BTreeMap<String, Vec<String>>,
    /// What the checks found: lint, dry run, playbook.
    pub checks: BTreeMap<String, CheckState>,
    /// What the guardrails found in the plan.
    pub findings: Vec<GuardrailFinding>,
    /// Whether the guardrails were asked at all.
    pub guardrails_ran: bool,
}

/// What is left of a service's error budget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Budget {
    /// So many thousandths of it.
    Left(u32),
    /// Nothing, since a moment.
    Spent(Option<Timestamp>),
    /// Nobody can say, and why.
    Unknown(String),
}

/// An incident that is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpenIncident {
    /// Its id, such as `INC-2026-0012`.
    pub id: String,
    /// Its severity, by name: `sev-1`.
    pub severity: String,
    /// The services that it is about; all when nobody knows.
    pub services: BTreeSet<String>,
    /// The changes that mend it, which it does not hold.
    pub mended_by: BTreeSet<String>,
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CheckState {
    /// Nothing.
    Passed,
    /// Something, in a sentence.
    Failed(String),
    /// It still runs.
    Running,
}

/// What a guardrail found in the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GuardrailFinding {
    /// The policy, by file.
    pub policy: String,
    /// What it says.
    pub message: String,
    /// Whether it denies; else it warns.
    pub denies: bool,
    /// The resource that it is about.
    pub resource: Option<String>,
}
