//! Requests that other sites make in a browser's name.
//!
//! Three fences: the session's cookie is `SameSite=Lax`; a request that changes something must come from
//! our own origin by `Sec-Fetch-Site` or `Origin`; and pages put a token into their forms ([`Csrf`]) that
//! only the holder of the session can have read. Programs with a bearer token send neither header and pass.

use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::http::Response;
use axum::http::request::Parts;
use axum::response::IntoResponse as _;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use tower_http::csrf::{CsrfLayer, ProtectionError};

use super::Problem;
use crate::AppState;
use crate::auth::cookie;

/// The layer that looks at `Sec-Fetch-Site` and `Origin`.
pub(crate) fn layer(
    origin: &str,
) -> CsrfLayer<impl Fn(ProtectionError) -> Response<Body> + Clone + Send + Sync + 'static> {
    let layer = CsrfLayer::new();
    let layer = layer.clone().add_trusted_origin(origin).unwrap_or(layer);
    layer.with_rejection_response(|_: ProtectionError| cross_site().into_response())
}

fn cross_site() -> Problem {
    Problem::new(
        axum::http::StatusCode::FORBIDDEN,
        "cross-site",
        "Refused: the request comes from another site",
        "A browser sent this on behalf of another site, so it may not change anything here.",
    )
    .hint("Open the page here and do it there; a proxy in front must not rewrite `Host` or strip `Origin`")
}

/// The form token of the session at hand.
#[derive(Clone, Debug)]
pub struct Csrf {
    key: Vec<u8>,
}

impl Csrf {
    /// The text for a form's hidden field.
    pub fn token(&self) -> String {
        crate::auth::secret::hex(&self.mac().finalize().into_bytes())
    }

    /// Compares what a form sent, in constant time.
    ///
    /// # Errors
    /// A problem when it is not this session's token.
    pub fn verify(&self, sent: &str) -> Result<(), Problem> {
        let bytes: Vec<u8> = (0..sent.len() / 2)
            .filter_map(|at| u8::from_str_radix(sent.get(at * 2..at * 2 + 2)?, 16).ok())
            .collect();
        self.mac().verify_slice(&bytes).map_err(|_| {
            Problem::new(
                axum::http::StatusCode::FORBIDDEN,
                "stale-form",
                "The form is not of this session",
                "The form was made for another session, or before the last sign-in.",
            )
            .hint("Reload the page and send it again")
        })
    }

    fn mac(&self) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key)
            .expect("BUG: this construction takes keys of any length");
        mac.update(b"council form");
        mac
    }
}

impl FromRequestParts<AppState> for Csrf {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        // Without a session there is nobody whose name could be misused; the sign-in form gets a constant.
        let key = cookie::session(&parts.headers, state)
            .map_or_else(Vec::new, |secret| secret.expose().as_bytes().to_vec());
        Ok(Self { key })
    }
}
