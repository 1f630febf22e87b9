//! The machines of a provisioner as a target: looked at together, and moved one by one.
//!
//! A step names where its machine should get; [`fleet::plan::moves`] says one move at a time, and this module makes it and
//! looks again, until the machine is there, or will not get there. It remembers nothing between two tries: whoever goes on
//! after a crash goes on from what the provisioner says.
//!
//! Invariants: before anything is asked for, somebody looked; a machine that its provisioner says nothing about is not
//! touched; a move that the provisioner refuses because it is busy is asked for again, any other refusal ends the step with
//! its words; a machine that stays longer in a state than that takes ends the step with a reason and an advice.
//!
//! Absent on purpose: choosing what to do. That is planned and approved.

mod outside;
mod sighting;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use fleet::lifecycle::{Sighting, judge};
use fleet::plan::moves::{Goal, Move, Verb, next};
use fleet::plan::{Deed, ENROLMENT, INSTALLATION, READINESS, Wanted, observe};
use jiff::SignedDuration;
use plan::{
    Action, Clock, Effect, Fault, FaultKind, Job, Limits, Observations, Scope, Step, Target, Work,
};

use crate::metal::MetalError;
pub use outside::{NewNode, Outside};

/// How long a step may take at most (six hours): an inspection, a cleaning of large disks and an installation one after the
/// other. What is stuck on the way is found out long before, state by state.
const LONGEST: SignedDuration = SignedDuration::from_hours(6);

/// How many machines of one provisioner are worked on at a time. An Ironic conductor has a hundred threads, its network
/// and image server have less.
const PARALLEL: u32 = 20;

/// How often a provisioner may fail to answer in a row before a step gives up and leaves trying again to the executor.
const PATIENCE: u32 = 5;

/// A provisioner as a target.
pub struct Machines {
    name: String,
    outside: Result<Outside, String>,
    wanted: Vec<Wanted>,
    clock: Arc<dyn Clock>,
    pause: Duration,
}

impl std::fmt::Debug for Machines {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Machines")
            .field("name", &self.name)
            .field("machines", &self.wanted.len())
            .finish_non_exhaustive()
    }
}

impl Machines {
    /// The machines that the playbook gives to the provisioner `name`, which is looked at every `pause` while something is
    /// under way. One that cannot be asked says why.
    pub fn new(
        name: impl Into<String>,
        outside: Result<Outside, String>,
        wanted: Vec<Wanted>,
        clock: Arc<dyn Clock>,
        pause: Duration,
    ) -> Self {
        Self { name: name.into(), outside, wanted, clock, pause }
    }

    fn outside(&self) -> Result<&Outside, Fault> {
        self.outside.as_ref().map_err(|why| Fault::new(FaultKind::Unreachable, why.clone()))
    }

    async fn look(&self) -> Observations {
        let at = self.clock.now();
        let seen = match &self.outside {
            Ok(outside) => outside.machines(&self.name, at).await.map_err(|error| words(&error)),
            Err(why) => Err(why.clone()),
        };
        match seen {
            Ok(sightings) => observe(&self.name, &self.wanted, sightings, at),
            Err(why) => Observations::silent(&self.name, None, why),
        }
    }

    async fn carry_out(&self, step: &Step, back: bool) -> Result<Effect, Fault> {
        let name = &step.resource.name;
        let Some(machine) = self.wanted.iter().find(|machine| machine.name == *name) else {
            return Err(refused(format!(
                "`{name}` is not among the machines that the playbook gives to `{}`; plan again",
                self.name
            )));
        };
        let mut notes = Vec::new();
        for goal in goals(step, back)? {
            self.reach(goal, machine, &mut notes).await?;
        }
        if notes.is_empty() {
            return Ok(Effect::Unchanged);
        }
        Ok(Effect::Changed { note: notes.join(", ") })
    }

