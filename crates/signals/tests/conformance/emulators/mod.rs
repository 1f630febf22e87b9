//! Small stores on loopback that are stricter than the real ones: what a vendor's description does not have is refused.
//!
//! They are ours, they keep what is pushed to them as the real ones take it, and the suite that they pass is the one that real
//! servers pass when a variable names one.

pub(crate) mod elastic;
pub(crate) mod graylog;
pub(crate) mod jaeger;
pub(crate) mod loki;
pub(crate) mod scan;
pub(crate) mod spans;
pub(crate) mod tempo;

use std::collections::BTreeMap;

use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

/// Parameters of a request.
pub(crate) type Parameters = BTreeMap<String, String>;

/// An answer, or the refusal to give one.
pub(crate) type Answer = Result<Response, Response>;

/// Serves on a free port; returns the address.
pub(crate) async fn serve(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// A refusal.
pub(crate) fn bad(why: impl Into<String>) -> Response {
    (StatusCode::BAD_REQUEST, why.into()).into_response()
}

/// Refuses parameters that are not in the vendor's description.
pub(crate) fn only(given: &Parameters, known: &[&str]) -> Result<(), Response> {
    match given.keys().find(|name| !known.contains(&name.as_str())) {
        Some(strange) => Err(bad(format!("unknown parameter {strange}"))),
        None => Ok(()),
    }
}

/// A parameter that must be there.
pub(crate) fn needed<'p>(given: &'p Parameters, name: &str) -> Result<&'p str, Response> {
    given.get(name).map(String::as_str).ok_or_else(|| bad(format!("{name} is missing")))
}

/// A moment in units of which a present one has so many digits: nanoseconds 19, microseconds 16, seconds 10.
pub(crate) fn epoch(given: &Parameters, name: &str, digits: usize) -> Result<i128, Response> {
    let text = needed(given, name)?;
    match text.parse() {
        Ok(at) if text.len() == digits => Ok(at),
        Ok(_) | Err(_) => Err(bad(format!("{name}={text} does not have {digits} digits"))),
    }
}
