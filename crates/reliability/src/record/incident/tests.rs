//! Every stage with every command, and what the stages promise.

use std::collections::BTreeSet;

use governance::Refusal;
use jiff::{SignedDuration, Timestamp};
use playbook::Workspace;

use super::*;
use crate::record::{self, Actor, Facts};
use crate::testing::table;

const COUNCIL: &str = "
    Person/ana: {}
    Person/ben: {}
    Person/gone: {leaves: 2026-01-01}
    Service/api: {}
    Severity/sev-1: {level: 1, postmortem: true, checklist: [Tell customers.]}
    Severity/sev-3: {level: 3, postmortem: false}
    IncidentRole/commander: {does: Leads., required: true}
    NoticeDuty/gdpr: {law: GDPR, source: x, to: x, within: {hours: 72}, since: aware, questions: [Personal data?]}
    PostmortemTemplate/pm: {blameless: true, due_business_days: 5, sections: [{title: What happened}, {title: Timeline}]}
";

fn at(minute: i64) -> Timestamp {
    let start: Timestamp = "2026-11-23T11:00:00Z".parse().expect("a moment");
    start.checked_add(SignedDuration::from_mins(minute)).expect("in range")
}

/// A record that is driven by commands, one a minute.
struct Drive {
    workspace: Workspace,
    record: record::State,
    governance: governance::State,
    verified: BTreeSet<String>,
    minute: i64,
}

impl Drive {
    fn new() -> Self {
        let workspace = table(COUNCIL);
        let (record, governance) = <(record::State, governance::State)>::default();
        Self { workspace, record, governance, verified: BTreeSet::new(), minute: 0 }
    }

    fn go(&mut self, actor: Actor<'_>, command: &record::Command) -> Result<(), Refusal> {
        self.minute += 1;
        let now = at(self.minute);
        let Self { workspace, record, governance, verified, .. } = self;
        let facts = Facts {
            model: workspace.model(),
            record,
            governance,
            verified_changes: verified,
            now,
            actor,
        };
        let recorded = record::decide(command, &facts)?;
        for one in recorded {
            let (_, id) = one.stream.split_once('/').expect("a stream has a noun");
            self.record.record(id, &one.event, now);
        }
        Ok(())
    }

    fn incident(&mut self, command: Command) -> Result<(), Refusal> {
        let command = record::Command::Incident { id: ID.to_owned(), command };
        self.go(Actor::Person("ana"), &command)
    }

    fn postmortem(&mut self, command: record::postmortem::Command) -> Result<(), Refusal> {
        let command = record::Command::Postmortem { id: ID.to_owned(), command };
        self.go(Actor::Person("ana"), &command)
    }

    fn state(&self) -> &State {
        &self.record.incidents[ID]
    }

    /// An incident that has come so far.
    fn at_stage(stage: Stage) -> Self {
        let mut drive = Self::new();
        let mut go = |command| drive.incident(command).expect("the way is open");
        go(open());
        if stage == Stage::Merged {
            let other = record::Command::Incident { id: OTHER.to_owned(), command: open() };
            drive.go(Actor::Person("ana"), &other).expect("another one");
            drive.incident(Command::Merge { into: OTHER.to_owned() }).expect("it is the same");
            return drive;
        }
        let steps = [
            (Stage::Triaged, triage("sev-3")),
            (Stage::Contained, Command::Contain { how: "x".into() }),
            (Stage::Resolved, Command::Resolve { how: "x".into() }),
            (Stage::Reviewed, assess(false)),
            (Stage::Reviewed, Command::Review {}),
            (Stage::Closed, Command::Close {}),
        ];
        for (reached, step) in steps {
            if reached <= stage {
                go(step);
            }
        }
        drive
    }
}

const ID: &str = "INC-2026-0001";
const OTHER: &str = "INC-2026-0002";

fn open() -> Command {
    Command::Open {
        title: "It is slow".into(),
        services: vec!["api".to_owned()],
        alert: None,
        severity: None,
        began: Some(at(-10)),
        noticed: None,
        test: false,
        private: false,
    }
}

fn triage(severity: &str) -> Command {
    Command::Triage { severity: severity.to_owned(), services: Vec::new() }
}

fn assess(owed: bool) -> Command {
    Command::Assess { duty: "gdpr".to_owned(), answers: vec![owed] }
}

fn assign(person: &str) -> Command {
    Command::Assign { role: "commander".to_owned(), person: person.to_owned(), note: None }
}

