//! Whether a controller still takes credentials that everybody knows.
//!
//! This tries to sign in, which shows in the controller's log and may lock an account or the address that it comes from: it
//! is done when somebody asks for it, on machines of their own, and never as part of something else. What to try is the
//! caller's list. It stops at the first success and at the first sign of a lock.

use reqwest::{Method, StatusCode};
use secrecy::SecretString;
use serde_json::Value;

use crate::body;
use crate::client::{Answer, Ask, Client};
use crate::error::RedfishError;
use crate::link::Link;
use crate::session::Ticket;

/// Pairs that are tried at most: the third failure within a minute locks the address out at some makers.
pub const MOST_TRIES: usize = 3;

/// A user and a password that everybody knows.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The user.
    pub user: String,
    /// The password.
    pub password: SecretString,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Probed {
    /// It says everything to everybody, without credentials.
    Open,
    /// It takes the well-known password of this user.
    Accepted {
        /// The user.
        user: String,
        /// Whether the controller wants the password changed before anything else.
        must_change: bool,
    },
    /// It takes none of them.
    Refused {
        /// How many were tried.
        tried: usize,
    },
    /// It answered something that may be a lock, and was left alone.
    Stopped {
        /// How many were tried, the last one included.
        tried: usize,
        /// The HTTP status that it answered.
        status: u16,
    },
}

impl Client {
    /// Tries credentials that everybody knows, each once; the client's own are not used.
    ///
    /// # Errors
    /// [`RedfishError::Unsupported`] for more than [`MOST_TRIES`] pairs, before anything is sent; when the list of systems
    /// cannot be found; and as every call.
    pub async fn probe_defaults(&self, pairs: &[Credentials]) -> Result<Probed, RedfishError> {
        if pairs.len() > MOST_TRIES {
            let what = format!("room for {} attempts to sign in", pairs.len());
            let allowed = vec![format!("{MOST_TRIES} at a time, so that no account is locked")];
            return Err(self.unsupported(&what, allowed));
        }
        let place = self.service().await?.systems;
        let place = place.ok_or_else(|| self.unsupported("a list of systems", Vec::new()))?;
        let open = self.knock(&place, &Ticket::None).await?;
        if open.status.is_success() {
            return Ok(Probed::Open);
        }
        for (at, Credentials { user, password }) in pairs.iter().enumerate() {
            let ticket = Ticket::Basic(user.clone(), password.clone());
            let answer = self.knock(&place, &ticket).await?;
            let must_change = wants_change(&answer.json());
            match answer.status {
                StatusCode::UNAUTHORIZED if !must_change => {}
                _ if answer.status.is_success() || must_change => {
                    return Ok(Probed::Accepted { user: user.clone(), must_change });
                }
                status => {
                    return Ok(Probed::Stopped { tried: at + 1, status: status.as_u16() });
                }
            }
        }
        Ok(Probed::Refused { tried: pairs.len() })
    }

    async fn knock(&self, place: &Link, ticket: &Ticket) -> Result<Answer, RedfishError> {
        let doing = "who may sign in".to_owned();
        let ask = Ask { method: Method::GET, link: place, body: None, etag: None, doing };
        self.exchange(&ask, ticket).await
    }
}

/// The right password of an account that must get another one first (DSP0266, "Password change required handling").
fn wants_change(body: &Value) -> bool {
    body::messages(body).iter().any(|message| {
        message.id.as_deref().is_some_and(|id| id.ends_with("PasswordChangeRequired"))
    })
}
