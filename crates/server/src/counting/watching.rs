//! The alerts of objectives that council counts itself, sent to its own door as Prometheus sends them.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use reliability::alerts::{Labels, Posted};
use reliability::slo::{Burning, burning, lower};

use crate::AppState;
use crate::http::Problem;

/// How often is looked, as Prometheus evaluates its rules.
const EVERY: SignedDuration = SignedDuration::from_mins(1);

/// Until when an alert counts unless it is sent again: four looks, as Prometheus has it.
const COUNTS: SignedDuration = SignedDuration::from_mins(4);

/// What fires.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    looked: Option<Timestamp>,
    fires: BTreeMap<BTreeMap<String, String>, Burning>,
}

impl Watch {
    /// Looks, if it is time, and sends what fires and what does not fire any more. Returns how many fire.
    pub(crate) async fn look(&mut self, state: &AppState) -> Result<usize, Problem> {
        let now = state.clock().now();
        if self.looked.is_some_and(|at| now.duration_since(at).abs() < EVERY) {
            return Ok(self.fires.len());
        }
        let fires: BTreeMap<_, _> = all(state, now).into_iter().collect();
        let over = self.fires.iter().filter(|(labels, _)| !fires.contains_key(*labels));
        let over = over.map(|(_, alert)| posted(alert, now));
        let until = now.checked_add(COUNTS).unwrap_or(now);
        let sent: Vec<_> = fires.values().map(|alert| posted(alert, until)).chain(over).collect();
        if !sent.is_empty() {
            state.receive_alerts(sent).await?;
        }
        // Only now: what could not be sent is sent again at the next turn.
        (self.looked, self.fires) = (Some(now), fires);
        Ok(self.fires.len())
    }
}

fn all(state: &AppState, now: Timestamp) -> Vec<(BTreeMap<String, String>, Burning)> {
    let (snapshot, record) = (state.snapshot(), state.record());
    let mut all = Vec::new();
    for slo in &lower(snapshot.model()).slos {
        let Some(key) = slo.counted_as() else { continue };
        let counted = record.state.reliability.measurements.get(&key);
        let fires = counted.map(|counted| burning(slo, counted, now)).unwrap_or_default();
        all.extend(fires.into_iter().map(|alert| (alert.labels.clone(), alert)));
    }
    all
}

fn posted(alert: &Burning, ends_at: Timestamp) -> Posted {
    Posted {
        labels: Labels(alert.labels.clone()),
        annotations: alert.annotations.clone(),
        starts_at: None,
        ends_at: Some(ends_at),
        generator_url: None,
    }
}
