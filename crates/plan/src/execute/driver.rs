//! The driver: does what [`next`] says, and writes everything down.
//!
//! One task, no lock, no thread: steps run side by side as futures. It holds nothing that matters: killed at any point,
//! another one goes on from the journal.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::{Either, select};
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use jiff::{SignedDuration, Timestamp};

use super::moves::{Flight, Move, Pace, next};
use super::outcome::{End, Outcome};
use super::progress::{Progress, Standing};
use super::record::{Fence, Journal, JournalError, Record};
use crate::artefacts::Artefacts;
use crate::clock::Clock;
use crate::observed::Observations;
use crate::plan::Plan;
use crate::resource::ResourceId;
use crate::secret::FingerprintKey;
use crate::step::StepId;
use crate::target::{
    Effect, Fault, FaultKind, IdempotencyKey, Job, Limits, Scope, Target, Targets, Work,
};
use crate::verify::{Drift, Seen, drift, verify};

/// How long to leave a target alone that does not show the effect yet.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_secs(1);

/// Everything that an execution needs.
#[derive(Clone, Copy)]
pub struct Run<'a> {
    /// The plan that was approved.
    pub plan: &'a Plan,
    /// Its bytes and secrets.
    pub artefacts: &'a Artefacts,
    /// Where its steps are carried out.
    pub targets: &'a Targets,
    /// Where everything is written down.
    pub journal: &'a dyn Journal,
    /// The right to do so.
    pub fence: &'a Fence,
    /// The time.
    pub clock: &'a dyn Clock,
    /// The key under which the plan shows secrets.
    pub fingerprints: &'a FingerprintKey,
    /// How often to try.
    pub pace: Pace,
    /// Set by whoever wants that nothing more is begun.
    pub stop: &'a AtomicBool,
}

impl std::fmt::Debug for Run<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Run")
            .field("plan", &self.plan.hash())
            .field("targets", self.targets)
            .field("fence", self.fence)
            .finish_non_exhaustive()
    }
}

/// Carries a plan out, or goes on where an earlier executor stopped. Returns when everything is done and observed, at the
/// first failure, or when it may not go on.
pub async fn run(run: Run<'_>) -> Outcome {
    let plan = run.plan;
    let unknown = plan.steps().iter().find(|step| run.targets.get(&step.resource.target).is_none());
    if let Some(step) = unknown {
        let end = End::UnknownTarget(step.resource.target.clone());
        return Outcome::of(plan, &Progress::of(plan), end);
    }
    let mut progress = Progress::of(plan);
    let end = match begin(run, &mut progress).await {
        Ok(None) if progress.is_done() => End::Done,
        Ok(None) => Driver::new(run).drive(&mut progress).await,
        Ok(Some(drifts)) => End::Stale(drifts),
        Err(error) => End::Interrupted(error),
    };
    Outcome::of(plan, &progress, end)
}

/// Reads the journal, makes sure that the plan still fits the world, and says that this executor begins.
async fn begin(run: Run<'_>, progress: &mut Progress) -> Result<Option<Vec<Drift>>, JournalError> {
    let records = run.journal.read().await?;
    *progress = Progress::read(run.plan, &records)
        .map_err(|misfit| JournalError::Unreadable(misfit.to_string()))?;
    if let Some(newer) = progress
        .fence()
        .filter(|other| other.token > run.fence.token || other.generation > run.fence.generation)
    {
        return Err(JournalError::Fenced(format!(
            "it works on generation {} under token {}",
            newer.generation, newer.token
        )));
    }
    if progress.is_done() {
        return Ok(None);
    }
    let drifts = drifted(run, progress).await;
    if !drifts.is_empty() {
        return Ok(Some(drifts));
    }
    let (plan, fence, at) = (run.plan.hash(), run.fence.clone(), run.clock.now());
    append(run, progress, vec![Record::Started { plan, fence, at }]).await?;
    Ok(None)
}

/// What the steps that nobody has begun would find changed.
async fn drifted(run: Run<'_>, progress: &Progress) -> Vec<Drift> {
    let waits = |id: StepId| *progress.standing(id) == Standing::Waiting;
    let mut observed = Observations::new();
    for (name, target) in run.targets.iter() {
        let ids: Vec<ResourceId> = run
            .plan
            .steps()
            .iter()
            .filter(|step| step.resource.target == name && waits(step.id))
            .map(|step| step.resource.clone())
            .collect();
        if !ids.is_empty() {
            observed.extend(look(run.clock, (name, target), &ids).await);
        }
    }
    drift(run.plan, |step| waits(step.id), &observed, run.fingerprints)
}

