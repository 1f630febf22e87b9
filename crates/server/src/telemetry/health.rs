//! `/healthz`: the process answers. `/readyz`: it has what it needs to be useful.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use serde::Serialize;

use crate::AppState;
use crate::http::Json;

/// The routes.
pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/healthz", get(healthz)).route("/readyz", get(readyz))
}

async fn healthz() -> &'static str {
    "ok\n"
}

/// What is ready and what is not.
#[derive(Debug, Serialize)]
struct Readiness {
    ready: bool,
    /// The playbook's revision that answers come from.
    revision: String,
    /// Why it is not ready, or what works only in part.
    notes: Vec<String>,
}

async fn readyz(State(state): State<AppState>) -> (StatusCode, Json<Readiness>) {
    let snapshot = state.snapshot();
    let mut notes = Vec::new();
    if snapshot.is_broken() {
        notes.push("the playbook has errors and nothing better was ever read".to_owned());
    }
    if let Some(held) = &snapshot.held_back {
        notes.push(format!(
            "revision {} has errors and is held back since {}; {} stays current",
            held.revision.short(),
            held.since,
            snapshot.revision.short()
        ));
    }
    notes.extend(state.remote().shown());
    let health = state.ledger().health();
    // The address in the error's own words is for the log, not for whoever asks.
    let is_away = matches!(health, Err(ledger::StoreError::Unreachable { .. }));
    match &health {
        Ok(()) => {}
        Err(_) if is_away => notes.push("the ledger's database does not answer".to_owned()),
        Err(error) => notes.push(format!("the ledger: {error}")),
    }
    let stopping = state.stopping().is_cancelled();
    if stopping {
        notes.push("the server is stopping".to_owned());
    }
    let ready = !stopping && !is_away && !snapshot.is_broken();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { ready, revision: snapshot.revision.short(), notes }))
}
