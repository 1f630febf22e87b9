//! OTLP/HTTP: services push their metrics, and council counts (OTLP 1.10, "OTLP/HTTP").
//!
//! The path, the encodings and the answers are the protocol's and not described in our own document. Who pushes is known by a token
//! (`Authorization: Bearer`), and policy is asked before a body is read.

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use otlp::Limits;
use policy::Resource;

use crate::AppState;
use crate::auth::Viewer;
use crate::http::Problem;

/// The routes.
pub(super) fn routes() -> Router<AppState> {
    let limit = DefaultBodyLimit::max(Limits::default().bytes);
    Router::new().route("/v1/metrics", post(metrics).layer(limit))
}

/// Somebody who may push metrics: a stranger's megabytes are not read.
struct Sender;

impl FromRequestParts<AppState> for Sender {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let viewer =
            <Viewer as FromRequestParts<AppState>>::from_request_parts(parts, state).await?;
        state.authorize(&viewer, "measurement.send", Resource::kind("measurement"))?;
        Ok(Self)
    }
}

async fn metrics(
    State(state): State<AppState>,
    _: Sender,
    headers: HeaderMap,
    body: bytes::Bytes,
) -> Result<Response, Problem> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let kind = text(header::CONTENT_TYPE).unwrap_or_default();
    let encoding = text(header::CONTENT_ENCODING);
    // Unpacking and counting ten thousand points takes a while, in which nobody else would be answered.
    let work = move || {
        let (status, (kind, body)) =
            match otlp::decode(&kind, encoding.as_deref(), &body, Limits::default()) {
                Ok(batch) => {
                    let taken = state.take_pushed(&batch);
                    (StatusCode::OK, otlp::answer(&kind, taken.rejected(), &taken.message()))
                }
                Err(refusal) => {
                    let status = StatusCode::from_u16(refusal.http_status());
                    (status.unwrap_or(StatusCode::BAD_REQUEST), otlp::refuse(&kind, &refusal))
                }
            };
        (status, [(header::CONTENT_TYPE, kind)], body).into_response()
    };
    tokio::task::spawn_blocking(work).await.map_err(|error| Problem::internal(&error))
}
