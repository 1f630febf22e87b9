//! Asks Prometheus about many budgets at once.

use std::sync::Arc;

use jiff::Timestamp;
use reliability::slo::Slo;
use secrecy::SecretString;
use server::objectives::{Fetched, fetch};
use systems::prometheus::Prometheus;
use tokio::sync::Semaphore;

use crate::causes;
use crate::command_error::CommandError;

/// Queries that are asked at once: Prometheus answers 20 at a time as it comes, and others ask too.
const AT_ONCE: usize = 10;

/// Where to ask.
pub(super) struct Access {
    pub(super) url: String,
    pub(super) tenant: Option<String>,
    pub(super) token: Option<String>,
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
            (number, fetch(&slo, &prometheus, now).await)
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
