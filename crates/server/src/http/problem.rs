//! Problems: every answer that is not what was asked for, as RFC 9457 describes it.
//!
//! A problem has a stable code for programs, and for people what happened, why, what to do now and, for a
//! refusal, what would have to be different. Words of the inside (error chains, paths, SQL) are logged
//! under the request's id and never sent.

use std::borrow::Cow;

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

/// The media type of problems.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// A problem document (RFC 9457).
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Problem {
    /// A reference to the page about this code.
    #[serde(rename = "type")]
    kind: String,
    /// The stable code.
    code: Cow<'static, str>,
    /// The HTTP status.
    status: u16,
    /// What kind of problem it is, in a few words.
    title: Cow<'static, str>,
    /// What happened this time.
    detail: String,
    /// What to do now.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
    /// The reasons of a refusal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    reasons: Vec<String>,
    /// What would have to be different for the request to pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    would_pass_if: Option<String>,
    /// The policies that decided, for a denial.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    policies: Vec<String>,
    /// Line in the request's body, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    /// Column in that line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
    /// Headers to send along, such as `Allow`.
    #[serde(skip)]
    #[schemars(skip)]
    headers: HeaderMap,
}

impl Problem {
    /// Starts a problem: status, stable code, title.
    pub fn new(
        status: StatusCode,
        code: impl Into<Cow<'static, str>>,
        title: impl Into<Cow<'static, str>>,
        detail: impl Into<String>,
    ) -> Self {
        let code = code.into();
        Self {
            kind: format!("/api/v1/problems/{code}"),
            code,
            status: status.as_u16(),
            title: title.into(),
            detail: detail.into(),
            hint: None,
            reasons: Vec::new(),
            would_pass_if: None,
            policies: Vec::new(),
            line: None,
            column: None,
            headers: HeaderMap::new(),
        }
    }

    /// The reasons of a refusal in one sentence, or what happened.
    pub(crate) fn reasons_in_words(&self) -> String {
        if self.reasons.is_empty() { self.detail.clone() } else { self.reasons.join("; ") + "." }
    }

    /// 400: the request cannot be understood.
    pub fn bad_request(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, "The request cannot be understood", detail)
    }

    /// 401: nobody is signed in.
    pub fn unauthenticated(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "not-signed-in", "Not signed in", detail)
            .header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"council\""))
    }

    /// 403: signed in, and not allowed.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "denied", "Denied by policy", detail)
    }

    /// 404: there is no such thing.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "Not found", detail)
    }

    /// 409: it conflicts with what is.
    pub fn conflict(code: impl Into<Cow<'static, str>>, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, "Conflict", detail)
    }

    /// 500: our fault. The error is logged, not sent. Where the cause is that the ledger's database is away, it is
    /// 503: nobody's fault here, and gone by itself.
    pub fn internal(error: &(dyn std::error::Error + 'static)) -> Self {
        if let Some(away) = Self::ledger_away(error) {
            return away;
        }
        tracing::error!(error = %Chain(error), "a request failed for a reason inside the server");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "The server failed",
            "The server could not do this for a reason of its own; nothing was changed half-way.",
        )
        .hint("Try again; if it stays, look for this answer's `x-request-id` in the server's log")
    }

    fn ledger_away(error: &(dyn std::error::Error + 'static)) -> Option<Self> {
        let mut causes = std::iter::successors(Some(error), |error| error.source());
        let store = causes.find_map(|cause| cause.downcast_ref::<ledger::StoreError>())?;
        let problem = match store {
            ledger::StoreError::Unreachable { .. } => Self::unavailable(
                "ledger-away",
                "The ledger's database does not answer; nothing was recorded.",
            )
            .hint("Try again in a moment"),
            ledger::StoreError::InDoubt { .. } => Self::unavailable(
                "ledger-in-doubt",
                "The ledger's database went away while this was being recorded; nobody knows yet whether it was.",
            )
            .hint("Look whether it is there before you repeat it, or repeat it under the same idempotency key"),
            ledger::StoreError::Full(_)
            | ledger::StoreError::ReadOnly(_)
            | ledger::StoreError::Busy(_)
            | ledger::StoreError::Damaged { .. }
            | ledger::StoreError::Io(_)
            | ledger::StoreError::GivenUp => return None,
        };
        tracing::error!(error = %Chain(error), "the ledger's database is away");
        Some(problem)
    }

    /// 503: not now.
    pub fn unavailable(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, code, "Not available right now", detail)
            .header(header::RETRY_AFTER, HeaderValue::from_static("1"))
    }

    /// Says what to do now.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Lists the reasons of a refusal.
    #[must_use]
    pub fn reasons(mut self, reasons: impl IntoIterator<Item = String>) -> Self {
        self.reasons.extend(reasons);
        self
    }

    /// Says what would have to be different.
    #[must_use]
    pub fn would_pass_if(mut self, condition: impl Into<String>) -> Self {
        self.would_pass_if = Some(condition.into());
        self
    }

    /// Names the policies that decided.
    #[must_use]
    pub fn policies(mut self, policies: impl IntoIterator<Item = String>) -> Self {
        self.policies.extend(policies);
        self
    }

    /// Points into the request's body.
    #[must_use]
    pub fn at(mut self, line: usize, column: usize) -> Self {
        self.line = Some(line);
        self.column = Some(column);
        self
    }

    /// Sends a header along.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// The stable code.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// What kind of problem it is.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What happened.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// What to do now.
    pub fn hint_text(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// The reasons of a refusal.
    pub fn reason_list(&self) -> &[String] {
        &self.reasons
    }

    /// What would have to be different.
    pub fn condition(&self) -> Option<&str> {
        self.would_pass_if.as_deref()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status();
        let body = serde_json::to_vec(&self).expect("BUG: a problem is plain text and numbers");
        let mut response = (status, self.headers.clone(), body).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        // Pages render the same problem in their own way.
        response.extensions_mut().insert(self);
        response
    }
}

impl From<rusqlite::Error> for Problem {
    fn from(error: rusqlite::Error) -> Self {
        Self::internal(&error)
    }
}

/// An error and all its sources in one line.
pub(crate) struct Chain<'e>(pub(crate) &'e (dyn std::error::Error + 'static));

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}", self.0)?;
        let mut source = self.0.source();
        while let Some(error) = source {
            write!(formatter, ": {error}")?;
            source = error.source();
        }
        Ok(())
    }
}
