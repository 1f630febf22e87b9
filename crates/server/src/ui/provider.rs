//! Signing in by an identity provider: there, and back again.
//!
//! The way there is a link and not a form, because the pages' policy lets forms lead nowhere else. It changes nothing but
//! what it remembers for ten minutes, in the browser and here; a sign-in that began elsewhere cannot be finished in it.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::sign_in::theme_of;
use super::{errors, own_path};
use crate::AppState;
use crate::auth::cookie;
use crate::auth::secret::Secret;
use crate::http::{Peer, Problem};
use crate::identity::Brought;

/// What the link says.
#[derive(Debug, Deserialize)]
pub(super) struct There {
    /// Where to go afterwards.
    #[serde(default)]
    back: String,
    /// Whether to prove anew who one is.
    #[serde(default)]
    again: bool,
}

/// `GET /sign-in/by/<provider>`: off to the provider.
pub(super) async fn go(
    State(state): State<AppState>,
    peer: Peer,
    Path(name): Path<String>,
    Query(there): Query<There>,
    headers: HeaderMap,
) -> Response {
    match state.begin_sign_in(peer, &name, own_path(&there.back), there.again).await {
        Ok(begun) => {
            let mut response = Redirect::to(&begun.address).into_response();
            give(&mut response, cookie::begin(&begun.state, &state));
            response
        }
        Err(problem) => errors::page(&problem, theme_of(&headers)),
    }
}

/// What the provider sends back.
#[derive(Deserialize)]
pub(super) struct Back {
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    state: Option<String>,
    #[serde(default)]
    error: Option<String>,
    /// Who sends it (RFC 9207), from providers that say so.
    #[serde(default)]
    iss: Option<String>,
}

/// `GET /sign-in/back/<provider>`: back from the provider.
pub(super) async fn back(
    State(state): State<AppState>,
    peer: Peer,
    Path(name): Path<String>,
    Query(said): Query<Back>,
    headers: HeaderMap,
) -> Response {
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or("");
    let kept = cookie::begun(&headers, &state);
    let mut response = match brought_back(&said, kept.as_ref()) {
        Ok((code, secret)) => {
            let returned = Brought { code, state: &secret, issuer: said.iss.as_deref() };
            match state.finish_sign_in(peer, &name, &returned, agent).await {
                Ok((signed_in, back)) => {
                    let mut response = Redirect::to(own_path(&back)).into_response();
                    give(&mut response, cookie::give(&signed_in.secret, &state));
                    response
                }
                Err(problem) => errors::page(&problem, theme_of(&headers)),
            }
        }
        Err(problem) => errors::page(&problem, theme_of(&headers)),
    };
    give(&mut response, cookie::forget(&state));
    // The address holds the code, which nobody else need see.
    let referrer = HeaderName::from_static("referrer-policy");
    response.headers_mut().insert(referrer, HeaderValue::from_static("no-referrer"));
    response
}

/// The code, and the state that both the provider and this browser brought.
fn brought_back<'b>(said: &'b Back, kept: Option<&Secret>) -> Result<(&'b str, Secret), Problem> {
    if said.error.is_some() {
        return Err(Problem::new(
            StatusCode::UNAUTHORIZED,
            "not-vouched",
            "Nobody vouches for this",
            "The identity provider did not let you in.",
        )
        .hint("Begin again on the page `/sign-in`"));
    }
    let (Some(code), Some(state)) = (&said.code, &said.state) else {
        return Err(Problem::bad_request("bad-query", "The provider sent no code or no state."));
    };
    let state = Secret::presented(state.as_str());
    // Digests are compared: what a stranger could measure says nothing about the secret.
    if kept.is_none_or(|kept| kept.digest() != state.digest()) {
        return Err(Problem::new(
            StatusCode::GONE,
            "sign-in-ended",
            "The sign-in does not go on",
            "It began in another browser, or too long ago.",
        )
        .hint("Begin again on the page `/sign-in`"));
    }
    Ok((code, state))
}

fn give(response: &mut Response, cookie: HeaderValue) {
    response.headers_mut().append(header::SET_COOKIE, cookie);
}
