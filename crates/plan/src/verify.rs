//! Whether what is there is what a step says: after it, to verify it, and before it, to find a plan that is stale.
//!
//! A step is judged by the fields that it names alone, so that what council does not manage may move freely.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::observed::{Observations, Observed};
use crate::plan::Plan;
use crate::planner::PAYLOAD_FIELD;
use crate::resource::{Fields, ResourceId};
use crate::secret::FingerprintKey;
use crate::step::{Action, FieldChange, Step, StepId};

/// What an observation says about a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// It is as it is after the step.
    AsPlanned,
    /// It is not; the text says what differs.
    Otherwise(String),
    /// Nobody can say; the text says why.
    Unknown(String),
}

/// Holds a resource against what it is after a step.
#[must_use]
pub fn verify(step: &Step, observed: &Observed, fingerprints: &FingerprintKey) -> Seen {
    match (observed, step.action) {
        (Observed::Unknown { why, .. }, _) => Seen::Unknown(why.clone()),
        (Observed::Absent { .. }, Action::Destroy) => Seen::AsPlanned,
        (Observed::Known { .. }, Action::Destroy) => {
            Seen::Otherwise("it is still there".to_owned())
        }
        // What a tool has saved and runs leaves nothing behind that could be looked at: the tool proves it by itself.
        (Observed::Absent { .. }, Action::Run)
            if step.fields.is_empty() || step.payload.is_some() =>
        {
            Seen::AsPlanned
        }
        (Observed::Absent { .. }, _) => Seen::Otherwise("it is not there".to_owned()),
        (Observed::Known { fields, .. }, _) => {
            let differing = compared(step).find(|change| !is_after(change, fields, fingerprints));
            match differing {
                None => Seen::AsPlanned,
                Some(change) if change.secret => {
                    Seen::Otherwise(format!("`{}` is not what was written", change.name))
                }
                Some(change) => Seen::Otherwise(format!(
                    "`{}` is {} and should be {}",
                    change.name,
                    show(fields.get(&change.name)),
                    show(change.after.as_ref())
                )),
            }
        }
    }
}

/// The digest of the bytes says it all where there is one.
fn compared(step: &Step) -> impl Iterator<Item = &FieldChange> {
    let digest = step.payload.is_some();
    step.fields.iter().filter(move |change| !digest || change.name == PAYLOAD_FIELD)
}

fn is_after(change: &FieldChange, fields: &Fields, fingerprints: &FingerprintKey) -> bool {
    is(change, change.after.as_ref(), fields, fingerprints)
}

fn is(
    change: &FieldChange,
    planned: Option<&Value>,
    fields: &Fields,
    fingerprints: &FingerprintKey,
) -> bool {
    let there = fields.get(&change.name).filter(|value| !value.is_null());
    match (there, planned) {
        (None, None) => true,
        // A system that never shows its secrets cannot be held against them.
        (None, Some(_)) => change.secret,
        (Some(_), None) => false,
        (Some(there), Some(planned)) => {
            there == planned
                || change.secret && fingerprints.fingerprint(there) == *planned
                // Integers that canonical JSON would round are planned as text.
                || there.is_number() && planned.as_str() == Some(there.to_string().as_str())
        }
    }
}

fn show(value: Option<&Value>) -> String {
    value.map_or_else(|| "not set".to_owned(), |value| format!("`{value}`"))
}

/// A step whose resource is no longer what it was when the plan was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drift {
    /// The step.
    pub step: StepId,
    /// Its resource.
    pub resource: ResourceId,
    /// What is different from then, in a sentence.
    pub text: String,
}

/// Finds steps of the plan, among those that `considered` picks, whose resource has changed since. What is already as it
/// would be after the step has not: somebody was faster, or an earlier try was.
#[must_use]
pub fn drift(
    plan: &Plan,
    considered: impl Fn(&Step) -> bool,
    observed: &Observations,
    fingerprints: &FingerprintKey,
) -> Vec<Drift> {
    plan.steps()
        .iter()
        .filter(|step| step.carried_by.is_none() && considered(step))
        .filter_map(|step| {
            let text = drifted(step, &observed.of(&step.resource), fingerprints)?;
            Some(Drift { step: step.id, resource: step.resource.clone(), text })
        })
        .collect()
}

