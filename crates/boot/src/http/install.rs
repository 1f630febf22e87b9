//! What a token opens: answers, secrets, and calls that say how far a machine is.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use secrecy::ExposeSecret as _;

use super::{fresh, refuse};
use crate::event::{Event, Stage};
use crate::service::{Denied, Service};

/// The same words for a token that never was and for one that has ended: whoever guesses learns nothing.
const CLOSED: &str = "this link opens nothing, or its installation has ended";

/// A document of an installation.
pub(super) async fn document(
    State(service): State<Arc<Service>>,
    Path((token, document)): Path<(String, String)>,
) -> Response {
    let Some(opened) = service.open(&token) else { return refuse(StatusCode::NOT_FOUND, CLOSED) };
    let Some(text) = opened.documents.files.get(&document) else {
        return refuse(StatusCode::NOT_FOUND, "this installation has no such document");
    };
    let answer = fresh(text.clone());
    service.tell(&Event::Answered { machine: opened.machine, document });
    answer
}

/// A secret, once.
pub(super) async fn secret(
    State(service): State<Arc<Service>>,
    Path((token, name)): Path<(String, String)>,
) -> Response {
    match service.take(&token, &name) {
        Ok(value) => fresh(value.expose_secret().to_owned()),
        Err(Denied::Unknown) => refuse(StatusCode::NOT_FOUND, CLOSED),
        Err(Denied::Taken) => refuse(
            StatusCode::GONE,
            "this secret was handed out before; arm the machine again if it was not the one that took it",
        ),
        Err(Denied::Missing) => {
            refuse(StatusCode::SERVICE_UNAVAILABLE, "the service does not have this secret")
        }
    }
}

/// A call. What it says beyond its stage is read, so that it cannot block the wire, and forgotten.
pub(super) async fn phone_home(
    State(service): State<Arc<Service>>,
    Path((token, stage)): Path<(String, String)>,
    _: Bytes,
) -> Response {
    let Some(stage) = Stage::said(&stage) else {
        return refuse(StatusCode::NOT_FOUND, "a machine is `installing`, `installed` or `ready`");
    };
    if service.hear(&token, stage) {
        fresh("heard\n")
    } else {
        refuse(StatusCode::NOT_FOUND, CLOSED)
    }
}
