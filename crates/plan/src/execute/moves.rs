//! What may be done now: a pure function of plan, progress, limits, what is under way, and the time.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use super::progress::{Progress, Standing};
use crate::plan::Plan;
use crate::step::{Action, Step, StepId};
use crate::target::{Fault, Limits};

/// How often a step is tried by one executor, when its fault may pass by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Most tries of a step whose fault is retryable.
    pub attempts: u32,
    /// How long to wait before the second try; four times as long before each further one.
    pub pause: SignedDuration,
}

impl Default for Pace {
    /// Three tries, after two and eight seconds: long enough for a dropped connection, too short to hide an outage.
    fn default() -> Self {
        Self { attempts: 3, pause: SignedDuration::from_secs(2) }
    }
}

/// What this executor has under way. It is not in the journal, because it dies with the executor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flight {
    /// Steps that a target is carrying out.
    pub applying: BTreeSet<StepId>,
    /// Targets that are being looked at.
    pub looking: BTreeSet<String>,
    /// When to look at a target again.
    pub look_again: BTreeMap<String, Timestamp>,
    /// Whether somebody asked to begin nothing more.
    pub stopping: bool,
}

/// Something to do now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Move {
    /// Try a step.
    Apply {
        /// The step.
        step: StepId,
        /// Which try.
        attempt: u32,
    },
    /// See whether steps have taken effect.
    Verify {
        /// The target.
        target: String,
        /// The steps.
        steps: Vec<StepId>,
    },
}

/// What may be done now, and how it stands when that is nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// To do now, all of it.
    pub moves: Vec<Move>,
    /// When to ask again, if nothing happens before.
    pub wake: Option<Timestamp>,
    /// The first failure that no further try will mend.
    pub failed: Option<(StepId, Fault)>,
}

impl Next {
    /// Whether nothing is left to do or to wait for but what is under way.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.moves.is_empty() && self.wake.is_none()
    }
}

/// Says what may be done now. `limits` are those of each target.
#[must_use]
pub fn next(
    plan: &Plan,
    progress: &Progress,
    flight: &Flight,
    limits: &BTreeMap<String, Limits>,
    pace: Pace,
    now: Timestamp,
) -> Next {
    let failed = first_failure(progress, pace);
    let mut next = Next { moves: Vec::new(), wake: None, failed };
    looks(plan, progress, flight, now, &mut next);
    if next.failed.is_none() && !flight.stopping {
        let mut room = Room::new(plan, progress, flight, limits, now);
        again(plan, progress, flight, pace, &mut room, &mut next);
        begin(plan, progress, &mut room, &mut next);
    }
    next
}

fn first_failure(progress: &Progress, pace: Pace) -> Option<(StepId, Fault)> {
    progress.active().iter().find_map(|id| match progress.standing(*id) {
        Standing::Failed { attempt, fault, .. }
            if !fault.kind.is_retryable() || *attempt >= pace.attempts =>
        {
            Some((*id, fault.clone()))
        }
        Standing::Failed { .. }
        | Standing::Waiting
        | Standing::Intended { .. }
        | Standing::Applied { .. }
        | Standing::Verified => None,
    })
}

/// One look a target, at everything that is applied there.
fn looks(plan: &Plan, progress: &Progress, flight: &Flight, now: Timestamp, next: &mut Next) {
    let mut applied: BTreeMap<&str, Vec<StepId>> = BTreeMap::new();
    for step in progress.active().iter().filter_map(|id| plan.step(*id)) {
        if matches!(progress.standing(step.id), Standing::Applied { .. }) {
            applied.entry(&step.resource.target).or_default().push(step.id);
        }
    }
    for (target, steps) in applied {
        if flight.looking.contains(target) {
            continue;
        }
        match flight.look_again.get(target) {
            Some(at) if *at > now => wake(next, *at),
            Some(_) | None => next.moves.push(Move::Verify { target: target.to_owned(), steps }),
        }
    }
}

