//! Scripts of iPXE: the first one, and that of whoever asks.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use super::fresh;
use crate::service::Service;

/// What iPXE says about the machine. A key that it leaves empty is as one that it leaves out.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asking {
    mac: String,
    uuid: String,
    role: String,
}

/// The script that every machine gets first.
pub(super) async fn first(State(service): State<Arc<Service>>) -> Response {
    fresh(service.settings.first.clone())
}

/// The script of whoever asks. It is never an error: a machine that gets none stops in front of nobody.
pub(super) async fn script(
    State(service): State<Arc<Service>>,
    Query(asking): Query<Asking>,
) -> Response {
    fresh(service.script(&asking.mac, &asking.uuid, &asking.role))
}