fn commands() -> Vec<(&'static str, Command)> {
    let (text, severity, duty) = (|| "x".into(), || "sev-1".to_owned(), || "gdpr".to_owned());
    vec![
        ("open", open()),
        ("acknowledge", Command::Acknowledge {}),
        ("triage", triage("sev-1")),
        ("reclassify", Command::Reclassify { severity: severity(), reason: text() }),
        ("contain", Command::Contain { how: text() }),
        ("resolve", Command::Resolve { how: text() }),
        ("reopen", Command::Reopen { reason: text() }),
        ("review", Command::Review {}),
        ("close", Command::Close {}),
        ("merge", Command::Merge { into: OTHER.to_owned() }),
        ("assign", assign("ben")),
        ("remark", Command::Remark { text: text(), source: None, at: None }),
        ("inform", Command::Inform { audience: Audience::External, text: text() }),
        ("assess", assess(true)),
        ("notify", Command::Notify { duty: duty(), reference: None }),
        ("restrict", Command::Restrict { private: true }),
    ]
}

#[test]
fn every_stage_answers_every_command() {
    // Stages from left to right as in `Stage::ALL`: `+` is done, `-` refused as the wrong stage,
    // another letter refused for another reason.
    let expected = [
        ("open", "eeeeeee"),
        ("acknowledge", "+aa----"),
        ("triage", "+------"),
        ("reclassify", "-+++---"),
        ("contain", "-+-----"),
        ("resolve", "-++----"),
        ("reopen", "--+++--"),
        ("review", "---+---"),
        ("close", "----+--"),
        ("merge", "nnn----"),
        ("assign", "+++++--"),
        ("remark", "+++++++"),
        ("inform", "+++++--"),
        ("assess", "+++++++"),
        ("notify", "+++++++"),
        ("restrict", "+++++++"),
    ];
    for ((name, command), (label, row)) in commands().into_iter().zip(expected) {
        assert_eq!(name, label);
        let found: String = Stage::ALL
            .into_iter()
            .map(|stage| match Drive::at_stage(stage).incident(command.clone()) {
                Ok(()) => '+',
                Err(refusal) => match refusal.code {
                    "wrong-stage" => '-',
                    "incident-exists" => 'e',
                    "acknowledged" => 'a',
                    "no-incident" => 'n',
                    _ => '?',
                },
            })
            .collect();
        assert_eq!(found, row, "{name}");
    }
}

#[test]
fn clocks_tell_how_long_it_took() {
    let drive = Drive::at_stage(Stage::Resolved);
    let clocks = drive.state().clocks;
    let minutes = |length: Option<SignedDuration>| length.expect("it happened").as_mins();
    assert_eq!(minutes(clocks.to_detect()), 11);
    assert_eq!(minutes(clocks.to_acknowledge()), 1);
    assert_eq!(minutes(clocks.to_mitigate()), 13);
    assert_eq!(minutes(clocks.to_resolve()), 14);
    assert!(clocks.reviewed.is_none());
}

#[test]
fn what_an_alert_told_of_was_detected_then_and_not_when_somebody_declared_it() {
    let mut drive = Drive::new();
    let Command::Open { title, services, began, .. } = open() else { panic!("it opens") };
    let (alert, severity) = (Some("Slow".to_owned()), None);
    let declared = |noticed| Command::Open {
        title: title.clone(),
        services: services.clone(),
        alert: alert.clone(),
        severity: severity.clone(),
        began,
        noticed: Some(noticed),
        test: false,
        private: false,
    };
    assert_eq!(drive.incident(declared(at(60))).expect_err("not yet").code, "future");
    drive.incident(declared(at(-4))).expect("it begins");
    assert_eq!(drive.state().clocks.detected, Some(at(-4)));
    assert_eq!(drive.state().clocks.to_detect().map(|it| it.as_mins()), Some(6));
}

#[test]
fn roles_are_handed_over_on_record() {
    let mut drive = Drive::at_stage(Stage::Detected);
    drive.incident(assign("ana")).expect("she takes it");
    assert_eq!(drive.incident(assign("ana")).expect_err("she has it").code, "nothing-new");
    assert_eq!(drive.incident(assign("gone")).expect_err("left").code, "not-here");
    drive.incident(assign("ben")).expect("he takes over");
    let tenures = &drive.state().roles["commander"];
    let held: Vec<_> = tenures.iter().map(|it| (it.person.as_str(), it.to.is_some())).collect();
    assert_eq!(held, [("ana", true), ("ben", false)]);
    assert_eq!(drive.state().holder("commander"), Some("ben"));
    assert!(drive.state().involves("ana"));
}

#[test]
fn an_edit_is_a_new_entry_and_the_first_words_stay() {
    let mut drive = Drive::at_stage(Stage::Detected);
    let remark = |text: &str| Command::Remark {
        text: text.into(),
        source: Some(Source::Deploy("api 1.2".to_owned())),
        at: Some(at(-5)),
    };
    drive.incident(remark("api 1.2 went live")).expect("it is noted");
    let amend = |entry, text: &str| Command::Amend { entry, text: text.into() };
    assert_eq!(drive.incident(amend(1, "x")).expect_err("only one").code, "no-entry");
    drive.incident(amend(0, "api 1.3 went live")).expect("it is corrected");
    let entry = &drive.state().timeline[0];
    assert_eq!((entry.at, &entry.text), (at(-5), &"api 1.3 went live".into()));
    assert_eq!(entry.before[0].0, "api 1.2 went live".into());
}

