//! One step of a plan: everything that an executor needs to know, with no choice left to it.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::digest::Digest;
use crate::resource::{Micros, ResourceId};

/// A step's number in its plan, from 1, in an order in which the steps can be carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StepId(pub u32);

impl fmt::Display for StepId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// What a step does to its resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Takes it away. Comes after every step that is no destroy.
    Destroy,
    /// Destroys it and makes it again, because a field cannot be changed in place.
    Replace,
    /// Runs something, such as an Ansible playbook.
    Run,
    /// Changes fields in place.
    Update,
    /// Makes it.
    Create,
}

impl Action {
    /// All actions, the gravest first: the order in which a person must see them.
    pub const ALL: [Self; 5] =
        [Self::Destroy, Self::Replace, Self::Run, Self::Update, Self::Create];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Destroy => "destroy",
            Self::Replace => "replace",
            Self::Run => "run",
            Self::Update => "update",
            Self::Create => "create",
        }
    }

    /// Whether it takes something away that was there.
    #[must_use]
    pub fn destroys(self) -> bool {
        match self {
            Self::Destroy | Self::Replace => true,
            Self::Run | Self::Update | Self::Create => false,
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// One field before and after. A secret is shown as its fingerprint, never as itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The field.
    pub name: String,
    /// Its value now; none if it is not set.
    pub before: Option<Value>,
    /// Its value after the step; none if it will not be set.
    pub after: Option<Value>,
    /// Whether the values shown are fingerprints of secrets.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub secret: bool,
}

impl FieldChange {
    /// Names a change of a field that is no secret.
    pub fn new(name: impl Into<String>, before: Option<Value>, after: Option<Value>) -> Self {
        Self { name: name.into(), before, after, secret: false }
    }
}

/// A step that takes back an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reverts {
    /// The plan of the step that is taken back.
    pub plan: Digest,
    /// That step.
    pub step: StepId,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Its number.
    pub id: StepId,
    /// What it changes.
    pub resource: ResourceId,
    /// How.
    pub action: Action,
    /// What will be different, by field name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldChange>,
    /// The bytes to write, by their digest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<Digest>,
    /// How it can be taken back; none if it cannot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undo: Option<Action>,
    /// Whether it interrupts somebody.
    pub disruptive: bool,
    /// What fails together with the resource.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure_domain: Option<String>,
    /// Steps that must be done before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<StepId>,
    /// The step that carries this one out with it: a saved Terraform plan, for each of its changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carried_by: Option<StepId>,
    /// The step that it takes back, in a rollback.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reverts: Option<Reverts>,
    /// `service`, `tenant`, `site`, …: what the plan is rolled up by.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// How much more it costs a month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_delta: Option<Micros>,
    /// How much more it takes from quotas, by quota.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub quota_delta: BTreeMap<String, i64>,
}

impl Step {
    /// A step without details, for those who make plans by hand.
    #[must_use]
    pub fn new(id: StepId, resource: ResourceId, action: Action) -> Self {
        Self {
            id,
            resource,
            action,
            fields: Vec::new(),
            payload: None,
            undo: None,
            disruptive: false,
            failure_domain: None,
            depends_on: Vec::new(),
            carried_by: None,
            reverts: None,
            labels: BTreeMap::new(),
            cost_delta: None,
            quota_delta: BTreeMap::new(),
        }
    }

    /// Whether it can be taken back.
    #[must_use]
    pub fn is_reversible(&self) -> bool {
        self.undo.is_some()
    }

    /// What serializes disruptive steps: the failure domain, or the whole target when none is known, because a
    /// domain that nobody declared may be shared by everything.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.failure_domain.as_deref().unwrap_or(&self.resource.target)
    }
}
