//! Why nothing was delivered, and what to do now.

use std::time::Duration;

use crate::{AuthorizationError, EncryptError};

/// Why a message was not taken. No text holds more of a subscription than the endpoint's host.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// There is no such subscription any more (404 or 410; RFC 8030, section 7.3): forget it.
    #[error("`{host}` does not know this subscription any more")]
    Gone {
        /// Whose service it is.
        host: String,
    },
    /// The service takes no message of this length (413; RFC 8030, section 7.2): send a shorter one.
    #[error("the message is too long for `{host}`; send a shorter one")]
    TooLarge {
        /// Whose service it is.
        host: String,
    },
    /// Too many messages in too short a time (429; RFC 8030, section 8.4): send it again after a while.
    #[error("`{host}` is sent too many messages{}", after(*retry_after))]
    Busy {
        /// Whose service it is.
        host: String,
        /// How long the service wants to be left alone; in whole seconds, at most a day.
        retry_after: Option<Duration>,
    },
    /// The service is not there, slow, or ill (5xx): send it again later.
    #[error("`{host}` takes no messages now ({why}){}", after(*retry_after))]
    Later {
        /// Whose service it is.
        host: String,
        /// What happened.
        why: String,
        /// How long the service wants to be left alone, if it said so; in whole seconds, at most a day.
        retry_after: Option<Duration>,
    },
    /// The service will not take it the next time either: a wrong key (400, 401, 403), another address (3xx), or whatever is in no
    /// standard. The same again is of no use.
    #[error("`{host}` refused the message with status {status}{}", words(said))]
    Refused {
        /// Whose service it is.
        host: String,
        /// The status of its answer.
        status: u16,
        /// Its own words, without control characters and tokens, cut; often none.
        said: String,
    },
    /// Nothing was sent: the message cannot be encrypted.
    #[error("the message cannot be encrypted")]
    Message(#[from] EncryptError),
    /// Nothing was sent: nothing can be signed.
    #[error("the message cannot be signed")]
    Authorization(#[from] AuthorizationError),
    /// Nothing was sent: this machine has no random bytes.
    #[error("this machine gives no random bytes")]
    Random,
}

impl Failure {
    /// Says whether the same may be taken later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Busy { .. } | Self::Later { .. } | Self::Random => true,
            Self::Gone { .. }
            | Self::TooLarge { .. }
            | Self::Refused { .. }
            | Self::Message(_)
            | Self::Authorization(_) => false,
        }
    }
}

fn after(time: Option<Duration>) -> String {
    match time {
        Some(time) => format!("; send it again after {} seconds", time.as_secs()),
        None => "; send it again later".to_owned(),
    }
}

fn words(said: &str) -> String {
    if said.is_empty() { String::new() } else { format!(": {said}") }
}
