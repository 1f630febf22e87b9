//! People and jobs for whom somebody else vouches: OpenID Connect providers of the playbook.
//!
//! The provider proves who somebody is; the playbook says what follows: which person that is, whether they may enter, and
//! which service account a job is. Whoever the playbook does not know stays outside, whatever a provider says.

mod jobs;
mod people;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::StatusCode;
use oidc::{Provider, Trouble};
use org::kinds::IdentityProvider;
pub(crate) use people::Brought;

use crate::http::Problem;
use crate::limits::MAX_PROVIDERS;

/// The providers that were asked so far, with what was discovered of them.
#[derive(Debug, Default)]
pub(crate) struct Providers {
    known: Mutex<BTreeMap<String, Arc<Provider>>>,
}

impl Providers {
    /// The provider that a resource declares, which is asked by this client.
    fn of(
        &self,
        declared: &IdentityProvider,
        http: &reqwest::Client,
    ) -> Result<Arc<Provider>, Problem> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known.get(&declared.issuer.value) {
            return Ok(found.clone());
        }
        if known.len() >= MAX_PROVIDERS {
            known.clear();
        }
        let made = Provider::new(&declared.issuer.value, http.clone());
        let made = Arc::new(made.map_err(|trouble| unbelieved(&trouble))?);
        known.insert(declared.issuer.value.clone(), made.clone());
        Ok(made)
    }
}

/// The problem of a word that does not count. What exactly was wrong stands in the log: whoever forges tokens need not learn it.
fn unbelieved(trouble: &Trouble) -> Problem {
    tracing::warn!(%trouble, "an identity provider's word does not count");
    match trouble {
        Trouble::Unreachable(_) => Problem::unavailable(
            "provider-away",
            "The identity provider does not answer as it should.",
        )
        .hint("Try again in a moment, or come in by a link from the operator"),
        Trouble::Denied(_) => Problem::new(
            StatusCode::UNAUTHORIZED,
            "not-vouched",
            "Nobody vouches for this",
            "The identity provider did not let you in.",
        )
        .hint("Begin again on the page `/sign-in`"),
        Trouble::Refused(_) | Trouble::Settings(_) => Problem::new(
            StatusCode::UNAUTHORIZED,
            "not-vouched",
            "Nobody vouches for this",
            "What the identity provider said, or somebody in its name, cannot be believed.",
        )
        .hint("Begin again; if it stays, the server's log says what was wrong"),
    }
}
