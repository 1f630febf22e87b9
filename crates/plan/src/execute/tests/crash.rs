//! Killed at every place in the journal, before and after the records are durable; and a disk that is full at each.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use super::rig::{Mishap, Rig};
use crate::execute::{End, Record};
use crate::step::{Action, StepId};
use crate::testing::{Estate, desired, vlan};

/// A plan with every action but run, with dependencies and a destroy at the end.
fn rig() -> (Rig, Estate) {
    let estate = Estate::of(&[("changed", 1500), ("replaced", 1500), ("gone", 1)]);
    let mut replaced = desired("replaced", 9000).after(vlan("new"));
    replaced.replace_on.insert("mtu".to_owned());
    replaced.marks.disruptive = true;
    let wanted = [desired("new", 9000), desired("changed", 9000).after(vlan("new")), replaced];
    (Rig::new(&wanted, estate.clone()), estate)
}

#[test]
fn killed_at_any_place_in_the_journal_it_goes_on_and_does_everything_once() {
    let (whole, _) = rig();
    assert_eq!(whole.run().unwrap().end, End::Done);
    let appends = whole.journal.appends.load(Ordering::Relaxed);
    assert!(appends > 8, "the plan is long enough to be worth killing: {appends}");
    for place in 0..appends {
        for mishap in [Mishap::KillBefore, Mishap::KillAfter, Mishap::Full] {
            let (mut rig, before) = rig();
            *rig.journal.mishap.lock().unwrap() = Some((place, mishap));
            match (mishap, rig.run()) {
                (Mishap::KillBefore | Mishap::KillAfter, None) => {}
                (Mishap::Full, Some(outcome)) => {
                    assert!(matches!(outcome.end, End::Interrupted(_)), "{:?}", outcome.end);
                    let text = outcome.sentence(&rig.plan);
                    assert!(text.contains("no space left on device"), "{text}");
                }
                (mishap, outcome) => panic!("{mishap:?} at {place}: {outcome:?}"),
            }
            let second = rig.go_on();
            assert_eq!(second.end, End::Done, "{mishap:?} at {place}");
            assert_eq!(rig.estate(), rig.ideal(&before), "{mishap:?} at {place}");
            let once = rig.target.changes.lock().unwrap().values().all(|count| *count == 1);
            assert!(once, "{mishap:?} at {place}: {:?}", rig.target.changes);
            in_order(&rig, &format!("{mishap:?} at {place}"));
        }
    }
}

/// Nothing was intended before what it depends on was verified, and no destroy before all else was.
#[track_caller]
fn in_order(rig: &Rig, case: &str) {
    let mut verified: BTreeSet<StepId> = BTreeSet::new();
    for record in rig.journal.inner.records() {
        match record {
            Record::Intended { step, .. } => {
                let step = rig.plan.step(step).unwrap();
                assert!(step.depends_on.iter().all(|on| verified.contains(on)), "{case}: {step:?}");
                let makes = rig.plan.steps().iter().filter(|step| step.action != Action::Destroy);
                let all = makes.map(|step| step.id).all(|id| verified.contains(&id));
                assert!(step.action != Action::Destroy || all, "{case}: {step:?}");
            }
            Record::Verified { step, .. } => {
                verified.insert(step);
            }
            Record::Started { .. } | Record::Applied { .. } | Record::Failed { .. } => {}
        }
    }
    assert_eq!(verified.len(), rig.plan.steps().len(), "{case}");
}

#[test]
fn what_was_under_way_when_the_disk_was_full_is_finished_although_nobody_can_write_it_down() {
    let rig = Rig::new(&[desired("a", 1), desired("b", 2)], Estate::default());
    // The first append says that it begins, the second holds both intents, the third the first result.
    *rig.journal.mishap.lock().unwrap() = Some((2, Mishap::Full));
    let outcome = rig.run().unwrap();
    assert_eq!(outcome.undone, [StepId(1), StepId(2)], "in doubt, which is the truth");
    assert_eq!(rig.estate(), Estate::of(&[("a", 1), ("b", 2)]), "and not cut off in the middle");
}

#[test]
fn a_step_that_takes_another_back_is_undone_by_its_target() {
    let estate = Estate::of(&[("a", 9000)]);
    let forward = Rig::one(Action::Create).plan;
    let there = estate.observe(&["lab"]);
    let terms = crate::planner::Terms::new("r1", crate::testing::noon());
    let mut back =
        crate::planner::plan(None, &[desired("a", 1500)], &there, &terms).steps().to_vec();
    back[0].reverts = Some(crate::step::Reverts { plan: forward.hash(), step: StepId(1) });
    let back = crate::plan::Plan::seal(crate::plan::Content {
        parent: Some(forward.hash()),
        generation: 2,
        revision: "r1".to_owned(),
        at: crate::testing::noon(),
        purpose: crate::plan::Purpose::Rollback { of: forward.hash() },
        steps: back,
        report: Vec::new(),
    });
    let rig = Rig::of(back, estate);
    assert_eq!(rig.run().unwrap().end, End::Done);
    assert_eq!(rig.target.undone.load(Ordering::Relaxed), 1);
}
