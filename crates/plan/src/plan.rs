//! The plan: immutable, with a parent and a hash over everything in it.
//!
//! A plan is a value that people approve by its hash. Its fields are private, so that a plan in memory always is what
//! its hash says; read from a file it is checked, and an edited one is refused.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::digest::{CanonicalHasher, Digest};
use crate::held::Held;
use crate::step::{Step, StepId};

/// Everything in a plan but its hash.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Content {
    /// The plan that this one follows, if any.
    pub parent: Option<Digest>,
    /// 1, or one more than the parent's. An executor that has seen a generation refuses older ones.
    pub generation: u64,
    /// The revision of the playbook that it was made from.
    pub revision: String,
    /// When it was made.
    pub at: Timestamp,
    /// Whether it goes forward or back.
    pub purpose: Purpose,
    /// What will be done, in an order in which it can be.
    pub steps: Vec<Step>,
    /// What will not be done, and why.
    pub report: Vec<Held>,
}

impl Content {
    /// SHA-256 over its canonical JSON, whose fields stand in the order of their names.
    fn hash(&self) -> Digest {
        let Self { parent, generation, revision, at, purpose, steps, report } = self;
        let mut text = CanonicalHasher::new();
        text.text("{\"at\":");
        text.value(at);
        text.text(",\"generation\":");
        text.value(generation);
        text.text(",\"parent\":");
        text.value(parent);
        text.text(",\"purpose\":");
        text.value(purpose);
        text.text(",\"report\":");
        text.list(report);
        text.text(",\"revision\":");
        text.value(revision);
        text.text(",\"steps\":");
        text.steps(steps);
        text.text("}");
        text.finish()
    }
}

/// Whether a plan goes forward or back.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// Makes what is into what should be.
    #[default]
    Change,
    /// Takes back what an earlier plan did.
    Rollback {
        /// That plan.
        of: Digest,
    },
}

/// An immutable plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Plan {
    content: Content,
    hash: Digest,
}

impl Plan {
    /// Seals content under its hash. Steps must be numbered from 1 in order.
    #[must_use]
    pub fn seal(content: Content) -> Self {
        debug_assert!(numbered(&content.steps), "BUG: steps are numbered from 1 in order");
        let hash = content.hash();
        Self { content, hash }
    }

    /// Reads a plan from JSON.
    ///
    /// # Errors
    /// When it is no plan, or was edited after it was made.
    pub fn from_json(text: &str) -> Result<Self, UnreadablePlan> {
        let written: Written = serde_json::from_str(text).map_err(UnreadablePlan::Malformed)?;
        Self::try_from(written)
    }

    /// Writes the plan as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(&self.clone()).expect("BUG: plans hold JSON that can be written")
    }

    /// SHA-256 over the canonical JSON of everything else in it: what people approve.
    #[must_use]
    pub fn hash(&self) -> Digest {
        self.hash
    }

    /// The digest of what would be done alone: two plans made at different times that do the same have the same.
    #[must_use]
    pub fn effect(&self) -> Digest {
        let mut text = CanonicalHasher::new();
        text.steps(&self.content.steps);
        text.finish()
    }

    /// The plan that this one follows.
    #[must_use]
    pub fn parent(&self) -> Option<Digest> {
        self.content.parent
    }

    /// Its place in the sequence of plans.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.content.generation
    }

    /// The revision of the playbook that it was made from.
    #[must_use]
    pub fn revision(&self) -> &str {
        &self.content.revision
    }

    /// When it was made.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.content.at
    }

    /// Whether it goes forward or back.
    #[must_use]
    pub fn purpose(&self) -> &Purpose {
        &self.content.purpose
    }

    /// What will be done, in an order in which it can be.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.content.steps
    }

    /// What will not be done, and why.
    #[must_use]
    pub fn report(&self) -> &[Held] {
        &self.content.report
    }

    /// One step by its number.
    #[must_use]
    pub fn step(&self, id: StepId) -> Option<&Step> {
        let index = usize::try_from(id.0).ok()?.checked_sub(1)?;
        self.content.steps.get(index)
    }

    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.content.steps.is_empty()
    }
}

