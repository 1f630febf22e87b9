//! One span, one measurement and one log line for each request, by route and not by address, so that names and
//! ids stay out of all three.

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;

use crate::AppState;
use crate::http::request_id::RequestId;

/// What requests to addresses that do not exist are counted under.
const NO_ROUTE: &str = "(none)";

/// Measures a request.
pub(crate) async fn observe(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| NO_ROUTE.to_owned(), |path| path.as_str().to_owned());
    let method = request.method().clone();
    let id = request.extensions().get::<RequestId>().map(|id| id.as_str().to_owned());
    let span = tracing::info_span!(
        "request",
        otel.name = format!("{method} {route}"),
        otel.kind = "server",
        http.request.method = %method,
        http.route = route,
        http.response.status_code = tracing::field::Empty,
        request_id = id,
    );
    let began = std::time::Instant::now();
    let response = next.run(request).instrument(span.clone()).await;
    let seconds = began.elapsed().as_secs_f64();
    let status = response.status().as_u16();
    span.record("http.response.status_code", status);
    state.metrics().request(method.as_str(), &route, status, seconds);
    span.in_scope(|| tracing::debug!(status, seconds, "answered"));
    response
}
