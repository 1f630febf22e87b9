//! A change's way, case by case: every stage × every command, then who may do what, and what follows.

use std::collections::{BTreeMap, BTreeSet};

use expect_test::{Expect, expect};
use governance::record::State as Council;
use governance::{Refusal, Text};
use jiff::{Timestamp, ToSpan};
use plan::execute::{Fence, Record};
use plan::{Digest, Effect, Fault, FaultKind, StepId};
use playbook::{Model, Workspace};

use super::*;
use crate::gate::{GateFacts, Touched};
use crate::kinds::StepAction;
use crate::record::{self, Facts, ITSELF};
use crate::testing::{council, noon};

const ID: &str = "CHG-2026-0001";

/// A change in the world of the tests: playbook, record, facts of the gate, a clock.
struct World {
    workspace: Workspace,
    record: record::State,
    gate: GateFacts,
    now: Timestamp,
}

impl World {
    fn new() -> Self {
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

    fn model(&self) -> &Model {
        self.workspace.model()
    }

    /// Carries out a command as somebody, and takes in what follows.
    fn act(&mut self, actor: &str, command: Command) -> Result<Vec<Event>, Refusal> {
        self.act_on(ID, actor, command)
    }

    fn act_on(&mut self, id: &str, actor: &str, command: Command) -> Result<Vec<Event>, Refusal> {
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

    fn would(
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
    fn done(&mut self, actor: &str, command: Command) -> Vec<Event> {
        self.act(actor, command).unwrap_or_else(|refusal| panic_at(&refusal))
    }

    #[track_caller]
    fn refused(&mut self, actor: &str, command: Command, code: &str) -> String {
        let refusal = self.act(actor, command).expect_err(code);
        assert_eq!(refusal.code, code, "{refusal}");
        assert!(!refusal.would_pass_if.is_empty(), "`{code}` says what would make it pass");
        refusal.to_string()
    }

    fn state(&self) -> &State {
        &self.record.changes[ID]
    }

    /// Goes as far as a stage, the usual way.
    fn at(stage: Stage) -> Self {
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
fn panic_at(refusal: &Refusal) -> Vec<Event> {
    assert_eq!(refusal.to_string(), "", "it is carried out");
    Vec::new()
}

fn said() -> Description {
    let text = |text: &str| Some(Text::from(text));
    Description {
        title: text("A larger MTU"),
        description: text("Jumbo frames for storage."),
        risk: text("Packets are dropped."),
        rollback: text("The old value."),
        ..Description::default()
    }
}

fn draft() -> Command {
    Command::Draft { said: said(), origin: Origin::Person }
}

fn hash(digit: char) -> String {
    digit.to_string().repeat(64)
}

fn planned(digit: char, generation: u64) -> Planned {
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
        irreversible: 0,
        disruptive: 0,
        held_back: 0,
        touched,
    }
}

fn plan_it() -> Command {
    Command::Plan { plan: planned('a', 1) }
}

fn approve(seat: &str) -> Command {
    approve_plan(seat, 'a', "r1")
}

fn approve_plan(seat: &str, digit: char, revision: &str) -> Command {
    Command::Approve {
        seat: seat.to_owned(),
        plan: hash(digit),
        revision: revision.to_owned(),
        via: Via::Cli,
        comment: None,
    }
}

fn fence(token: u64, generation: u64) -> Fence {
    Fence { lease: format!("apply/{ID}"), token, generation }
}

fn start() -> Command {
    Command::Start { fence: fence(1, 1) }
}

fn steps(after: usize, records: Vec<Record>) -> Command {
    Command::Journal { after, records }
}

fn the_step() -> Command {
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

fn break_glass() -> Command {
    Command::BreakGlass { seat: "net".to_owned(), reason: Text::from("It burns.") }
}

fn fail() -> Command {
    Command::Fail { why: "the switch is gone".to_owned() }
}

/// The commands after the draft that lead to a stage.
fn way(stage: Stage) -> Vec<Command> {
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
fn commands() -> Vec<(&'static str, &'static str, Command)> {
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

/// What each command does at a stage: the stage after it, or the code of the refusal.
fn row(stage: Stage) -> String {
    let mut row = format!("{}:\n", stage.words());
    for (name, actor, command) in commands() {
        let mut world = World::at(stage);
        let outcome = match world.act(actor, command) {
            Ok(_) => format!("-> {}", world.state().stage.words()),
            Err(refusal) => refusal.code.to_owned(),
        };
        row += &format!("  {name:<12} {outcome}\n");
    }
    row
}

#[track_caller]
fn table(stages: &[Stage], expected: &Expect) {
    expected.assert_eq(&stages.iter().map(|stage| row(*stage)).collect::<String>());
}

#[test]
fn every_command_at_every_stage_before_it_begins() {
    let stages = [Stage::Draft, Stage::Planned, Stage::AwaitingApproval, Stage::Approved];
    table(
        &stages,
        &expect![[r#"
        draft:
          draft        id-taken
          describe     -> draft
          plan         -> planned
          submit       wrong-stage
          approve      wrong-stage
          withdraw     wrong-stage
          drift        nothing-drifted
          settle       nothing-due
          judge        nothing-new
          break-glass  wrong-stage
          review       no-review-due
          start        wrong-stage
          journal      wrong-stage
          finish       wrong-stage
          verify       wrong-stage
          fail         wrong-stage
          roll-back    wrong-stage
          abandon      -> abandoned
          around       not-declared
        planned:
          draft        id-taken
          describe     -> planned
          plan         -> planned
          submit       -> awaiting approval
          approve      wrong-stage
          withdraw     wrong-stage
          drift        -> planned
          settle       nothing-due
          judge        -> planned
          break-glass  -> approved
          review       no-review-due
          start        wrong-stage
          journal      wrong-stage
          finish       wrong-stage
          verify       wrong-stage
          fail         wrong-stage
          roll-back    wrong-stage
          abandon      -> abandoned
          around       not-declared
        awaiting approval:
          draft        id-taken
          describe     -> awaiting approval
          plan         -> planned
          submit       wrong-stage
          approve      not-holder
          withdraw     not-approved
          drift        -> awaiting approval
          settle       nothing-due
          judge        -> awaiting approval
          break-glass  -> approved
          review       no-review-due
          start        wrong-stage
          journal      wrong-stage
          finish       wrong-stage
          verify       wrong-stage
          fail         wrong-stage
          roll-back    wrong-stage
          abandon      -> abandoned
          around       not-declared
        approved:
          draft        id-taken
          describe     -> approved
          plan         -> planned
          submit       wrong-stage
          approve      not-holder
          withdraw     -> awaiting approval
          drift        -> awaiting approval
          settle       nothing-due
          judge        -> approved
          break-glass  -> approved
          review       no-review-due
          start        -> applying
          journal      wrong-stage
          finish       wrong-stage
          verify       wrong-stage
          fail         wrong-stage
          roll-back    wrong-stage
          abandon      -> abandoned
          around       not-declared
    "#]],
    );
}

#[test]
fn every_command_at_every_stage_after_it_began() {
    let stages = [Stage::Applying, Stage::Verifying, Stage::Done, Stage::Failed, Stage::Abandoned];
    table(
        &stages,
        &expect![[r#"
        applying:
          draft        id-taken
          describe     wrong-stage
          plan         wrong-stage
          submit       wrong-stage
          approve      wrong-stage
          withdraw     wrong-stage
          drift        nothing-drifted
          settle       nothing-due
          judge        nothing-new
          break-glass  wrong-stage
          review       no-review-due
          start        -> applying
          journal      -> applying
          finish       steps-left
          verify       wrong-stage
          fail         -> failed
          roll-back    wrong-stage
          abandon      wrong-stage
          around       not-declared
        verifying:
          draft        id-taken
          describe     wrong-stage
          plan         wrong-stage
          submit       wrong-stage
          approve      wrong-stage
          withdraw     wrong-stage
          drift        nothing-drifted
          settle       nothing-due
          judge        nothing-new
          break-glass  wrong-stage
          review       no-review-due
          start        -> applying
          journal      wrong-stage
          finish       wrong-stage
          verify       -> done
          fail         -> failed
          roll-back    wrong-stage
          abandon      wrong-stage
          around       not-declared
        done:
          draft        id-taken
          describe     wrong-stage
          plan         wrong-stage
          submit       wrong-stage
          approve      wrong-stage
          withdraw     wrong-stage
          drift        nothing-drifted
          settle       nothing-due
          judge        nothing-new
          break-glass  wrong-stage
          review       no-review-due
          start        wrong-stage
          journal      wrong-stage
          finish       wrong-stage
          verify       wrong-stage
          fail         wrong-stage
          roll-back    not-rolled-back
          abandon      wrong-stage
          around       not-declared
        failed:
          draft        id-taken
          describe     -> failed
          plan         -> planned
          submit       wrong-stage
          approve      wrong-stage
          withdraw     wrong-stage
          drift        nothing-drifted
          settle       nothing-due
          judge        nothing-new
          break-glass  wrong-stage
          review       no-review-due
          start        -> applying
          journal      wrong-stage
          finish       wrong-stage
          verify       wrong-stage
          fail         wrong-stage
          roll-back    not-rolled-back
          abandon      -> abandoned
          around       not-declared
        abandoned:
          draft        id-taken
          describe     wrong-stage
          plan         wrong-stage
          submit       wrong-stage
          approve      wrong-stage
          withdraw     wrong-stage
          drift        nothing-drifted
          settle       nothing-due
          judge        nothing-new
          break-glass  wrong-stage
          review       no-review-due
          start        wrong-stage
          journal      wrong-stage
          finish       wrong-stage
          verify       wrong-stage
          fail         wrong-stage
          roll-back    wrong-stage
          abandon      wrong-stage
          around       not-declared
    "#]],
    );
}

#[test]
fn a_change_that_is_not_there_can_only_be_drafted() {
    for (name, actor, command) in commands() {
        let outcome = World::new().act(actor, command).map_err(|refusal| refusal.code);
        match name {
            "draft" => assert!(outcome.is_ok(), "{outcome:?}"),
            _ => assert_eq!(outcome, Err("no-change"), "{name}"),
        }
    }
}

#[test]
fn an_approval_is_for_one_plan_by_somebody_else_who_is_here() {
    let mut world = World::at(Stage::AwaitingApproval);
    let why = world.refused("jonas", approve_plan("net", 'b', "r1"), "other-plan");
    assert!(why.contains("bbbbbbbbbbbb") && why.contains("aaaaaaaaaaaa"), "{why}");
    world.refused("jonas", approve_plan("net", 'a', "r0"), "other-revision");
    world.refused("mads", approve("absent"), "own-change");
    world.refused("gone", approve("net"), "not-here");
    world.refused("nobody", approve("net"), "not-here");
    world.refused("ana", approve("net"), "not-holder");
    world.refused("mads", approve("hiring"), "own-change");
    world.refused("ana", approve("nothing"), "no-seat");
    let why = world.refused("ines", approve("net"), "not-holder");
    assert!(why.contains("is the backup of `net`, and `jonas` is here"), "{why}");
    world.done("jonas", approve("net"));
    assert_eq!(world.state().stage, Stage::Approved);
    world.refused("jonas", approve("net"), "approved-already");
}

#[test]
fn a_seat_that_is_not_at_the_table_approves_nothing() {
    let mut world = World::at(Stage::Draft);
    world.record.changes.clear();
    world.done("ana", draft());
    world.done("ana", plan_it());
    world.done("ana", Command::Submit {});
    world.refused("mads", approve("hiring"), "inactive-seat");
    // The primary of this seat is away, so its backup speaks.
    let events = world.done("mads", approve("absent"));
    let backup = matches!(&events[0], Event::Approved { capacity: Capacity::Backup, .. });
    assert!(backup, "{events:?}");
}

use crate::gate::Capacity;

#[test]
fn planning_again_voids_approvals() {
    let mut world = World::at(Stage::Approved);
    world.done("mads", Command::Plan { plan: planned('b', 2) });
    assert_eq!(world.state().stage, Stage::Planned);
    assert_eq!(world.state().standing().count(), 0);
    assert_eq!(world.state().approvals[0].void.as_deref(), Some("it was planned again"));
    world.done("mads", Command::Submit {});
    world.refused("jonas", approve("net"), "other-plan");
    world.refused("mads", Command::Plan { plan: planned('b', 2) }, "plan-known");
    world.refused("mads", Command::Plan { plan: planned('c', 1) }, "plan-older");
}

#[test]
fn drift_voids_approvals_and_says_where() {
    let mut world = World::at(Stage::Approved);
    let elsewhere = BTreeMap::from([("lab".to_owned(), vec!["file/x".to_owned()])]);
    world.refused(ITSELF, Command::Drift { drifted: elsewhere }, "nothing-drifted");
    let drifted = BTreeMap::from([("switches".to_owned(), vec!["file/x".to_owned()])]);
    world.done(ITSELF, Command::Drift { drifted: drifted.clone() });
    assert_eq!(world.state().stage, Stage::AwaitingApproval);
    world.done("jonas", approve("net"));
    // Approving again does not help: the plan is for a world that is gone.
    let why = world.refused(ITSELF, start(), "held");
    assert!(why.contains("`switches` has changed since the plan was made: `file/x`"), "{why}");
    world.refused(ITSELF, Command::Drift { drifted }, "nothing-drifted");
}

#[test]
fn approvals_run_out_and_are_taken_back() {
    let mut world = World::at(Stage::Approved);
    world.refused(ITSELF, Command::Settle {}, "nothing-due");
    world.now = noon().checked_add(72.hours()).expect("in range");
    let events = world.done(ITSELF, Command::Settle {});
    assert!(
        matches!(&events[..], [Event::ApprovalsVoid { .. }, Event::Reopened { .. }]),
        "{events:?}"
    );
    assert_eq!(world.state().stage, Stage::AwaitingApproval);
    world.done("jonas", approve("net"));
    let take_back = || Command::WithdrawApproval { seat: "net".to_owned(), reason: None };
    world.refused("ines", take_back(), "not-approved");
    world.done("jonas", take_back());
    assert_eq!(world.state().stage, Stage::AwaitingApproval);
    assert_eq!(world.state().standing().count(), 0);
}

#[test]
fn nothing_begins_unless_the_gate_allows_it_at_that_moment() {
    let mut world = World::at(Stage::AwaitingApproval);
    let why = world.refused("mads", start(), "wrong-stage");
    assert!(why.contains("cannot be applied"), "{why}");
    let mut world = World::at(Stage::Approved);
    world.gate.observed.clear();
    let why = world.refused("mads", start(), "held");
    assert!(why.contains("nobody has seen `target/switches` yet"), "{why}");
    world.refused("gone", start(), "not-here");
    let mut world = World::at(Stage::Approved);
    let events = world.done(ITSELF, start());
    assert!(
        matches!(&events[..], [Event::Judged { .. }, Event::ApplyStarted { .. }]),
        "{events:?}"
    );
}

#[test]
fn an_older_executor_is_fenced_off() {
    let mut world = World::at(Stage::Approved);
    world.refused(ITSELF, Command::Start { fence: fence(5, 9) }, "stale-plan");
    world.done(ITSELF, Command::Start { fence: fence(5, 1) });
    world.refused(ITSELF, Command::Start { fence: fence(4, 1) }, "fenced");
    // What has begun goes on without asking the gate again.
    world.gate.observed.clear();
    world.done(ITSELF, Command::Start { fence: fence(6, 1) });
    let at = noon();
    let record = Record::Intended { step: StepId(1), attempt: 1, at };
    world.refused(ITSELF, steps(1, vec![record.clone()]), "fenced");
    world.done(ITSELF, steps(2, vec![record]));
    let plan = Digest::from_hex(&hash('b')).expect("is hexadecimal");
    let other = Record::Started { plan, fence: fence(7, 1), at };
    world.refused(ITSELF, steps(3, vec![other]), "stale-plan");
}

#[test]
fn the_journal_tells_what_the_executor_did() {
    let mut world = World::at(Stage::Applying);
    world.refused(ITSELF, Command::Finish {}, "steps-left");
    let at = noon();
    let fault = Fault::new(FaultKind::Timeout, "no answer");
    let records = vec![
        Record::Intended { step: StepId(1), attempt: 1, at },
        Record::Failed { step: StepId(1), fault, at },
    ];
    world.done(ITSELF, steps(1, records.clone()));
    assert_eq!(world.state().journal.get(1..), Some(&records[..]));
    world.refused(ITSELF, Command::Finish {}, "steps-left");
    world.done(ITSELF, fail());
    assert_eq!(world.state().failure.as_deref(), Some("the switch is gone"));
    // A change that failed may be resumed.
    world.done(ITSELF, Command::Start { fence: fence(2, 1) });
    assert_eq!(world.state().stage, Stage::Applying);
    assert_eq!(world.state().failure, None);
}

#[test]
fn breaking_the_glass_passes_pages_and_waits_for_a_review_by_somebody_else() {
    let mut world = World::at(Stage::Planned);
    world.gate.observed.clear();
    let blank = Command::BreakGlass { seat: "net".to_owned(), reason: Text::from(" ") };
    world.refused("jonas", blank, "no-reason");
    world.refused("mads", break_glass(), "not-holder");
    let events = world.done("jonas", break_glass());
    let [Event::BrokeGlass { overrode, pages, .. }] = &events[..] else {
        return assert_eq!(events, [], "one event");
    };
    assert_eq!(overrode, &["never-observed", "approvals", "approvals"]);
    assert!(pages.contains(&"seat/sre".to_owned()), "{pages:?}");
    assert_eq!(world.state().stage, Stage::Approved);
    world.refused("jonas", break_glass(), "broken-already");
    world.done("jonas", start());
    assert!(world.state().review_due().is_some());
    let review = |text: &str| Command::Review { finding: Text::from(text) };
    world.refused("jonas", review("fine"), "own-glass");
    world.refused("ana", review(" "), "no-finding");
    world.refused("nobody", review("fine"), "not-here");
    world.done("ana", review("It was right."));
    assert_eq!(world.state().review_due(), None);
    world.refused("ana", review("again"), "no-review-due");
}

#[test]
fn the_glass_is_broken_for_one_plan() {
    let mut world = World::at(Stage::Planned);
    world.done("jonas", break_glass());
    world.done("mads", Command::Plan { plan: planned('b', 2) });
    world.done("mads", Command::Submit {});
    assert_eq!(world.state().stage, Stage::AwaitingApproval);
    world.done("jonas", break_glass());
    assert_eq!(world.state().stage, Stage::Approved);
}

#[test]
fn a_verified_rollback_takes_its_change_back() {
    let mut world = World::at(Stage::Done);
    let other = "CHG-2026-0002";
    let back = Command::Draft { said: said(), origin: Origin::RollbackOf(ID.to_owned()) };
    world.act_on(other, "mads", back).expect("it is drafted");
    for command in way(Stage::Verifying) {
        let actor = if matches!(command, Command::Approve { .. }) { "jonas" } else { "mads" };
        world.act_on(other, actor, command).expect("it goes on");
    }
    assert_eq!(world.state().stage, Stage::Done);
    world.act_on(other, ITSELF, Command::Verify {}).expect("it is verified");
    assert_eq!(world.state().stage, Stage::RolledBack);
    assert_eq!(world.state().rolled_back_by.as_deref(), Some(other));
}

#[test]
fn a_draft_makes_sense() {
    let mut world = World::new();
    let with = |change: fn(&mut Description)| {
        let mut said = said();
        change(&mut said);
        Command::Draft { said, origin: Origin::Person }
    };
    world.refused("mads", with(|said| said.title = None), "no-title");
    world.refused(
        "mads",
        with(|said| said.decision_types = BTreeSet::from(["z".to_owned()])),
        "no-type",
    );
    let window = |said: &mut Description| {
        said.maintenance.windows = vec![crate::gate::Window { from: noon(), until: noon() }];
    };
    world.refused("mads", with(window), "window-reversed");
    let back = Command::Draft { said: said(), origin: Origin::RollbackOf("CHG-1-1".to_owned()) };
    world.refused("mads", back, "no-change");
    let strange = world.act_on("CHG-26", "mads", draft()).expect_err("is strange");
    assert_eq!(strange.code, "id-strange");
    world.refused("gone", draft(), "not-here");
    world.done("mads", draft());
    world.refused("mads", draft(), "id-taken");
    assert_eq!(next_id(&world.record, 2026), "CHG-2026-0002");
    assert_eq!(next_id(&world.record, 2027), "CHG-2027-0001");
}

#[test]
fn only_its_author_says_something_else_and_somebody_at_the_table_clears_up() {
    let mut world = World::at(Stage::Planned);
    world.refused("marta", Command::Describe { said: said() }, "not-author");
    let abandon = || Command::Abandon { reason: None };
    let stranger = world.would(ID, "gone", abandon()).expect_err("has left");
    assert_eq!(stranger.code, "not-here");
    world.done("marta", abandon());
    assert_eq!(world.state().stage, Stage::Abandoned);
}

#[test]
fn what_the_ledger_keeps_is_read_back() {
    let mut world = World::at(Stage::Done);
    world.done(
        ITSELF,
        Command::Around { happened: Around::Refused { what: "x".to_owned(), why: "y".to_owned() } },
    );
    let text = serde_json::to_string(&world.record).expect("it is written");
    assert_eq!(serde_json::from_str::<record::State>(&text).expect("it is read"), world.record);
}

/// A change for tests of other rooms.
pub(crate) mod trial {
    use super::*;

    /// Submitted, and nobody has said anything.
    pub(crate) fn awaiting() -> State {
        World::at(Stage::AwaitingApproval).state().clone()
    }

    /// Applied and verified.
    pub(crate) fn done() -> State {
        World::at(Stage::Done).state().clone()
    }

    /// The glass was broken, and Ana has looked at it.
    pub(crate) fn reviewed() -> State {
        let mut world = World::at(Stage::Approved);
        world.done("jonas", break_glass());
        world.done("ana", Command::Review { finding: Text::from("It was right.") });
        world.state().clone()
    }

    /// Being applied, with what happens around it.
    pub(crate) fn applying(maintenance: Maintenance) -> State {
        let mut world = World::at(Stage::Draft);
        let said = Description { maintenance, ..said() };
        world.done("mads", Command::Describe { said });
        for command in way(Stage::Applying) {
            let actor = if matches!(command, Command::Approve { .. }) { "jonas" } else { "mads" };
            world.done(actor, command);
        }
        world.state().clone()
    }

    /// Approved by Jonas for the network's seat, who then broke the glass.
    pub(crate) fn approved_and_broken() -> State {
        let mut world = World::at(Stage::Approved);
        world.done("jonas", break_glass());
        world.state().clone()
    }
}