    /// Moves a machine until it is where it should be.
    async fn reach(
        &self,
        goal: Goal,
        machine: &Wanted,
        notes: &mut Vec<String>,
    ) -> Result<(), Fault> {
        let outside = self.outside()?;
        let mut asked: BTreeSet<Verb> = BTreeSet::new();
        let mut patience = PATIENCE;
        let mut before: Option<Sighting> = None;
        loop {
            let id = before.as_ref().map(|seen| seen.id.clone());
            let mut seen = match self.sight(outside, machine, id.as_deref()).await {
                Ok(seen) => seen,
                // It went away while we waited; what it was told goes on there.
                Err(error) => {
                    self.wait(&error, &mut patience).await?;
                    continue;
                }
            };
            if let Some(seen) = &mut seen {
                count_from_first_sight(seen, before.as_ref(), self.clock.now());
            }
            before.clone_from(&seen);
            match next(goal, machine, seen.as_ref(), &asked) {
                Move::Done => return Ok(()),
                Move::Stop(why) => return Err(Fault::new(FaultKind::Failed, why)),
                Move::Wait => {
                    patience = PATIENCE;
                    if let Some(why) = self.stuck(machine, seen.as_ref()) {
                        return Err(Fault::new(FaultKind::Failed, why));
                    }
                    tokio::time::sleep(self.pause).await;
                }
                Move::Ask(verb) => match outside.ask(verb, machine, seen.as_ref()).await {
                    Ok(()) => {
                        asked.insert(verb);
                        notes.push(said(verb).to_owned());
                        tokio::time::sleep(self.pause).await;
                    }
                    // It is busy with a step of its own: it was not done, and is asked for again.
                    Err(error) if is_busy(&error) => self.wait(&error, &mut patience).await?,
                    Err(error) => return Err(fault(&error)),
                },
            }
        }
    }

    /// Waits before the next look, unless asking again would not help or was tried often enough.
    async fn wait(&self, error: &MetalError, patience: &mut u32) -> Result<(), Fault> {
        if !error.is_retryable() || *patience == 0 {
            return Err(fault(error));
        }
        *patience -= 1;
        tokio::time::sleep(self.pause).await;
        Ok(())
    }

    /// One machine: by its id where that is known, else by name, serial number and addresses among all.
    async fn sight(
        &self,
        outside: &Outside,
        machine: &Wanted,
        id: Option<&str>,
    ) -> Result<Option<Sighting>, MetalError> {
        let at = self.clock.now();
        match id {
            Some(id) => outside.machine(&self.name, id, at).await,
            None => {
                let all = outside.machines(&self.name, at).await?;
                Ok(fleet::plan::find(&self.name, machine, all))
            }
        }
    }

    /// Why a machine will not get on by itself, when it waits longer than that takes.
    fn stuck(&self, machine: &Wanted, seen: Option<&Sighting>) -> Option<String> {
        let stuck = judge(seen?, machine.intent, self.clock.now()).stuck?;
        Some(format!("`{}` is stuck because {}; {}", machine.name, stuck.because, stuck.attempt))
    }
}

impl Target for Machines {
    fn observe<'a>(&'a self, _: Scope<'a>) -> Job<'a, Observations> {
        Box::pin(self.look())
    }

    fn apply<'a>(&'a self, work: Work<'a>) -> Job<'a, Result<Effect, Fault>> {
        Box::pin(self.carry_out(work.step, false))
    }

    fn undo<'a>(&'a self, work: Work<'a>) -> Job<'a, Result<Effect, Fault>> {
        Box::pin(self.carry_out(work.step, true))
    }

    fn limits(&self) -> Limits {
        Limits { parallel: PARALLEL, per_minute: 120, timeout: LONGEST, ..Limits::default() }
    }
}

/// Gives a time to a state whose provisioner has none: the look that saw it first.
fn count_from_first_sight(seen: &mut Sighting, before: Option<&Sighting>, now: jiff::Timestamp) {
    if seen.since.is_none() {
        let same = before.filter(|before| before.state == seen.state);
        seen.since = same.and_then(|before| before.since).or(Some(now));
    }
}

