//! What changed between two plans: what somebody who approved the first must know before the second.
//!
//! Steps are matched by resource and compared by what they do. Their numbers, which any other step can move, do not count.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::Serialize;

use crate::held::Held;
use crate::plan::Plan;
use crate::resource::ResourceId;
use crate::step::{FieldChange, Step, StepId};

/// The difference between two plans.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// Steps that only the new plan has.
    pub added: Vec<Step>,
    /// Steps that only the old plan has.
    pub dropped: Vec<Step>,
    /// Steps of the new plan that do something else to a resource of the old one.
    pub changed: Vec<Changed>,
    /// How many steps do the same in both.
    pub same: usize,
    /// What only the new plan holds back.
    pub held: Vec<Held>,
    /// What only the old plan holds back.
    pub released: Vec<Held>,
}

/// A step that does something else than before.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Changed {
    /// The step of the new plan.
    pub step: Step,
    /// What differs, in sentences.
    pub differences: Vec<String>,
}

/// Compares a plan with the one that was approved.
#[must_use]
pub fn compare(approved: &Plan, now: &Plan) -> Comparison {
    let before = by_resource(approved);
    let after = by_resource(now);
    let mut comparison = Comparison {
        added: only(&after, &before),
        dropped: only(&before, &after),
        changed: Vec::new(),
        same: 0,
        held: newly_held(now, approved),
        released: newly_held(approved, now),
    };
    for (id, new) in &after {
        let Some(old) = before.get(id) else { continue };
        let differences = differences((approved, old), (now, new));
        if differences.is_empty() {
            comparison.same += 1;
        } else {
            comparison.changed.push(Changed { step: (*new).clone(), differences });
        }
    }
    comparison
}

impl Comparison {
    /// Whether both plans do the same. What they hold back does not count: nobody approves what is not done.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.added.is_empty() && self.dropped.is_empty() && self.changed.is_empty()
    }

    /// Says it for a person, a line a difference.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut line = |mark: char, what: String| {
            writeln!(text, "{mark} {what}").expect("BUG: writing to a String cannot fail");
        };
        for step in &self.added {
            line('+', format!("{} {}", step.action, step.resource));
        }
        for step in &self.dropped {
            line('-', format!("{} {}", step.action, step.resource));
        }
        for Changed { step, differences } in &self.changed {
            line('~', format!("{} {}: {}", step.action, step.resource, differences.join("; ")));
        }
        for held in &self.held {
            line('!', format!("held back: {} ({})", held.resource, held.reason.phrase()));
        }
        for held in &self.released {
            line('!', format!("no longer held back: {}", held.resource));
        }
        line('=', format!("{} steps are the same", self.same));
        text
    }
}

fn by_resource(plan: &Plan) -> BTreeMap<&ResourceId, &Step> {
    plan.steps().iter().map(|step| (&step.resource, step)).collect()
}

fn only(these: &BTreeMap<&ResourceId, &Step>, others: &BTreeMap<&ResourceId, &Step>) -> Vec<Step> {
    let alone = these.iter().filter(|(id, _)| !others.contains_key(*id));
    alone.map(|(_, step)| (*step).clone()).collect()
}

fn newly_held(plan: &Plan, other: &Plan) -> Vec<Held> {
    let known: BTreeSet<_> =
        other.report().iter().map(|held| (&held.resource, held.reason)).collect();
    let new = plan.report().iter().filter(|held| !known.contains(&(&held.resource, held.reason)));
    new.cloned().collect()
}

