//! A change's way, case by case: every stage × every command, then who may do what, and what follows.

use std::collections::{BTreeMap, BTreeSet};

use expect_test::{Expect, expect};
use governance::Text;
use jiff::ToSpan;
use plan::execute::Record;
use plan::{Digest, Fault, FaultKind, StepId};

mod world;

use self::world::*;
use super::*;
use crate::gate::Capacity;
use crate::record::{self, ITSELF};
use crate::testing::noon;

/// What each command does at each stage: the stage after it, or the code of the refusal. A row is a command.
#[track_caller]
fn table(stages: &[Stage], expected: &Expect) {
    let row = |cells: Vec<String>| {
        let cells = cells.iter().map(|cell| format!("{cell:<21}")).collect::<String>();
        format!("{}\n", cells.trim_end())
    };
    let mut names = vec![String::new()];
    names.extend(stages.iter().map(|stage| stage.words().to_owned()));
    let mut drawn = row(names);
    for (nth, (name, _, _)) in commands().into_iter().enumerate() {
        let mut cells = vec![name.to_owned()];
        for stage in stages {
            let mut world = World::at(*stage);
            let (_, actor, command) = commands().swap_remove(nth);
            cells.push(match world.act(actor, command) {
                Ok(_) => format!("-> {}", world.state().stage.words()),
                Err(refusal) => refusal.code.to_owned(),
            });
        }
        drawn += &row(cells);
    }
    expected.assert_eq(&drawn);
}

#[test]
fn every_command_at_every_stage_before_it_begins() {
    let stages = [Stage::Draft, Stage::Planned, Stage::AwaitingApproval, Stage::Approved];
    table(
        &stages,
        &expect![[r#"
                             draft                planned              awaiting approval    approved
        draft                id-taken             id-taken             id-taken             id-taken
        describe             -> draft             -> planned           -> awaiting approval -> approved
        plan                 -> planned           -> planned           -> planned           -> planned
        submit               wrong-stage          -> awaiting approval wrong-stage          wrong-stage
        approve              wrong-stage          wrong-stage          not-holder           not-holder
        withdraw             wrong-stage          wrong-stage          not-approved         -> awaiting approval
        drift                nothing-drifted      -> planned           -> awaiting approval -> awaiting approval
        settle               nothing-due          nothing-due          nothing-due          nothing-due
        judge                nothing-new          -> planned           -> awaiting approval -> approved
        break-glass          wrong-stage          -> approved          -> approved          -> approved
        review               no-review-due        no-review-due        no-review-due        no-review-due
        start                wrong-stage          wrong-stage          wrong-stage          -> applying
        journal              wrong-stage          wrong-stage          wrong-stage          wrong-stage
        finish               wrong-stage          wrong-stage          wrong-stage          wrong-stage
        verify               wrong-stage          wrong-stage          wrong-stage          wrong-stage
        fail                 wrong-stage          wrong-stage          wrong-stage          wrong-stage
        roll-back            wrong-stage          wrong-stage          wrong-stage          wrong-stage
        abandon              -> abandoned         -> abandoned         -> abandoned         -> abandoned
        around               not-declared         not-declared         not-declared         not-declared
    "#]],
    );
}

#[test]
fn every_command_at_every_stage_after_it_began() {
    let stages = [Stage::Applying, Stage::Verifying, Stage::Done, Stage::Failed, Stage::Abandoned];
    table(
        &stages,
        &expect![[r#"
                             applying             verifying            done                 failed               abandoned
        draft                id-taken             id-taken             id-taken             id-taken             id-taken
        describe             wrong-stage          wrong-stage          wrong-stage          -> failed            wrong-stage
        plan                 wrong-stage          wrong-stage          wrong-stage          -> planned           wrong-stage
        submit               wrong-stage          wrong-stage          wrong-stage          wrong-stage          wrong-stage
        approve              wrong-stage          wrong-stage          wrong-stage          wrong-stage          wrong-stage
        withdraw             wrong-stage          wrong-stage          wrong-stage          wrong-stage          wrong-stage
        drift                nothing-drifted      nothing-drifted      nothing-drifted      nothing-drifted      nothing-drifted
        settle               nothing-due          nothing-due          nothing-due          nothing-due          nothing-due
        judge                nothing-new          nothing-new          nothing-new          nothing-new          nothing-new
        break-glass          wrong-stage          wrong-stage          wrong-stage          wrong-stage          wrong-stage
        review               no-review-due        no-review-due        no-review-due        no-review-due        no-review-due
        start                -> applying          -> applying          wrong-stage          -> applying          wrong-stage
        journal              -> applying          wrong-stage          wrong-stage          wrong-stage          wrong-stage
        finish               steps-left           wrong-stage          wrong-stage          wrong-stage          wrong-stage
        verify               wrong-stage          -> done              wrong-stage          wrong-stage          wrong-stage
        fail                 -> failed            -> failed            wrong-stage          wrong-stage          wrong-stage
        roll-back            wrong-stage          wrong-stage          not-rolled-back      not-rolled-back      wrong-stage
        abandon              wrong-stage          wrong-stage          wrong-stage          -> abandoned         wrong-stage
        around               not-declared         not-declared         not-declared         not-declared         not-declared
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

#[test]
fn a_plan_without_a_step_is_submitted_to_nobody() {
    let mut world = World::at(Stage::Planned);
    let plan = Planned { steps: 0, ..planned('b', 2) };
    world.done("mads", Command::Plan { plan });
    world.refused("mads", Command::Submit {}, "nothing-to-do");
    world.done("mads", Command::Plan { plan: planned('c', 3) });
    world.done("mads", Command::Submit {});
}

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