#[test]
fn a_bad_one_needs_its_postmortem_and_verified_actions() {
    use governance::record::action;
    use record::postmortem::Command as Postmortem;
    let mut drive = Drive::new();
    drive.incident(open()).expect("it begins");
    drive.incident(triage("sev-1")).expect("it is bad");
    assert_eq!(drive.postmortem(Postmortem::Draft {}).expect_err("too early").code, "wrong-stage");
    drive.incident(Command::Resolve { how: "x".into() }).expect("it is over");
    assert_eq!(drive.incident(Command::Review {}).expect_err("no").code, "no-postmortem");
    drive.postmortem(Postmortem::Draft {}).expect("it begins");
    assert_eq!(
        drive.record.postmortems[ID].due.map(|day| day.to_string()).as_deref(),
        Some("2026-11-30")
    );
    assert_eq!(drive.postmortem(Postmortem::Publish {}).expect_err("empty").code, "unwritten");
    let write = Postmortem::Write { section: "What happened".to_owned(), text: "A queue.".into() };
    drive.postmortem(write).expect("it is written");
    drive.postmortem(Postmortem::Publish {}).expect("the timeline is generated");
    drive.incident(Command::Review {}).expect("it is reviewed");

    let refusal = drive.incident(Command::Close {}).expect_err("nobody has said");
    assert_eq!(refusal.reasons, ["nobody has said whether \"gdpr\" is owed"]);
    drive.incident(assess(true)).expect("it is owed");
    let refusal = drive.incident(Command::Close {}).expect_err("it was not sent");
    assert_eq!(refusal.reasons, ["\"gdpr\" was not sent to x"]);
    let notify = Command::Notify { duty: "gdpr".to_owned(), reference: None };
    drive.incident(notify).expect("it is sent");

    let opened = |from: &str| action::Event::Opened {
        title: "Bound the queue".into(),
        owner: "person/ana".to_owned(),
        due: jiff::civil::date(2026, 12, 1),
        from: Some(from.to_owned()),
    };
    for (id, event) in
        [("A-1", opened("incident/INC-2026-0001")), ("A-2", opened("postmortem/INC-2026-0001"))]
    {
        let state = action::State::apply(None, &event, at(0)).expect("it is open");
        drive.governance.actions.insert(id.to_owned(), state);
    }
    let refusal = drive.incident(Command::Close {}).expect_err("two actions are open");
    assert_eq!(refusal.reasons, ["`action/A-1` is still open", "`action/A-2` is still open"]);
    let link = Postmortem::Link { action: "A-1".to_owned(), change: "CHG-2026-0007".to_owned() };
    drive.postmortem(link).expect("it is linked");
    let state = Postmortem::State { action: "A-2".to_owned(), reason: "Drilled on Friday.".into() };
    drive.postmortem(state).expect("it is stated");
    let refusal = drive.incident(Command::Close {}).expect_err("the change is not verified");
    assert_eq!(refusal.reasons, ["`action/A-1` waits until `change/CHG-2026-0007` is verified"]);
    drive.verified.insert("CHG-2026-0007".to_owned());
    drive.incident(Command::Close {}).expect("all is verified");
    assert_eq!(drive.state().stage, Stage::Closed);
}

#[test]
fn what_is_merged_points_both_ways_and_drills_stay_apart() {
    let drive = Drive::at_stage(Stage::Merged);
    assert_eq!(drive.state().merged_into.as_deref(), Some(OTHER));
    assert_eq!(drive.record.incidents[OTHER].absorbed, [ID]);
    let mut drive = Drive::at_stage(Stage::Detected);
    let Command::Open { title, services, .. } = open() else { panic!("it opens") };
    let drill = Command::Open {
        title,
        services,
        alert: Some("Slow".to_owned()),
        severity: None,
        began: None,
        noticed: None,
        test: true,
        private: false,
    };
    let drill = record::Command::Incident { id: OTHER.to_owned(), command: drill };
    drive.go(Actor::Council, &drill).expect("an alert opens it");
    let merge = Command::Merge { into: OTHER.to_owned() };
    assert_eq!(drive.incident(merge).expect_err("a drill").code, "drill");
}

#[test]
fn ids_count_up_within_a_year() {
    let known = ["INC-2025-0009", "INC-2026-0002", "INC-2026-0011", "INC-2026-x"];
    assert_eq!(next_id(known, 2026), "INC-2026-0012");
    assert_eq!(next_id(known, 2027), "INC-2027-0001");
    let mut drive = Drive::new();
    let command = record::Command::Incident { id: "INC-26-1".to_owned(), command: open() };
    assert_eq!(drive.go(Actor::Person("ana"), &command).expect_err("no id").code, "no-id");
}
