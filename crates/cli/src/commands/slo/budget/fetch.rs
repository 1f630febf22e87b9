//! Asks Prometheus about many budgets at once.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use reliability::slo::budget::{Queries, Reading, Series, queries, readings};
use reliability::slo::{Minutes, Slo};
use secrecy::SecretString;
use systems::prometheus::{Found, MOST_SAMPLES, Prometheus};
use tokio::sync::Semaphore;

use crate::causes;
use crate::command_error::CommandError;

/// Queries that are asked at once: Prometheus answers 20 at a time as it comes, and others ask too.
const AT_ONCE: usize = 10;

/// The finest step: a budget of days does not change within five minutes.
const FINEST: Minutes = Minutes::FIVE;

/// Where to ask.
pub(super) struct Access {
    pub(super) url: String,
    pub(super) tenant: Option<String>,
    pub(super) token: Option<String>,
}

/// What came of one objective.
#[derive(Debug, Default)]
pub(super) struct Fetched {
    pub(super) readings: Vec<Reading>,
    pub(super) warnings: Vec<String>,
}

/// Asks about all of them. What one query failed on is that objective's warning, not everybody's error.
pub(super) fn all(
    slos: &[Slo],
    access: &Access,
    now: Timestamp,
) -> Result<Vec<Fetched>, CommandError> {
    // A second provider would be a bug of ours; one that is there already is what we want.
    drop(rustls::crypto::ring::default_provider().install_default());
    let client = reqwest::Client::builder()
        .user_agent(concat!("council/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| causes::failed(&error))?;
    let mut prometheus = Prometheus::new(&access.url, client);
    if let Some(token) = &access.token {
        prometheus = prometheus.with_token(SecretString::from(token.as_str()));
    }
    if let Some(tenant) = &access.tenant {
        prometheus = prometheus.with_tenant(tenant.clone());
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| causes::failed(&error))?;
    Ok(runtime.block_on(ask_all(slos, &prometheus, now)))
}

async fn ask_all(slos: &[Slo], prometheus: &Prometheus, now: Timestamp) -> Vec<Fetched> {
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let mut asked = tokio::task::JoinSet::new();
    for (number, slo) in slos.iter().enumerate() {
        let (slo, prometheus, turns) = (slo.clone(), prometheus.clone(), turns.clone());
        asked.spawn(async move {
            // The semaphore is never closed; without it there would only be more at once.
            let _turn = turns.acquire().await;
            (number, ask(&slo, &prometheus, now).await)
        });
    }
    let mut all: Vec<Fetched> = slos.iter().map(|_| Fetched::default()).collect();
    while let Some(answer) = asked.join_next().await {
        if let Ok((number, fetched)) = answer
            && let Some(place) = all.get_mut(number)
        {
            *place = fetched;
        }
    }
    all
}

async fn ask(slo: &Slo, prometheus: &Prometheus, now: Timestamp) -> Fetched {
    let Some((from, _)) = slo.window.bounds(now) else { return Fetched::default() };
    let step = step(from, now);
    let (Ok(minutes), mut warnings) = (i64::try_from(step.count()), Vec::new()) else {
        return Fetched::default();
    };
    let length = SignedDuration::from_mins(minutes);
    // The last reading ends now; the first begins a step or less before the window does.
    let steps = (now.duration_since(from).as_secs() + length.as_secs() - 1) / length.as_secs();
    let start = now - SignedDuration::from_secs(steps * length.as_secs());
    let mut series = async |query: &str| -> Option<Series> {
        let found = prometheus.range(query, (start + length, now), length).await;
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
    let (bad, total) = match queries(slo, step) {
        Queries::Events { bad, total } => (series(&bad).await, Some(series(&total).await)),
        Queries::Ratio(ratio) => (series(&ratio).await, None),
    };
    let (bad, total) = (bad.unwrap_or_default(), total.map(Option::unwrap_or_default));
    Fetched { readings: readings((start, now, step), &bad, total.as_ref()), warnings }
}

/// An error with everything behind it.
fn in_one_line(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(source) = cause {
        line = format!("{line}: {source}");
        cause = source.source();
    }
    line
}

/// The finest step with which a window fits into one answer.
fn step(from: Timestamp, now: Timestamp) -> Minutes {
    let seconds = now.duration_since(from).as_secs();
    let least = seconds / (i64::from(MOST_SAMPLES) * 60) + 1;
    let least = u64::try_from(least).unwrap_or(1);
    FINEST.max(Minutes::of(least.next_multiple_of(FINEST.count())))
}