fn drifted(step: &Step, observed: &Observed, fingerprints: &FingerprintKey) -> Option<String> {
    let id = &step.resource;
    match (observed, step.action) {
        // What runs says itself what it found.
        (_, Action::Run) => None,
        (Observed::Unknown { why, .. }, _) => {
            Some(format!("nobody can say what `{id}` is now ({why})"))
        }
        (Observed::Absent { .. }, Action::Create | Action::Destroy) => None,
        (Observed::Known { .. }, Action::Destroy) => None,
        (Observed::Absent { .. }, Action::Update | Action::Replace) => {
            Some(format!("`{id}` is gone since the plan was made"))
        }
        (Observed::Known { .. }, Action::Create) => match verify(step, observed, fingerprints) {
            Seen::AsPlanned => None,
            Seen::Otherwise(why) | Seen::Unknown(why) => {
                Some(format!("`{id}` has been made by somebody else since the plan: {why}"))
            }
        },
        (Observed::Known { fields, .. }, Action::Update | Action::Replace) => {
            let moved = |change: &&FieldChange| {
                !is(change, change.before.as_ref(), fields, fingerprints)
                    && !is_after(change, fields, fingerprints)
            };
            let change = compared(step).find(moved)?;
            Some(if change.secret {
                format!("`{}` of `{id}` has changed since the plan was made", change.name)
            } else {
                format!(
                    "`{}` of `{id}` was {} when the plan was made and is {} now",
                    change.name,
                    show(change.before.as_ref()),
                    show(fields.get(&change.name))
                )
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planner::{Terms, plan};
    use crate::resource::Desired;
    use crate::testing::{Estate, desired, noon, vlan};

    fn key() -> FingerprintKey {
        FingerprintKey::default()
    }

    fn known(mtu: u32) -> Observed {
        Estate::of(&[("a", mtu)]).observe(&["lab"]).of(&vlan("a"))
    }

    #[test]
    fn a_step_is_verified_by_what_it_says_and_nothing_else() {
        let there = Estate::of(&[("a", 1500)]).observe(&["lab"]);
        let update = plan(None, &[desired("a", 9000)], &there, &Terms::new("r", noon()));
        let step = &update.steps()[0];
        assert_eq!(verify(step, &known(9000), &key()), Seen::AsPlanned);
        assert_eq!(
            verify(step, &known(1500), &key()),
            Seen::Otherwise("`mtu` is `1500` and should be `9000`".to_owned())
        );
        let absent = Observed::Absent { at: noon() };
        assert_eq!(verify(step, &absent, &key()), Seen::Otherwise("it is not there".to_owned()));
        let unknown = Observed::Unknown { since: None, why: "down".to_owned() };
        assert_eq!(verify(step, &unknown, &key()), Seen::Unknown("down".to_owned()));

        let destroy = plan(None, &[], &there, &Terms::new("r", noon()));
        let step = &destroy.steps()[0];
        assert_eq!(verify(step, &absent, &key()), Seen::AsPlanned);
        assert!(matches!(verify(step, &known(1500), &key()), Seen::Otherwise(_)));
    }

    #[test]
    fn a_secret_is_verified_by_its_fingerprint_and_a_hidden_one_is_believed() {
        let mut wanted = Desired::new(vlan("a")).field("password", "canary");
        wanted.secret_fields.insert("password".to_owned());
        let nothing = Observations::complete("lab", noon());
        let plan = plan(None, &[wanted], &nothing, &Terms::new("r", noon()));
        let with = |password: Value| Observed::Known {
            fields: Fields::from([("password".to_owned(), password)]),
            at: noon(),
        };
        let step = &plan.steps()[0];
        assert_eq!(verify(step, &with("canary".into()), &key()), Seen::AsPlanned);
        assert_eq!(verify(step, &with(Value::Null), &key()), Seen::AsPlanned);
        let Seen::Otherwise(text) = verify(step, &with("canary-2".into()), &key()) else {
            panic!("a wrong secret must be seen");
        };
        assert!(!text.contains("canary"), "{text}");
    }

    #[test]
    fn what_has_moved_since_the_plan_is_named_and_what_is_already_done_is_not() {
        let there = Estate::of(&[("a", 1500)]).observe(&["lab"]);
        let wanted = [desired("a", 9000), desired("b", 1)];
        let plan = plan(None, &wanted, &there, &Terms::new("r", noon()));
        let texts = |estate: &Estate| -> Vec<String> {
            drift(&plan, |_| true, &estate.observe(&["lab"]), &key())
                .into_iter()
                .map(|drift| drift.text)
                .collect()
        };
        assert!(texts(&Estate::of(&[("a", 1500)])).is_empty());
        assert!(texts(&Estate::of(&[("a", 9000), ("b", 1)])).is_empty());
        assert_eq!(
            texts(&Estate::of(&[("a", 1400), ("b", 2)])),
            [
                "`mtu` of `lab/vlan/a` was `1500` when the plan was made and is `1400` now",
                "`lab/vlan/b` has been made by somebody else since the plan: `mtu` is `2` and should be `1`",
            ]
        );
        assert_eq!(texts(&Estate::default()), ["`lab/vlan/a` is gone since the plan was made"]);
        let silent = Observations::silent("lab", None, "no route");
        assert_eq!(drift(&plan, |_| true, &silent, &key()).len(), 2);
    }
}
