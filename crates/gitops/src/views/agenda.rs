//! What changes bring to the council's agendas: shipped, coming, and reviews that are due.
//!
//! Governance knows nothing of changes; it takes plain [`Contribution`]s. A review of broken glass has
//! no moment, so that it returns on every agenda until somebody has done it.

use governance::kinds::AgendaSource;
use governance::views::{AgendaEntry, Contribution, Urgency};
use jiff::Timestamp;

use super::Reading;
use super::board::card;
use crate::record::change::{Stage, State};

/// Everything that changes and freezes bring to agendas.
pub fn contributions(reading: &Reading<'_>) -> Vec<Contribution> {
    let mut found = Vec::new();
    for (id, state) in &reading.record.changes {
        found.extend(shipped(reading, id, state));
        found.extend(coming(reading, id, state));
        found.extend(review(reading, id, state));
        found.extend(useless_silences(reading, id, state));
    }
    found.extend(freezes(reading));
    found
}

fn entry(reading: &Reading<'_>, id: &str, state: &State) -> AgendaEntry {
    AgendaEntry {
        what: format!("{id}: {}", reading.title(id, state)),
        subject: Some(format!("change/{id}")),
        note: None,
        day: None,
        urgency: Urgency::Info,
    }
}

fn at_its_end(
    reading: &Reading<'_>,
    at: Timestamp,
    note: String,
    entry: AgendaEntry,
) -> Contribution {
    let (note, day) = (Some(note), Some(reading.council.day(at)));
    let entry = AgendaEntry { note, day, ..entry };
    Contribution { source: AgendaSource::ShippedChanges, at: Some(at), entry }
}

fn shipped(reading: &Reading<'_>, id: &str, state: &State) -> Option<Contribution> {
    let glass = if state.glass.is_some() { ", by break-glass" } else { "" };
    let (at, note) = match state.stage {
        Stage::Done => (state.closed_at?, format!("applied{glass}")),
        Stage::RolledBack => (state.closed_at?, "applied and rolled back".to_owned()),
        Stage::Failed => {
            let why = state.failure.as_deref().unwrap_or("nobody said why");
            (state.since, format!("failed: {why}"))
        }
        Stage::Draft
        | Stage::Planned
        | Stage::AwaitingApproval
        | Stage::Approved
        | Stage::Applying
        | Stage::Verifying
        | Stage::Abandoned => return None,
    };
    Some(at_its_end(reading, at, note, entry(reading, id, state)))
}

fn coming(reading: &Reading<'_>, id: &str, state: &State) -> Option<Contribution> {
    match state.stage {
        Stage::AwaitingApproval | Stage::Approved | Stage::Applying | Stage::Verifying => {}
        Stage::Draft
        | Stage::Planned
        | Stage::Done
        | Stage::Failed
        | Stage::RolledBack
        | Stage::Abandoned => return None,
    }
    let card = card(reading, id, state);
    let window = state.said.maintenance.windows.iter().find(|it| it.until > reading.now());
    let day = window.map(|window| window.from).or(card.due);
    let note = match card.asked.as_slice() {
        [] => state.stage.words().to_owned(),
        asked => format!("{} of {}", state.stage.words(), asked.join(", ")),
    };
    let entry = AgendaEntry {
        note: Some(note),
        day: day.map(|at| reading.council.day(at)),
        urgency: if card.overdue { Urgency::Overdue } else { Urgency::Due },
        ..entry(reading, id, state)
    };
    Some(Contribution { source: AgendaSource::UpcomingChangesAndDecisions, at: None, entry })
}

fn review(reading: &Reading<'_>, id: &str, state: &State) -> Option<Contribution> {
    let due = state.review_due()?;
    let by = reading.person(&state.glass.as_ref()?.by.person);
    let entry = AgendaEntry {
        what: format!("Review of break-glass, {id}: {}", reading.title(id, state)),
        note: Some(format!("{} broke the glass; somebody else reviews it", by.title)),
        day: Some(reading.council.day(due)),
        urgency: if due < reading.now() { Urgency::Overdue } else { Urgency::Due },
        ..entry(reading, id, state)
    };
    Some(Contribution { source: AgendaSource::UpcomingChangesAndDecisions, at: None, entry })
}

/// A silence that matched nothing was aimed at an alert that does not exist, or at the wrong one.
fn useless_silences(reading: &Reading<'_>, id: &str, state: &State) -> Vec<Contribution> {
    let useless = state.around.silences.iter().filter(|(_, stands)| stands.matched_nothing());
    let contribution = |(at, stands): (&usize, &crate::maintenance::Silenced)| {
        let silence = state.said.maintenance.silences.get(*at)?;
        let matchers: Vec<_> = silence.matchers.iter().map(ToString::to_string).collect();
        let note = format!("its silence {{{}}} matched no alert", matchers.join(", "));
        Some(at_its_end(reading, stands.ended?, note, entry(reading, id, state)))
    };
    useless.filter_map(contribution).collect()
}

fn freezes(reading: &Reading<'_>) -> Vec<Contribution> {
    let frozen = crate::freeze::around(reading.model(), reading.record, reading.now());
    let standing = frozen.into_iter().filter(|freeze| freeze.lifted.is_none());
    standing
        .map(|freeze| Contribution {
            source: AgendaSource::UpcomingChangesAndDecisions,
            at: None,
            entry: AgendaEntry {
                what: format!("Freeze: {}", freeze.title),
                subject: Some(format!("freeze/{}", freeze.name)),
                note: Some(format!("{}; until {}", freeze.reason, freeze.window.until)),
                day: Some(reading.council.day(freeze.window.from)),
                urgency: Urgency::Info,
            },
        })
        .collect()
}
