//! Probes: tries what the playbook says, each at its own pace, writes down what was counted, and watches the objectives that
//! live on it.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ::probe::{Failure as Why, Prober};
use jiff::{SignedDuration, Timestamp};
use playbook::Typed;
use reliability::kinds::Probe;
use reliability::record::measurement::Count;
use reliability::slo::Own;
use tokio::runtime::Handle;

use super::runner::{Failure, Turn, Worker};
use crate::AppState;
use crate::counting::{Tried, Watch, probe_of};

/// The longest time between two turns: a playbook may have a new probe.
const SELDOM: Duration = Duration::from_secs(15);

/// The worker.
pub(crate) struct Probes {
    /// When each is tried next.
    due: BTreeMap<String, Timestamp>,
    /// Those that are being tried.
    running: Arc<Mutex<BTreeSet<String>>>,
    prober: Arc<Prober>,
    watch: Watch,
}

impl Probes {
    pub(crate) fn new(state: &AppState) -> Self {
        let clock = state.clock().clone();
        Self {
            due: BTreeMap::new(),
            running: Arc::default(),
            prober: Arc::new(Prober::new(move || clock.now())),
            watch: Watch::default(),
        }
    }

    /// Tries one, without waiting for it. One that still runs is not tried twice; then this says no.
    fn begin(&self, state: &AppState, probe: &Typed<'_, Probe>) -> bool {
        let name = probe.name().to_owned();
        let key = Own::Probe(name.clone()).key("");
        let good_within = probe.good_within_ms;
        let (prober, running, shared) = (self.prober.clone(), self.running.clone(), state.clone());
        let tried = probe_of(probe.spec, state.config().variable);
        if !running.lock().unwrap_or_else(PoisonError::into_inner).insert(name.clone()) {
            return false;
        }
        Handle::current().spawn(async move {
            let at = shared.clock().now();
            // A probe that cannot be carried out says nothing of the service: nothing is counted.
            let mut counts = false;
            let tried = match tried {
                Ok((probe, limit)) => {
                    let outcome = prober.run(&probe, limit).await;
                    counts = !outcome.why.as_ref().is_some_and(Why::is_of_the_probe);
                    let milliseconds = u64::try_from(outcome.took.as_millis()).unwrap_or(u64::MAX);
                    let slow = good_within.filter(|most| milliseconds > u64::from(*most));
                    let slow = slow
                        .map(|most| format!("it took {milliseconds} ms, and {most} ms are good"));
                    let why = outcome.why.map(|why| why.to_string()).or(slow);
                    let certificate_until = outcome.certificate_until;
                    Tried { at, ok: why.is_none(), milliseconds, why, certificate_until }
                }
                Err(why) => Tried {
                    at,
                    ok: false,
                    milliseconds: 0,
                    why: Some(why),
                    certificate_until: None,
                },
            };
            if counts {
                shared.counting().add(key, at, Count { bad: u64::from(!tried.ok), total: 1 });
            }
            shared.counting().remember(name.clone(), tried);
            running.lock().unwrap_or_else(PoisonError::into_inner).remove(&name);
        });
        true
    }
}

impl Worker for Probes {
    const NAME: &'static str = "probes";
    const PURPOSE: &'static str =
        "Tries probes, and watches the objectives that council counts itself.";

    fn turn(&mut self, state: &AppState) -> Result<Turn, Failure> {
        let (snapshot, now) = (state.snapshot(), state.clock().now());
        let mut known = BTreeSet::new();
        for probe in snapshot.model().all::<Probe>() {
            let name = probe.name().to_owned();
            let interval = probe.interval().max(Probe::LEAST).to_duration();
            let due = *self.due.entry(name.clone()).or_insert_with(|| now + first(&name, interval));
            if due <= now && self.begin(state, &probe) {
                // In step with the first, unless the machine slept.
                let next = due.checked_add(interval).unwrap_or(now);
                self.due.insert(name.clone(), if next > now { next } else { now + interval });
            }
            known.insert(name);
        }
        self.due.retain(|name, _| known.contains(name));
        state.write_counts().map_err(|problem| problem.detail().to_owned())?;
        let fire = Handle::current()
            .block_on(self.watch.look(state))
            .map_err(|problem| problem.detail().to_owned())?;
        let soonest = self.due.values().min().map(|due| due.duration_since(now));
        let next = soonest.and_then(|next| Duration::try_from(next).ok()).unwrap_or(SELDOM);
        let note = match (known.len(), fire) {
            (0, 0) => "the playbook has no probes".to_owned(),
            (all, 0) => format!("{all} probes, no alert"),
            (all, fire) => format!("{all} probes, {fire} alerts"),
        };
        Ok(Turn { note, next: next.clamp(Duration::from_millis(200), SELDOM) })
    }
}

/// Within the first interval, by its name, so that not all are tried at once.
fn first(name: &str, interval: SignedDuration) -> SignedDuration {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    let share = u32::try_from(hasher.finish() % 1_000).unwrap_or_default();
    // The first one soon: somebody waits for it.
    interval.min(SignedDuration::from_secs(5)) * i32::try_from(share).unwrap_or_default() / 1_000
}
