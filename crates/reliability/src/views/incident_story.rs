//! The story of an incident: what happened and what people noted, in the order in which it happened.
//!
//! Moves along its way come from the entries of its stream, notes from the folded timeline, so that a note
//! that was said better stands once, as it reads now, with its earlier words behind it.

use governance::Text;
use jiff::Timestamp;
use ledger::Entry;
use org::views::PersonRef;
use schemars::JsonSchema;
use serde::Serialize;

use super::Reading;
use crate::kinds::{IncidentRole, NoticeDuty, Severity};
use crate::record::incident::{Audience, Event, Origin, Source};
use crate::record::{self, read_event};

/// One line of the story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct IncidentLine {
    /// When it happened.
    pub at: Timestamp,
    /// Who did it or wrote it down.
    pub by: PersonRef,
    /// What it is, such as `triaged` or `noted`.
    pub kind: String,
    /// What happened, in a clause.
    pub what: String,
    /// The words that belong to it.
    pub said: Option<String>,
    /// Where a note comes from; nothing for what the record itself says.
    pub source: Option<Source>,
    /// The number of a note, for edits.
    pub note: Option<u32>,
    /// What a note said before, oldest first.
    pub before: Vec<String>,
}

/// The story that the entries of an incident's stream tell; entries of a later version are passed over.
pub fn incident_story(reading: &Reading<'_>, id: &str, entries: &[Entry]) -> Vec<IncidentLine> {
    let moves = entries.iter().filter_map(|entry| {
        let Some(record::Event::Incident(event)) = read_event(entry) else { return None };
        let (what, said) = told(reading, &event)?;
        let actor = entry.actor.strip_prefix("person/").unwrap_or(&entry.actor);
        Some(IncidentLine {
            at: entry.at,
            by: PersonRef::of(reading.model, actor),
            kind: entry.kind.split_once('.')?.1.to_owned(),
            what,
            said: said.map(|text| read(reading, id, text)),
            source: None,
            note: None,
            before: Vec::new(),
        })
    });
    let mut lines: Vec<_> = moves.chain(notes(reading, id)).collect();
    lines.sort_by_key(|line| line.at);
    lines
}

fn read(reading: &Reading<'_>, id: &str, text: &Text) -> String {
    reading.texts.read(&format!("incident/{id}"), text)
}

fn notes(reading: &Reading<'_>, id: &str) -> Vec<IncidentLine> {
    let timeline = reading.record.incidents.get(id).map_or(&[][..], |found| &found.timeline);
    let lines = (0_u32..).zip(timeline).map(|(number, entry)| IncidentLine {
        at: entry.at,
        by: PersonRef::of(reading.model, &entry.person),
        kind: "noted".to_owned(),
        what: from(&entry.source),
        said: Some(read(reading, id, &entry.text)),
        source: Some(entry.source.clone()),
        note: Some(number),
        before: entry.before.iter().map(|(text, ..)| read(reading, id, text)).collect(),
    });
    lines.collect()
}

fn from(source: &Source) -> String {
    match source {
        Source::Alert(name) => format!("alert `{name}`"),
        Source::Change(id) => format!("change `{id}`"),
        Source::Deploy(what) => format!("deployment of `{what}`"),
        Source::Chat(channel) => format!("said in `{channel}`"),
        Source::Runbook(name) => format!("runbook `{name}`"),
        Source::Telemetry(what) => format!("seen in {what}"),
        Source::Person(_) => "noted".to_owned(),
    }
}

