//! What this room brings to the council's agendas: incidents since the last meeting, what is still to be learned from
//! older ones, follow-up actions whose day has passed, runbooks that nobody has found right lately.
//!
//! Private incidents and drills are not among it: an agenda is for everybody.

use governance::kinds::AgendaSource;
use governance::record::action;
use governance::views::{AgendaEntry, Contribution, Urgency};

use super::runbooks::{Standing, runbooks};
use super::{IncidentRow, Reading, follow_ups, incidents, postmortem_row};
use crate::record::facts::time_zone;
use crate::record::incident::Stage;

/// Everything that incidents and runbooks bring to agendas.
pub fn contributions(reading: &Reading<'_>) -> Vec<Contribution> {
    let mut found = Vec::new();
    for row in incidents(reading, None).iter().filter(|row| !row.test) {
        found.push(happened(reading, row));
        found.extend(unlearned(reading, row));
        found.extend(overdue(reading, row));
    }
    let stale = runbooks(reading).into_iter().filter(|row| row.standing != Standing::Fresh);
    found.extend(stale.filter(|row| row.alerts > 0).map(|row| {
        let note = match row.verified {
            Some(day) => format!("last found right on {day}"),
            None => "nobody has ever gone through it".to_owned(),
        };
        let entry = AgendaEntry {
            what: format!("the runbook \"{}\" is behind alerts and may be wrong", row.title),
            subject: Some(format!("runbook/{}", row.name)),
            note: Some(note),
            day: row.stale_on,
            urgency: Urgency::Due,
        };
        Contribution { source: AgendaSource::IncidentsAndBudgets, at: None, entry }
    }));
    found
}

fn entry(reading: &Reading<'_>, row: &IncidentRow, note: String, urgency: Urgency) -> AgendaEntry {
    let zone = time_zone(reading.model);
    AgendaEntry {
        what: format!("{}: {}", row.id, row.title),
        subject: Some(format!("incident/{}", row.id)),
        note: Some(note),
        day: row.since.map(|at| at.to_zoned(zone).date()),
        urgency,
    }
}

/// That it happened: once, at the first meeting afterwards; while it goes on, at every one.
fn happened(reading: &Reading<'_>, row: &IncidentRow) -> Contribution {
    let severity = row.severity.as_deref().unwrap_or("not triaged");
    let (at, note) = match (row.stage.is_open(), row.minutes) {
        (true, _) => (None, format!("{severity}, goes on")),
        (false, Some(minutes)) => (row.since, format!("{severity}, lasted {minutes} min")),
        (false, None) => (row.since, severity.to_owned()),
    };
    let urgency = if at.is_none() { Urgency::Overdue } else { Urgency::Info };
    let entry = entry(reading, row, note, urgency);
    Contribution { source: AgendaSource::IncidentsAndBudgets, at, entry }
}

/// That it is over and nobody has learned from it yet.
fn unlearned(reading: &Reading<'_>, row: &IncidentRow) -> Option<Contribution> {
    let owed = postmortem_row(reading, &row.id).filter(|found| found.published.is_none())?;
    if row.stage != Stage::Resolved {
        return None;
    }
    let (note, urgency) = match owed.due {
        Some(day) if owed.overdue => (format!("its postmortem was due on {day}"), Urgency::Overdue),
        Some(day) => (format!("its postmortem is due on {day}"), Urgency::Due),
        None => ("its postmortem is not published".to_owned(), Urgency::Due),
    };
    let entry = entry(reading, row, note, urgency);
    Some(Contribution { source: AgendaSource::IncidentsAndBudgets, at: None, entry })
}

/// The actions that came of it, whose day has passed.
fn overdue(reading: &Reading<'_>, row: &IncidentRow) -> Vec<Contribution> {
    let today = reading.now.to_zoned(time_zone(reading.model)).date();
    let late = follow_ups(reading, &row.id).into_iter();
    let late = late.filter(|one| one.stage == action::Stage::Open && one.due < today);
    let told = late.map(|one| Contribution {
        source: AgendaSource::IncidentsAndBudgets,
        at: None,
        entry: AgendaEntry {
            what: format!("overdue after {}: {}", row.id, one.title),
            subject: Some(format!("action/{}", one.id)),
            note: Some(format!("was due on {}", one.due)),
            day: Some(one.due),
            urgency: Urgency::Overdue,
        },
    });
    told.collect()
}
