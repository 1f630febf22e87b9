//! Swaps, and the way of events through the ledger.

use std::collections::BTreeSet;

use governance::{Refusal, Text};
use jiff::Timestamp;
use ledger::{Append, Fold as _, Ledger, Options};

use super::*;
use crate::oncall::{Window, at};
use crate::testing::table;

const TEAM: &str = "
    Person/ana: {}
    Person/ben: {}
    Person/cleo: {}
    Service/api: {}
    Schedule/s: {layers: [{starts: 2026-01-05, rotation: {weekly: {day: mon}}, people: [{person: ana}, {person: ben}]}]}
";

fn moment(text: &str) -> Timestamp {
    text.parse().expect("a moment")
}

fn go(record: &mut State, actor: &str, command: &Command) -> Result<Vec<Recorded>, Refusal> {
    let workspace = table(TEAM);
    let now = moment("2026-11-23T11:00:00Z");
    let facts = Facts {
        model: workspace.model(),
        record,
        governance: &governance::State::default(),
        verified_changes: &BTreeSet::new(),
        now,
        actor: Actor::Person(actor),
    };
    let recorded = decide(command, &facts)?;
    for one in &recorded {
        let (_, id) = one.stream.split_once('/').expect("a stream has a noun");
        record.record(id, &one.event, now);
    }
    Ok(recorded)
}

#[track_caller]
fn check(record: &mut State, actor: &str, command: &Command, expected: &str) {
    let found = match go(record, actor, command) {
        Ok(recorded) => {
            recorded.iter().map(|one| one.draft(actor).expect("a good stream").kind).collect()
        }
        Err(refusal) => vec![refusal.code.to_owned()],
    };
    assert_eq!(found.join(" "), expected);
}

fn swap(id: &str, command: swap::Command) -> Command {
    Command::Swap { id: id.to_owned(), command }
}

fn window(from: &str, to: &str) -> Window {
    Window::new(moment(from), moment(to))
}

fn request(window: Window, in_return: Option<Window>) -> swap::Command {
    let asked = in_return.map(|_| "ben".to_owned());
    swap::Command::Request { schedule: "s".to_owned(), window, asked, in_return, reason: None }
}

#[test]
fn a_swap_holds_once_whoever_was_asked_has_said_yes() {
    // Of the weeks that begin on a Monday, the first of December is in one of Ben, the eighth in one of Ana.
    let own = window("2026-12-08T10:00:00Z", "2026-12-08T20:00:00Z");
    let bens = window("2026-12-01T10:00:00Z", "2026-12-01T20:00:00Z");
    let mut record = State::default();
    let workspace = table(TEAM);
    let who = |record: &State, time: &str| {
        let exchanges = record.exchanges();
        let model = workspace.model();
        let found = at(model, model.get("s").expect("a schedule"), &exchanges, moment(time));
        found.now.map(|shift| shift.person.into_owned())
    };
    assert_eq!(who(&record, "2026-12-08T12:00:00Z").as_deref(), Some("ana"));
    check(&mut record, "ben", &swap("SW-1", request(own, Some(bens))), "not-on-call");
    check(&mut record, "ana", &swap("SW-1", request(own, Some(own))), "not-on-call");
    check(&mut record, "ana", &swap("SW-1", request(own, Some(bens))), "swap.requested");
    check(&mut record, "cleo", &swap("SW-1", swap::Command::Accept {}), "not-asked");
    assert_eq!(who(&record, "2026-12-08T12:00:00Z").as_deref(), Some("ana"));
    check(&mut record, "ben", &swap("SW-1", swap::Command::Accept {}), "swap.accepted");
    assert_eq!(who(&record, "2026-12-08T12:00:00Z").as_deref(), Some("ben"));
    assert_eq!(who(&record, "2026-12-01T12:00:00Z").as_deref(), Some("ana"));
    check(&mut record, "ana", &swap("SW-1", swap::Command::Withdraw {}), "swap-closed");
}

#[test]
fn anybody_who_takes_turns_may_relieve_somebody_and_nobody_else() {
    let own = window("2026-12-08T10:00:00Z", "2026-12-08T20:00:00Z");
    let mut record = State::default();
    let take = |window| swap::Command::Take { schedule: "s".to_owned(), window };
    let over = window("2026-11-01T10:00:00Z", "2026-11-02T10:00:00Z");
    check(&mut record, "cleo", &swap("SW-1", take(own)), "not-a-member");
    check(&mut record, "ben", &swap("SW-1", take(over)), "past");
    check(&mut record, "ben", &swap("SW-1", take(own)), "swap.taken");
    check(&mut record, "ana", &swap("SW-2", request(own, None)), "not-on-call");
    check(&mut record, "ben", &swap("SW-2", request(own, None)), "swap.requested");
    check(&mut record, "ben", &swap("SW-2", swap::Command::Accept {}), "not-a-member");
    check(&mut record, "ana", &swap("SW-2", swap::Command::Withdraw {}), "not-yours");
    check(&mut record, "ben", &swap("SW-2", swap::Command::Withdraw {}), "swap.withdrawn");
}

#[test]
fn what_the_ledger_holds_is_what_the_fold_sees_and_no_text_is_readable_in_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let ledger =
        Ledger::open(folder.path().join("ledger.db"), &Options::throw_away()).expect("a ledger");
    let mut record = State::default();
    let open = incident::Command::Open {
        title: "Ana's queue is full".into(),
        services: vec!["api".to_owned()],
        alert: None,
        severity: None,
        began: None,
        noticed: None,
        test: false,
        private: true,
    };
    let id = incident::next_id(record.incidents.keys().map(String::as_str), 2026);
    let mut recorded =
        go(&mut record, "ana", &Command::Incident { id, command: open }).expect("it begins");
    for one in &mut recorded {
        let stream = ledger::Stream::new(&one.stream).expect("a stream");
        for text in one.texts() {
            let Text::Plain(plain) = &*text else { continue };
            *text = Text::Sealed(ledger.seal(&stream, plain).expect("it can be sealed"));
        }
    }
    let drafts = recorded.iter().map(|one| one.draft("person/ana").expect("a draft"));
    let appended =
        ledger.append(Append::new(drafts, moment("2026-11-23T11:00:00Z"))).expect("appended");
    assert!(!appended.entries[0].body.as_str().contains("queue"));
    let mut folded = State::default();
    appended.entries.iter().for_each(|entry| folded.apply(entry));
    assert_eq!(folded.version("incident/INC-2026-0001"), 1);
    assert!(folded.incidents["INC-2026-0001"].private);
    let snapshot = serde_json::to_string(&folded).expect("it can be kept");
    assert_eq!(serde_json::from_str::<State>(&snapshot).expect("and read"), folded);
}
