//! What must hold of every plan, whatever is desired and whatever is.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::{Terms, plan};
use crate::observed::{Coverage, Observations, Observed};
use crate::plan::Plan;
use crate::resource::{Desired, Fields, ResourceId};
use crate::step::Action;
use crate::testing::{Estate, noon};

const TARGETS: [&str; 3] = ["alpha", "beta", "gamma"];

/// Few names, so that desired and observed meet often.
fn any_id() -> impl Strategy<Value = ResourceId> {
    (prop::sample::select(&TARGETS[..]), prop::sample::select(&["file", "vlan"][..]), 0..6_u8)
        .prop_map(|(target, kind, number)| ResourceId::new(target, kind, format!("n{number}")))
}

fn any_fields() -> impl Strategy<Value = Fields> {
    prop::collection::btree_map(
        prop::sample::select(&["mtu", "comment", "id"][..]).prop_map(str::to_owned),
        (0..4_u8).prop_map(serde_json::Value::from),
        0..3,
    )
}

/// Desired resources; each depends on earlier ones only, so that there are no circles.
fn any_desired() -> impl Strategy<Value = Vec<Desired>> {
    let one =
        (any_id(), any_fields(), any::<[bool; 3]>(), prop::collection::vec(0..100_usize, 0..3));
    prop::collection::vec(one, 0..14).prop_map(|all| {
        let mut desired: Vec<Desired> = Vec::new();
        for (id, fields, [replaces, restorable, disruptive], on) in all {
            if desired.iter().any(|other| other.id == id) {
                continue;
            }
            let mut next = Desired::new(id);
            next.fields = fields;
            next.marks.restorable = restorable;
            next.marks.disruptive = disruptive;
            if replaces {
                next.replace_on.insert("id".to_owned());
            }
            for place in on {
                if let Some(other) = desired.get(place % desired.len().max(1)) {
                    next.marks.depends_on.insert(other.id.clone());
                }
            }
            desired.push(next);
        }
        desired
    })
}

fn any_estate() -> impl Strategy<Value = Estate> {
    prop::collection::btree_map(any_id(), any_fields(), 0..14)
        .prop_map(|resources| Estate { resources, marks: BTreeMap::new() })
}

/// Targets that answer; the others are silent, but may be known in part.
fn any_answers() -> impl Strategy<Value = Vec<&'static str>> {
    prop::sample::subsequence(TARGETS.to_vec(), 0..=3)
}

fn observe(estate: &Estate, answering: &[&str], leaks: bool) -> Observations {
    let mut observations = estate.observe(answering);
    for target in TARGETS.into_iter().filter(|target| !answering.contains(target)) {
        observations.extend(Observations::silent(target, None, "no route to host"));
        for (id, fields) in estate.resources.iter().filter(|(id, _)| leaks && id.target == target) {
            let fields = fields.clone();
            observations.insert(id.clone(), Observed::Known { fields, at: noon() });
        }
    }
    observations
}

fn planned(desired: &[Desired], observed: &Observations) -> Plan {
    let terms = Terms { brake: None, ..Terms::new("r1", noon()) };
    plan(None, desired, observed, &terms)
}

proptest! {
    #[test]
    fn the_same_input_gives_the_same_plan_in_whatever_order_it_comes(
        (desired, shuffled) in any_desired().prop_flat_map(|d| (Just(d.clone()), Just(d).prop_shuffle())),
        estate in any_estate(),
    ) {
        let observed = observe(&estate, &TARGETS, false);
        let one = planned(&desired, &observed);
        let other = planned(&shuffled, &observed);
        prop_assert_eq!(one.to_json(), other.to_json());
    }

    #[test]
    fn applying_plans_converges_to_what_is_desired(desired in any_desired(), estate in any_estate()) {
        let mut estate = estate;
        // Renames and what is still needed take a plan each; more rounds than resources are never needed.
        let mut rounds = 0;
        loop {
            let plan = planned(&desired, &observe(&estate, &TARGETS, false));
            if plan.is_empty() {
                prop_assert!(plan.report().is_empty(), "{:?}", plan.report());
                break;
            }
            estate.carry_out_all(&plan);
            rounds += 1;
            prop_assert!(rounds <= 3, "{plan:?}");
        }
        let wanted: BTreeSet<&ResourceId> = desired.iter().map(|desired| &desired.id).collect();
        prop_assert_eq!(estate.resources.keys().collect::<BTreeSet<_>>(), wanted);
        for desired in &desired {
            let there = &estate.resources[&desired.id];
            prop_assert!(desired.fields.iter().all(|(name, want)| there.get(name) == Some(want)));
        }
    }

    #[test]
    fn nothing_is_destroyed_because_a_system_was_silent(
        desired in any_desired(), estate in any_estate(), answering in any_answers(), leaks: bool,
    ) {
        let observed = observe(&estate, &answering, leaks);
        for step in planned(&desired, &observed).steps() {
            let silent = matches!(observed.coverage()[&step.resource.target], Coverage::Silent { .. });
            prop_assert!(!silent || step.action != Action::Destroy, "{step:?}");
            prop_assert!(!silent || observed.get(&step.resource).is_some(), "{step:?}");
        }
    }

    #[test]
    fn a_rename_is_never_made_and_destroyed_in_one_plan(
        desired in any_desired(), estate in any_estate(), declared: bool, which in 0..100_usize,
    ) {
        let mut desired = desired;
        let mut estate = estate;
        let count = desired.len();
        let Some(renamed) = desired.get_mut(which % count.max(1)) else { return Ok(()) };
        prop_assume!(!renamed.fields.is_empty());
        let old = ResourceId { name: "former".to_owned(), ..renamed.id.clone() };
        estate.resources.remove(&renamed.id);
        let mut before = renamed.fields.clone();
        if declared {
            renamed.renamed_from = Some(old.clone());
            before.insert("mtu".to_owned(), 99.into());
        }
        estate.resources.insert(old.clone(), before);
        let plan = planned(&desired, &observe(&estate, &TARGETS, false));
        prop_assert!(plan.steps().iter().all(|step| step.resource != old), "{plan:?}");
        prop_assert!(plan.report().iter().any(|held| held.resource == old), "{plan:?}");
    }

    #[test]
    fn every_step_comes_after_what_it_depends_on_and_every_difference_is_accounted_for(
        desired in any_desired(), estate in any_estate(), answering in any_answers(),
    ) {
        let observed = observe(&estate, &answering, true);
        let plan = planned(&desired, &observed);
        for (step, number) in plan.steps().iter().zip(1..) {
            prop_assert_eq!(step.id.0, number);
            prop_assert!(step.depends_on.iter().all(|before| *before < step.id));
        }
        let first_destroy = plan.steps().iter().position(|s| s.action == Action::Destroy);
        let last_make = plan.steps().iter().rposition(|s| s.action != Action::Destroy);
        prop_assert!(first_destroy.zip(last_make).is_none_or(|(d, m)| m < d));
        let told: BTreeSet<&ResourceId> = plan
            .steps().iter().map(|s| &s.resource)
            .chain(plan.report().iter().map(|held| &held.resource)).collect();
        for desired in &desired {
            let same = matches!(observed.of(&desired.id), Observed::Known { fields, .. }
                if desired.fields.iter().all(|(name, want)| fields.get(name) == Some(want)));
            prop_assert_eq!(told.contains(&desired.id), !same, "{}", desired.id);
        }
        prop_assert_eq!(Plan::from_json(&plan.to_json()).unwrap(), plan);
    }
}
