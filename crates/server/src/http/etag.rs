//! Entity tags: `If-None-Match` saves the body of what did not change, `If-Match` keeps two people from
//! overwriting each other.
//!
//! The tag of an answer is a digest of its body. Of a record with a version in the ledger the tag begins
//! with that version and a dash; `If-Match` compares this version alone, because the rest of the answer
//! may say how many hours are left.

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::Problem;
use crate::auth::secret::{Digest, hex};

/// Largest answer that gets a tag: beyond it, buffering costs more than the tag saves.
const MAX_TAGGED: usize = 4 << 20;

/// The version of the record that an answer shows; put into the answer's extensions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Version(pub(crate) u64);

/// Adds the tag, and answers 304 when the client has it already.
pub(crate) async fn tag(request: Request, next: Next) -> Response {
    let is_read = request.method() == Method::GET || request.method() == Method::HEAD;
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let response = next.run(request).await;
    if !is_read || response.status() != StatusCode::OK || !is_json(response.headers()) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, MAX_TAGGED).await else {
        return Problem::internal(&std::io::Error::other("an answer is larger than its limit"))
            .into_response();
    };
    let digest = hex(Digest::of(&body).as_bytes().get(..8).unwrap_or_default());
    let tag = match parts.extensions.get::<Version>() {
        Some(Version(version)) => format!("\"{version}-{digest}\""),
        None => format!("W/\"{digest}\""),
    };
    let tag = HeaderValue::from_str(&tag).expect("BUG: digits make a valid header");
    let is_known = known.is_some_and(|known| matches(&known, &tag));
    parts.headers.insert(header::ETAG, tag);
    if is_known {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_TYPE);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(body))
}

fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"))
}

/// Compares weakly, as RFC 9110 section 13.1.2 has it for `If-None-Match`.
fn matches(known: &HeaderValue, tag: &HeaderValue) -> bool {
    let opaque = |text: &str| text.trim().trim_start_matches("W/").to_owned();
    let (Ok(known), Ok(tag)) = (known.to_str(), tag.to_str()) else { return false };
    known.trim() == "*" || known.split(',').any(|each| opaque(each) == opaque(tag))
}

/// The version that a client has seen, from `If-Match`.
#[derive(Clone, Copy, Debug)]
pub(crate) enum IfMatch {
    /// The header is not there.
    Absent,
    /// `*`: any version, as long as there is one.
    Any,
    /// The version of a tag.
    Version(u64),
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else { return Ok(Self::Absent) };
        let text = value.to_str().unwrap_or_default().trim();
        if text == "*" {
            return Ok(Self::Any);
        }
        let version = text.trim_matches('"').split('-').next().and_then(|text| text.parse().ok());
        version.map(Self::Version).ok_or_else(|| {
            Problem::bad_request("bad-if-match", "`If-Match` does not hold a tag of this record.")
                .hint("Send the `ETag` of the record unchanged")
        })
    }
}

impl IfMatch {
    /// Refuses when the record has moved on since the client read it.
    ///
    /// # Errors
    /// 412 when the versions differ.
    pub(crate) fn check(self, actual: u64) -> Result<(), Problem> {
        match self {
            Self::Version(seen) if seen != actual => Err(Problem::new(
                StatusCode::PRECONDITION_FAILED,
                "changed-meanwhile",
                "Somebody else was faster",
                format!("You saw version {seen} of this record; it is at version {actual} now."),
            )
            .hint("Read it again, and decide anew")),
            Self::Any if actual == 0 => Err(Problem::new(
                StatusCode::PRECONDITION_FAILED,
                "changed-meanwhile",
                "There is no such record yet",
                "`If-Match: *` asks for a record that exists.",
            )),
            Self::Absent | Self::Any | Self::Version(_) => Ok(()),
        }
    }

    /// As [`check`](Self::check), for writes that replace what others wrote and must therefore name it.
    ///
    /// # Errors
    /// 428 when the header is not there, 412 when the versions differ.
    pub(crate) fn require(self, actual: u64) -> Result<(), Problem> {
        match self {
            Self::Absent => Err(Problem::new(
                StatusCode::PRECONDITION_REQUIRED,
                "if-match-required",
                "The request must say which version it changes",
                "This replaces what others may have written meanwhile.",
            )
            .hint("Read the record, and send its `ETag` as `If-Match`")),
            Self::Any | Self::Version(_) => self.check(actual),
        }
    }
}
