//! Two executors at once, an old generation, somebody else's journal.

use super::rig::{Deed, Rig};
use crate::execute::{End, Fence, Journal as _, JournalError, Progress, Record};
use crate::plan::{Content, Plan, Purpose};
use crate::step::{Action, StepId};
use crate::target::FaultKind;
use crate::testing::{Estate, desired, noon};

#[test]
fn an_executor_whose_lease_has_passed_on_is_refused() {
    let rig = Rig::one(Action::Update);
    rig.journal.inner.lease(2);
    let End::Interrupted(JournalError::Fenced(text)) = rig.run().unwrap().end else {
        panic!("it must be fenced off");
    };
    assert_eq!(text, "its token is 2 and this one's is 1");
    assert!(rig.target.tries.lock().unwrap().is_empty(), "nothing was done");
}

#[test]
fn an_executor_that_loses_its_lease_in_the_middle_stops_before_the_next_step() {
    let wanted = [desired("a", 1), desired("b", 2).after(crate::testing::vlan("a"))];
    let mut rig = Rig::new(&wanted, Estate::default());
    rig.script("a", &[Deed::CrashAfter]);
    assert_eq!(rig.run(), None, "it hangs with its first step under way");
    assert_eq!(rig.go_on().end, End::Done, "another one takes over");
    let done = rig.journal.inner.records();
    rig.token = 1;
    let End::Interrupted(JournalError::Fenced(_)) = rig.run().unwrap().end else {
        panic!("the old one wakes up and is refused");
    };
    assert_eq!(rig.journal.inner.records(), done);
}

#[test]
fn two_executors_with_one_token_cannot_both_write() {
    let rig = Rig::one(Action::Update);
    let fence = Fence { lease: "apply".to_owned(), token: 1, generation: 1 };
    let started = Record::Started { plan: rig.plan.hash(), fence: fence.clone(), at: noon() };
    let append = |after| {
        let job = rig.journal.append(&fence, after, vec![started.clone()]);
        futures_util::FutureExt::now_or_never(job).unwrap()
    };
    assert_eq!(append(0), Ok(()));
    assert!(matches!(append(0), Err(JournalError::Fenced(_))), "the other one was first");
}

#[test]
fn an_older_generation_is_refused() {
    let rig = Rig::one(Action::Update);
    let newer = Fence { lease: "apply".to_owned(), token: 1, generation: 2 };
    let started = Record::Started { plan: rig.plan.hash(), fence: newer.clone(), at: noon() };
    let append = rig.journal.append(&newer, 0, vec![started]);
    futures_util::FutureExt::now_or_never(append).unwrap().unwrap();
    let End::Interrupted(JournalError::Fenced(text)) = rig.run().unwrap().end else {
        panic!("it must be fenced off");
    };
    assert_eq!(text, "it works on generation 2 under token 1");
}

#[test]
fn the_journal_of_another_plan_is_refused() {
    let rig = Rig::one(Action::Update);
    assert_eq!(rig.run().unwrap().end, End::Done);
    let other = Rig::one(Action::Create);
    let error = Progress::read(&other.plan, &rig.journal.inner.records()).unwrap_err();
    assert!(error.to_string().starts_with("the journal is about the plan "), "{error}");
}

#[test]
fn a_journal_that_makes_no_sense_is_refused_record_by_record() {
    let rig = Rig::one(Action::Update);
    let step = StepId(1);
    let fault = crate::target::Fault::new(FaultKind::Failed, "x");
    let records = [
        Record::Applied { step, effect: crate::target::Effect::Unchanged, at: noon() },
        Record::Verified { step, at: noon() },
        Record::Failed { step, fault, at: noon() },
        Record::Intended { step: StepId(9), attempt: 1, at: noon() },
    ];
    for record in records {
        let error = Progress::read(&rig.plan, std::slice::from_ref(&record)).unwrap_err();
        assert!(error.to_string().contains("at a time when that cannot be"), "{error}");
    }
}

#[test]
fn a_target_that_nobody_knows_is_named_before_anything_begins() {
    let step = crate::step::Step::new(
        StepId(1),
        crate::resource::ResourceId::new("nowhere", "file", "x"),
        Action::Create,
    );
    let plan = Plan::seal(Content {
        parent: None,
        generation: 1,
        revision: "r1".to_owned(),
        at: noon(),
        purpose: Purpose::Change,
        steps: vec![step],
        report: Vec::new(),
    });
    let outcome = Rig::of(plan, Estate::default()).run().unwrap();
    assert_eq!(outcome.end, End::UnknownTarget("nowhere".to_owned()));
    assert!(outcome.done.is_empty());
}
