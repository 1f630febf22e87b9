//! Feeds, read back by another reader of RFC 5545.

use icalendar::parser::{read_calendar, unfold};

use super::*;
use crate::record::{Event, State, action};
use crate::text::Closed;
use crate::views::NO_CONTRIBUTIONS;
use crate::vocabulary::TRIAL;

const COUNCIL: &str = "
    Person/ana: {}
    Person/ben: {}
    Seat/net: {owns: x, primary: ana}
    Seat/sre: {owns: x, primary: ben}
    Question/logs: {owner: net, due: 2026-12-01, context: 'A; B, and C'}
    Ritual/sync: {goal: 'Changes, risks', cadence: FREQ=WEEKLY;BYDAY=TU;UNTIL=20271231, starts: 2026-11-03, at: '10:00', duration: {from: 30m, to: 45m}}
    Ritual/review: {goal: x, cadence: FREQ=MONTHLY;BYDAY=1TH, starts: 2026-11-03, at: '15:00', time_zone: America/New_York, attendees: {seats: [sre]}}
    Ritual/postmortem: {goal: x, trigger: An incident.}
";

fn text(whose: &Feed) -> Option<String> {
    let workspace = TRIAL.read(COUNCIL);
    let mut record = State::default();
    let now = "2026-11-23T09:00:00Z".parse().unwrap();
    let opened = action::Event::Opened {
        title: "Write the runbook".into(),
        owner: "person/ben".to_owned(),
        due: jiff::civil::date(2026, 11, 30),
        from: None,
    };
    record.record("A-1", &Event::Action(opened), now);
    let reading = Reading {
        model: workspace.model(),
        record: &record,
        now,
        texts: &Closed,
        revisions: &[],
        contributions: NO_CONTRIBUTIONS,
    };
    feed(&reading, whose)
}

fn uids(whose: &Feed) -> Vec<String> {
    let text = text(whose).expect("there is such a feed");
    let lines = text.lines().filter_map(|line| line.strip_prefix("UID:"));
    lines.map(str::to_owned).collect()
}

#[test]
fn feeds_hold_what_concerns_their_reader() {
    assert_eq!(
        uids(&Feed::Person("ana".to_owned())),
        ["ritual-sync@example.council", "question-logs@example.council"]
    );
    assert_eq!(
        uids(&Feed::Person("ben".to_owned())),
        [
            "ritual-review@example.council",
            "ritual-sync@example.council",
            "action-A-1@example.council"
        ]
    );
    assert_eq!(uids(&Feed::Ritual("sync".to_owned())), ["ritual-sync@example.council"]);
    assert_eq!(uids(&Feed::Council).len(), 4);
    assert_eq!(text(&Feed::Seat("nobody".to_owned())), None);
}

#[test]
fn another_reader_understands_the_feed() {
    let text = text(&Feed::Council).unwrap();
    let unfolded = unfold(&text);
    let calendar = read_calendar(&unfolded).expect("the feed is RFC 5545");
    let named = |name: &str| calendar.components.iter().filter(|it| it.name == name).count();
    assert_eq!([named("VTIMEZONE"), named("VEVENT"), named("VTODO")], [2, 3, 1]);
    assert!(text.contains("DTSTART;TZID=Europe/Berlin:20261103T100000\r\n"), "{text}");
    assert!(text.contains("RRULE:FREQ=WEEKLY;BYDAY=TU;UNTIL=20271231T235959Z\r\n"), "{text}");
    assert!(text.contains("DESCRIPTION:A\\; B\\, and C\r\n"), "{text}");
    assert!(
        text.contains("DTSTART;VALUE=DATE:20261201\r\nDTEND;VALUE=DATE:20261202\r\n"),
        "{text}"
    );
}

#[test]
fn the_change_of_clocks_is_written_out() {
    let text = text(&Feed::Ritual("sync".to_owned())).unwrap();
    let spring = "BEGIN:DAYLIGHT\r\nDTSTART:20270328T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nEND:DAYLIGHT\r\n";
    assert!(text.contains(spring), "{text}");
}
