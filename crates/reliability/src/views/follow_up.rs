//! The actions that came of an incident, and what keeps each from counting as verified.

use governance::record::action::Stage;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::Reading;
use crate::record::Actor;
use crate::record::postmortem::{actions, unverified};

/// An action that came of an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FollowUp {
    /// The action's id.
    pub id: String,
    /// What is to be done.
    pub title: String,
    /// Who does it, such as `seat/network`.
    pub owner: String,
    /// By when.
    pub due: Date,
    /// Whether it is done, given up, or still open.
    pub stage: Stage,
    /// The change that carries it out.
    pub change: Option<String>,
    /// Why it needs no change, and who said so.
    pub stated: Option<(String, String)>,
    /// Why the incident cannot be closed before it: "is linked to no change".
    pub waits: Option<String>,
}

/// The actions that came of an incident or of its postmortem, by id.
pub fn follow_ups(reading: &Reading<'_>, id: &str) -> Vec<FollowUp> {
    let facts = reading.facts(Actor::Council);
    let waiting = unverified(id, &facts);
    let postmortem = reading.record.postmortems.get(id);
    let stream = format!("postmortem/{id}");
    let rows = actions(id, &facts).map(|(action, state)| {
        let stated = postmortem.and_then(|found| found.stated.get(action));
        FollowUp {
            id: action.to_owned(),
            title: reading.texts.read(&format!("action/{action}"), &state.title),
            owner: state.owner.clone(),
            due: state.due,
            stage: state.stage,
            change: postmortem.and_then(|found| found.changes.get(action)).cloned(),
            stated: stated.map(|(why, who)| (reading.texts.read(&stream, why), who.clone())),
            waits: waiting.iter().find(|one| one.id == action).map(|one| one.why.clone()),
        }
    });
    rows.collect()
}