/// An event as a clause, with the words that belong to it; nothing for notes, which the timeline tells.
fn told<'e>(reading: &Reading<'_>, event: &'e Event) -> Option<(String, Option<&'e Text>)> {
    let title = |name: &str| {
        let found = reading.model.get::<Severity>(name);
        found.map_or_else(|| name.to_owned(), |severity| severity.title().to_owned())
    };
    let duty = |name: &str| {
        let found = reading.model.get::<NoticeDuty>(name);
        found.map_or_else(|| name.to_owned(), |duty| duty.title().to_owned())
    };
    let bare = |what: &str| Some((what.to_owned(), None));
    match event {
        Event::Detected { origin, .. } => bare(&match origin {
            Origin::Alert(name) => format!("opened by the alert `{name}`"),
            Origin::Person(_) => "declared".to_owned(),
        }),
        Event::Acknowledged { .. } => bare("seen"),
        Event::Triaged { severity, services } => {
            let hurt = if services.is_empty() { String::new() } else { hurts(services) };
            bare(&format!("triaged as {}{hurt}", title(severity)))
        }
        Event::Reclassified { severity, reason } => {
            Some((format!("it is {} after all", title(severity)), Some(reason)))
        }
        Event::Contained { how } => Some(("contained".to_owned(), Some(how))),
        Event::Resolved { how } => Some(("resolved".to_owned(), Some(how))),
        Event::Reopened { reason } => Some(("opened again".to_owned(), Some(reason))),
        Event::Reviewed {} => bare("reviewed"),
        Event::Closed {} => bare("closed"),
        Event::Merged { into } => bare(&format!("merged into `{into}`")),
        Event::Absorbed { from } => bare(&format!("`{from}` was merged into it")),
        Event::Assigned { role, person, note, .. } => {
            let role = reading
                .model
                .get::<IncidentRole>(role)
                .map_or_else(|| role.clone(), |found| found.title().to_owned());
            let person = PersonRef::of(reading.model, person).title;
            Some((format!("{person} is {role}"), note.as_ref()))
        }
        Event::Remarked { .. } | Event::Amended { .. } => None,
        Event::Informed { audience, text, .. } => {
            let whom = match audience {
                Audience::Internal => "colleagues",
                Audience::External => "customers",
            };
            Some((format!("told {whom}"), Some(text)))
        }
        Event::Ticked { item, .. } => bare(&format!("item {} of the checklist is done", item + 1)),
        Event::Assessed { duty: name, answers, .. } => {
            let needed = if answers.contains(&false) { "not needed" } else { "needed" };
            bare(&format!("{}: {needed}", duty(name)))
        }
        Event::Notified { duty: name, reference, .. } => {
            let under = reference.as_ref().map(|number| format!(", under `{number}`"));
            bare(&format!("{}: sent{}", duty(name), under.unwrap_or_default()))
        }
        Event::Restricted { private: true } => bare("hidden from those who do not work on it"),
        Event::Restricted { private: false } => bare("open to all again"),
    }
}

fn hurts(services: &[String]) -> String {
    format!("; it hurts `{}`", services.join("`, `"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use governance::text::Closed;
    use ledger::Fold as _;

    use super::*;
    use crate::record::Recorded;
    use crate::testing::table;

    #[test]
    fn notes_stand_where_they_happened_and_as_they_read_now() {
        let workspace = table("Person/ana: {}\nSeverity/sev-1: {level: 1}");
        let at =
            |minute: i64| Timestamp::from_second(1_700_000_000 + minute * 60).expect("a moment");
        let ana = || "ana".to_owned();
        let events = [
            Event::Detected {
                title: "Slow".into(),
                services: vec![],
                origin: Origin::Person(ana()),
                severity: None,
                began: None,
                noticed: None,
                test: false,
                private: false,
            },
            Event::Triaged { severity: "sev-1".to_owned(), services: vec!["api".to_owned()] },
            Event::Remarked {
                text: "It began with 1.2".into(),
                source: Source::Deploy("api 1.2".to_owned()),
                at: Some(at(100)),
                person: ana(),
            },
            Event::Amended { entry: 0, text: "It began with 1.3".into(), person: ana() },
            Event::Resolved { how: "Rolled back.".into() },
        ];
        let directory = tempfile::tempdir().expect("a directory");
        let options = ledger::Options::throw_away();
        let ledger = ledger::Ledger::open(directory.path().join("l.db"), &options).expect("one");
        for (minute, event) in (200..).zip(events) {
            let stream = "incident/INC-2026-0001".to_owned();
            let recorded = Recorded { stream, event: record::Event::Incident(event) };
            let draft = recorded.draft("person/ana").expect("a draft");
            let append = ledger::Append::new(vec![draft], at(minute));
            ledger.append(append).expect("it is written");
        }
        let stream = ledger::Stream::new("incident/INC-2026-0001").expect("a name");
        let entries = ledger.stream(&stream, 0).expect("entries");
        let mut record = record::State::default();
        entries.iter().for_each(|entry| record.apply(entry));
        let (governance, changes) = <(governance::State, BTreeSet<String>)>::default();
        let reading = Reading {
            model: workspace.model(),
            record: &record,
            governance: &governance,
            verified_changes: &changes,
            now: at(300),
            texts: &Closed,
        };
        let lines = incident_story(&reading, "INC-2026-0001", &entries);
        let told: Vec<_> = lines.iter().map(|line| line.what.as_str()).collect();
        assert_eq!(
            told,
            ["deployment of `api 1.2`", "declared", "triaged as sev-1; it hurts `api`", "resolved"]
        );
        let note = &lines[0];
        assert_eq!(note.said.as_deref(), Some("It began with 1.3"));
        assert_eq!(note.before, ["It began with 1.2"]);
        assert_eq!(note.note, Some(0));
        assert_eq!(lines[3].said.as_deref(), Some("Rolled back."));
    }
}