/// Tries again what is in doubt since an earlier executor, and what failed in a way that may pass.
fn again<'a>(
    plan: &'a Plan,
    progress: &Progress,
    flight: &Flight,
    pace: Pace,
    room: &mut Room<'a>,
    next: &mut Next,
) {
    for step in progress.active().iter().filter_map(|id| plan.step(*id)) {
        match progress.standing(step.id) {
            Standing::Intended { attempt } if !flight.applying.contains(&step.id) => {
                room.enter(step, attempt + 1, next);
            }
            Standing::Failed { attempt, at, .. } => {
                let pause = pace.pause.as_secs().saturating_mul(4_i64.saturating_pow(attempt - 1));
                let due = at.checked_add(SignedDuration::from_secs(pause)).unwrap_or(*at);
                if due > room.now {
                    wake(next, due);
                } else {
                    room.enter(step, attempt + 1, next);
                }
            }
            Standing::Waiting
            | Standing::Intended { .. }
            | Standing::Applied { .. }
            | Standing::Verified => {}
        }
    }
}

/// Begins what is ready.
fn begin<'a>(plan: &'a Plan, progress: &Progress, room: &mut Room<'a>, next: &mut Next) {
    for steps in progress.ready().values() {
        for step in steps.iter().filter_map(|id| plan.step(*id)) {
            if step.action == Action::Destroy && !progress.destroys_may_begin() {
                continue;
            }
            if !room.is_full(&step.resource.target) {
                room.enter(step, 1, next);
            } else {
                break;
            }
        }
        // Whether the minute is used up is only known when something wants to begin.
        if let Some(step) = steps.first().and_then(|id| plan.step(*id))
            && let Some(at) = room.opens(&step.resource.target)
        {
            wake(next, at);
        }
    }
}

fn wake(next: &mut Next, at: Timestamp) {
    next.wake = Some(next.wake.map_or(at, |earlier| earlier.min(at)));
}

/// What each target still takes, and which failure domains are disrupted.
struct Room<'a> {
    now: Timestamp,
    slots: BTreeMap<&'a str, Slots>,
    disrupted: Vec<(StepId, &'a str)>,
}

struct Slots {
    parallel: u32,
    minute: u32,
    opens: Option<Timestamp>,
}

impl<'a> Room<'a> {
    fn new(
        plan: &'a Plan,
        progress: &Progress,
        flight: &Flight,
        limits: &'a BTreeMap<String, Limits>,
        now: Timestamp,
    ) -> Self {
        let slots = limits.iter().map(|(target, limits)| {
            let (begun, opens) = progress.begun_lately(target, now);
            let minute = limits.per_minute.max(1).saturating_sub(begun);
            (target.as_str(), Slots { parallel: limits.parallel.max(1), minute, opens })
        });
        let mut room = Self { now, slots: slots.collect(), disrupted: Vec::new() };
        for step in progress.active().iter().filter_map(|id| plan.step(*id)) {
            if flight.applying.contains(&step.id)
                && let Some(slots) = room.slots.get_mut(step.resource.target.as_str())
            {
                slots.parallel = slots.parallel.saturating_sub(1);
            }
            // Until its effect is seen nobody knows whether the domain is up again.
            if step.disruptive {
                room.disrupted.push((step.id, step.domain()));
            }
        }
        room
    }

    fn is_full(&self, target: &str) -> bool {
        self.slots.get(target).is_none_or(|slots| slots.parallel == 0 || slots.minute == 0)
    }

    /// When the minute lets the next step in, if it is what stands in the way.
    fn opens(&self, target: &str) -> Option<Timestamp> {
        self.slots.get(target).filter(|slots| slots.minute == 0).and_then(|slots| slots.opens)
    }

    fn enter(&mut self, step: &'a Step, attempt: u32, next: &mut Next) {
        let target = step.resource.target.as_str();
        if self.is_full(target) {
            if let Some(at) = self.opens(target) {
                wake(next, at);
            }
            return;
        }
        if step.disruptive {
            let taken =
                |(id, domain): &(StepId, &str)| *id != step.id && overlap(domain, step.domain());
            if self.disrupted.iter().any(taken) {
                return;
            }
            self.disrupted.push((step.id, step.domain()));
        }
        if let Some(slots) = self.slots.get_mut(target) {
            slots.parallel -= 1;
            slots.minute -= 1;
        }
        next.moves.push(Move::Apply { step: step.id, attempt });
    }
}

/// Whether two domains fail together: they are one, or one holds the other (`fsn1` holds `fsn1/rack-12`).
fn overlap(one: &str, other: &str) -> bool {
    let holds = |outer: &str, inner: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    holds(one, other) || holds(other, one)
}
