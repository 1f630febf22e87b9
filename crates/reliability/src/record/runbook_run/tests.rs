//! A run from its first step to its last, and what it refuses.

use std::collections::{BTreeMap, BTreeSet};

use governance::Refusal;
use jiff::Timestamp;
use playbook::Workspace;

use super::*;
use crate::record::{self, Actor, Facts};
use crate::testing::table;
use crate::views::{self, Standing};

const COUNCIL: &str = "
    Person/ana: {}
    Person/ben: {}
    Service/api: {}
    slow.md: {runbook: It is slow., services: [api], parameters: [{name: host, asks: Which host?}, {name: word, asks: The word?, secret: true}]} | # Slow\\n\\n~~~sh council step\\necho $host\\n~~~\\n\\n~~~sh council step approve confirm\\ntrue\\n~~~
    talk.md: {runbook: Nothing can be run.} | # Talk\\n\\nTalk.
";

const ID: &str = "RUN-2026-0001";

struct Drive {
    workspace: Workspace,
    record: record::State,
    governance: governance::State,
    minute: i64,
}

fn at(minute: i64) -> Timestamp {
    let start: Timestamp = "2026-11-23T11:00:00Z".parse().expect("a moment");
    start.checked_add(jiff::SignedDuration::from_mins(minute)).expect("in range")
}

impl Drive {
    fn new() -> Self {
        let (record, governance) = <(record::State, governance::State)>::default();
        Self { workspace: table(COUNCIL), record, governance, minute: 0 }
    }

    fn by(&mut self, person: &str, command: Command) -> Result<(), Refusal> {
        self.go(person, &record::Command::Run { id: ID.to_owned(), command })
    }

    fn go(&mut self, person: &str, command: &record::Command) -> Result<(), Refusal> {
        self.minute += 1;
        let now = at(self.minute);
        let facts = Facts {
            model: self.workspace.model(),
            record: &self.record,
            governance: &self.governance,
            verified_changes: &BTreeSet::new(),
            now,
            actor: Actor::Person(person),
        };
        for one in record::decide(command, &facts)? {
            let (_, id) = one.stream.split_once('/').expect("a stream has a noun");
            self.record.record(id, &one.event, now);
        }
        Ok(())
    }

    #[track_caller]
    fn refused(&mut self, person: &str, command: Command, code: &str) {
        assert_eq!(self.by(person, command).expect_err("refused").code, code);
    }

    fn standing(&self) -> (Standing, Option<String>) {
        let reading = views::Reading {
            model: self.workspace.model(),
            record: &self.record,
            governance: &self.governance,
            verified_changes: &BTreeSet::new(),
            now: at(self.minute),
            texts: &governance::text::Closed,
        };
        let detail = views::runbook(&reading, "slow").expect("it is there");
        (detail.row.standing, detail.row.verified_by)
    }
}

fn begin() -> Command {
    begin_for(None)
}

fn begin_for(incident: Option<&str>) -> Command {
    Command::Begin {
        runbook: "slow".to_owned(),
        parameters: BTreeMap::from([("host".to_owned(), "web-1".to_owned())]),
        incident: incident.map(str::to_owned),
    }
}

fn finish(step: u32, ending: Ending) -> Command {
    Command::Finish { step, ending, output: Some("web-1".into()) }
}

#[test]
fn a_run_that_passes_every_step_renews_what_was_verified() {
    let mut drive = Drive::new();
    assert_eq!(drive.standing(), (Standing::Untested, None));
    drive.by("ana", begin()).expect("it begins");
    drive.by("ana", Command::Start { step: 0 }).expect("first");
    drive.by("ana", finish(0, Ending::Passed)).expect("passed");
    drive.by("ben", Command::Approve { step: 1 }).expect("a second person");
    drive.by("ana", Command::Start { step: 1 }).expect("second");
    assert_eq!(drive.standing(), (Standing::Untested, None));
    drive.by("ana", finish(1, Ending::Passed)).expect("passed");
    assert_eq!(drive.record.runs[ID].stage, Stage::Done);
    assert_eq!(drive.standing(), (Standing::Fresh, Some(ID.to_owned())));
    drive.refused("ana", Command::Start { step: 2 }, "wrong-stage");
}

