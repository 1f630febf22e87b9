//! How far a plan has come: a fold over its journal.
//!
//! Kept up to date record by record, with what is ready at hand, so that a step more costs the same in a plan of ten
//! as in one of a hundred thousand.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::{SignedDuration, Timestamp};

use super::record::{Fence, Record};
use crate::digest::Digest;
use crate::plan::Plan;
use crate::step::{Action, Step, StepId};
use crate::target::Fault;

/// Where a step stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Standing {
    /// Nothing has happened.
    #[default]
    Waiting,
    /// Somebody was about to do it. If they are gone, nobody knows whether they did.
    Intended {
        /// Which try.
        attempt: u32,
    },
    /// The target says that it is done.
    Applied {
        /// Which try.
        attempt: u32,
        /// Since when.
        at: Timestamp,
    },
    /// The effect was observed.
    Verified,
    /// The target says that it is not done.
    Failed {
        /// Which try.
        attempt: u32,
        /// Why.
        fault: Fault,
        /// Since when.
        at: Timestamp,
    },
}

/// A journal does not belong to the plan, or makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    /// It is about another plan.
    #[error("the journal is about the plan {journal}, and this one is {plan}")]
    OtherPlan {
        /// The plan of the journal.
        journal: String,
        /// This plan.
        plan: String,
    },
    /// It names a step that the plan has not, or one at the wrong time.
    #[error("the journal says `{what}` of step {step} at a time when that cannot be")]
    OutOfPlace {
        /// The step.
        step: StepId,
        /// What it says of it.
        what: &'static str,
    },
}

/// How far a plan has come.
#[derive(Debug, Clone)]
pub struct Progress {
    plan: Digest,
    steps: Vec<Standing>,
    dependents: Vec<Vec<StepId>>,
    carried: Vec<Vec<StepId>>,
    unmet: Vec<usize>,
    /// Steps that nothing keeps waiting but the destroys' place at the end, by target.
    ready: BTreeMap<String, BTreeSet<StepId>>,
    /// Steps that are begun and not verified, failed ones included.
    active: BTreeSet<StepId>,
    /// How many steps that are no destroys are not verified yet.
    makes_left: usize,
    fence: Option<Fence>,
    begun: BTreeMap<String, VecDeque<Timestamp>>,
    length: usize,
}

impl Progress {
    /// Nothing has happened yet.
    #[must_use]
    pub fn of(plan: &Plan) -> Self {
        let count = plan.steps().len();
        let mut progress = Self {
            plan: plan.hash(),
            steps: vec![Standing::Waiting; count],
            dependents: vec![Vec::new(); count],
            carried: vec![Vec::new(); count],
            unmet: vec![0; count],
            ready: BTreeMap::new(),
            active: BTreeSet::new(),
            makes_left: plan.steps().iter().filter(|step| step.is_make()).count(),
            fence: None,
            begun: BTreeMap::new(),
            length: 0,
        };
        for step in plan.steps() {
            if let Some(carrier) = step.carried_by {
                progress.carried[place(carrier)].push(step.id);
                continue;
            }
            progress.unmet[place(step.id)] = step.depends_on.len();
            for before in &step.depends_on {
                progress.dependents[place(*before)].push(step.id);
            }
            if step.depends_on.is_empty() {
                progress.make_ready(step);
            }
        }
        progress
    }

    /// How far a plan has come according to its journal.
    ///
    /// # Errors
    /// When the journal is about another plan or makes no sense.
    pub fn read(plan: &Plan, records: &[Record]) -> Result<Self, Misfit> {
        let mut progress = Self::of(plan);
        records.iter().try_for_each(|record| progress.record(plan, record))?;
        Ok(progress)
    }

    /// Takes one more record in.
    ///
    /// # Errors
    /// When it is about another plan or cannot be; nothing has changed then.
    pub fn record(&mut self, plan: &Plan, record: &Record) -> Result<(), Misfit> {
        match record {
            Record::Started { plan: started, fence, .. } => {
                if *started != self.plan {
                    let (journal, plan) = (started.short(), self.plan.short());
                    return Err(Misfit::OtherPlan { journal, plan });
                }
                self.fence = Some(fence.clone());
                self.forgive(plan);
            }
            Record::Intended { step, attempt, at } => {
                let step = self.expect(plan, *step, "intended", |standing| match standing {
                    Standing::Waiting | Standing::Intended { .. } | Standing::Failed { .. } => true,
                    Standing::Applied { .. } | Standing::Verified => false,
                })?;
                self.set(step, Standing::Intended { attempt: *attempt });
                self.begun.entry(step.resource.target.clone()).or_default().push_back(*at);
            }
            Record::Applied { step, at, .. } => {
                let step = self.expect(plan, *step, "applied", |standing| {
                    matches!(standing, Standing::Intended { .. })
                })?;
                let attempt = self.attempt(step.id);
                self.set(step, Standing::Applied { attempt, at: *at });
            }
            Record::Failed { step, fault, at } => {
                let step = self.expect(plan, *step, "failed", |standing| {
                    matches!(standing, Standing::Intended { .. } | Standing::Applied { .. })
                })?;
                let attempt = self.attempt(step.id);
                self.set(step, Standing::Failed { attempt, fault: fault.clone(), at: *at });
            }
            Record::Verified { step, .. } => {
                let step = self.expect(plan, *step, "verified", |standing| {
                    matches!(standing, Standing::Applied { .. })
                })?;
                self.finish(plan, step);
            }
        }
        self.length += 1;
        Ok(())
    }

