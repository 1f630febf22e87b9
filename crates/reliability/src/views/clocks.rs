//! Clocks that run: what an authority must be told by when, and when people should hear something next.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::{Reading, incident, incidents};
use crate::notices::Standing;

/// One clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ClockRow {
    /// The incident's id.
    pub incident: String,
    /// What the incident is.
    pub title: String,
    /// What is to be done: the notice's title, or the next update.
    pub what: String,
    /// By when.
    pub due: Timestamp,
    /// Whether that moment has passed.
    pub overdue: bool,
    /// How the notice stands; nothing for an update.
    pub standing: Option<Standing>,
}

/// The clocks of all incidents that a viewer may see, the most pressing first. Drills owe nobody anything.
pub fn clocks(reading: &Reading<'_>, viewer: Option<&str>) -> Vec<ClockRow> {
    let mut rows = Vec::new();
    for row in incidents(reading, viewer).into_iter().filter(|row| !row.test) {
        let Some(detail) = incident(reading, &row.id, viewer) else { continue };
        let clock = |what: String, due: Timestamp, standing| ClockRow {
            incident: row.id.clone(),
            title: row.title.clone(),
            what,
            due,
            overdue: due < reading.now,
            standing,
        };
        let next = detail.next_update;
        rows.extend(next.map(|due| clock("Say how it stands".to_owned(), due, None)));
        for notice in detail.notices {
            match notice.standing {
                Standing::Overdue | Standing::Running | Standing::Unanswered => {
                    let standing = Some(notice.standing);
                    rows.extend(notice.due.map(|due| clock(notice.title, due, standing)));
                }
                Standing::Sent | Standing::NotNeeded => {}
            }
        }
    }
    rows.sort_by(|left, right| (left.due, &left.incident).cmp(&(right.due, &right.incident)));
    rows
}
