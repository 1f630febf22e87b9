//! A provider: discovered from its issuer, its keys kept for a while.

use jiff::{SignedDuration, Timestamp};
use openidconnect::IssuerUrl;
use openidconnect::core::{CoreJsonWebKeySet, CoreProviderMetadata};
use tokio::sync::Mutex;

use crate::Trouble;
use crate::http::Asker;
use crate::trouble::chain;

/// How long what was discovered counts: a provider that moves an endpoint keeps the old one for longer than this.
const DISCOVERED_LIFE: SignedDuration = SignedDuration::from_mins(60);

/// How long after keys were fetched nobody asks for them again, whatever keys tokens name. A rotation is noticed within this
/// time; without it anybody who sends made-up tokens would make us send requests.
const KEYS_PAUSE: SignedDuration = SignedDuration::from_secs(30);

/// A provider, by its issuer.
#[derive(Debug)]
pub struct Provider {
    issuer: IssuerUrl,
    http: Asker,
    known: Mutex<Option<Known>>,
}

/// What was discovered, and when.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) metadata: CoreProviderMetadata,
    pub(crate) keys: CoreJsonWebKeySet,
    discovered: Timestamp,
    keys_asked: Timestamp,
}

impl Provider {
    /// Takes an issuer, and the client to ask it by, which must follow no redirects.
    ///
    /// # Errors
    /// When the issuer is not an address.
    pub fn new(issuer: &str, http: reqwest::Client) -> Result<Self, Trouble> {
        let issuer = IssuerUrl::new(issuer.to_owned())
            .map_err(|error| Trouble::Settings(format!("`{issuer}`: {error}")))?;
        Ok(Self { issuer, http: Asker(http), known: Mutex::default() })
    }

    pub(crate) fn http(&self) -> &Asker {
        &self.http
    }

    pub(crate) fn issuer(&self) -> &IssuerUrl {
        &self.issuer
    }

    /// What is known of it, discovered anew when that is long ago.
    pub(crate) async fn known(&self, now: Timestamp) -> Result<Known, Trouble> {
        // Held while asking: a hundred people who arrive at once ask once.
        let mut known = self.known.lock().await;
        if let Some(found) =
            known.as_ref().filter(|found| is_young(found.discovered, now, DISCOVERED_LIFE))
        {
            return Ok(found.clone());
        }
        let metadata = CoreProviderMetadata::discover_async(self.issuer.clone(), &self.http)
            .await
            .map_err(|error| Trouble::Unreachable(chain(&error)))?;
        let keys = metadata.jwks().clone();
        let found = Known { metadata, keys, discovered: now, keys_asked: now };
        *known = Some(found.clone());
        Ok(found)
    }

    /// The keys as they are now, after a token named one that is not among the known ones; nothing when they were asked for
    /// a moment ago.
    pub(crate) async fn newer_keys(&self, now: Timestamp) -> Result<Option<Known>, Trouble> {
        let mut known = self.known.lock().await;
        let Some(found) = known.as_mut() else { return Ok(None) };
        if is_young(found.keys_asked, now, KEYS_PAUSE) {
            return Ok(None);
        }
        // Also a fetch that fails is not repeated at once.
        found.keys_asked = now;
        let keys = CoreJsonWebKeySet::fetch_async(found.metadata.jwks_uri(), &self.http)
            .await
            .map_err(|error| Trouble::Unreachable(chain(&error)))?;
        found.keys = keys;
        Ok(Some(found.clone()))
    }
}

fn is_young(then: Timestamp, now: Timestamp, limit: SignedDuration) -> bool {
    now.duration_since(then) < limit
}