#[test]
fn steps_run_in_order_and_a_marked_one_needs_a_second_person() {
    let mut drive = Drive::new();
    drive.by("ana", begin()).expect("it begins");
    drive.refused("ana", Command::Start { step: 1 }, "not-in-turn");
    drive.refused("ana", finish(0, Ending::Passed), "not-begun");
    drive.by("ana", Command::Start { step: 0 }).expect("first");
    drive.by("ana", finish(0, Ending::Passed)).expect("passed");
    drive.refused("ana", Command::Start { step: 1 }, "not-approved");
    drive.refused("ana", Command::Approve { step: 1 }, "own-run");
    drive.refused("ben", Command::Approve { step: 0 }, "needs-no-approval");
    drive.by("ben", Command::Approve { step: 1 }).expect("a second person");
    drive.refused("ben", Command::Start { step: 1 }, "own-approval");
}

#[test]
fn a_step_that_fails_stops_the_run_until_it_is_tried_again() {
    let mut drive = Drive::new();
    drive.by("ana", begin()).expect("it begins");
    drive.by("ana", Command::Start { step: 0 }).expect("first");
    drive.by("ana", finish(0, Ending::Code(3))).expect("it is told");
    assert_eq!(drive.record.runs[ID].stage, Stage::Failed);
    drive.refused("ana", Command::Start { step: 1 }, "not-in-turn");
    drive.by("ana", Command::Start { step: 0 }).expect("again");
    drive.by("ana", finish(0, Ending::Passed)).expect("passed");
    assert_eq!((drive.record.runs[ID].next, drive.record.runs[ID].attempts.len()), (1, 2));
}

#[test]
fn what_cannot_be_run_is_not_begun() {
    let mut drive = Drive::new();
    let run = |runbook: &str, name: &str| Command::Begin {
        runbook: runbook.to_owned(),
        parameters: BTreeMap::from([(name.to_owned(), "x".to_owned())]),
        incident: None,
    };
    drive.refused("ana", run("nothing", "host"), "no-runbook");
    drive.refused("ana", run("talk", "host"), "no-steps");
    drive.refused("ana", run("slow", "hsot"), "no-parameter");
    drive.refused("ana", begin_for(Some("INC-2026-0001")), "no-incident");
    let silent =
        Command::Begin { runbook: "slow".to_owned(), parameters: BTreeMap::new(), incident: None };
    drive.refused("ana", silent, "no-value");
}

#[test]
fn the_value_of_a_secret_is_never_on_record_and_its_incident_hears_of_the_run() {
    let mut drive = Drive::new();
    let open = record::incident::Command::Open {
        title: "It is slow".into(),
        services: vec!["api".to_owned()],
        alert: None,
        severity: None,
        began: None,
        noticed: None,
        test: false,
        private: false,
    };
    let id = "INC-2026-0001".to_owned();
    drive.go("ana", &record::Command::Incident { id: id.clone(), command: open }).expect("open");
    let Command::Begin { runbook, mut parameters, incident } = begin_for(Some(&id)) else {
        panic!("it begins")
    };
    parameters.insert("word".to_owned(), "hunter2".to_owned());
    drive.by("ana", Command::Begin { runbook, parameters, incident }).expect("it begins");
    assert_eq!(drive.record.runs[ID].parameters.keys().collect::<Vec<_>>(), ["host"]);
    drive.by("ana", Command::Start { step: 0 }).expect("first");
    drive.by("ana", finish(0, Ending::TimedOut)).expect("it is told");
    let noted: Vec<_> = drive.record.incidents[&id].timeline.iter().map(|it| &it.text).collect();
    let begun = format!("`{ID}` was begun.");
    assert_eq!(
        noted,
        [&begun.as_str().into(), &format!("`{ID}` stopped at step 1.").as_str().into()]
    );
}
