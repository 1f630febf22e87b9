//! The world of the tests, and one command of each kind.

use std::collections::BTreeMap;

use governance::record::State as Council;
use governance::{Refusal, Text};
use jiff::Timestamp;
use plan::execute::{Fence, Record};
use plan::{Effect, StepId};
use playbook::{Model, Workspace};

use super::super::*;
use crate::gate::{GateFacts, Touched};
use crate::kinds::StepAction;
use crate::record::{self, Facts, ITSELF};
use crate::testing::{council, noon};

pub(super) const ID: &str = "CHG-2026-0001";

/// A change in the world of the tests: playbook, record, facts of the gate, a clock.
pub(super) struct World {
    pub(super) workspace: Workspace,
    pub(super) record: record::State,
    pub(super) gate: GateFacts,
    pub(super) now: Timestamp,
}

impl World {
    pub(super) fn new() -> Self {
        let observed = ["switches", "lab"].map(|name| (name.to_owned(), noon()));
        let gate = GateFacts {
            observed: BTreeMap::from(observed),
            guardrails_ran: true,
            ..GateFacts::default()
        };
        let record = record::State::default();
        Self {
            workspace: council("GatePolicy/g: {observe_within: 30d}"),
            record,
            gate,
            now: noon(),
        }
    }

    pub(super) fn model(&self) -> &Model {
        self.workspace.model()
    }

    /// Carries out a command as somebody, and takes in what follows.
    pub(super) fn act(&mut self, actor: &str, command: Command) -> Result<Vec<Event>, Refusal> {
        self.act_on(ID, actor, command)
    }

    pub(super) fn act_on(
        &mut self,
        id: &str,
        actor: &str,
        command: Command,
    ) -> Result<Vec<Event>, Refusal> {
        let happened = self.would(id, actor, command)?;
        for recorded in &happened {
            let (_, id) = recorded.stream.split_once('/').expect("a stream has a noun");
            self.record.record(id, &recorded.event, self.now);
        }
        let events = happened.into_iter().filter_map(|recorded| match recorded.event {
            record::Event::Change(event) => Some(event),
            record::Event::Freeze(_) => None,
        });
        Ok(events.collect())
    }

    pub(super) fn would(
        &self,
        id: &str,
        actor: &str,
        command: Command,
    ) -> Result<Vec<record::Recorded>, Refusal> {
        let council = Council::default();
        let council =
            governance::Facts { model: self.model(), record: &council, now: self.now, actor };
        let facts = Facts { council, record: &self.record, gate: &self.gate };
        record::decide(&record::Command::Change { id: id.to_owned(), command }, &facts)
    }

    #[track_caller]
    pub(super) fn done(&mut self, actor: &str, command: Command) -> Vec<Event> {
        self.act(actor, command).unwrap_or_else(|refusal| panic_at(&refusal))
    }

    #[track_caller]
    pub(super) fn refused(&mut self, actor: &str, command: Command, code: &str) -> String {
        let refusal = self.act(actor, command).expect_err(code);
        assert_eq!(refusal.code, code, "{refusal}");
        assert!(!refusal.would_pass_if.is_empty(), "`{code}` says what would make it pass");
        refusal.to_string()
    }

    pub(super) fn state(&self) -> &State {
        &self.record.changes[ID]
    }

    /// Goes as far as a stage, the usual way.
    pub(super) fn at(stage: Stage) -> Self {
        let mut world = Self::new();
        world.done("mads", draft());
        for command in way(stage) {
            let actor = if matches!(command, Command::Approve { .. }) { "jonas" } else { "mads" };
            world.done(actor, command);
        }
        assert_eq!(world.state().stage, stage);
        world
    }
}

#[track_caller]
pub(super) fn panic_at(refusal: &Refusal) -> Vec<Event> {
    assert_eq!(refusal.to_string(), "", "it is carried out");
    Vec::new()
}

pub(super) fn said() -> Description {
    let text = |text: &str| Some(Text::from(text));
    Description {
        title: text("A larger MTU"),
        description: text("Jumbo frames for storage."),
        risk: text("Packets are dropped."),
        rollback: text("The old value."),
        ..Description::default()
    }
}

pub(super) fn draft() -> Command {
    Command::Draft { said: said(), origin: Origin::Person }
}

pub(super) fn hash(digit: char) -> String {
    digit.to_string().repeat(64)
}

