//! Parallelism, rate, failure domains, and steps that are carried by others.

use std::sync::Arc;

use super::rig::Rig;
use crate::execute::{End, Pace};
use crate::planner::{Terms, plan};
use crate::proposal::Proposal;
use crate::resource::Desired;
use crate::step::{Action, FieldChange};
use crate::target::Limits;
use crate::testing::{Estate, desired, noon, vlan};

fn rig(wanted: &[Desired], limits: Limits) -> Rig {
    let estate = Estate {
        resources: wanted.iter().map(|desired| (desired.id.clone(), Default::default())).collect(),
        ..Estate::default()
    };
    let mut rig = Rig::new(wanted, estate);
    Arc::get_mut(&mut rig.target).unwrap().limits = limits;
    rig
}

fn ten() -> Vec<Desired> {
    (0..10).map(|number| desired(&format!("v{number}"), 9000)).collect()
}

#[test]
fn independent_steps_run_side_by_side_within_the_limit() {
    for parallel in [1, 3, 20] {
        let rig = rig(&ten(), Limits { parallel, per_minute: 1_000, ..Limits::default() });
        assert_eq!(rig.run().unwrap().end, End::Done);
        assert_eq!(rig.target.peak.lock().unwrap().0, 10.min(usize::try_from(parallel).unwrap()));
    }
}

#[test]
fn no_more_steps_begin_in_a_minute_than_the_target_takes() {
    let rig = rig(&ten(), Limits { parallel: 20, per_minute: 4, ..Limits::default() });
    assert_eq!(rig.run().unwrap().end, End::Done);
    assert_eq!(rig.clock.passed().as_mins(), 2, "four, four and two");
}

#[test]
fn one_disruptive_step_per_failure_domain_at_a_time() {
    let domains = ["fsn1/rack-1", "fsn1/rack-1", "fsn1/rack-2", "fsn1/rack-2", "fsn1/rack-10"];
    let disruptive = |domain: Option<&str>, number: usize| {
        let mut wanted = desired(&format!("v{number}"), 9000);
        wanted.marks.disruptive = true;
        wanted.marks.failure_domain = domain.map(str::to_owned);
        wanted
    };
    let wanted: Vec<Desired> = domains
        .iter()
        .enumerate()
        .map(|(number, domain)| disruptive(Some(domain), number))
        .collect();
    let limits = Limits { parallel: 20, per_minute: 1_000, ..Limits::default() };
    let racks = rig(&wanted, limits);
    assert_eq!(racks.run().unwrap().end, End::Done);
    assert_eq!(*racks.target.peak.lock().unwrap(), (3, 1), "three racks, one step in each");

    let mut wanted = wanted;
    wanted.push(disruptive(Some("fsn1"), 9));
    let site = rig(&wanted, limits);
    assert_eq!(site.run().unwrap().end, End::Done);
    assert_eq!(site.clock.passed().as_secs(), 3, "two rounds of racks, and the site alone");

    let nowhere: Vec<Desired> = (0..3).map(|number| disruptive(None, number)).collect();
    let nowhere = rig(&nowhere, limits);
    assert_eq!(nowhere.run().unwrap().end, End::Done);
    assert_eq!(nowhere.target.peak.lock().unwrap().0, 1, "an unknown domain may be everybody's");
}

#[test]
fn what_is_carried_is_done_with_its_carrier_and_never_tried_itself() {
    let mut carried = Proposal::new(vlan("carried"), Action::Update);
    carried.carried_by = Some(vlan("run"));
    carried.marks.depends_on.insert(vlan("before"));
    let mut after = desired("after", 1);
    after.marks.depends_on.insert(vlan("carried"));
    let mut run = Proposal::new(vlan("run"), Action::Run);
    run.fields = vec![FieldChange::new("changes", Some(1.into()), Some(0.into()))];
    let terms = Terms { proposals: vec![carried, run], ..Terms::new("r1", noon()) };
    let observed = Estate::default().observe(&["lab"]);
    let rig =
        Rig::of(plan(None, &[after, desired("before", 1)], &observed, &terms), Estate::default());
    let outcome = rig.run().unwrap();
    assert_eq!((outcome.end, outcome.done.len()), (End::Done, 4));
    assert_eq!(*rig.target.tries.lock().unwrap(), [vlan("before"), vlan("run"), vlan("after")]);
}

#[test]
fn the_usual_pace_tries_three_times() {
    assert_eq!(Pace::default().attempts, 3);
}
