//! What an incident waits for: the line that a list shows beside it.
//!
//! Only what somebody must do counts: an incident that goes its way says nothing. The most pressing comes
//! first, a law's clock before our own.

use super::Reading;
use super::follow_up::follow_ups;
use super::incident_detail::{next_update, roles, severity};
use super::postmortem::postmortem_row;
use crate::notices::{Standing, countdowns};
use crate::record::incident::{Stage, State};

/// What an incident waits for, in clauses, the most pressing first.
pub fn waits(reading: &Reading<'_>, id: &str, incident: &State) -> Vec<String> {
    let mut found = Vec::new();
    let notices = countdowns(reading.model, incident, reading.now);
    let standing = |wanted| notices.iter().filter(move |notice| notice.standing == wanted);
    if !incident.stage.is_over() {
        found.extend(standing(Standing::Overdue).map(|it| format!("{} is overdue", it.title)));
        found.extend(standing(Standing::Running).map(|it| format!("{} is to be sent", it.title)));
    }
    if incident.stage.is_open() {
        found.extend(unseen(reading, incident));
        let missing = roles(reading, incident).into_iter().filter(|role| role.missing);
        found.extend(missing.map(|role| format!("nobody is {}", role.title)));
        if incident.stage == Stage::Detected {
            found.push("nobody has said how bad it is".to_owned());
        }
        if next_update(reading, incident).is_some_and(|due| due < reading.now) {
            found.push("an update is due".to_owned());
        }
        if incident.stage != Stage::Detected && standing(Standing::Unanswered).next().is_some() {
            found.push("nobody has said whether an authority must be told".to_owned());
        }
    }
    if incident.stage == Stage::Reviewed && standing(Standing::Unanswered).next().is_some() {
        found.push("nobody has said whether an authority must be told".to_owned());
    }
    let owes_nothing = found.is_empty();
    found.extend(
        after(reading, id, incident).into_iter().filter(|it| owes_nothing || it != CLOSABLE),
    );
    found
}

fn unseen(reading: &Reading<'_>, incident: &State) -> Option<String> {
    if incident.clocks.acknowledged.is_some() {
        return None;
    }
    let within = severity(reading, incident)
        .and_then(|severity| severity.spec.respond_within.as_ref())
        .map(|within| within.value.to_duration());
    let waited = incident.clocks.detected.map(|since| reading.now.duration_since(since));
    let late = within.zip(waited).is_some_and(|(within, waited)| waited > within);
    Some(if late { "nobody has seen it in time" } else { "nobody has seen it yet" }.to_owned())
}

/// What it waits for when nothing is left to do.
const CLOSABLE: &str = "it can be closed";

/// What is left to do once users are no longer hurt.
fn after(reading: &Reading<'_>, id: &str, incident: &State) -> Vec<String> {
    match incident.stage {
        Stage::Detected | Stage::Triaged | Stage::Contained | Stage::Closed | Stage::Merged => {
            Vec::new()
        }
        Stage::Resolved => match postmortem_row(reading, id) {
            Some(row) if row.published.is_some() => vec!["it is to be reviewed".to_owned()],
            Some(row) if row.overdue => vec!["its postmortem is overdue".to_owned()],
            Some(_) => vec!["its postmortem is to be written".to_owned()],
            None => vec!["it is to be reviewed".to_owned()],
        },
        Stage::Reviewed => {
            let open =
                follow_ups(reading, id).into_iter().filter(|one| one.waits.is_some()).count();
            if open == 0 {
                return vec![CLOSABLE.to_owned()];
            }
            vec![format!("{} to verify", diag::words::count(open, "action"))]
        }
    }
}