/// Observes a target within its own time-out; one that hangs is silent.
async fn look(
    clock: &dyn Clock,
    (name, target): (&str, &dyn Target),
    ids: &[ResourceId],
) -> Observations {
    let timeout = target.limits().timeout;
    match within(clock, timeout, target.observe(Scope::Only(ids))).await {
        Some(observed) => observed,
        None => Observations::silent(name, None, format!("it did not answer within {timeout:#}")),
    }
}

async fn append(
    run: Run<'_>,
    progress: &mut Progress,
    records: Vec<Record>,
) -> Result<(), JournalError> {
    if records.is_empty() {
        return Ok(());
    }
    run.journal.append(run.fence, progress.length(), records.clone()).await?;
    records.iter().try_for_each(|record| {
        progress
            .record(run.plan, record)
            .map_err(|misfit| JournalError::Unreadable(misfit.to_string()))
    })
}

/// The result of work, or nothing when the time is over.
async fn within<T>(clock: &dyn Clock, timeout: SignedDuration, work: Job<'_, T>) -> Option<T> {
    let until = clock.now().checked_add(timeout).unwrap_or(Timestamp::MAX);
    match select(work, clock.sleep_until(until)).await {
        Either::Left((result, _)) => Some(result),
        Either::Right(((), _)) => None,
    }
}

/// Something that was under way has ended.
enum Event {
    Applied(StepId, Result<Effect, Fault>),
    Looked(String, Vec<StepId>, Observations),
}

struct Driver<'a> {
    run: Run<'a>,
    limits: BTreeMap<String, Limits>,
    flight: Flight,
    under_way: FuturesUnordered<Job<'a, Event>>,
}

impl<'a> Driver<'a> {
    fn new(run: Run<'a>) -> Self {
        let used: BTreeSet<&str> =
            run.plan.steps().iter().map(|step| step.resource.target.as_str()).collect();
        let limits = run.targets.iter().filter(|(name, _)| used.contains(name));
        Self {
            run,
            limits: limits.map(|(name, target)| (name.to_owned(), target.limits())).collect(),
            flight: Flight::default(),
            under_way: FuturesUnordered::new(),
        }
    }

    async fn drive(mut self, progress: &mut Progress) -> End {
        let error = loop {
            let now = self.run.clock.now();
            self.flight.stopping = self.run.stop.load(Ordering::Relaxed);
            let Self { run, limits, flight, .. } = &self;
            let todo = next(run.plan, progress, flight, limits, run.pace, now);
            if self.under_way.is_empty() && todo.is_idle() {
                return match todo.failed {
                    Some((step, fault)) => End::Failed { step, fault },
                    None if progress.is_done() => End::Done,
                    None => End::Stopped,
                };
            }
            if let Err(error) = self.start(progress, todo.moves, now).await {
                break error;
            }
            if let Some(event) = self.wait(todo.wake).await
                && let Err(error) = self.settle(progress, event).await
            {
                break error;
            }
        };
        if matches!(error, JournalError::Unavailable(_)) {
            self.drain(progress).await;
        }
        End::Interrupted(error)
    }

    /// Writes intents down, and only then begins.
    async fn start(
        &mut self,
        progress: &mut Progress,
        moves: Vec<Move>,
        now: Timestamp,
    ) -> Result<(), JournalError> {
        let intents = moves.iter().filter_map(|next| match next {
            Move::Apply { step, attempt } => {
                Some(Record::Intended { step: *step, attempt: *attempt, at: now })
            }
            Move::Verify { .. } => None,
        });
        append(self.run, progress, intents.collect()).await?;
        for next in moves {
            match next {
                Move::Apply { step, .. } => self.apply(step),
                Move::Verify { target, steps } => self.look(target, steps),
            }
        }
        Ok(())
    }

