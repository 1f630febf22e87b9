//! Time, rate and the catch-all answers.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::rate::{self, Asked};
use super::{Peer, Problem};
use crate::AppState;
use crate::limits::{PLANNING_TIMEOUT, REQUEST_TIMEOUT};

/// Refuses clients that ask too fast, and ends requests that take too long.
pub(crate) async fn guard(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let peer = Peer::of(&parts, &state);
    let rates = state.rates(Asked::by(&parts.method, &parts.uri));
    if let Err(seconds) = rates.take(peer.address, state.clock().now()) {
        return rate::too_many(seconds).into_response();
    }
    let limit = patience(&parts.method, &parts.uri);
    let answer = next.run(Request::from_parts(parts, body));
    // An event stream's answer begins at once; the timeout does not cover what it streams.
    match tokio::time::timeout(limit, answer).await {
        Ok(response) => response,
        Err(_) => Problem::unavailable(
            "timeout",
            format!("The request took longer than {} s and was given up.", limit.as_secs()),
        )
        .into_response(),
    }
}

/// How long a request may take. Nothing here computes for seconds, but planning asks the systems themselves.
fn patience(method: &Method, address: &Uri) -> Duration {
    const PLANNING: [&str; 4] = ["/changes", "/plan", "/plans", "/rollback"];
    let plans = PLANNING.iter().any(|end| address.path().ends_with(end));
    if *method == Method::POST && plans { PLANNING_TIMEOUT } else { REQUEST_TIMEOUT }
}

/// The answer to an address that does not exist.
pub(crate) async fn unknown_address(request: Request) -> Problem {
    Problem::not_found(format!("There is nothing at `{}`.", request.uri().path()))
        .hint("The addresses are listed in /api/v1/openapi.json")
}

/// The answer to a method that an address does not have; the router adds `Allow`.
pub(crate) async fn unknown_method(method: Method, request: Request) -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method-not-allowed",
        "The address does not take this method",
        format!("`{}` does not take {method}.", request.uri().path()),
    )
    .hint("The header `Allow` lists what it takes")
}

/// The answer after a bug made a handler panic.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands the payload over")]
pub(crate) fn panicked(panic: Box<dyn std::any::Any + Send>) -> Response {
    let words = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    tracing::error!(panic = words, "a handler panicked");
    Problem::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "internal",
        "The server failed",
        "The server met a bug of its own.",
    )
    .hint("Look for this answer's `x-request-id` in the server's log, and report it")
    .into_response()
}
