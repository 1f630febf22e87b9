//! The viewer: who makes a request, by which way, and what they stand for in the playbook.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::header;
use axum::http::request::Parts;

use super::cookie;
use super::secret::Secret;
use crate::http::Problem;
use crate::{AppState, Snapshot};

/// What tokens begin with, so that secret scanners know a leaked one.
pub(crate) const TOKEN_PREFIX: &str = "council_";

/// By which way somebody came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// A browser's session, by its public id.
    Session(String),
    /// A personal token, by its public id, with its scopes.
    Token {
        /// The public id.
        id: String,
        /// What it may be used for.
        scopes: BTreeSet<String>,
    },
}

/// A seat that somebody holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldSeat {
    /// The seat's name.
    pub seat: Arc<str>,
    /// Whether as the backup.
    pub is_backup: bool,
}

/// Who makes a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// The person of the playbook; an operator may be nobody of it.
    pub person: Option<Arc<str>>,
    /// Whether they operate this server.
    pub operator: bool,
    /// How they came in.
    pub way: Way,
    /// The seats that they hold, by name.
    pub seats: Vec<HeldSeat>,
    /// The teams they belong to, with the teams above, by name.
    pub teams: Vec<Arc<str>>,
    /// The offices they hold, by name.
    pub offices: Vec<Arc<str>>,
}

impl Viewer {
    /// The id that stands in the ledger as the actor: the person's reference, or `operator`.
    pub fn actor(&self) -> String {
        self.person.as_ref().map_or_else(|| "operator".to_owned(), |name| format!("person/{name}"))
    }

    /// The name for what belongs to this viewer, such as remembered answers.
    pub(crate) fn owner(&self) -> String {
        match &self.way {
            Way::Session(id) => format!("session/{id}"),
            Way::Token { id, .. } => format!("token/{id}"),
        }
    }

    /// Finds out who makes the request; `None` when it carries nothing that says so.
    fn of(parts: &Parts, state: &AppState) -> Result<Option<Self>, Problem> {
        let now = state.clock().now();
        let snapshot = state.snapshot();
        if let Some(value) = parts.headers.get(header::AUTHORIZATION) {
            let secret = bearer(value.to_str().unwrap_or_default())?;
            let Some(token) = state.store().token(secret.digest(), now)? else {
                return Err(Problem::unauthenticated("The token is unknown, revoked or expired.")
                    .hint("Make a new one with `council token create`"));
            };
            let way = Way::Token { id: token.id, scopes: token.scopes.into_iter().collect() };
            return standing(&snapshot, Some(token.person), token.operator, way).map(Some);
        }
        let Some(secret) = cookie::session(&parts.headers, state) else { return Ok(None) };
        let Some(session) = state.store().session(secret.digest(), now)? else { return Ok(None) };
        standing(&snapshot, session.person, session.operator, Way::Session(session.id)).map(Some)
    }
}

fn bearer(value: &str) -> Result<Secret, Problem> {
    let (scheme, secret) = value.split_once(' ').unwrap_or((value, ""));
    if scheme.eq_ignore_ascii_case("bearer") && secret.trim().starts_with(TOKEN_PREFIX) {
        return Ok(Secret::presented(secret.trim()));
    }
    Err(Problem::unauthenticated("The header `Authorization` does not hold a token of ours.")
        .hint("Send `Authorization: Bearer council_…`"))
}

/// Looks up what a person stands for today.
fn standing(
    _snapshot: &Snapshot,
    person: Option<String>,
    operator: bool,
    way: Way,
) -> Result<Viewer, Problem> {
    Ok(Viewer {
        person: person.map(Into::into),
        operator,
        way,
        seats: Vec::new(),
        teams: Vec::new(),
        offices: Vec::new(),
    })
}

impl FromRequestParts<AppState> for Viewer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        match cached(parts, state)? {
            Some(viewer) => Ok(viewer),
            None => Err(Problem::unauthenticated("This needs somebody who is signed in.").hint(
                "Open a sign-in link in the browser, or send `Authorization: Bearer council_…`",
            )),
        }
    }
}

impl OptionalFromRequestParts<AppState> for Viewer {
    type Rejection = Problem;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &AppState,
    ) -> Result<Option<Self>, Problem> {
        cached(parts, state)
    }
}

/// Looks a viewer up once a request, whoever asks first.
pub(crate) fn cached(parts: &mut Parts, state: &AppState) -> Result<Option<Viewer>, Problem> {
    if let Some(known) = parts.extensions.get::<Option<Viewer>>() {
        return Ok(known.clone());
    }
    let viewer = Viewer::of(parts, state)?;
    parts.extensions.insert(viewer.clone());
    Ok(viewer)
}
