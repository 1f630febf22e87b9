//! What the planner does, case by case.

use std::collections::BTreeSet;

use expect_test::{Expect, expect};
use jiff::SignedDuration;

use super::{Terms, plan};
use crate::digest::Digest;
use crate::observed::{Observations, Observed};
use crate::proposal::Proposal;
use crate::resource::{Desired, Fields, Marks, Micros, ResourceId};
use crate::step::Action;
use crate::testing::{Estate, desired, lines, noon, vlan};

fn terms() -> Terms {
    Terms::new("8f3c2a1", noon())
}

#[track_caller]
fn check(wanted: &[Desired], observed: &Observations, expect: &Expect) {
    expect.assert_eq(&lines(&plan(None, wanted, observed, &terms())));
}

#[test]
fn what_differs_is_made_changed_or_destroyed_and_destroys_come_last() {
    let there = Estate::of(&[("a-old", 1500), ("b", 1500), ("c", 1500)]).observe(&["lab"]);
    check(
        &[desired("b", 9000), desired("c", 1500), desired("d", 9000)],
        &there,
        &expect![[r#"
            #1 update lab/vlan/b
               mtu: 1500 -> 9000
            #2 create lab/vlan/d
               mtu: unset -> 9000
            #3 destroy lab/vlan/a-old
        "#]],
    );
}

#[test]
fn nothing_is_done_because_a_system_was_silent() {
    let mut observed = Observations::silent("lab", Some(noon()), "connection refused");
    let fields = Fields::from([("mtu".to_owned(), 1500.into())]);
    observed.insert(vlan("old"), Observed::Known { fields, at: noon() });
    check(
        &[desired("new", 9000)],
        &observed,
        &expect![[r#"
            held lab/vlan/new Silent: `lab` has said nothing about `new` since 2026-11-22T12:00:00Z (connection refused); it stays as it is until it is observed
            held lab/vlan/old Silent: `lab` has said nothing about `old` since 2026-11-22T12:00:00Z (connection refused); it stays as it is until it is observed
        "#]],
    );
    check(
        &[desired("new", 9000)],
        &Observations::new(),
        &expect![[r#"
            held lab/vlan/new Silent: `lab` has said nothing about `new` so far (`lab` has not been asked yet); it stays as it is until it is observed
        "#]],
    );
}

#[test]
fn what_was_observed_too_long_ago_is_left_alone() {
    let there = Estate::of(&[("a", 1500), ("gone", 1500)]).observe(&["lab"]);
    let late = Terms::new("8f3c2a1", noon() + SignedDuration::from_hours(3));
    let late = plan(None, &[desired("a", 9000), desired("b", 1)], &there, &late);
    expect![[r#"
        held lab/vlan/a TooOld: `lab/vlan/a` was last observed at 2026-11-22T12:00:00Z, 3h before this plan, and 60m is allowed; observe it and plan again
        held lab/vlan/b TooOld: `lab/vlan/b` was last observed at 2026-11-22T12:00:00Z, 3h before this plan, and 60m is allowed; observe it and plan again
        held lab/vlan/gone TooOld: `lab/vlan/gone` was last observed at 2026-11-22T12:00:00Z, 3h before this plan, and 60m is allowed; observe it and plan again
    "#]]
    .assert_eq(&lines(&late));
}

#[test]
fn a_field_that_cannot_change_in_place_replaces_the_resource() {
    let mut wanted = desired("a", 9000);
    wanted.replace_on.insert("mtu".to_owned());
    let there = Estate::of(&[("a", 1500)]).observe(&["lab"]);
    let once = plan(None, &[wanted.clone()], &there, &terms());
    assert_eq!(once.steps()[0].action, Action::Replace);
    assert!(!once.steps()[0].is_reversible(), "what cannot be restored cannot be taken back");
    wanted.marks.restorable = true;
    let restorable = plan(None, &[wanted], &there, &terms());
    assert!(restorable.steps()[0].is_reversible());
}

#[test]
fn a_rename_is_made_first_and_the_old_one_goes_in_the_next_plan() {
    let mut estate = Estate::of(&[("old", 1500)]);
    let wanted = [desired("new", 1500)];
    let first = plan(None, &wanted, &estate.observe(&["lab"]), &terms());
    expect![[r#"
        #1 create lab/vlan/new
           mtu: unset -> 1500
        held lab/vlan/old RenameWouldDestroy: `lab/vlan/old` looks like the former name of `lab/vlan/new`, which this plan makes; it is destroyed by the next plan, when the new one is there
    "#]]
    .assert_eq(&lines(&first));
    estate.carry_out_all(&first);
    let second = plan(Some(&first), &wanted, &estate.observe(&["lab"]), &terms());
    expect![[r#"
        #1 destroy lab/vlan/old
    "#]]
    .assert_eq(&lines(&second));
    assert_eq!((second.generation(), second.parent()), (2, Some(first.hash())));
}

#[test]
fn a_rename_is_recognized_by_identity_and_by_declaration_although_it_changed() {
    let there = Estate::of(&[("old", 1500), ("other", 1400)]).observe(&["lab"]);
    let mut declared = desired("new", 9000);
    declared.renamed_from = Some(vlan("old"));
    let planned = plan(None, &[declared], &there, &terms());
    let destroyed: Vec<_> = planned.steps().iter().filter(|s| s.action.destroys()).collect();
    assert_eq!(destroyed.len(), 1, "only `other` goes: {}", lines(&planned));
    assert_eq!(destroyed[0].resource, vlan("other"));

    let mut same = desired("new", 1500).field("comment", "moved");
    same.identity.insert("mtu".to_owned());
    let planned = plan(None, &[same], &there, &terms());
    let destroyed: Vec<_> = planned.steps().iter().filter(|s| s.action.destroys()).collect();
    assert_eq!(destroyed.len(), 1, "only `other` goes: {}", lines(&planned));
    assert_eq!(destroyed[0].resource, vlan("other"));
}

#[test]
fn a_list_that_lost_most_of_its_items_does_not_empty_the_target() {
    let names: Vec<String> = (0..20).map(|number| format!("v{number}")).collect();
    let vlans: Vec<(&str, u32)> =
        names.iter().zip(1..).map(|(name, mtu)| (name.as_str(), mtu)).collect();
    let there = Estate::of(&vlans).observe(&["lab"]);
    let planned = plan(None, &[], &there, &terms());
    assert!(planned.is_empty());
    assert_eq!(planned.report().len(), 20);
    assert!(planned.report()[0].text.starts_with("20 of the 20 resources of `lab`"));

    let without_brake = Terms { brake: None, ..terms() };
    assert_eq!(plan(None, &[], &there, &without_brake).steps().len(), 20);
    let half: Vec<Desired> = vlans[..10].iter().map(|(name, mtu)| desired(name, *mtu)).collect();
    assert_eq!(plan(None, &half, &there, &terms()).steps().len(), 10, "ten are not many");
}

#[test]
fn dependencies_order_steps_and_hold_what_waits_for_something_held() {
    let there = Estate::of(&[("up", 1500)]).observe(&["lab"]);
    let remote = ResourceId::new("dark", "vlan", "x");
    check(
        &[
            desired("a", 1).after(vlan("z")),
            desired("z", 2).after(vlan("up")),
            desired("up", 9000),
            desired("b", 3).after(remote),
            desired("c", 4).after(vlan("b")),
            desired("d", 5).after(vlan("nowhere")),
        ],
        &there,
        &expect![[r#"
            #1 update lab/vlan/up
               mtu: 1500 -> 9000
            #2 create lab/vlan/z after #1
               mtu: unset -> 2
            #3 create lab/vlan/a after #2
               mtu: unset -> 1
            held lab/vlan/b DependencyHeld: it depends on `dark/vlan/x`, of which nobody knows whether it is there (`dark` has not been asked yet)
            held lab/vlan/c DependencyHeld: it depends on `lab/vlan/b`, which is held back; see there
            held lab/vlan/d DependencyMissing: it depends on `lab/vlan/nowhere`, which is not there and not part of this plan; declare it, or drop the dependency
        "#]],
    );
}

#[test]
fn a_circle_is_held_and_named_and_so_is_what_waits_for_it() {
    check(
        &[
            desired("a", 1).after(vlan("b")),
            desired("b", 2).after(vlan("a")),
            desired("c", 3).after(vlan("b")),
            desired("d", 4),
        ],
        &Observations::complete("lab", noon()),
        &expect![[r#"
            #1 create lab/vlan/d
               mtu: unset -> 4
            held lab/vlan/a DependencyCycle: it depends on itself: `lab/vlan/a` → `lab/vlan/b` → `lab/vlan/a`; break the circle
            held lab/vlan/b DependencyCycle: it depends on itself: `lab/vlan/b` → `lab/vlan/a` → `lab/vlan/b`; break the circle
            held lab/vlan/c DependencyHeld: it depends on resources that depend on each other; see there
        "#]],
    );
}

#[test]
fn what_is_taken_away_goes_before_what_it_stood_on_and_never_from_under_something_that_stays() {
    let mut estate = Estate::of(&[("base", 1), ("on-base", 2), ("kept", 3), ("below-kept", 4)]);
    let on = |name: &str| Marks { depends_on: BTreeSet::from([vlan(name)]), ..Marks::default() };
    estate.marks.insert(vlan("on-base"), on("base"));
    check(
        &[desired("kept", 3).after(vlan("below-kept"))],
        &estate.observe(&["lab"]),
        &expect![[r#"
            #1 destroy lab/vlan/on-base
            #2 destroy lab/vlan/base after #1
            held lab/vlan/below-kept StillNeeded: `lab/vlan/kept` stays and depends on `lab/vlan/below-kept`; take that dependency away first
        "#]],
    );
}

#[test]
fn a_resource_that_is_desired_twice_differently_is_neither_changed_nor_destroyed() {
    let there = Estate::of(&[("a", 1500)]).observe(&["lab"]);
    check(
        &[desired("a", 9000), desired("a", 1400)],
        &there,
        &expect![[r#"
            held lab/vlan/a DesiredTwice: `lab/vlan/a` is desired 2 times with different content; let one place say what it should be
        "#]],
    );
    check(
        &[desired("a", 9000), desired("a", 9000)],
        &there,
        &expect![[r#"
            #1 update lab/vlan/a
               mtu: 1500 -> 9000
        "#]],
    );
}

#[test]
fn a_secret_is_never_in_the_plan() {
    let id = ResourceId::new("vault", "secret", "db");
    let mut wanted = Desired::new(id.clone()).field("password", "canary-new").field("user", "db");
    wanted.secret_fields.insert("password".to_owned());
    let mut observed = Observations::complete("vault", noon());
    let fields = Fields::from([("password".to_owned(), "canary-old".into())]);
    observed.insert(id, Observed::Known { fields, at: noon() });
    let planned = plan(None, &[wanted], &observed, &terms());
    let text = planned.to_json();
    assert!(!text.contains("canary"), "{text}");
    assert!(text.contains("(secret, sha256 "), "{text}");
    assert_ne!(planned.steps()[0].fields[0].before, planned.steps()[0].fields[0].after);
}

#[test]
fn a_system_that_keeps_no_secret_may_report_its_fingerprint() {
    let id = ResourceId::new("vault", "secret", "db");
    let mut wanted = Desired::new(id.clone()).field("password", "canary");
    wanted.secret_fields.insert("password".to_owned());
    let observe = |password: serde_json::Value| {
        let mut observed = Observations::complete("vault", noon());
        let fields = Fields::from([("password".to_owned(), password)]);
        observed.insert(id.clone(), Observed::Known { fields, at: noon() });
        plan(None, &[wanted.clone()], &observed, &terms())
    };
    assert!(observe(terms().fingerprints.fingerprint(&"canary".into())).is_empty());
    assert_eq!(observe(terms().fingerprints.fingerprint(&"other".into())).steps().len(), 1);
}

#[test]
fn a_payload_is_compared_by_its_digest_and_explained_by_its_fields() {
    let id = ResourceId::new("lab", "file", "vlans.yaml");
    let (old, new) = (Digest::of(b"old"), Digest::of(b"new"));
    let mut wanted = Desired::new(id.clone()).field("vlans.tenants.mtu", 9000);
    wanted.payload = Some(new);
    let observe = |digest: Digest, extra: &str| {
        let mut observed = Observations::complete("lab", noon());
        let fields = Fields::from([
            ("sha256".to_owned(), digest.to_string().into()),
            (extra.to_owned(), 1500.into()),
        ]);
        observed.insert(id.clone(), Observed::Known { fields, at: noon() });
        observed
    };
    let planned = plan(None, &[wanted.clone()], &observe(old, "vlans.old.mtu"), &terms());
    let fields: Vec<&str> = planned.steps()[0].fields.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(fields, ["sha256", "vlans.old.mtu", "vlans.tenants.mtu"]);
    assert_eq!(planned.steps()[0].fields[1].after, None, "what is not desired will be gone");
    assert!(plan(None, &[wanted], &observe(new, "anything"), &terms()).is_empty());
}

#[test]
fn an_integer_that_canonical_json_would_round_stays_exact() {
    let wide = |n: u64| [Desired::new(vlan("a")).field("id", n)];
    let nothing = Observations::complete("lab", noon());
    let one = plan(None, &wide(9_007_199_254_740_993), &nothing, &terms());
    let other = plan(None, &wide(9_007_199_254_740_992), &nothing, &terms());
    assert_ne!(one.hash(), other.hash());
}

#[test]
fn cost_and_quota_are_what_will_be_less_what_was() {
    let marks = |cost, cores| Marks {
        cost: Some(Micros(cost)),
        quota: [("cores".to_owned(), cores)].into(),
        ..Marks::default()
    };
    let mut estate = Estate::of(&[("a", 1500), ("b", 1400)]);
    estate.marks.insert(vlan("a"), marks(5_000_000, 4));
    estate.marks.insert(vlan("b"), marks(7_000_000, 8));
    let mut wanted = desired("a", 9000);
    wanted.marks = marks(6_500_000, 4);
    let planned = plan(None, &[wanted], &estate.observe(&["lab"]), &terms());
    let deltas: Vec<_> =
        planned.steps().iter().map(|s| (s.cost_delta, s.quota_delta.get("cores"))).collect();
    assert_eq!(deltas, [(Some(Micros(1_500_000)), None), (Some(Micros(-7_000_000)), Some(&-8))]);
}

#[test]
fn what_a_tool_proposes_stands_beside_our_own_steps_and_after_what_carries_it_out() {
    let run = ResourceId::new("terraform-prod", "apply", "network");
    let mut change =
        Proposal::new(ResourceId::new("terraform-prod", "aws_vpc", "main"), Action::Destroy);
    change.carried_by = Some(run.clone());
    let terms = Terms { proposals: vec![change, Proposal::new(run, Action::Run)], ..terms() };
    let planned = plan(None, &[], &Observations::new(), &terms);
    expect![[r#"
        #1 run terraform-prod/apply/network
        #2 destroy terraform-prod/aws_vpc/main after #1
    "#]]
    .assert_eq(&lines(&planned));
    assert_eq!(planned.steps()[1].carried_by, Some(planned.steps()[0].id));
}

#[test]
fn a_plan_for_some_leaves_the_others_alone() {
    let there = Estate::of(&[("a", 1), ("b", 1), ("gone", 1)]).observe(&["lab"]);
    let terms = Terms { only: Some(BTreeSet::from([vlan("a")])), ..terms() };
    let planned = plan(None, &[desired("a", 2), desired("b", 2)], &there, &terms);
    expect![[r#"
        #1 update lab/vlan/a
           mtu: 1 -> 2
    "#]]
    .assert_eq(&lines(&planned));
}

#[test]
fn what_a_tool_destroys_is_never_held_apart_from_what_carries_it_out() {
    let run = ResourceId::new("terraform-prod", "apply", "network");
    let mut proposals: Vec<Proposal> = (0..30)
        .map(|number| {
            let id = ResourceId::new("terraform-prod", "aws_instance", format!("i{number}"));
            let mut proposal = Proposal::new(id, Action::Destroy);
            proposal.carried_by = Some(run.clone());
            proposal
        })
        .collect();
    proposals.push(Proposal::new(run, Action::Run));
    let whole = Terms { proposals: proposals.clone(), ..terms() };
    assert_eq!(plan(None, &[], &Observations::new(), &whole).steps().len(), 31);

    proposals[7].marks.depends_on.insert(vlan("nowhere"));
    let blocked = Terms { proposals, ..terms() };
    let nothing_there = Observations::complete("lab", noon());
    let planned = plan(None, &[], &nothing_there, &blocked);
    assert!(planned.is_empty(), "all or nothing: {}", lines(&planned));
    assert_eq!(planned.report().len(), 31);
}
