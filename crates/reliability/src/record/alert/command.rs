//! What can be asked of alerts, and what can happen to them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::alerts::{Fingerprint, Held, Labels};
use crate::kinds::Reaction;

/// An alert that began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fired {
    /// Its labels.
    pub labels: Labels,
    /// What it says.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
    /// Since when it fires, as its sender says.
    pub starts_at: Timestamp,
    /// Where it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generator_url: Option<String>,
    /// Whether council itself raises it: nobody sends it again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub own: bool,
}

/// What somebody wants to do about alerts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    /// Takes in news.
    Receive {
        /// What began.
        fired: Vec<Fired>,
        /// What is over.
        resolved: Vec<Fingerprint>,
        /// What was over before it was heard of.
        late: Vec<Fired>,
        /// How many there were beyond what can be kept, by name.
        overflowed: BTreeMap<String, u64>,
    },
    /// Writes down what time has brought.
    Settle {
        /// What its senders have forgotten.
        lapsed: Vec<Fingerprint>,
    },
    /// Has seen a group, and works on it.
    Acknowledge {
        /// The group's key.
        group: String,
    },
    /// Says which incident a group belongs to.
    Link {
        /// The group's key.
        group: String,
        /// The incident's id.
        incident: String,
    },
}

/// What keeps an alert quiet from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldNow {
    /// Which.
    pub fingerprint: Fingerprint,
    /// What keeps it quiet; nothing when it is free again.
    pub held: Held,
}

/// Why people are told of a group.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "AlertToldBecause")]
pub enum Because {
    /// It fires.
    Fires,
    /// More of it fires.
    MoreFires,
    /// It still fires, and nobody has acknowledged it.
    StillFires,
    /// It is over.
    IsOver,
}

/// People are told of a group of alerts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notified {
    /// The group's key.
    pub group: String,
    /// The labels that it is grouped by.
    pub labels: Labels,
    /// The escalation policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// The service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// What is asked of them.
    pub reaction: Reaction,
    /// How many fire.
    pub firing: u32,
    /// Why.
    pub because: Because,
}

/// What happened to alerts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// Alerts began.
    Fired {
        /// Which.
        alerts: Vec<Fired>,
    },
    /// Alerts are over.
    Resolved {
        /// Which.
        alerts: Vec<Fingerprint>,
        /// Whether because their senders have forgotten them.
        #[serde(default)]
        lapsed: bool,
    },
    /// Alerts were over before they were heard of.
    Late {
        /// Which.
        alerts: Vec<Fired>,
    },
    /// Something keeps alerts quiet, or no longer does.
    Held {
        /// Which.
        alerts: Vec<HeldNow>,
    },
    /// People are told.
    Notified {
        /// Of what.
        groups: Vec<Notified>,
    },
    /// Somebody has seen alerts.
    Acknowledged {
        /// Their group.
        group: String,
        /// Which.
        alerts: Vec<Fingerprint>,
        /// Who.
        person: String,
    },
    /// Alerts belong to an incident.
    Linked {
        /// Their group.
        group: String,
        /// Which.
        alerts: Vec<Fingerprint>,
        /// The incident's id.
        incident: String,
    },
    /// There were more alerts than can be kept.
    Overflowed {
        /// How many, by name.
        names: BTreeMap<String, u64>,
    },
    /// There is room again.
    Subsided {},
    /// A watchdog was heard, or is missed.
    Watched {
        /// Its name.
        watchdog: String,
        /// Whether it is there.
        alive: bool,
    },
}
