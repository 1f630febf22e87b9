//! What was seen of all provisioners, each with the time of its last answer.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::Sighting;

/// What all provisioners said last, by their names in the playbook.
#[derive(Clone, Debug, Default)]
pub struct Watch {
    /// One look a provisioner.
    pub looks: BTreeMap<String, Look>,
}

/// What one provisioner said last.
#[derive(Clone, Debug, Default)]
pub struct Look {
    /// When it was asked last.
    pub asked_at: Option<Timestamp>,
    /// When it answered last.
    pub seen_at: Option<Timestamp>,
    /// Why it is silent, when it is. What it said before stays, with its age.
    pub silent: Option<String>,
    /// Its machines.
    pub sightings: Vec<Sighting>,
    /// Whether it is a simulation.
    pub simulated: bool,
}
