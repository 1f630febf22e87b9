//! Objectives: what is left of error budgets, measured in the background and remembered for readers.
//!
//! [`measure`] asks Prometheus and counts; the worker does so on a timer and hands the result to the gate, too; [`view`] shows
//! it. Readers take what was measured last with its age and never wait for Prometheus.
//!
//! Invariants: a Prometheus that is down, slow or talks nonsense makes budgets unknown, with the reason, and never empty or
//! full; how much is remembered of an objective does not grow with its window.
//!
//! It is a memory, not a truth: after a start nothing is known until the first look.

mod measure;
mod source;
mod view;

use std::collections::BTreeMap;
use std::sync::Arc;

use arc_swap::ArcSwapOption;
use gitops::gate;
use jiff::Timestamp;
use reliability::slo::budget::{Amendments, Budget, Remaining};
use reliability::slo::{Indicator, Slo};

pub use measure::{Fetched, fetch};
pub(crate) use view::{Change, HistoryPoint, ObjectiveDetail, ObjectiveRow};

use crate::{AppState, Lens};

/// What was measured of one objective.
#[derive(Clone, Debug)]
pub(crate) struct Measured {
    pub(crate) slo: Slo,
    pub(crate) budget: Budget,
    /// What Prometheus was not sure of, or why it said nothing.
    pub(crate) warnings: Vec<String>,
}

/// One look at all objectives.
#[derive(Debug)]
pub(crate) struct Look {
    pub(crate) at: Timestamp,
    pub(crate) measured: Vec<Measured>,
    /// Whether an estate plays Prometheus.
    pub(crate) simulated: bool,
    /// What readers are shown, made once.
    rows: Vec<ObjectiveRow>,
}

/// The last look.
#[derive(Debug, Default)]
pub(crate) struct Objectives {
    last: ArcSwapOption<Look>,
}

impl Objectives {
    /// What was seen last; nothing right after a start.
    pub(crate) fn last(&self) -> Option<Arc<Look>> {
        self.last.load_full()
    }
}

impl Lens {
    /// What people decided about budgets, by the objective's id.
    fn amendments(&self) -> BTreeMap<String, Amendments> {
        let reading = self.reading();
        let all = self.record.state.reliability.budgets.iter();
        all.map(|(id, amended)| (id.clone(), amended.amendments(id, reading.texts))).collect()
    }
}

impl AppState {
    /// Asks for all budgets and remembers what is left of them.
    pub(crate) async fn measure_objectives(&self) -> Arc<Look> {
        let snapshot = self.snapshot();
        let now = whole_minute(self.clock().now());
        let slos = reliability::slo::lower(snapshot.model()).slos.clone();
        let (own, slos): (Vec<_>, Vec<_>) =
            slos.into_iter().partition(|slo| matches!(slo.indicator, Indicator::Own(_)));
        let source = source::of(self.config(), self.client(), snapshot.model());
        let amended = self.lens().amendments();
        let record = self.record();
        let mut measured: Vec<_> = own
            .into_iter()
            .map(|slo| {
                let key = slo.counted_as();
                let known = key.and_then(|key| record.state.reliability.measurements.get(&key));
                measure::own(slo, known, &amended, now)
            })
            .collect();
        measured.extend(measure::all(slos, amended, source, now).await);
        measured.sort_by(|left, right| left.slo.id.cmp(&right.slo.id));
        let simulated = source::is_simulated(self.config());
        let look = Arc::new(Look::new(now, measured, simulated));
        // A playbook without objectives says nothing of budgets, but takes back what it said when it had some.
        let said = self.objectives().last().is_some_and(|last| !last.measured.is_empty());
        if said || !look.measured.is_empty() {
            self.situation().measure(budgets(&look));
        }
        self.objectives().last.store(Some(look.clone()));
        look
    }
}

/// Samples stand at whole minutes, so that the same query twice in a minute is the same query to every cache on the way.
fn whole_minute(now: Timestamp) -> Timestamp {
    Timestamp::from_second(now.as_second() - now.as_second().rem_euclid(60)).unwrap_or(now)
}

/// What the gate is told: of each service its worst budget.
fn budgets(look: &Look) -> BTreeMap<String, gate::Budget> {
    let mut worst: BTreeMap<String, gate::Budget> = BTreeMap::new();
    for measured in &look.measured {
        let budget = of_gate(measured);
        match worst.get(&measured.slo.service) {
            Some(known) if gravity(known) >= gravity(&budget) => {}
            Some(_) | None => {
                worst.insert(measured.slo.service.clone(), budget);
            }
        }
    }
    worst
}

fn of_gate(measured: &Measured) -> gate::Budget {
    match &measured.budget.remaining {
        Remaining::Known(left) | Remaining::Between { best: left, .. } if *left <= 0.0 => {
            gate::Budget::Spent(None)
        }
        Remaining::Known(left) | Remaining::Between { worst: left, .. } if *left > 0.0 => {
            gate::Budget::Left(thousandths(*left))
        }
        Remaining::Known(_) | Remaining::Between { .. } => gate::Budget::Unknown(format!(
            "`{}` has gaps in its measurements: the budget may be spent, or not",
            measured.slo.id
        )),
        Remaining::Unknown(why) => {
            let said = measured.warnings.first().unwrap_or(why);
            gate::Budget::Unknown(format!("`{}`: {said}", measured.slo.id))
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is between 0 and 1000"
)]
fn thousandths(left: f64) -> u32 {
    (left.clamp(0.0, 1.0) * 1_000.0).floor() as u32
}

/// Spent is worse than unknown, and unknown is worse than whatever is left.
fn gravity(budget: &gate::Budget) -> (u8, std::cmp::Reverse<u32>) {
    match budget {
        gate::Budget::Spent(_) => (2, std::cmp::Reverse(0)),
        gate::Budget::Unknown(_) => (1, std::cmp::Reverse(0)),
        gate::Budget::Left(thousandths) => (0, std::cmp::Reverse(*thousandths)),
    }
}