    fn apply(&mut self, id: StepId) {
        let run = self.run;
        let Some(step) = run.plan.step(id) else { return };
        let Some(target) = run.targets.get(&step.resource.target) else { return };
        self.flight.applying.insert(id);
        self.under_way.push(Box::pin(async move {
            let key = IdempotencyKey { plan: run.plan.hash(), step: id };
            let work = Work { step, key, artefacts: run.artefacts };
            let job = if step.reverts.is_some() { target.undo(work) } else { target.apply(work) };
            let timeout = target.limits().timeout;
            let result = within(run.clock, timeout, job).await.unwrap_or_else(|| {
                Err(Fault::new(
                    FaultKind::Timeout,
                    format!("`{}` did not answer within {timeout:#}", step.resource.target),
                ))
            });
            Event::Applied(id, result)
        }));
    }

    fn look(&mut self, name: String, steps: Vec<StepId>) {
        let run = self.run;
        let ids: Vec<ResourceId> =
            steps.iter().filter_map(|id| run.plan.step(*id)).map(|s| s.resource.clone()).collect();
        self.flight.looking.insert(name.clone());
        self.under_way.push(Box::pin(async move {
            let observed = match run.targets.get(&name) {
                Some(target) => look(run.clock, (&name, target), &ids).await,
                None => Observations::new(),
            };
            Event::Looked(name, steps, observed)
        }));
    }

    /// The next thing that ends, or nothing when it is time to ask again.
    async fn wait(&mut self, wake: Option<Timestamp>) -> Option<Event> {
        match (wake, self.under_way.is_empty()) {
            (None, true) => None,
            (None, false) => self.under_way.next().await,
            (Some(at), true) => {
                self.run.clock.sleep_until(at).await;
                None
            }
            (Some(at), false) => {
                match select(self.under_way.next(), self.run.clock.sleep_until(at)).await {
                    Either::Left((event, _)) => event,
                    Either::Right(((), _)) => None,
                }
            }
        }
    }

    /// Writes down what ended.
    async fn settle(&mut self, progress: &mut Progress, event: Event) -> Result<(), JournalError> {
        let at = self.run.clock.now();
        let records = match event {
            Event::Applied(step, result) => {
                self.flight.applying.remove(&step);
                vec![match result {
                    Ok(effect) => Record::Applied { step, effect, at },
                    Err(fault) => Record::Failed { step, fault, at },
                }]
            }
            Event::Looked(target, steps, observed) => {
                self.flight.looking.remove(&target);
                let records: Vec<Record> = steps
                    .iter()
                    .filter_map(|id| self.judge(progress, *id, &observed, at))
                    .collect();
                // Leave a target alone for a moment that does not show everything yet.
                if records.len() < steps.len() {
                    let again = at.checked_add(LOOK_AGAIN).unwrap_or(at);
                    self.flight.look_again.insert(target, again);
                } else {
                    self.flight.look_again.remove(&target);
                }
                records
            }
        };
        append(self.run, progress, records).await
    }

    /// What a look says of an applied step; nothing while the target may still settle.
    fn judge(
        &self,
        progress: &Progress,
        id: StepId,
        observed: &Observations,
        now: Timestamp,
    ) -> Option<Record> {
        let step = self.run.plan.step(id)?;
        let (kind, why) = match verify(step, &observed.of(&step.resource), self.run.fingerprints) {
            Seen::AsPlanned => return Some(Record::Verified { step: id, at: now }),
            Seen::Otherwise(why) => (FaultKind::NotThere, why),
            Seen::Unknown(why) => (FaultKind::Failed, format!("its effect cannot be seen: {why}")),
        };
        let Standing::Applied { at, .. } = progress.standing(id) else { return None };
        let settle = self
            .limits
            .get(&step.resource.target)
            .map_or_else(SignedDuration::default, |limits| limits.settle);
        let message = format!("`{}`: {why}", step.resource);
        (now.duration_since(*at) >= settle).then(|| Record::Failed {
            step: id,
            fault: Fault::new(kind, message),
            at: now,
        })
    }

    /// Lets what is under way come to its end when the journal is full: half a step is worse than one without a record.
    async fn drain(mut self, progress: &mut Progress) {
        while let Some(event) = self.under_way.next().await {
            // The disk may have room again; if not, the step stays in doubt, which is the truth.
            if let Err(_still_unavailable) = self.settle(progress, event).await {}
        }
    }
}
