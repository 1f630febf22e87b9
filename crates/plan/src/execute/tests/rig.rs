//! The rig: a clock, a target with a script, a journal that can fail, and something that polls.

use std::collections::{BTreeMap, VecDeque};
use std::pin::pin;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::task::{Context, Poll, Waker};

use jiff::{SignedDuration, Timestamp};

use crate::artefacts::Artefacts;
use crate::clock::Clock;
use crate::execute::{
    Fence, Journal, JournalError, MemoryJournal, Outcome, Pace, Record, Run, run,
};
use crate::observed::Observations;
use crate::plan::Plan;
use crate::planner::{Terms, plan};
use crate::resource::{Desired, ResourceId};
use crate::secret::FingerprintKey;
use crate::step::Action;
use crate::target::{
    Effect, Fault, FaultKind, IdempotencyKey, Job, Limits, Scope, Target, Targets, Work,
};
use crate::testing::{Estate, desired, noon, vlan};

/// A clock that only the test moves.
pub(super) struct ManualClock {
    now: Mutex<Timestamp>,
    sleepers: Mutex<Vec<(Timestamp, Waker)>>,
}

impl ManualClock {
    fn new() -> Self {
        Self { now: Mutex::new(noon()), sleepers: Mutex::default() }
    }

    /// Moves to the first time that somebody waits for.
    fn advance(&self) -> bool {
        let mut sleepers = self.sleepers.lock().unwrap();
        let Some(first) = sleepers.iter().map(|(at, _)| *at).min() else { return false };
        *self.now.lock().unwrap() = first;
        let (due, later) = sleepers.drain(..).partition(|(at, _)| *at <= first);
        *sleepers = later;
        let due: Vec<(Timestamp, Waker)> = due;
        due.into_iter().for_each(|(_, waker)| waker.wake());
        true
    }

    pub(super) fn passed(&self) -> SignedDuration {
        self.now().duration_since(noon())
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap()
    }

    fn sleep_until(&self, at: Timestamp) -> Job<'_, ()> {
        Box::pin(std::future::poll_fn(move |context| {
            if self.now() >= at {
                return Poll::Ready(());
            }
            self.sleepers.lock().unwrap().push((at, context.waker().clone()));
            Poll::Pending
        }))
    }
}

/// What a target does with one try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    /// What it should.
    Do,
    /// Fails before anything happened.
    FailBefore(FaultKind),
    /// Does it, and then fails.
    FailAfter(FaultKind),
    /// Never answers, and does nothing.
    Hang,
    /// Does it, and never answers.
    HangAfter,
    /// Answers success and does nothing.
    Lie,
    /// Is killed with its executor before anything happened.
    CrashBefore,
    /// Does it, and is killed with its executor.
    CrashAfter,
    /// Does it, and shows it only after some seconds.
    Late(i64),
}

/// A target on an estate, with a script for each resource.
pub(super) struct Scripted {
    pub(super) clock: Arc<ManualClock>,
    pub(super) killed: Arc<AtomicBool>,
    pub(super) estate: Mutex<Estate>,
    script: Mutex<BTreeMap<ResourceId, VecDeque<Deed>>>,
    hidden: Mutex<BTreeMap<ResourceId, Timestamp>>,
    /// How often each key really changed something.
    pub(super) changes: Mutex<BTreeMap<IdempotencyKey, u32>>,
    /// What was tried, in order.
    pub(super) tries: Mutex<Vec<ResourceId>>,
    pub(super) undone: AtomicU32,
    under_way: Mutex<Vec<String>>,
    /// The most steps that were under way at once, and the most disruptive ones in one domain.
    pub(super) peak: Mutex<(usize, usize)>,
    pub(super) silent: AtomicBool,
    pub(super) limits: Limits,
    pub(super) lasting: SignedDuration,
}

impl Scripted {
    fn carry_out(&self, work: &Work<'_>) -> Effect {
        let mut estate = self.estate.lock().unwrap();
        let before = estate.clone();
        estate.carry_out(work.step);
        if *estate == before {
            return Effect::Unchanged;
        }
        *self.changes.lock().unwrap().entry(work.key).or_default() += 1;
        Effect::Changed { note: "done".to_owned() }
    }

    async fn die(&self) {
        self.killed.store(true, Ordering::Relaxed);
        std::future::pending::<()>().await;
    }

