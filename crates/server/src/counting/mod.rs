//! Counting: what council measures itself, for those who have no Prometheus.
//!
//! Whoever tries a probe or reads what was pushed counts here, in memory, by steps of five minutes; what a step holds is written
//! down when it is over, and sooner while something fails. [`probing`] makes a probe of what the playbook says, [`watching`]
//! sends the alerts that Prometheus would.
//!
//! Invariants: a step is written once, and again only for what came after; what the ledger did not take is kept for the next
//! attempt; what a crash loses is unknown later, and never good.

mod probing;
mod pushed;
mod view;
mod watching;

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
pub use probing::probe_of;
use pushed::Pair;
pub(crate) use pushed::Pushed;
use reliability::record::Command as Any;
use reliability::record::measurement::{Command, Count, STEP};
pub(crate) use view::{ProbeRow, Tried, probe_rows};
pub(crate) use watching::Watch;

use crate::AppState;
use crate::http::Problem;

/// How long after a failure was written down the next one waits: an outage is not told five minutes late.
const SOON: SignedDuration = SignedDuration::from_mins(1);

/// How long after a step what is pushed of it is waited for: a sender has two metrics, and counts are made of both.
const LATE: i64 = 60;

/// Sources that stand in one entry of the ledger, whose bodies are limited.
const TOGETHER: usize = 4_000;

/// What was counted and is not written down yet, and how probes went last.
#[derive(Debug, Default)]
pub(crate) struct Counting {
    pending: Mutex<Pending>,
    tried: Mutex<BTreeMap<String, Tried>>,
}

type Counts = BTreeMap<String, Count>;

#[derive(Debug, Default)]
struct Pending {
    /// By the second in which the step began.
    steps: BTreeMap<i64, Counts>,
    /// What was pushed, before it is a count.
    pairs: BTreeMap<i64, BTreeMap<String, Pair>>,
    /// When something was written last.
    written: Option<Timestamp>,
}

impl Pending {
    fn add(&mut self, begin: i64, source: String, count: Count) {
        let known = self.steps.entry(begin).or_default().entry(source).or_default();
        *known = known.plus(count);
    }

    /// Takes out what is to be written now: steps that are over, and the one that goes on while something fails.
    fn due(&mut self, now: Timestamp) -> BTreeMap<i64, Counts> {
        while let Some(step) = self.pairs.first_entry() {
            let begin = *step.key();
            if begin + STEP + LATE > now.as_second() {
                break;
            }
            for (source, pair) in step.remove() {
                let counted = pair.counted.min(pair.total);
                let bad = if pair.good { pair.total - counted } else { counted };
                self.add(begin, source, Count { bad, total: pair.total });
            }
        }
        let fails = |counts: &Counts| counts.values().any(|count| count.bad > 0);
        let is_late = self.written.is_none_or(|at| now.duration_since(at) >= SOON);
        let is_due = |begin: i64, counts: &Counts| {
            begin + STEP <= now.as_second() || (is_late && fails(counts))
        };
        let (due, rest) =
            std::mem::take(&mut self.steps).into_iter().partition(|(at, it)| is_due(*at, it));
        self.steps = rest;
        if !BTreeMap::is_empty(&due) {
            self.written = Some(now);
        }
        due
    }
}

impl Counting {
    /// Counts events of a source that happened at a moment.
    pub(crate) fn add(&self, source: String, at: Timestamp, count: Count) {
        let begin = at.as_second().div_euclid(STEP) * STEP;
        self.pending.lock().unwrap_or_else(PoisonError::into_inner).add(begin, source, count);
    }

    /// Counts what was pushed of a source for the step that a moment lies in.
    fn add_pair(&self, source: String, at: Timestamp, pair: Pair) {
        let begin = at.as_second().div_euclid(STEP) * STEP;
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        let known = pending.pairs.entry(begin).or_default().entry(source).or_default();
        known.good = pair.good;
        known.counted = known.counted.saturating_add(pair.counted);
        known.total = known.total.saturating_add(pair.total);
    }

    /// Remembers how a probe went.
    pub(crate) fn remember(&self, probe: String, tried: Tried) {
        self.tried.lock().unwrap_or_else(PoisonError::into_inner).insert(probe, tried);
    }

    /// How a probe went last.
    pub(crate) fn last(&self, probe: &str) -> Option<Tried> {
        self.tried.lock().unwrap_or_else(PoisonError::into_inner).get(probe).cloned()
    }
}

impl AppState {
    /// Writes down what was counted and is due, and returns how many steps that were. Blocks.
    pub(crate) fn write_counts(&self) -> Result<usize, Problem> {
        let now = self.clock().now();
        let pending = || self.counting().pending.lock().unwrap_or_else(PoisonError::into_inner);
        let due = pending().due(now);
        let (mut written, mut failed) = (0, None);
        for (begin, counts) in due {
            match self.write_step(begin, &counts) {
                Ok(()) => written += 1,
                // No later attempt helps what the procedure refuses, such as a step of long ago.
                Err(problem) if problem.status().is_client_error() => {
                    tracing::warn!(detail = problem.detail(), "a count is lost");
                }
                Err(problem) => {
                    let mut pending = pending();
                    for (source, count) in counts {
                        pending.add(begin, source, count);
                    }
                    failed = Some(problem);
                }
            }
        }
        failed.map_or(Ok(written), Err)
    }

    fn write_step(&self, begin: i64, counts: &Counts) -> Result<(), Problem> {
        let from = Timestamp::from_second(begin).map_err(|error| Problem::internal(&error))?;
        let all: Vec<_> = counts.iter().collect();
        for part in all.chunks(TOGETHER) {
            let counts = part.iter().map(|(source, count)| ((*source).clone(), **count)).collect();
            self.perform_itself(Any::Measurement(Command::Count { from, counts }))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_100 + second).expect("a moment")
    }

    fn pending(bad: u64) -> Pending {
        let mut pending = Pending::default();
        pending.add(at(0).as_second(), "probe/front".to_owned(), Count { bad, total: 2 });
        pending
    }

    #[test]
    fn a_step_is_written_when_it_is_over() {
        let mut good = pending(0);
        assert!(good.due(at(299)).is_empty());
        assert_eq!((good.due(at(300)).len(), good.due(at(301)).len()), (1, 0));
    }

    #[test]
    fn what_is_pushed_is_counted_when_both_of_its_metrics_are_there() {
        let counting = Counting::default();
        let pair = |good, counted, total| Pair { good, counted, total };
        counting.add_pair("slo/x".to_owned(), at(10), pair(true, 9, 0));
        counting.add_pair("slo/x".to_owned(), at(20), pair(true, 0, 10));
        counting.add_pair("slo/y".to_owned(), at(20), pair(false, 12, 10));
        let mut pending = counting.pending.lock().expect("nobody panicked");
        assert!(pending.due(at(359)).is_empty());
        let due = pending.due(at(360));
        let counts = due.values().next().expect("a step");
        assert_eq!(counts["slo/x"], Count { bad: 1, total: 10 });
        assert_eq!(counts["slo/y"], Count { bad: 10, total: 10 });
    }

    #[test]
    fn what_fails_is_written_at_once_and_then_every_minute() {
        let mut failing = pending(1);
        assert_eq!(failing.due(at(10)).len(), 1);
        failing.add(at(0).as_second(), "probe/front".to_owned(), Count { bad: 1, total: 1 });
        assert_eq!((failing.due(at(69)).len(), failing.due(at(70)).len()), (0, 1));
    }
}
