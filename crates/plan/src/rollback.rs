//! Rollback: a new plan to what was desired before, for what a plan has touched and nothing else.
//!
//! It is an ordinary plan: people see it before it runs, the gate judges it, the executor carries it out. It is made from
//! what is there *now*, so it fits a plan that stopped in the middle. What cannot be taken back is named in the report.

use std::collections::{BTreeMap, BTreeSet};

use crate::execute::{Progress, Standing};
use crate::held::{Held, Reason};
use crate::observed::Observations;
use crate::plan::{Plan, Purpose};
use crate::planner::{Terms, plan_adjusted};
use crate::resource::{Desired, ResourceId};
use crate::step::{Action, Reverts, Step};

/// Plans the way back from a plan that went as far as `progress`, to what the previous revision desired.
#[must_use]
pub fn rollback(
    of: &Plan,
    progress: &Progress,
    previous: &[Desired],
    observed: &Observations,
    terms: &Terms,
) -> Plan {
    let touched: BTreeMap<&ResourceId, &Step> = of
        .steps()
        .iter()
        .filter(|step| *progress.standing(step.carried_by.unwrap_or(step.id)) != Standing::Waiting)
        .map(|step| (&step.resource, step))
        .collect();
    let only: BTreeSet<ResourceId> = touched.keys().map(|id| (*id).clone()).collect();
    let terms = Terms {
        only: Some(only),
        proposals: Vec::new(),
        purpose: Purpose::Rollback { of: of.hash() },
        ..terms.clone()
    };
    plan_adjusted(Some(of), (previous, observed), &terms, |work| {
        for (id, step) in &touched {
            if step.is_reversible() {
                work.revert(id, Reverts { plan: of.hash(), step: step.id });
            } else if work.is_drafted(id) {
                work.hold(id, Reason::Irreversible, lost(step));
            } else if step.action == Action::Run && step.carried_by.is_none() {
                let resource = (*id).clone();
                let (reason, text) = (Reason::Irreversible, lost(step));
                work.held.push(Held { resource, would: None, reason, text });
            }
        }
    })
}

fn lost(step: &Step) -> String {
    let id = &step.resource;
    match step.action {
        Action::Destroy | Action::Replace => format!(
            "`{id}` was taken away by step {} and its content is gone; restore it from a backup, or make it anew by a \
             change of its own",
            step.id
        ),
        Action::Run => format!(
            "`{id}` was run by step {} and a run cannot be taken back; run the previous revision by a change of its own",
            step.id
        ),
        Action::Update | Action::Create => format!(
            "step {} changed `{id}` in a way that its system cannot take back; set it right by a change of its own",
            step.id
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::execute::Record;
    use crate::planner::plan;
    use crate::step::StepId;
    use crate::target::Effect;
    use crate::testing::{Estate, desired, lines, noon};

    fn done(plan: &Plan, steps: &[u32]) -> Progress {
        let at = noon();
        let records: Vec<Record> = steps
            .iter()
            .map(|number| StepId(*number))
            .flat_map(|step| {
                [
                    Record::Intended { step, attempt: 1, at },
                    Record::Applied { step, effect: Effect::Unchanged, at },
                    Record::Verified { step, at },
                ]
            })
            .collect();
        Progress::read(plan, &records).unwrap()
    }

    #[test]
    fn what_was_done_is_taken_back_and_what_was_not_is_left_alone() {
        let before = [desired("a", 1500), desired("b", 1500)];
        let mut estate = Estate::of(&[("a", 1500), ("b", 1500)]);
        let terms = Terms::new("r2", noon());
        let wanted = [desired("a", 9000), desired("b", 9000), desired("c", 9000)];
        let forward = plan(None, &wanted, &estate.observe(&["lab"]), &terms);
        for step in [&forward.steps()[0], &forward.steps()[2]] {
            estate.carry_out(step);
        }
        let progress = done(&forward, &[1, 3]);
        let back = rollback(&forward, &progress, &before, &estate.observe(&["lab"]), &terms);
        expect_test::expect![[r#"
            #1 update lab/vlan/a
               mtu: 9000 -> 1500
            #2 destroy lab/vlan/c
        "#]]
        .assert_eq(&lines(&back));
        assert_eq!(*back.purpose(), Purpose::Rollback { of: forward.hash() });
        assert_eq!(back.parent(), Some(forward.hash()));
        let reverts: Vec<StepId> =
            back.steps().iter().map(|step| step.reverts.as_ref().unwrap().step).collect();
        assert_eq!(reverts, [StepId(1), StepId(3)]);
        estate.carry_out_all(&back);
        assert_eq!(estate, Estate::of(&[("a", 1500), ("b", 1500)]));
    }

    #[test]
    fn what_is_gone_for_good_is_named_and_not_made_again_empty() {
        let mut estate = Estate::of(&[("disk", 1)]);
        let terms = Terms::new("r2", noon());
        let forward = plan(None, &[], &estate.observe(&["lab"]), &terms);
        estate.carry_out_all(&forward);
        let progress = done(&forward, &[1]);
        let back =
            rollback(&forward, &progress, &[desired("disk", 1)], &estate.observe(&["lab"]), &terms);
        assert!(back.is_empty());
        assert_eq!(back.report()[0].reason, Reason::Irreversible);
        assert!(back.report()[0].text.contains("its content is gone"), "{:?}", back.report());
    }
}