/// A text is not a plan that may be used.
#[derive(Debug, thiserror::Error)]
pub enum UnreadablePlan {
    /// It is no plan at all.
    #[error(
        "the file is not a plan of this version of council; make a new one with `council plan`"
    )]
    Malformed(#[source] serde_json::Error),
    /// It says something else than when it was made.
    #[error(
        "the plan was edited: it says that it is {written}, and its content is {actual}; plan again instead of \
         editing, because people approve what the hash stands for"
    )]
    Edited {
        /// The hash in the file.
        written: String,
        /// The hash of what the file says.
        actual: String,
    },
    /// Its steps are not numbered, or one waits for a step that is not before it.
    #[error("the plan's steps are out of order at {0}; make a new one with `council plan`")]
    OutOfOrder(StepId),
}

/// A plan as it lies in a file: flat, and not yet believed.
#[derive(Serialize, Deserialize)]
struct Written {
    hash: Digest,
    parent: Option<Digest>,
    generation: u64,
    revision: String,
    at: Timestamp,
    purpose: Purpose,
    steps: Vec<Step>,
    report: Vec<Held>,
}

impl From<Plan> for Written {
    fn from(plan: Plan) -> Self {
        let Plan { content, hash } = plan;
        let Content { parent, generation, revision, at, purpose, steps, report } = content;
        Self { hash, parent, generation, revision, at, purpose, steps, report }
    }
}

impl TryFrom<Written> for Plan {
    type Error = UnreadablePlan;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let Written { hash, parent, generation, revision, at, purpose, steps, report } = written;
        let content = Content { parent, generation, revision, at, purpose, steps, report };
        let actual = content.hash();
        if actual != hash {
            let (written, actual) = (hash.short(), actual.short());
            return Err(UnreadablePlan::Edited { written, actual });
        }
        if let Some(step) = content.steps.iter().zip(1..).find_map(|(step, number)| {
            let earlier = |id: &StepId| *id < step.id;
            let ordered = step.id.0 == number
                && step.depends_on.iter().all(earlier)
                && step.carried_by.iter().all(earlier);
            (!ordered).then_some(step.id)
        }) {
            return Err(UnreadablePlan::OutOfOrder(step));
        }
        Ok(Self { content, hash })
    }
}

fn numbered(steps: &[Step]) -> bool {
    steps.iter().zip(1..).all(|(step, number)| step.id.0 == number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource::ResourceId;
    use crate::step::Action;

    fn plan() -> Plan {
        let vlan = ResourceId::new("lab", "file", "vlans.yaml");
        Plan::seal(Content {
            parent: None,
            generation: 1,
            revision: "8f3c2a1".to_owned(),
            at: "2026-11-22T18:00:00Z".parse().unwrap(),
            purpose: Purpose::Change,
            steps: vec![Step::new(StepId(1), vlan, Action::Create)],
            report: Vec::new(),
        })
    }

    #[test]
    fn a_plan_is_read_as_it_was_written() {
        let plan = plan();
        assert_eq!(Plan::from_json(&plan.to_json()).unwrap(), plan);
    }

    #[test]
    fn the_hash_is_that_of_the_canonical_text_of_everything_else() {
        let plan = plan();
        assert_eq!(plan.hash(), Digest::of_canonical(&plan.content));
        let mut value: serde_json::Value = serde_json::from_str(&plan.to_json()).unwrap();
        value.as_object_mut().unwrap().remove("hash");
        assert_eq!(
            plan.hash(),
            Digest::of_canonical(&value),
            "anybody can compute it from the file"
        );
    }

    #[test]
    fn an_edited_plan_is_refused() {
        let edited = plan().to_json().replace("create", "destroy");
        let error = Plan::from_json(&edited).unwrap_err();
        assert!(matches!(error, UnreadablePlan::Edited { .. }), "{error}");
    }

    #[test]
    fn a_plan_with_a_new_hash_but_steps_out_of_order_is_refused() {
        let mut content = plan().content;
        content.steps[0].depends_on = vec![StepId(7)];
        let text = Plan::seal(content).to_json();
        let error = Plan::from_json(&text).unwrap_err();
        assert!(matches!(error, UnreadablePlan::OutOfOrder(StepId(1))), "{error}");
    }

    #[test]
    fn what_is_no_plan_is_refused() {
        assert!(matches!(Plan::from_json("{}"), Err(UnreadablePlan::Malformed(_))));
    }

    #[test]
    fn the_effect_does_not_depend_on_when_a_plan_was_made() {
        let later = Content { at: Timestamp::UNIX_EPOCH, ..plan().content };
        let later = Plan::seal(later);
        assert_ne!(later.hash(), plan().hash());
        assert_eq!(later.effect(), plan().effect());
    }
}
