//! Asks Prometheus about many budgets at once, and counts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use reliability::record::measurement;
use reliability::slo::budget::{
    Amendments, Budget, Point, Queries, Reading, Series, budget, queries, readings,
};
use reliability::slo::{Minutes, Slo};
use systems::prometheus::{Found, MOST_SAMPLES, Prometheus};
use tokio::sync::Semaphore;

use super::Measured;

/// Objectives that are asked about at once: Prometheus answers 20 queries at a time, others ask too, and what it says is counted
/// on the processors that serve pages.
const AT_ONCE: usize = 4;

/// The finest step: a budget of days does not change within five minutes.
const FINEST: Minutes = Minutes::FIVE;

/// Points of a budget's history that are kept: as many as a chart has pixels to show.
const POINTS: usize = 240;

/// What came of one objective.
#[derive(Debug, Default)]
pub struct Fetched {
    /// What was measured, step by step; gaps say why.
    pub readings: Vec<Reading>,
    /// What Prometheus was not sure of, and why it did not answer.
    pub warnings: Vec<String>,
}

impl Fetched {
    /// Nothing, and why.
    fn nothing(warnings: Vec<String>) -> Self {
        Self { readings: Vec::new(), warnings }
    }
}

/// Measures all of them. Samples of an objective live as long as it takes to count them.
pub(super) async fn all(
    slos: Vec<Slo>,
    amended: BTreeMap<String, Amendments>,
    source: Result<Prometheus, String>,
    now: Timestamp,
) -> Vec<Measured> {
    let amended = Arc::new(amended);
    let prometheus = match source {
        Ok(prometheus) => prometheus,
        Err(why) => {
            let unknown = |slo| counted(slo, Fetched::nothing(vec![why.clone()]), &amended, now);
            return slos.into_iter().map(unknown).collect();
        }
    };
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let mut asked = tokio::task::JoinSet::new();
    for slo in slos.clone() {
        let (prometheus, turns, amended) = (prometheus.clone(), turns.clone(), amended.clone());
        asked.spawn(async move {
            // The semaphore is never closed; without it there would only be more at once.
            let _turn = turns.acquire().await;
            let fetched = fetch(&slo, &prometheus, now).await;
            counted(slo, fetched, &amended, now)
        });
    }
    let mut all = Vec::new();
    while let Some(answer) = asked.join_next().await {
        all.extend(answer.ok());
    }
    // An objective that could not be counted, which is a bug of ours, is unknown, and not away.
    let known: BTreeSet<String> = all.iter().map(|one: &Measured| one.slo.id.clone()).collect();
    for slo in slos.into_iter().filter(|slo| !known.contains(&slo.id)) {
        let warnings = vec!["council failed to count it; its log says why".to_owned()];
        all.push(counted(slo, Fetched::nothing(warnings), &amended, now));
    }
    all.sort_by(|left, right| left.slo.id.cmp(&right.slo.id));
    all
}

/// One that council counts itself, from what is written down.
pub(super) fn own(
    slo: Slo,
    counted: Option<&measurement::State>,
    amended: &BTreeMap<String, Amendments>,
    now: Timestamp,
) -> Measured {
    let bounds = slo.window.bounds(now);
    let readings = counted.zip(bounds).map(|(known, (from, _))| known.readings((from, now)));
    let warnings = match &readings {
        Some(_) => Vec::new(),
        None => vec!["nothing was counted yet".to_owned()],
    };
    let readings = readings.unwrap_or_default();
    self::counted(slo, Fetched { readings, warnings }, amended, now)
}

fn counted(
    slo: Slo,
    fetched: Fetched,
    amended: &BTreeMap<String, Amendments>,
    now: Timestamp,
) -> Measured {
    let Fetched { readings, mut warnings } = fetched;
    // Both queries of an objective fail on the same thing.
    warnings.dedup();
    let of = (slo.objective, &slo.window);
    let nothing = Amendments::default();
    let amendments = amended.get(&slo.id).unwrap_or(&nothing);
    let whole = budget(of, &readings, amendments, now);
    let budget = Budget { history: thinned(&whole.history), ..whole };
    Measured { slo, budget, warnings }
}

/// Every so-manieth point, and the last.
fn thinned(history: &[Point]) -> Vec<Point> {
    let every = history.len().div_ceil(POINTS).max(1);
    let last = history.len().saturating_sub(1);
    let kept = history.iter().enumerate().filter(|(at, _)| at % every == 0 || *at == last);
    kept.map(|(_, point)| *point).collect()
}

/// Asks for the samples of one objective's window. What a query failed on is a warning, and its samples are missing.
pub async fn fetch(slo: &Slo, prometheus: &Prometheus, now: Timestamp) -> Fetched {
    let Some((from, _)) = slo.window.bounds(now) else { return Fetched::default() };
    let step = step(from, now);
    let Ok(minutes) = i64::try_from(step.count()) else { return Fetched::default() };
    let length = SignedDuration::from_mins(minutes);
    let until = aligned(now, length);
    // The last reading ends less than a step ago; the first begins a step or less before the window does.
    let steps = (until.duration_since(from).as_secs() + length.as_secs() - 1) / length.as_secs();
    if steps < 1 {
        // A month has just begun, and nothing of it can be known yet.
        return Fetched::nothing(vec!["the window has just begun".to_owned()]);
    }
    let start = until - SignedDuration::from_secs(steps * length.as_secs());
    let mut warnings = Vec::new();
    let mut series = async |query: &str| -> Option<Series> {
        let found = prometheus.range(query, (start + length, until), length).await;
        match found {
            Ok(Found { samples, warnings: unsure }) => {
                let is_whole = unsure.is_empty();
                warnings.extend(unsure);
                // What a server is not sure of is not known.
                is_whole.then_some(samples)
            }
            Err(error) => {
                warnings.push(in_one_line(&error));
                None
            }
        }
    };
    let Some(asked) = queries(slo, step) else {
        let warnings = vec!["council counts it itself, and not Prometheus".to_owned()];
        return Fetched::nothing(warnings);
    };
    let (bad, total) = match asked {
        Queries::Events { bad, total } => (series(&bad).await, Some(series(&total).await)),
        Queries::Ratio(ratio) => (series(&ratio).await, None),
    };
    let (bad, total) = (bad.unwrap_or_default(), total.map(Option::unwrap_or_default));
    Fetched { readings: readings((start, until, step), &bad, total.as_ref()), warnings }
}

/// The last moment that is a multiple of the step. VictoriaMetrics and the front ends of Thanos and Mimir move every question there,
/// to remember its answer; a question that asked for other moments would find no sample where it looks for one.
fn aligned(now: Timestamp, length: SignedDuration) -> Timestamp {
    let second = now.as_second();
    Timestamp::from_second(second - second.rem_euclid(length.as_secs())).unwrap_or(now)
}

/// An error, and what is at the bottom of it: what lies between says the same in the client's own words.
fn in_one_line(error: &dyn std::error::Error) -> String {
    let bottom = std::iter::successors(error.source(), |cause| cause.source()).last();
    bottom.map_or_else(|| error.to_string(), |bottom| format!("{error}: {bottom}"))
}

/// The finest step with which a window fits into one answer.
fn step(from: Timestamp, now: Timestamp) -> Minutes {
    let seconds = now.duration_since(from).as_secs();
    let least = seconds / (i64::from(MOST_SAMPLES) * 60) + 1;
    let least = u64::try_from(least).unwrap_or(1);
    FINEST.max(Minutes::of(least.next_multiple_of(FINEST.count())))
}
