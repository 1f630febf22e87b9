//! The stages of a machine's life, in order.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How far a machine is in its life.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Bought or to be bought; not here.
    Planned,
    /// In its rack; no provisioner has reported it.
    Racked,
    /// A provisioner knows how to reach it.
    Enrolled,
    /// What it consists of is known.
    Inspected,
    /// Whole, clean, and free to be installed.
    Ready,
    /// Installed.
    Deployed,
    /// Installed, powered and meant to work.
    InService,
    /// On its way out of work.
    Draining,
    /// Out of work for a while.
    Maintenance,
    /// Out of use for good.
    Retired,
    /// Its provisioner used a word that this version does not know.
    Unknown,
}

impl Stage {
    /// All of them, in order.
    pub const ALL: [Self; 11] = [
        Self::Planned,
        Self::Racked,
        Self::Enrolled,
        Self::Inspected,
        Self::Ready,
        Self::Deployed,
        Self::InService,
        Self::Draining,
        Self::Maintenance,
        Self::Retired,
        Self::Unknown,
    ];

    /// Its word for people.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Racked => "racked",
            Self::Enrolled => "enrolled",
            Self::Inspected => "inspected",
            Self::Ready => "ready",
            Self::Deployed => "deployed",
            Self::InService => "in service",
            Self::Draining => "draining",
            Self::Maintenance => "maintenance",
            Self::Retired => "retired",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.word())
    }
}