pub(super) fn planned(digit: char, generation: u64) -> Planned {
    let mut touched = Touched::default();
    touched.kinds.insert("vlan".to_owned());
    touched.targets.insert("switches".to_owned());
    touched.environments.insert("production".to_owned());
    touched.step(StepAction::Update);
    Planned {
        hash: hash(digit),
        revision: "r1".to_owned(),
        generation,
        parent: None,
        effect: hash(digit),
        steps: 1,
        carried: 0,
        irreversible: 0,
        disruptive: 0,
        held_back: 0,
        touched,
    }
}

pub(super) fn plan_it() -> Command {
    Command::Plan { plan: planned('a', 1) }
}

pub(super) fn approve(seat: &str) -> Command {
    approve_plan(seat, 'a', "r1")
}

pub(super) fn approve_plan(seat: &str, digit: char, revision: &str) -> Command {
    Command::Approve {
        seat: seat.to_owned(),
        plan: hash(digit),
        revision: revision.to_owned(),
        via: Via::Cli,
        comment: None,
    }
}

pub(super) fn fence(token: u64, generation: u64) -> Fence {
    Fence { lease: format!("apply/{ID}"), token, generation }
}

pub(super) fn start() -> Command {
    Command::Start { fence: fence(1, 1) }
}

pub(super) fn steps(after: usize, records: Vec<Record>) -> Command {
    Command::Journal { after, records }
}

pub(super) fn the_step() -> Command {
    let at = noon();
    let effect = Effect::Unchanged;
    steps(
        1,
        vec![
            Record::Intended { step: StepId(1), attempt: 1, at },
            Record::Applied { step: StepId(1), effect, at },
        ],
    )
}

pub(super) fn break_glass() -> Command {
    Command::BreakGlass { seat: "net".to_owned(), reason: Text::from("It burns.") }
}

pub(super) fn fail() -> Command {
    Command::Fail { why: "the switch is gone".to_owned() }
}

/// The commands after the draft that lead to a stage.
pub(super) fn way(stage: Stage) -> Vec<Command> {
    let submit = || Command::Submit {};
    let approved = || vec![plan_it(), submit(), approve("net")];
    let applying = || [approved(), vec![start()]].concat();
    let verifying = || [applying(), vec![the_step(), Command::Finish {}]].concat();
    match stage {
        Stage::Draft => Vec::new(),
        Stage::Planned => vec![plan_it()],
        Stage::AwaitingApproval => vec![plan_it(), submit()],
        Stage::Approved => approved(),
        Stage::Applying => applying(),
        Stage::Verifying => verifying(),
        Stage::Done => [verifying(), vec![Command::Verify {}]].concat(),
        Stage::Failed => [applying(), vec![fail()]].concat(),
        Stage::RolledBack => Vec::new(),
        Stage::Abandoned => vec![Command::Abandon { reason: None }],
    }
}

/// Every command with who would usually give it.
pub(super) fn commands() -> Vec<(&'static str, &'static str, Command)> {
    let drifted = BTreeMap::from([("switches".to_owned(), vec!["file/x".to_owned()])]);
    let reason = || Some(Text::from("because"));
    vec![
        ("draft", "mads", draft()),
        ("describe", "mads", Command::Describe { said: said() }),
        ("plan", "mads", Command::Plan { plan: planned('b', 2) }),
        ("submit", "mads", Command::Submit {}),
        ("approve", "ines", approve("net")),
        (
            "withdraw",
            "jonas",
            Command::WithdrawApproval { seat: "net".to_owned(), reason: reason() },
        ),
        ("drift", ITSELF, Command::Drift { drifted }),
        ("settle", ITSELF, Command::Settle {}),
        ("judge", ITSELF, Command::Judge {}),
        ("break-glass", "jonas", break_glass()),
        ("review", "ana", Command::Review { finding: Text::from("It was right.") }),
        ("start", ITSELF, Command::Start { fence: fence(2, 1) }),
        ("journal", ITSELF, the_step()),
        ("finish", ITSELF, Command::Finish {}),
        ("verify", ITSELF, Command::Verify {}),
        ("fail", ITSELF, fail()),
        ("roll-back", ITSELF, Command::RollBack { by: "CHG-2026-0002".to_owned() }),
        ("abandon", "mads", Command::Abandon { reason: reason() }),
        ("around", ITSELF, Command::Around { happened: Around::NoticeShown {} }),
    ]
}