fn differences((before, old): (&Plan, &Step), (after, new): (&Plan, &Step)) -> Vec<String> {
    let mut found = Vec::new();
    if old.action != new.action {
        found.push(format!("was {}", old.action));
    }
    let fields = |step: &Step| -> BTreeMap<String, FieldChange> {
        step.fields.iter().map(|change| (change.name.clone(), change.clone())).collect()
    };
    let (old_fields, new_fields) = (fields(old), fields(new));
    for (name, change) in &new_fields {
        match old_fields.get(name) {
            None => found.push(format!("`{name}` is new: {}", show(change))),
            Some(other) if other != change => {
                found.push(format!("`{name}` was {} and is {}", show(other), show(change)));
            }
            Some(_) => {}
        }
    }
    for name in old_fields.keys().filter(|name| !new_fields.contains_key(*name)) {
        found.push(format!("`{name}` no longer changes"));
    }
    // A payload whose digest is a field has been named already.
    if old.payload != new.payload && found.is_empty() {
        found.push("other bytes are written".to_owned());
    }
    let mut flag = |was: bool, is: bool, yes: &str, no: &str| {
        if was != is {
            found.push((if is { yes } else { no }).to_owned());
        }
    };
    flag(old.disruptive, new.disruptive, "now disruptive", "no longer disruptive");
    flag(
        old.is_reversible(),
        new.is_reversible(),
        "can now be taken back",
        "can no longer be taken back",
    );
    if old.failure_domain != new.failure_domain {
        found.push("its failure domain differs".to_owned());
    }
    if order(before, old) != order(after, new) {
        found.push("it waits for other steps".to_owned());
    }
    if (old.cost_delta, &old.quota_delta) != (new.cost_delta, &new.quota_delta) {
        found.push("cost or quota differs".to_owned());
    }
    found
}

/// What a step waits for, by name instead of number.
fn order<'p>(plan: &'p Plan, step: &Step) -> BTreeSet<&'p ResourceId> {
    let resource = |id: &StepId| plan.step(*id).map(|step| &step.resource);
    step.depends_on.iter().chain(&step.carried_by).filter_map(resource).collect()
}

fn show(change: &FieldChange) -> String {
    let value = |value: &Option<serde_json::Value>| {
        value.as_ref().map_or_else(|| "unset".to_owned(), ToString::to_string)
    };
    format!("{} -> {}", value(&change.before), value(&change.after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observed::Observations;
    use crate::planner::{Terms, plan};
    use crate::resource::Desired;
    use crate::testing::{Estate, desired, noon, vlan};

    fn planned(wanted: &[Desired], there: &Estate) -> Plan {
        plan(None, wanted, &there.observe(&["lab"]), &Terms::new("r", noon()))
    }

    #[test]
    fn what_is_new_gone_and_different_is_said_a_line_each() {
        let there = Estate::of(&[("a", 1), ("b", 1), ("c", 1), ("z", 7)]);
        let approved =
            planned(&[desired("a", 2), desired("b", 2), desired("c", 2), desired("z", 7)], &there);
        let mut disruptive = desired("b", 3);
        disruptive.marks.disruptive = true;
        let now = planned(&[desired("a", 2), disruptive, desired("c", 1), desired("d", 4)], &there);
        let comparison = compare(&approved, &now);
        assert!(!comparison.is_same());
        expect_test::expect![[r#"
            + create lab/vlan/d
            + destroy lab/vlan/z
            - update lab/vlan/c
            ~ update lab/vlan/b: `mtu` was 1 -> 2 and is 1 -> 3; now disruptive
            = 1 steps are the same
        "#]]
        .assert_eq(&comparison.text());
    }

    #[test]
    fn numbers_and_times_make_no_difference_and_order_does() {
        let there = Estate::of(&[("m", 1)]);
        let approved = planned(&[desired("m", 2)], &there);
        let shifted = planned(&[desired("m", 2), desired("a", 1)], &there);
        let comparison = compare(&approved, &shifted);
        assert_eq!((comparison.same, comparison.added.len()), (1, 1));
        let ordered = planned(&[desired("m", 2).after(vlan("a")), desired("a", 1)], &there);
        let comparison = compare(&shifted, &ordered);
        assert_eq!(comparison.changed[0].differences, ["it waits for other steps"]);
    }

    #[test]
    fn what_is_held_back_since_is_named_and_changes_nothing_that_was_approved() {
        let wanted = [desired("a", 1)];
        let silent = Observations::silent("lab", None, "no route");
        let approved = plan(None, &[], &silent, &Terms::new("r", noon()));
        let now = plan(None, &wanted, &silent, &Terms::new("r", noon()));
        let comparison = compare(&approved, &now);
        assert!(comparison.is_same());
        assert_eq!(comparison.held.len(), 1);
        assert_eq!(compare(&now, &approved).released.len(), 1);
    }
}