    async fn act(&self, work: &Work<'_>) -> Result<Effect, Fault> {
        let id = &work.step.resource;
        self.tries.lock().unwrap().push(id.clone());
        let deed = self.script.lock().unwrap().get_mut(id).and_then(VecDeque::pop_front);
        let until = self.clock.now() + self.lasting;
        self.clock.sleep_until(until).await;
        let fault = |kind| Err(Fault::new(kind, "the script says so"));
        match deed.unwrap_or(Deed::Do) {
            Deed::Do => Ok(self.carry_out(work)),
            Deed::FailBefore(kind) => fault(kind),
            Deed::FailAfter(kind) => {
                self.carry_out(work);
                fault(kind)
            }
            Deed::Hang => std::future::pending().await,
            Deed::HangAfter => {
                self.carry_out(work);
                std::future::pending().await
            }
            Deed::Lie => Ok(Effect::Changed { note: "done".to_owned() }),
            Deed::CrashBefore => {
                self.die().await;
                Ok(Effect::Unchanged)
            }
            Deed::CrashAfter => {
                self.carry_out(work);
                self.die().await;
                Ok(Effect::Unchanged)
            }
            Deed::Late(seconds) => {
                let until = self.clock.now() + SignedDuration::from_secs(seconds);
                self.hidden.lock().unwrap().insert(id.clone(), until);
                Ok(self.carry_out(work))
            }
        }
    }
}

/// Counts a step as under way until it is dropped.
struct Busy<'a>(&'a Scripted, String);

impl<'a> Busy<'a> {
    fn new(target: &'a Scripted, work: &Work<'_>) -> Self {
        let domain =
            if work.step.disruptive { work.step.domain().to_owned() } else { String::new() };
        let mut under_way = target.under_way.lock().unwrap();
        under_way.push(domain.clone());
        let same = under_way.iter().filter(|other| **other == domain && !domain.is_empty()).count();
        let mut peak = target.peak.lock().unwrap();
        *peak = (peak.0.max(under_way.len()), peak.1.max(same));
        Self(target, domain)
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        let mut under_way = self.0.under_way.lock().unwrap();
        let place = under_way.iter().position(|domain| *domain == self.1).unwrap();
        under_way.remove(place);
    }
}

impl Target for Scripted {
    fn observe<'a>(&'a self, scope: Scope<'a>) -> Job<'a, Observations> {
        Box::pin(async move {
            if self.silent.load(Ordering::Relaxed) {
                return Observations::silent("lab", None, "no route to host");
            }
            let mut seen = self.estate.lock().unwrap().clone();
            let hidden = self.hidden.lock().unwrap();
            seen.resources.retain(|id, _| {
                scope.contains(id) && hidden.get(id).is_none_or(|until| *until <= self.clock.now())
            });
            seen.observe(&["lab"])
        })
    }

    fn apply<'a>(&'a self, work: Work<'a>) -> Job<'a, Result<Effect, Fault>> {
        Box::pin(async move {
            let _busy = Busy::new(self, &work);
            self.act(&work).await
        })
    }

    fn undo<'a>(&'a self, work: Work<'a>) -> Job<'a, Result<Effect, Fault>> {
        self.undone.fetch_add(1, Ordering::Relaxed);
        self.apply(work)
    }

    fn limits(&self) -> Limits {
        self.limits
    }
}

/// What happens at an append.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mishap {
    /// Killed before the records are durable.
    KillBefore,
    /// Killed when they are.
    KillAfter,
    /// The disk is full, from here on until it is mended.
    Full,
}

/// A journal in memory on which a mishap happens at one append.
pub(super) struct Fragile {
    pub(super) inner: MemoryJournal,
    pub(super) killed: Arc<AtomicBool>,
    pub(super) appends: AtomicU32,
    pub(super) mishap: Mutex<Option<(u32, Mishap)>>,
}

impl Journal for Fragile {
    fn read(&self) -> Job<'_, Result<Vec<Record>, JournalError>> {
        self.inner.read()
    }

    fn append<'a>(
        &'a self,
        fence: &'a Fence,
        after: usize,
        records: Vec<Record>,
    ) -> Job<'a, Result<(), JournalError>> {
        Box::pin(async move {
            let place = self.appends.fetch_add(1, Ordering::Relaxed);
            let mishap = *self.mishap.lock().unwrap();
            let die = async {
                self.killed.store(true, Ordering::Relaxed);
                std::future::pending::<()>().await;
            };
            match mishap {
                Some((at, Mishap::KillBefore)) if at == place => die.await,
                Some((at, Mishap::Full)) if at <= place => {
                    return Err(JournalError::Unavailable("no space left on device".to_owned()));
                }
                Some((at, Mishap::KillAfter)) if at == place => {
                    self.inner.append(fence, after, records).await?;
                    die.await;
                    return Ok(());
                }
                Some(_) | None => {}
            }
            self.inner.append(fence, after, records).await
        })
    }
}

/// All of it together.
pub(super) struct Rig {
    pub(super) plan: Plan,
    pub(super) clock: Arc<ManualClock>,
    pub(super) target: Arc<Scripted>,
    pub(super) journal: Fragile,
    pub(super) stop: AtomicBool,
    pub(super) token: u64,
    pub(super) pace: Pace,
}

