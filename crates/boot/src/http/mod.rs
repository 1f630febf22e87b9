//! The HTTP side: scripts, answers, secrets, calls, files.
//!
//! Answers are short plain texts, errors too: what reads them is firmware, and the person at its console.

mod files;
mod install;
mod range;
mod scripts;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};

use crate::limits;
use crate::service::Service;

/// All routes.
pub(crate) fn router(service: Arc<Service>) -> Router {
    Router::new()
        .route("/boot.ipxe", get(scripts::first))
        .route("/ipxe", get(scripts::script))
        .route("/first-stage/{code}", get(files::first_stage))
        .route("/files/{*path}", get(files::file))
        .route("/install/{token}/secret/{name}", get(install::secret))
        .route("/install/{token}/phone-home/{stage}", post(install::phone_home))
        .route("/install/{token}/{*document}", get(install::document))
        .route("/healthz", get(|| async { "ok\n" }))
        .fallback(|| async { refuse(StatusCode::NOT_FOUND, "nothing is here") })
        .layer(DefaultBodyLimit::max(limits::BODY))
        .with_state(service)
}

/// A refusal in a line.
fn refuse(status: StatusCode, why: &str) -> Response {
    (status, format!("{why}\n")).into_response()
}

/// A text that nothing on its way may keep: the next one may differ.
fn fresh(text: impl Into<axum::body::Body>) -> Response {
    const TYPE: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");
    const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
    let mut response = Response::new(text.into());
    response.headers_mut().insert(header::CONTENT_TYPE, TYPE);
    response.headers_mut().insert(header::CACHE_CONTROL, NO_STORE);
    response
}