    /// Where a step stands.
    #[must_use]
    pub fn standing(&self, step: StepId) -> &Standing {
        &self.steps[place(step)]
    }

    /// Which try of a step was the last; 0 if there was none.
    #[must_use]
    pub fn attempt(&self, step: StepId) -> u32 {
        match self.standing(step) {
            Standing::Waiting | Standing::Verified => 0,
            Standing::Intended { attempt }
            | Standing::Applied { attempt, .. }
            | Standing::Failed { attempt, .. } => *attempt,
        }
    }

    /// Whether every step is verified.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.steps.iter().all(|standing| *standing == Standing::Verified)
    }

    /// The newest executor that has begun.
    #[must_use]
    pub fn fence(&self) -> Option<&Fence> {
        self.fence.as_ref()
    }

    /// How many records there are.
    #[must_use]
    pub fn length(&self) -> usize {
        self.length
    }

    /// Steps that may begin as far as the plan is concerned, by target.
    pub(super) fn ready(&self) -> &BTreeMap<String, BTreeSet<StepId>> {
        &self.ready
    }

    /// Steps that are begun and not verified.
    pub(super) fn active(&self) -> &BTreeSet<StepId> {
        &self.active
    }

    /// Whether destroys may begin: everything else is there.
    pub(super) fn destroys_may_begin(&self) -> bool {
        self.makes_left == 0
    }

    /// How many steps of a target began in the minute before `now`, and when the first of them leaves that minute.
    pub(super) fn begun_lately(&self, target: &str, now: Timestamp) -> (u32, Option<Timestamp>) {
        const MINUTE: SignedDuration = SignedDuration::from_mins(1);
        let lately = self.begun.get(target).into_iter().flatten();
        let lately = lately.rev().take_while(|at| now.duration_since(**at) < MINUTE);
        let (count, first) = lately.fold((0, None), |(count, _), at| (count + 1, Some(*at)));
        (count, first.and_then(|first| first.checked_add(MINUTE).ok()))
    }

    fn expect<'p>(
        &self,
        plan: &'p Plan,
        id: StepId,
        what: &'static str,
        fits: impl Fn(&Standing) -> bool,
    ) -> Result<&'p Step, Misfit> {
        let misfit = Misfit::OutOfPlace { step: id, what };
        let step = plan.step(id).filter(|step| step.carried_by.is_none());
        step.filter(|step| fits(self.standing(step.id))).ok_or(misfit)
    }

    fn set(&mut self, step: &Step, standing: Standing) {
        self.active.insert(step.id);
        if let Some(ready) = self.ready.get_mut(&step.resource.target) {
            ready.remove(&step.id);
        }
        self.steps[place(step.id)] = standing;
    }

    /// A new executor tries again what failed: if nothing happened as if it had never been tried, else as if its executor
    /// had gone away before the answer.
    fn forgive(&mut self, plan: &Plan) {
        for id in self.active.clone() {
            let Standing::Failed { attempt, fault, .. } = self.standing(id) else { continue };
            let (attempt, doubt) = (*attempt, fault.kind.leaves_doubt());
            let Some(step) = plan.step(id) else { continue };
            if doubt {
                self.set(step, Standing::Intended { attempt });
            } else {
                self.steps[place(id)] = Standing::Waiting;
                self.active.remove(&id);
                self.make_ready(step);
            }
        }
    }

    fn finish(&mut self, plan: &Plan, step: &Step) {
        self.set(step, Standing::Verified);
        let mut finished = vec![step.id];
        finished.append(&mut self.carried[place(step.id)]);
        for id in finished {
            self.steps[place(id)] = Standing::Verified;
            self.active.remove(&id);
            if plan.step(id).is_some_and(Step::is_make) {
                self.makes_left -= 1;
            }
            for next in std::mem::take(&mut self.dependents[place(id)]) {
                let unmet = &mut self.unmet[place(next)];
                *unmet -= 1;
                if *unmet == 0
                    && let Some(next) = plan.step(next)
                {
                    self.make_ready(next);
                }
            }
        }
    }

    fn make_ready(&mut self, step: &Step) {
        self.ready.entry(step.resource.target.clone()).or_default().insert(step.id);
    }
}

impl Step {
    /// Whether destroys of the plan wait for it. What a carrier takes away with it is the carrier's affair.
    fn is_make(&self) -> bool {
        self.action != Action::Destroy || self.carried_by.is_some()
    }
}

fn place(step: StepId) -> usize {
    usize::try_from(step.0).expect("BUG: a step's number fits into memory") - 1
}
