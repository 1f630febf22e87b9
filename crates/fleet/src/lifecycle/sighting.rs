//! What a provisioner reported about one machine, in its own words.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Hardware;
use crate::kinds::ProvisionerSoftware;

/// What a provisioner reported about one machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Sighting {
    /// The provisioner's name in the playbook.
    pub provisioner: String,
    /// Which software it is, and so which words it uses.
    pub software: ProvisionerSoftware,
    /// Its own id for the machine.
    pub id: String,
    /// Its own name for the machine.
    pub name: String,
    /// The state, in its words.
    pub state: String,
    /// Whether it is powered.
    pub power: Power,
    /// The last thing that went wrong, in its words.
    pub last_error: Option<String>,
    /// Why it is kept out of work, when it is.
    pub maintenance: Option<String>,
    /// Since when it has been in this state, where the provisioner says so.
    pub since: Option<Timestamp>,
    /// When this was seen.
    pub seen_at: Timestamp,
    /// What is installed on it.
    pub image: Option<String>,
    /// What it consists of, as far as inspection found.
    pub hardware: Hardware,
    /// Whether the provisioner is a simulation.
    pub simulated: bool,
}

/// Whether a machine is powered.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Power {
    /// It is.
    On,
    /// It is not.
    Off,
    /// Its management controller does not say.
    Unknown,
}

impl Power {
    /// Its word for people.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Off => "off",
            Self::Unknown => "unknown",
        }
    }
}
