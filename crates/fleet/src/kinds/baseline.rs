//! Baseline: the hardening that every machine of some roles must have.
//!
//! A control is words for people and, once somebody has worked it out, settings for machines: the same settings are what
//! new machines are given and what running ones are compared with.

use std::collections::BTreeMap;

use org::kinds::Seat;
use playbook::{Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A hardening baseline: the controls that a machine must meet.
///
/// Each control has an id that reports and exceptions can cite, an area, and a requirement in words. With `settings` it
/// is also put into what new machines are set up with.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: Baseline
/// metadata:
///   name: server
/// spec:
///   controls:
///     - id: ssh-01
///       area: ssh
///       requires: Password sign-in is off.
///       settings: { sshd: { PasswordAuthentication: "no" } }
///     - id: upd-01
///       area: updates
///       requires: Security updates install themselves within a day.
///       settings: { security_updates: true }
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
    /// What makes it true on a machine. Left out while nobody has worked it out, or where no setting can.
    #[serde(default)]
    pub settings: Settings,
}

/// What makes a control true on a machine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Keywords of the SSH server and their values, as `sshd_config` has them.
    #[serde(default)]
    pub sshd: BTreeMap<String, String>,
    /// Kernel settings by their names, such as `net.ipv4.ip_forward`.
    #[serde(default)]
    pub kernel: BTreeMap<String, String>,
    /// Packages that must be there.
    #[serde(default)]
    pub installed: Vec<String>,
    /// Packages that must not be there.
    #[serde(default)]
    pub absent: Vec<String>,
    /// Whether security updates install themselves every day.
    #[serde(default)]
    pub security_updates: bool,
}

impl Settings {
    /// Every text in it.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let pairs = self.sshd.iter().chain(&self.kernel);
        let pairs = pairs.flat_map(|(key, value)| [key.as_str(), value.as_str()]);
        pairs.chain(self.installed.iter().chain(&self.absent).map(String::as_str))
    }
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