impl Rig {
    /// A plan for `wanted` on an estate.
    pub(super) fn new(wanted: &[Desired], estate: Estate) -> Self {
        let terms = Terms { brake: None, ..Terms::new("r1", noon()) };
        let plan = plan(None, wanted, &estate.observe(&["lab"]), &terms);
        Self::of(plan, estate)
    }

    /// A plan that somebody else made.
    pub(super) fn of(plan: Plan, estate: Estate) -> Self {
        let clock = Arc::new(ManualClock::new());
        let killed = Arc::new(AtomicBool::new(false));
        let target = Scripted {
            clock: clock.clone(),
            killed: killed.clone(),
            estate: Mutex::new(estate),
            script: Mutex::default(),
            hidden: Mutex::default(),
            changes: Mutex::default(),
            tries: Mutex::default(),
            undone: AtomicU32::new(0),
            under_way: Mutex::default(),
            peak: Mutex::default(),
            silent: AtomicBool::new(false),
            limits: Limits { parallel: 8, per_minute: 1_000, ..Limits::default() },
            lasting: SignedDuration::from_secs(1),
        };
        let journal = Fragile {
            inner: MemoryJournal::new(),
            killed,
            appends: AtomicU32::new(0),
            mishap: Mutex::default(),
        };
        Self {
            plan,
            clock,
            target: Arc::new(target),
            journal,
            stop: AtomicBool::new(false),
            token: 1,
            pace: Pace { attempts: 1, ..Pace::default() },
        }
    }

    /// A plan with one step of an action, on `lab/vlan/x`.
    pub(super) fn one(action: Action) -> Self {
        let there = Estate::of(&[("x", 1500)]);
        match action {
            Action::Create => Self::new(&[desired("x", 9000)], Estate::default()),
            Action::Update => Self::new(&[desired("x", 9000)], there),
            Action::Replace => {
                let mut wanted = desired("x", 9000);
                wanted.replace_on.insert("mtu".to_owned());
                Self::new(&[wanted], there)
            }
            Action::Destroy => Self::new(&[], there),
            Action::Run => {
                let mut proposal = crate::proposal::Proposal::new(vlan("x"), Action::Run);
                let change =
                    crate::step::FieldChange::new("changes", Some(3.into()), Some(0.into()));
                proposal.fields = vec![change];
                let terms = Terms { proposals: vec![proposal], ..Terms::new("r1", noon()) };
                let plan = plan(None, &[], &Observations::complete("lab", noon()), &terms);
                Self::of(plan, Estate::default())
            }
        }
    }

    pub(super) fn script(&self, name: &str, deeds: &[Deed]) {
        let deeds = deeds.iter().copied().collect();
        self.target.script.lock().unwrap().insert(vlan(name), deeds);
    }

    /// Runs until the end, or until it is killed.
    pub(super) fn run(&self) -> Option<Outcome> {
        let (artefacts, fingerprints) = (Artefacts::new(), FingerprintKey::default());
        let mut targets = Targets::new();
        let target: Arc<dyn Target> = self.target.clone();
        targets.insert("lab", target);
        let generation = self.plan.generation();
        let fence = Fence { lease: "apply".to_owned(), token: self.token, generation };
        let run = run(Run {
            plan: &self.plan,
            artefacts: &artefacts,
            targets: &targets,
            journal: &self.journal,
            fence: &fence,
            clock: self.clock.as_ref(),
            fingerprints: &fingerprints,
            pace: self.pace,
            stop: &self.stop,
        });
        self.journal.killed.store(false, Ordering::Relaxed);
        let mut run = pin!(run);
        let mut context = Context::from_waker(Waker::noop());
        loop {
            if let Poll::Ready(outcome) = run.as_mut().poll(&mut context) {
                return Some(outcome);
            }
            if self.journal.killed.load(Ordering::Relaxed) {
                return None;
            }
            assert!(self.clock.advance(), "everybody waits for somebody else");
        }
    }

    /// A new executor with a newer token; whatever was wrong is mended.
    pub(super) fn go_on(&mut self) -> Outcome {
        *self.journal.mishap.lock().unwrap() = None;
        self.target.script.lock().unwrap().clear();
        self.target.silent.store(false, Ordering::Relaxed);
        self.token += 1;
        self.journal.inner.lease(self.token);
        self.run().expect("nobody kills the second one")
    }

    /// What the estate is when the plan is carried out by somebody who never fails.
    pub(super) fn ideal(&self, before: &Estate) -> Estate {
        let mut estate = before.clone();
        estate.carry_out_all(&self.plan);
        estate
    }

    pub(super) fn estate(&self) -> Estate {
        self.target.estate.lock().unwrap().clone()
    }
}
