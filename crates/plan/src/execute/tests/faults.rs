//! Every action × {fail before, fail after, time out, lie, crash, twice}.

use super::rig::{Deed, Rig};
use crate::execute::End;
use crate::step::{Action, StepId};
use crate::target::FaultKind;
use crate::testing::{Estate, desired};

/// One step goes wrong in one way; then whatever was wrong is mended and a new executor goes on.
#[track_caller]
fn check(action: Action, deed: Deed, kind: FaultKind) {
    let mut rig = Rig::one(action);
    let (before, ideal) = (rig.estate(), rig.ideal(&rig.estate()));
    rig.script("x", &[deed]);
    let first = rig.run().expect("nobody was killed");
    let End::Failed { step: StepId(1), fault } = &first.end else {
        panic!("{action} × {deed:?}: {:?}", first.end);
    };
    assert_eq!(fault.kind, kind, "{action} × {deed:?}");
    assert_eq!((first.done.len(), first.undone.len(), first.left.len()), (0, 1, 0));
    let effect = matches!(deed, Deed::FailAfter(_) | Deed::HangAfter);
    assert_eq!(rig.estate(), *if effect { &ideal } else { &before }, "{action} × {deed:?}");

    let second = rig.go_on();
    assert_eq!(second.end, End::Done, "{action} × {deed:?}");
    assert_eq!(rig.estate(), ideal, "{action} × {deed:?}");
    let changes: u32 = rig.target.changes.lock().unwrap().values().sum();
    assert_eq!(changes, 1, "{action} × {deed:?}: carried out exactly once");
}

#[test]
fn every_action_survives_every_fault() {
    for action in Action::ALL {
        for kind in FaultKind::ALL {
            check(action, Deed::FailBefore(kind), kind);
            check(action, Deed::FailAfter(kind), kind);
        }
        check(action, Deed::Hang, FaultKind::Timeout);
        check(action, Deed::HangAfter, FaultKind::Timeout);
        check(action, Deed::Lie, FaultKind::NotThere);
    }
}

#[test]
fn every_action_survives_a_crash_before_and_after_its_effect() {
    for action in Action::ALL {
        for deed in [Deed::CrashBefore, Deed::CrashAfter] {
            let mut rig = Rig::one(action);
            let ideal = rig.ideal(&rig.estate());
            rig.script("x", &[deed]);
            assert_eq!(rig.run(), None, "{action} × {deed:?}: killed");
            assert_eq!(rig.go_on().end, End::Done, "{action} × {deed:?}");
            assert_eq!(rig.estate(), ideal, "{action} × {deed:?}");
            let changes: u32 = rig.target.changes.lock().unwrap().values().sum();
            assert_eq!(changes, 1, "{action} × {deed:?}: carried out exactly once");
        }
    }
}

#[test]
fn every_action_done_twice_is_done_once() {
    for action in Action::ALL {
        let mut rig = Rig::one(action);
        assert_eq!(rig.run().unwrap().end, End::Done, "{action}");
        let tries = rig.target.tries.lock().unwrap().len();
        assert_eq!(rig.go_on().end, End::Done, "{action}");
        assert_eq!(rig.target.tries.lock().unwrap().len(), tries, "{action}: nothing was tried");
    }
}

#[test]
fn what_may_pass_by_itself_is_tried_again_after_a_pause_and_what_may_not_is_not() {
    for kind in FaultKind::ALL {
        let mut rig = Rig::one(Action::Update);
        rig.pace.attempts = 3;
        rig.script("x", &[Deed::FailBefore(kind), Deed::FailBefore(kind)]);
        let outcome = rig.run().unwrap();
        assert_eq!(outcome.end == End::Done, kind.is_retryable(), "{kind:?}: {:?}", outcome.end);
        let tries = rig.target.tries.lock().unwrap().len();
        assert_eq!(tries, if kind.is_retryable() { 3 } else { 1 }, "{kind:?}");
        if kind.is_retryable() {
            // Three tries of one second, and pauses of two and eight between them.
            assert_eq!(rig.clock.passed().as_secs(), 13);
        }
    }
}

#[test]
fn an_effect_that_shows_late_is_waited_for_and_one_that_shows_too_late_is_a_fault() {
    let rig = Rig::one(Action::Create);
    rig.script("x", &[Deed::Late(5)]);
    assert_eq!(rig.run().unwrap().end, End::Done);
    let rig = Rig::one(Action::Create);
    rig.script("x", &[Deed::Late(500)]);
    let End::Failed { fault, .. } = rig.run().unwrap().end else { panic!("it never showed") };
    assert_eq!(fault.kind, FaultKind::NotThere);
    assert_eq!(fault.message, "`lab/vlan/x`: it is not there");
}

#[test]
fn the_first_failure_stops_everything_that_has_not_begun_and_the_sentence_says_so() {
    let names = ["a", "b", "c", "d"];
    let mut wanted: Vec<_> = names.iter().map(|name| desired(name, 9000)).collect();
    wanted[3] = wanted[3].clone().after(crate::testing::vlan("c"));
    let mut rig = Rig::new(&wanted, Estate::default());
    rig.script("b", &[Deed::FailBefore(FaultKind::Refused)]);
    let outcome = rig.run().unwrap();
    let ids = |numbers: &[u32]| numbers.iter().copied().map(StepId).collect::<Vec<_>>();
    assert_eq!(
        (outcome.done.clone(), outcome.undone.clone(), outcome.left.clone()),
        (ids(&[1, 3]), ids(&[2]), ids(&[4])),
        "what was under way is finished and looked at"
    );
    assert_eq!(
        outcome.sentence(&rig.plan),
        "Stopped at step #2 (create `lab/vlan/b`): refused: the script says so. 2 of 4 steps done, 1 undone, 1 left."
    );
    assert_eq!(rig.go_on().end, End::Done);
}

#[test]
fn a_plan_that_the_world_has_left_behind_is_refused_before_anything_begins() {
    let rig = Rig::one(Action::Update);
    *rig.target.estate.lock().unwrap() = Estate::of(&[("x", 1400)]);
    let outcome = rig.run().unwrap();
    assert_eq!(
        outcome.sentence(&rig.plan),
        "The plan is stale: `mtu` of `lab/vlan/x` was `1500` when the plan was made and is `1400` now. \
         Nothing was begun; plan again. 0 of 1 steps done, 0 undone, 1 left."
    );
    assert!(rig.journal.inner.records().is_empty());
    assert!(rig.target.tries.lock().unwrap().is_empty());
}

#[test]
fn a_target_that_is_silent_before_and_after_is_no_success() {
    use std::sync::atomic::Ordering;
    let rig = Rig::one(Action::Update);
    rig.target.silent.store(true, Ordering::Relaxed);
    assert!(matches!(rig.run().unwrap().end, End::Stale(_)), "nobody can say what is there");
}

#[test]
fn going_on_after_somebody_asked_to_stop_loses_nothing() {
    use std::sync::atomic::Ordering;
    let mut rig = Rig::one(Action::Update);
    rig.stop.store(true, Ordering::Relaxed);
    let outcome = rig.run().unwrap();
    assert_eq!((outcome.end, outcome.left.len()), (End::Stopped, 1));
    rig.stop.store(false, Ordering::Relaxed);
    assert_eq!(rig.go_on().end, End::Done);
}
