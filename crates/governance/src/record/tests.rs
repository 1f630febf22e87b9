//! The one door, from a command to a ledger and back into the fold.

use jiff::Timestamp;
use jiff::civil::date;
use ledger::{Append, Fold as _, Ledger, Options};

use super::*;
use crate::text::Text;
use crate::vocabulary::TRIAL;

const COUNCIL: &str = "
    Person/ana: {}
    Person/ben: {}
    Person/eve: {}
    Seat/net: {owns: x, primary: ana, backup: ben}
    Seat/hr: {owns: x, primary: ben, active_when: hiring}
    Ritual/sync: {goal: x, cadence: FREQ=WEEKLY;BYDAY=MO, at: '10:00'}
    Question/logs: {owner: net}
";

fn at() -> Timestamp {
    "2026-11-23T11:00:00Z".parse().expect("a time")
}

/// Carries out a command on a record, and says what was recorded or why not.
#[expect(clippy::needless_pass_by_value, reason = "callers make commands on the spot")]
fn go(record: &mut State, actor: &str, command: Command) -> Result<Vec<Recorded>, Refusal> {
    let workspace = TRIAL.read(COUNCIL);
    let facts = Facts { model: workspace.model(), record, now: at(), actor };
    let recorded = decide(&command, &facts)?;
    for one in &recorded {
        let (_, id) = one.stream.split_once('/').expect("a stream has a noun");
        record.record(id, &one.event, at());
    }
    Ok(recorded)
}

#[track_caller]
fn check(record: &mut State, actor: &str, command: Command, expected: &str) {
    let found = match go(record, actor, command) {
        Ok(recorded) => recorded.iter().map(|one| one.draft(actor).unwrap().kind).collect(),
        Err(refusal) => vec![refusal.code.to_owned()],
    };
    assert_eq!(found.join(" "), expected);
}

fn action(command: action::Command) -> Command {
    Command::Action { id: "A-1".to_owned(), command }
}

fn open(owner: &str, due: jiff::civil::Date) -> Command {
    action(action::Command::Open {
        title: "Write it".into(),
        owner: owner.to_owned(),
        due,
        from: None,
    })
}

#[test]
fn actions_are_promised_moved_and_done() {
    let mut record = State::default();
    let done = || action(action::Command::Done { note: None });
    let to = |due| action(action::Command::Move { due, reason: None });
    check(&mut record, "ana", done(), "no-action");
    check(&mut record, "ana", open("seat/nobody", date(2026, 12, 1)), "no-owner");
    check(&mut record, "ana", open("seat/net", date(2026, 11, 22)), "past");
    check(&mut record, "ana", open("seat/net", date(2026, 11, 23)), "action.opened");
    check(&mut record, "ana", open("seat/net", date(2026, 12, 1)), "action-exists");
    check(&mut record, "eve", done(), "no-say");
    check(&mut record, "ben", to(date(2026, 11, 23)), "nothing-new");
    check(&mut record, "ben", to(date(2026, 11, 30)), "action.moved");
    let state = &record.actions["A-1"];
    assert_eq!(
        (state.promised, state.due, state.moves),
        (date(2026, 11, 23), date(2026, 11, 30), 1)
    );
    assert!(state.is_overdue(date(2026, 12, 1)) && !state.is_overdue(date(2026, 11, 30)));
    check(&mut record, "ana", done(), "action.done");
    check(&mut record, "ana", done(), "action-closed");
}

#[test]
fn a_meeting_is_opened_attended_minuted_and_closed() {
    let mut record = State::default();
    let on = |day, command| Command::Ritual { name: "sync".to_owned(), date: day, command };
    let today = date(2026, 11, 23);
    let come = |seat: &str, person: &str| {
        on(today, ritual::Command::Attend { seat: seat.to_owned(), person: person.to_owned() })
    };
    let note = |text: &str| on(today, ritual::Command::Minute { item: None, text: text.into() });
    check(&mut record, "ana", note("Hello."), "meeting-not-open");
    check(&mut record, "ana", on(date(2026, 11, 30), ritual::Command::Open {}), "not-due");
    check(&mut record, "eve", on(today, ritual::Command::Open {}), "no-say");
    check(&mut record, "ana", on(today, ritual::Command::Open {}), "ritual.opened");
    check(&mut record, "ana", come("hr", "ben"), "inactive-seat");
    check(&mut record, "ana", come("net", "nobody"), "not-here");
    check(&mut record, "ana", come("net", "eve"), "ritual.attended");
    check(&mut record, "ana", come("net", "eve"), "nothing-new");
    check(&mut record, "ana", note(" "), "no-text");
    check(&mut record, "ana", note("Hello."), "ritual.minuted");
    let meeting = &record.rituals["sync/2026-11-23"];
    assert!(meeting.attendance["net"].delegate);
    check(&mut record, "ana", on(today, ritual::Command::Close {}), "ritual.closed");
    check(&mut record, "ana", note("Late."), "meeting-not-open");
}

#[test]
fn questions_and_feedback_wait_until_somebody_answers() {
    let mut record = State::default();
    let ask = |name: &str, command| Command::Question { name: name.to_owned(), command };
    let raise = || question::Command::Raise { title: "Why?".into(), owner: None, due: None };
    check(&mut record, "eve", ask("logs", raise()), "question-exists");
    check(&mut record, "eve", ask("why", raise()), "question.raised");
    let answer = question::Command::Answer { decision: "0001-a".to_owned() };
    check(&mut record, "ana", ask("why", answer), "no-decision");
    check(
        &mut record,
        "ana",
        ask("why", question::Command::Reopen { reason: "x".into() }),
        "question-open",
    );
    let say = |command| Command::Feedback { id: "F-1".to_owned(), command };
    let give = feedback::Command::Give { text: "Slow.".into(), about: None };
    check(&mut record, "eve", say(give), "feedback.given");
    check(&mut record, "eve", say(feedback::Command::Answer { text: "No.".into() }), "no-say");
    check(
        &mut record,
        "ana",
        say(feedback::Command::Answer { text: "Yes.".into() }),
        "feedback.answered",
    );
    check(&mut record, "eve", say(feedback::Command::Close {}), "feedback.closed");
    check(&mut record, "eve", say(feedback::Command::Close {}), "feedback-closed");
}

#[test]
fn what_the_ledger_holds_is_what_the_fold_sees_and_no_text_is_readable_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Ledger::open(folder.path().join("ledger.db"), &Options::throw_away()).unwrap();
    let mut record = State::default();
    let mut recorded = go(&mut record, "ana", open("seat/net", date(2026, 12, 1))).unwrap();
    for one in &mut recorded {
        let stream = ledger::Stream::new(&one.stream).unwrap();
        for text in one.texts() {
            let Text::Plain(plain) = &*text else { continue };
            *text = Text::Sealed(ledger.seal(&stream, plain).unwrap());
        }
    }
    let drafts = recorded.iter().map(|one| one.draft("person/ana").unwrap());
    let appended = ledger.append(Append::new(drafts, at())).unwrap();
    assert!(!appended.entries[0].body.as_str().contains("Write it"));
    let mut folded = State::default();
    appended.entries.iter().for_each(|entry| folded.apply(entry));
    assert_eq!(folded.version("action/A-1"), 1);
    let action = &folded.actions["A-1"];
    assert!(matches!(action.title, Text::Sealed(_)));
    assert_eq!(action.due, date(2026, 12, 1));
    let snapshot = serde_json::to_string(&folded).unwrap();
    assert_eq!(serde_json::from_str::<State>(&snapshot).unwrap(), folded);
}
