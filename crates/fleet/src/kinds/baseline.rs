//! Baseline: the hardening that every machine of some roles must have.

use org::kinds::Seat;
use playbook::{Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A hardening baseline: the controls that a machine must meet.
///
/// Each control has an id that reports and exceptions can cite, an area, and a requirement in words.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: Baseline
/// metadata:
///   name: server
/// spec:
///   controls:
///     - { id: ssh-01, area: ssh, requires: Password sign-in is off. }
///     - { id: upd-01, area: updates, requires: Security updates install themselves within a day. }
///   owner: principal-sre
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// What must hold.
    pub controls: Vec<Control>,
    /// The seat that answers for it.
    pub owner: Option<Ref<Seat>>,
}

/// One thing that must hold on a machine.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Control {
    /// A short id, unique within the baseline.
    pub id: Spanned<String>,
    /// What it is about.
    pub area: ControlArea,
    /// The requirement. Left out while only the area is agreed.
    pub requires: Option<String>,
}

/// What a control is about.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum ControlArea {
    /// How people sign in.
    Ssh,
    /// What is installed.
    Packages,
    /// How security updates arrive.
    Updates,
    /// Kernel settings.
    Kernel,
    /// Users and groups.
    Accounts,
    /// What is logged.
    Logging,
}

impl ControlArea {
    /// The word that files use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ssh => "ssh",
            Self::Packages => "packages",
            Self::Updates => "updates",
            Self::Kernel => "kernel",
            Self::Accounts => "accounts",
            Self::Logging => "logging",
        }
    }
}

playbook::kind!(Baseline, "baseline");
