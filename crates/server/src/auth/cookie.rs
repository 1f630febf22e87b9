//! The session's cookie.
//!
//! Over https it has the `__Host-` prefix, which browsers accept only with `Secure`, `Path=/` and no domain, so
//! that no neighbour under the same domain can plant one. Plain http exists on loopback only, where the prefix
//! is impossible.

use axum::http::{HeaderMap, HeaderValue};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};

use super::secret::Secret;
use crate::AppState;
use crate::limits::{ATTEMPT_LIFE, SESSION_LIFE};

const SECURE_NAME: &str = "__Host-council";
const PLAIN_NAME: &str = "council";

fn name(state: &AppState) -> &'static str {
    if state.config().is_secure() { SECURE_NAME } else { PLAIN_NAME }
}

/// The session's secret that a request carries.
pub(crate) fn session(headers: &HeaderMap, state: &AppState) -> Option<Secret> {
    let jar = CookieJar::from_headers(headers);
    jar.get(name(state)).map(|cookie| Secret::presented(cookie.value()))
}

/// The header that hands a session to the browser.
pub fn give(secret: &Secret, state: &AppState) -> HeaderValue {
    let life = i64::try_from(SESSION_LIFE.as_secs()).unwrap_or(i64::MAX);
    header(format!("{}={}; Max-Age={life}", name(state), secret.expose()), state)
}

/// The name of the cookie that holds the state of a sign-in under way.
fn way(state: &AppState) -> &'static str {
    if state.config().is_secure() { "__Host-council-way" } else { "council-way" }
}

/// The state of the sign-in that a browser has begun.
pub(crate) fn begun(headers: &HeaderMap, state: &AppState) -> Option<Secret> {
    let jar = CookieJar::from_headers(headers);
    jar.get(way(state)).map(|cookie| Secret::presented(cookie.value()))
}

/// The header that lets a browser keep the state of a sign-in. `Lax`, as the session's: the way back is a link of the provider.
pub(crate) fn begin(secret: &Secret, state: &AppState) -> HeaderValue {
    let life = ATTEMPT_LIFE.as_secs();
    header(format!("{}={}; Max-Age={life}", way(state), secret.expose()), state)
}

/// The header that takes the state back.
pub(crate) fn forget(state: &AppState) -> HeaderValue {
    header(format!("{}=; Max-Age=0", way(state)), state)
}

/// The header that takes it back.
pub fn take_back(state: &AppState) -> HeaderValue {
    header(format!("{}=; Max-Age=0", name(state)), state)
}

fn header(text: String, state: &AppState) -> HeaderValue {
    let mut cookie = Cookie::parse(text).expect("BUG: our own cookie is well-formed");
    cookie.set_path("/");
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Lax);
    cookie.set_secure(state.config().is_secure());
    let mut value = HeaderValue::from_str(&cookie.to_string())
        .expect("BUG: our own cookie holds visible ASCII only");
    value.set_sensitive(true);
    value
}