/// Where a step wants its machine to get, one goal after the other.
fn goals(step: &Step, back: bool) -> Result<Vec<Goal>, Fault> {
    let kind = step.resource.kind.as_str();
    if let Some(deed) = Deed::of(kind).filter(|_| step.action == Action::Run) {
        return Ok(match deed {
            Deed::PowerOn => vec![Goal::Powered(!back)],
            Deed::PowerOff => vec![Goal::Powered(back)],
            Deed::Reset if !back => vec![Goal::Reset],
            Deed::Inspect if !back => vec![Goal::Inspected],
            Deed::Reset
            | Deed::Inspect
            | Deed::Enrol
            | Deed::Deploy
            | Deed::Drain
            | Deed::Retire => Vec::new(),
        });
    }
    let after = |name: &str| {
        let change = step.fields.iter().find(|change| change.name == name)?;
        change.after.clone()
    };
    let switched = after("power").map(|power| Goal::Powered(power == "on"));
    Ok(match (kind, step.action) {
        (ENROLMENT, Action::Destroy) => vec![Goal::Gone],
        (ENROLMENT, Action::Create | Action::Update | Action::Replace) => {
            let reached = after("reachable").map(|_| Goal::Enrolled);
            let kept = after("maintenance").map(|kept| Goal::Kept(kept == true));
            reached.into_iter().chain(kept).collect()
        }
        (READINESS, Action::Create | Action::Update | Action::Replace) => vec![Goal::Ready],
        // What is ready is taken out of the pool when it is forgotten.
        (READINESS, Action::Destroy) => Vec::new(),
        (INSTALLATION, Action::Destroy) => vec![Goal::Free],
        (INSTALLATION, Action::Create | Action::Replace) => {
            [Goal::Installed].into_iter().chain(switched).collect()
        }
        (INSTALLATION, Action::Update) => switched.into_iter().collect(),
        (_, action) => {
            return Err(refused(format!("`{}` cannot be {action}d", step.resource)));
        }
    })
}

/// What was asked for, for the record.
fn said(verb: Verb) -> &'static str {
    match verb {
        Verb::Enrol => "enrolled",
        Verb::Manage => "its controller tried",
        Verb::Inspect => "inspected",
        Verb::Provide => "cleaned",
        Verb::Deploy => "installed",
        Verb::Release => "released and erased",
        Verb::Forget => "forgotten",
        Verb::PowerOn => "switched on",
        Verb::PowerOff => "switched off",
        Verb::Reset => "reset",
        Verb::Keep => "kept out of work",
        Verb::Unkeep => "let back to work",
    }
}

fn refused(why: String) -> Fault {
    Fault::new(FaultKind::Refused, why)
}

/// Whether a provisioner says that it is busy with the machine.
fn is_busy(error: &MetalError) -> bool {
    match error {
        MetalError::Refused { status, .. } => status.as_u16() == 409,
        MetalError::Unreachable { .. } | MetalError::Garbage { .. } => false,
    }
}

fn fault(error: &MetalError) -> Fault {
    let kind = match error {
        // Asked for and perhaps heard: the connection ended before the answer.
        MetalError::Unreachable { source, .. } if !source.is_connect() => FaultKind::Timeout,
        MetalError::Unreachable { .. } => FaultKind::Unreachable,
        MetalError::Refused { status, .. } if status.is_server_error() => FaultKind::Failed,
        MetalError::Refused { .. } => FaultKind::Refused,
        MetalError::Garbage { .. } => FaultKind::Garbage,
    };
    Fault::new(kind, words(error))
}

/// An error with its causes, in a line.
pub(crate) fn words(error: &MetalError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(under) = cause {
        text.push_str(": ");
        text.push_str(&under.to_string());
        cause = under.source();
    }
    text
}
