//! The hand-off note: what whoever comes on call has to know, made from the record.

use jiff::{SignedDuration, Timestamp};
use org::views::PersonRef;
use playbook::Typed;

use crate::kinds::Schedule;
use crate::oncall::{Window, at, gaps, shifts, zone};
use crate::record::incident::State;
use crate::views::Reading;

/// How far ahead gaps are told: until the end of most turns.
const AHEAD: SignedDuration = SignedDuration::from_hours(24 * 14);

/// The note for a hand-off at a moment, in Markdown: who goes, who comes, what goes on, what happened, what
/// is open ahead.
pub fn note(reading: &Reading<'_>, schedule: Typed<'_, Schedule>, moment: Timestamp) -> String {
    let model = reading.model;
    let exchanges = reading.record.exchanges();
    let zone = zone(model, schedule.spec);
    let local = |at: Timestamp| at.to_zoned(zone.clone()).strftime("%a %Y-%m-%d %H:%M").to_string();
    let just_before = moment.checked_sub(SignedDuration::from_secs(1)).unwrap_or(moment);
    let before = at(model, schedule, &exchanges, just_before).now;
    let after = at(model, schedule, &exchanges, moment).now;
    let name = |shift: &Option<crate::oncall::Shift<'_>>| {
        let title = shift.as_ref().map(|shift| PersonRef::of(model, &shift.person).title);
        title.unwrap_or_else(|| "nobody".to_owned())
    };
    let mut text = format!("# Hand-off: {}, {}\n\n", schedule.title(), local(moment));
    text += &match before {
        Some(_) => format!("{} hands over to {}", name(&before), name(&after)),
        None => format!("{} takes over, and nobody hands over", name(&after)),
    };
    text += &after
        .as_ref()
        .map_or(String::new(), |shift| format!(", until {}", local(shift.window.to)));
    text += ".\n\n## Going on\n\n";
    let since = before.as_ref().map_or(just_before, |shift| shift.window.from);
    let line = |id: &String, incident: &State| {
        let title = reading.texts.read(&format!("incident/{id}"), &incident.title);
        let title = if incident.private { "(private)".to_owned() } else { title };
        let severity = incident.severity.as_deref().unwrap_or("no severity yet");
        format!("- {id} ({severity}, {}): {title}\n", incident.stage.word())
    };
    let all = || reading.record.incidents.iter().filter(|(_, incident)| !incident.test);
    let open: Vec<_> =
        all().filter(|(_, it)| it.stage.is_open()).map(|(id, it)| line(id, it)).collect();
    text += &lines(&open, "No incident.");
    text += "\n## In this shift\n\n";
    let shift = Window::new(since, moment);
    let happened =
        |it: &State| it.clocks.detected.is_some_and(|at| shift.contains(at)) && !it.stage.is_open();
    let happened: Vec<_> =
        all().filter(|(_, it)| happened(it)).map(|(id, it)| line(id, it)).collect();
    text += &lines(&happened, "No other incident.");
    text += "\n## Ahead\n\n";
    let ahead = Window::new(moment, moment.checked_add(AHEAD).unwrap_or(moment));
    let found = shifts(model, schedule, &exchanges, ahead);
    let gaps = gaps(model, schedule.spec, &found, ahead);
    let gaps: Vec<_> = gaps
        .iter()
        .map(|gap| format!("- nobody is on call from {} to {}\n", local(gap.from), local(gap.to)))
        .collect();
    text += &lines(&gaps, "Somebody is on call at every hour of the next two weeks.");
    text
}

fn lines(lines: &[String], none: &str) -> String {
    if lines.is_empty() { format!("{none}\n") } else { lines.concat() }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use governance::text::Closed;

    use super::*;
    use crate::record;
    use crate::record::incident::{Event, Origin};
    use crate::testing::table;

    #[test]
    fn whoever_comes_reads_what_goes_on_and_where_nobody_will_be() {
        let workspace = table(
            "Person/ana: {away: [{from: 2026-12-05, to: 2026-12-05}]}
             Person/ben: {}
             Schedule/s: {layers: [{starts: 2026-11-16, rotation: {weekly: {day: mon}}, hand_off: '10:00', people: [{person: ben}, {person: ben}, {person: ana}]}]}",
        );
        let mut record = record::State::default();
        let moment = |text: &str| -> Timestamp { text.parse().expect("a moment") };
        for (id, at, over) in [
            ("INC-2026-0001", "2026-11-24T01:00:00Z", true),
            ("INC-2026-0002", "2026-11-29T01:00:00Z", false),
        ] {
            let begin = Event::Detected {
                title: "Slow".into(),
                services: vec![],
                origin: Origin::Alert("x".to_owned()),
                severity: Some("sev-2".to_owned()),
                began: None,
                noticed: None,
                test: false,
                private: false,
            };
            let mut events = vec![begin];
            events.extend(over.then(|| Event::Resolved { how: "x".into() }));
            for event in events {
                record.record(id, &record::Event::Incident(event), moment(at));
            }
        }
        let (governance, changes) = <(governance::State, BTreeSet<String>)>::default();
        let now = moment("2026-11-30T09:00:00Z");
        let reading = Reading {
            model: workspace.model(),
            record: &record,
            governance: &governance,
            verified_changes: &changes,
            now,
            texts: &Closed,
        };
        let text = note(&reading, workspace.model().get("s").expect("a schedule"), now);
        assert_eq!(
            text,
            "# Hand-off: s, Mon 2026-11-30 10:00\n\nben hands over to ana, until Sat 2026-12-05 00:00.\n\n\
             ## Going on\n\n- INC-2026-0002 (sev-2, detected): Slow\n\n\
             ## In this shift\n\n- INC-2026-0001 (sev-2, resolved): Slow\n\n\
             ## Ahead\n\n- nobody is on call from Sat 2026-12-05 00:00 to Sun 2026-12-06 00:00\n"
        );
    }
}
