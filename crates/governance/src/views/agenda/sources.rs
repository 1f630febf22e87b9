//! What fills the items of an agenda.

use jiff::civil::Date;

use super::super::decisions::{number, title};
use super::super::gaps::stale_sections;
use super::super::{actions, decisions, feedback, gaps, questions};
use super::{AgendaEntry, AgendaPart, Urgency, Window};
use crate::kinds::{AgendaItem, AgendaSource, Decision};
use crate::record::decision::Stage;

/// Fills one item.
pub(super) fn part(window: &Window<'_>, item: &AgendaItem) -> AgendaPart {
    let (mut entries, empty) = match item.source {
        AgendaSource::ShippedChanges => (shipped(window), "nothing has been shipped"),
        AgendaSource::IncidentsAndBudgets => (Vec::new(), "no incidents, no budget at risk"),
        AgendaSource::CapacityAndCost => (Vec::new(), "no flags"),
        AgendaSource::UpcomingChangesAndDecisions => (upcoming(window), "nothing is coming up"),
        AgendaSource::DeveloperFeedback => (said(window), "no feedback waits"),
        AgendaSource::DueActions => (due_actions(window), "no action is due"),
        AgendaSource::OpenQuestions => (open_questions(window), "no question is open"),
        AgendaSource::Freeform => (Vec::new(), ""),
    };
    entries.extend(contributed(window, item.source));
    entries.sort_by_key(|entry| (entry.urgency, entry.day.unwrap_or(Date::MAX)));
    AgendaPart { title: item.title.clone(), source: item.source, entries, empty: empty.to_owned() }
}

/// What other rooms bring, as far as it happened since the last meeting.
fn contributed<'a>(
    window: &'a Window<'_>,
    source: AgendaSource,
) -> impl Iterator<Item = AgendaEntry> + 'a {
    let new = |at| window.news.contains(&at);
    let all = window.reading.contributions.as_ref().iter();
    all.filter(move |it| it.source == source && it.at.is_none_or(new)).map(|it| it.entry.clone())
}

fn is_new(window: &Window<'_>, day: Date) -> bool {
    window.since < day && day <= window.date
}

/// Decisions that came into force and revisions that became current since the last meeting.
fn shipped(window: &Window<'_>) -> Vec<AgendaEntry> {
    let reading = window.reading;
    let decided = reading.model.all::<Decision>().filter_map(|decision| {
        let state = reading.record.decision(decision.name());
        let stage = reading.record.decision_stage(reading.model, decision.name());
        let (day, new) = match state.closed_at {
            Some(at) => (reading.day(at), window.news.contains(&at)),
            None => {
                let day = decision.date.as_ref().map(|date| date.value)?;
                (day, is_new(window, day))
            }
        };
        (stage == Stage::Accepted && new).then(|| AgendaEntry {
            what: format!("Decision {}: {}", number(decision.name()), title(decision)),
            subject: Some(decision.resource.id.to_string()),
            note: Some("accepted".to_owned()),
            day: Some(day),
            urgency: Urgency::Info,
        })
    });
    let revisions = reading.revisions.iter().filter_map(|revision| {
        let day = reading.day(revision.at);
        window.news.contains(&revision.at).then(|| AgendaEntry {
            what: revision.summary.clone(),
            subject: None,
            note: Some(match &revision.author {
                Some(author) => format!("revision {} by {author}", short(&revision.id)),
                None => format!("revision {}", short(&revision.id)),
            }),
            day: Some(day),
            urgency: Urgency::Info,
        })
    });
    decided.chain(revisions).collect()
}

/// The first digits of a revision are enough to find it.
fn short(id: &str) -> &str {
    id.get(..10).unwrap_or(id)
}

/// Open decisions with their deadlines, reviews that are due, and what is stale or missing.
fn upcoming(window: &Window<'_>) -> Vec<AgendaEntry> {
    let reading = window.reading;
    let rows = decisions(reading).rows;
    let open = rows.iter().filter(|row| row.stage.is_open()).map(|row| {
        let deadline = row.deadline.map(|at| reading.day(at));
        AgendaEntry {
            what: format!("Decision {}: {}", row.number, row.title),
            subject: Some(format!("decision/{}", row.name)),
            note: row.reasons.first().cloned(),
            day: deadline,
            urgency: if deadline.is_some_and(|day| day <= window.until) {
                Urgency::Due
            } else {
                Urgency::Info
            },
        }
    });
    let reviews = rows.iter().filter(|row| row.stage == Stage::Accepted).filter_map(|row| {
        let day = row.review_by.filter(|day| *day <= window.until)?;
        Some(AgendaEntry {
            what: format!("Review of decision {}: {}", row.number, row.title),
            subject: Some(format!("decision/{}", row.name)),
            note: Some("renew it, supersede it, or let it expire".to_owned()),
            day: Some(day),
            urgency: urgency(day, window),
        })
    });
    let stale = stale_sections(reading).map(|gap| AgendaEntry {
        what: format!("Section {}", gap.subject.title),
        subject: Some(gap.subject.reference),
        note: Some(match gap.owner {
            Some(owner) => format!("{}; {}", gap.what, owner.title),
            None => gap.what,
        }),
        day: gap.since,
        urgency: Urgency::Overdue,
    });
    let missing =
        gaps(reading).into_iter().filter(|gap| gap.subject.reference.starts_with("seat/"));
    let missing = missing.map(|gap| AgendaEntry {
        what: format!("Gap: {}", gap.subject.title),
        subject: Some(gap.subject.reference),
        note: Some(gap.what),
        day: None,
        urgency: Urgency::Info,
    });
    open.chain(reviews).chain(stale).chain(missing).collect()
}

fn urgency(day: Date, window: &Window<'_>) -> Urgency {
    if day < window.date {
        Urgency::Overdue
    } else if day <= window.until {
        Urgency::Due
    } else {
        Urgency::Info
    }
}

fn said(window: &Window<'_>) -> Vec<AgendaEntry> {
    let list = feedback(window.reading);
    let entries = list.open.into_iter().map(|row| AgendaEntry {
        what: row.text,
        subject: Some(format!("feedback/{}", row.id)),
        note: Some(match row.about {
            Some(about) => format!("{}, about {}", row.by.title, about.title),
            None => row.by.title,
        }),
        day: Some(window.reading.day(row.at)),
        urgency: Urgency::Info,
    });
    entries.collect()
}

fn due_actions(window: &Window<'_>) -> Vec<AgendaEntry> {
    let rows = actions(window.reading).open.into_iter();
    let due = rows.filter(|row| row.due <= window.until).map(|row| AgendaEntry {
        what: row.title,
        subject: Some(format!("action/{}", row.id)),
        note: Some(match row.person {
            Some(person) => format!("{} ({})", row.owner.title, person.title),
            None => row.owner.title,
        }),
        day: Some(row.due),
        urgency: urgency(row.due, window),
    });
    due.collect()
}

fn open_questions(window: &Window<'_>) -> Vec<AgendaEntry> {
    let rows = questions(window.reading).open.into_iter();
    let open = rows.map(|row| AgendaEntry {
        what: row.title,
        subject: Some(format!("question/{}", row.name)),
        note: match (row.owner, row.gap) {
            (Some(owner), Some(gap)) => Some(format!("{}; {gap}", owner.title)),
            (Some(owner), None) => Some(owner.title),
            (None, gap) => gap,
        },
        day: row.due,
        urgency: row.due.map_or(Urgency::Info, |due| urgency(due, window)),
    });
    open.collect()
}
