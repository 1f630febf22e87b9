//! Signing in and out.
//!
//! A link is looked at with [`look`], which changes nothing, because mail scanners and chat previews open
//! links too; it is used up by [`sign_in`], which a form or program calls by POST. A link that lets the
//! visitor choose a person, the operator's, works from this machine only.

use axum::http::StatusCode;

use super::secret::{Secret, public_id};
use crate::AppState;
use crate::http::{Peer, Problem};
use crate::limits::SESSION_LIFE;
use crate::store::{Link, SessionRow};

/// What a visitor with a link may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// The person that the link is for; without one the visitor chooses.
    pub person: Option<String>,
    /// Whether the session may operate the server.
    pub operator: bool,
}

/// A session that has just begun.
#[derive(Debug)]
pub struct SignedIn {
    /// The secret for the cookie.
    pub secret: Secret,
    /// Its public id.
    pub id: String,
    /// Who signed in.
    pub person: Option<String>,
}

/// Looks at a link without using it up.
///
/// # Errors
/// A problem when the link is used, expired, unknown or not for this place.
pub fn look(state: &AppState, peer: Peer, link: &Secret) -> Result<Invitation, Problem> {
    limit(state, peer)?;
    let found = state.store().link(link.digest(), state.clock().now())?.ok_or_else(ended)?;
    allow(peer, &found)?;
    Ok(Invitation { person: found.person, operator: found.operator })
}

/// Uses a link up and begins a session as the link's person, or as the one chosen.
///
/// # Errors
/// A problem when the link does not work here, or the choice is not a person of the playbook.
pub fn sign_in(
    state: &AppState,
    peer: Peer,
    link: &Secret,
    chosen: Option<&str>,
    agent: &str,
) -> Result<SignedIn, Problem> {
    let invitation = look(state, peer, link)?;
    let person = match (&invitation.person, chosen) {
        (Some(person), None) => Some(person.clone()),
        (Some(person), Some(chosen)) if person == chosen => Some(person.clone()),
        (Some(person), Some(chosen)) => {
            return Err(Problem::bad_request(
                "other-person",
                format!("The link is for `{person}` and cannot sign in `{chosen}`."),
            ));
        }
        (None, chosen) => choose(state, chosen)?,
    };
    state.store().take_link(link.digest(), state.clock().now())?.ok_or_else(ended)?;
    let_in(state, person, invitation.operator, agent)
}

/// Begins a session for somebody who has proved who they are.
pub(crate) fn let_in(
    state: &AppState,
    person: Option<String>,
    operator: bool,
    agent: &str,
) -> Result<SignedIn, Problem> {
    let now = state.clock().now();
    let secret = Secret::random();
    let session = SessionRow {
        id: public_id(),
        person,
        operator,
        created: now,
        used: now,
        agent: agent.chars().take(200).collect(),
    };
    state.store().add_session(secret.digest(), &session)?;
    tracing::info!(session = session.id, person = session.person, "signed in");
    debug_assert!(SESSION_LIFE.as_secs() > 0, "a session must live");
    Ok(SignedIn { secret, id: session.id, person: session.person })
}

/// Checks the person that a visitor chose; nobody may be chosen, to look around as the operator.
fn choose(state: &AppState, chosen: Option<&str>) -> Result<Option<String>, Problem> {
    let Some(chosen) = chosen.filter(|name| !name.is_empty()) else { return Ok(None) };
    if state.snapshot().model().find("person", chosen).is_some() {
        return Ok(Some(chosen.to_owned()));
    }
    Err(Problem::bad_request(
        "no-such-person",
        format!("`{chosen}` is not a person of this playbook."),
    ))
}

/// Counts an attempt to come in.
pub(crate) fn limit(state: &AppState, peer: Peer) -> Result<(), Problem> {
    state
        .sign_in_rates()
        .take(peer.address, state.clock().now())
        .map_err(crate::http::rate::too_many)
}

fn allow(peer: Peer, link: &Link) -> Result<(), Problem> {
    if link.person.is_some() || peer.is_local {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::FORBIDDEN,
        "link-is-local",
        "The link works on the server's own machine only",
        "A link that lets the visitor choose a person is for the operator at the machine itself.",
    )
    .hint("Open it there, or let the operator make a link for you"))
}

fn ended() -> Problem {
    Problem::new(
        StatusCode::GONE,
        "link-ended",
        "The link does not work any more",
        "A sign-in link works once and for 15 minutes; this one was used, has expired or never existed.",
    )
    .hint("Ask the operator for a new one; on the server's machine, `council up` prints one at its start")
}
