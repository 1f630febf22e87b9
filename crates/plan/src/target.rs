//! A target: one outside system or place that council may change.
//!
//! The trait is small on purpose; `docs/guides/write-a-target.md` has one complete example. What a target promises:
//! * `observe` is three-valued: what it could not find out is unknown, never absent.
//! * `apply` is idempotent by its key: carried out twice, it leaves what once would have left.
//! * It never touches what council does not manage.
//!
//! Absent on purpose: ordering, retries, time-outs, records. The executor has them, once, for all.

use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::artefacts::Artefacts;
use crate::digest::Digest;
use crate::observed::Observations;
use crate::proposal::Proposed;
use crate::resource::ResourceId;
use crate::step::{Step, StepId};

/// Work under way. Boxed, so that targets of all sorts stand in one map.
pub type Job<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// One outside system or place.
pub trait Target: Send + Sync {
    /// Says what is there. A system that does not answer is an answer too ([`Observations::silent`]), so this never fails.
    fn observe<'a>(&'a self, scope: Scope<'a>) -> Job<'a, Observations>;

    /// Carries a step out. When it returns, the effect is durable; whether it is *there* is observed afterwards.
    ///
    /// # Errors
    /// A [`Fault`], after which the step may or may not have taken effect.
    fn apply<'a>(&'a self, work: Work<'a>) -> Job<'a, Result<Effect, Fault>>;

    /// Carries out a step that takes an earlier one back (`work.step.reverts`). Most systems know no difference.
    ///
    /// # Errors
    /// As [`Target::apply`].
    fn undo<'a>(&'a self, work: Work<'a>) -> Job<'a, Result<Effect, Fault>> {
        self.apply(work)
    }

    /// What the system itself would change to become what it was told, when it plans by itself; nothing when council plans
    /// for it. Looking this way may take minutes, and changes nothing.
    ///
    /// # Errors
    /// A [`Fault`] when it cannot come to a plan: half a plan is none.
    fn propose(&self) -> Job<'_, Result<Option<Proposed>, Fault>> {
        Box::pin(async { Ok(None) })
    }

    /// How much it can take.
    fn limits(&self) -> Limits;
}

/// What to observe.
#[derive(Debug, Clone, Copy)]
pub enum Scope<'a> {
    /// Everything that council manages in the target.
    All,
    /// These resources of the target; more is no harm.
    Only(&'a [ResourceId]),
}

impl Scope<'_> {
    /// Whether a resource is asked for.
    #[must_use]
    pub fn contains(&self, id: &ResourceId) -> bool {
        match self {
            Self::All => true,
            Self::Only(ids) => ids.contains(id),
        }
    }
}

/// A step to carry out.
#[derive(Debug, Clone, Copy)]
pub struct Work<'a> {
    /// The step.
    pub step: &'a Step,
    /// The same for every try of this step of this plan, and for no other.
    pub key: IdempotencyKey,
    /// Where its bytes and secrets are.
    pub artefacts: &'a Artefacts,
}

/// Names one step of one plan for ever; shown as `<plan hash>-<step>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdempotencyKey {
    /// The plan.
    pub plan: Digest,
    /// The step.
    pub step: StepId,
}

impl fmt::Display for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.plan, self.step.0)
    }
}

/// What a target says that it did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// It changed something; the text names what for a person, such as a commit.
    Changed {
        /// What.
        note: String,
    },
    /// It was so already, perhaps from an earlier try.
    Unchanged,
}

/// How much a target can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Most steps at a time.
    pub parallel: u32,
    /// Most steps begun in any minute.
    pub per_minute: u32,
    /// How long a step may take before it counts as hung.
    pub timeout: SignedDuration,
    /// How long an effect may take to show in `observe` after `apply` has returned.
    pub settle: SignedDuration,
}

impl Default for Limits {
    /// Careful figures for a system that nobody has measured: four at a time, two a second, two minutes each, visible
    /// within ten seconds.
    fn default() -> Self {
        Self {
            parallel: 4,
            per_minute: 120,
            timeout: SignedDuration::from_mins(2),
            settle: SignedDuration::from_secs(10),
        }
    }
}

/// Why a step did not go well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct Fault {
    /// What sort, for machines.
    pub kind: FaultKind,
    /// What happened and what now, for a person; no secrets.
    pub message: String,
}

impl Fault {
    /// Names a fault.
    pub fn new(kind: FaultKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }
}

/// Sorts of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// The system, or the target before asking it, said no. Nothing happened.
    Refused,
    /// It tried and failed; something may have happened.
    Failed,
    /// It did not answer in time; it may have happened.
    Timeout,
    /// It could not be reached. Nothing happened.
    Unreachable,
    /// It answered what nobody understands; it may have happened.
    Garbage,
    /// It answered success, and the effect is not there.
    NotThere,
}

impl FaultKind {
    /// All sorts.
    pub const ALL: [Self; 6] = [
        Self::Refused,
        Self::Failed,
        Self::Timeout,
        Self::Unreachable,
        Self::Garbage,
        Self::NotThere,
    ];

    /// Whether the step may have taken effect in spite of the fault.
    #[must_use]
    pub fn leaves_doubt(self) -> bool {
        match self {
            Self::Refused | Self::Unreachable => false,
            Self::Failed | Self::Timeout | Self::Garbage | Self::NotThere => true,
        }
    }

    /// Whether another try may go well without anybody doing anything.
    #[must_use]
    pub fn is_retryable(self) -> bool {
        match self {
            Self::Timeout | Self::Unreachable => true,
            Self::Refused | Self::Failed | Self::Garbage | Self::NotThere => false,
        }
    }

    /// The words for it.
    #[must_use]
    pub fn phrase(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Timeout => "timed out",
            Self::Unreachable => "unreachable",
            Self::Garbage => "answered garbage",
            Self::NotThere => "answered success and did nothing",
        }
    }
}

/// The targets that an executor may use, by name.
#[derive(Clone, Default)]
pub struct Targets(BTreeMap<String, Arc<dyn Target>>);

impl Targets {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a target under the name that resources use for it.
    pub fn insert(&mut self, name: impl Into<String>, target: Arc<dyn Target>) {
        self.0.insert(name.into(), target);
    }

    /// A target by its name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&dyn Target> {
        self.0.get(name).map(AsRef::as_ref)
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &dyn Target)> {
        self.0.iter().map(|(name, target)| (name.as_str(), target.as_ref()))
    }
}

impl fmt::Debug for Targets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_faults_before_anything_happened_leave_no_doubt() {
        let certain: Vec<_> =
            FaultKind::ALL.into_iter().filter(|kind| !kind.leaves_doubt()).collect();
        assert_eq!(certain, [FaultKind::Refused, FaultKind::Unreachable]);
    }
}
