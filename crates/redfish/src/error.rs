//! Why a controller was not read or told: one enum, whose words say what happened and what to try.
//!
//! A controller explains itself in messages (DSP0266, "Error responses"); they are shown with the resolution that it
//! suggests. No variant holds a secret: requests are named by method and path only.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::trust::Fingerprint;

/// Why a controller did not do or say what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RedfishError {
    /// It cannot be asked as the settings want: the address, the limits, or the trust do not fit together.
    #[error("the controller at `{who}` cannot be asked: {why}")]
    Settings {
        /// The address as it was given, without credentials.
        who: String,
        /// What does not fit, and what would.
        why: String,
    },
    /// No answer, or not within its time.
    #[error(
        "the controller at `{who}` did not answer when asked {doing}: {why}; check the address, that the management \
         network reaches it, and that Redfish is switched on there"
    )]
    Unreachable {
        /// Its address.
        who: String,
        /// What it was asked, such as "to read `/redfish/v1/`".
        doing: String,
        /// The innermost cause.
        why: String,
    },
    /// Its certificate is not the pinned one, or no authority vouches for it.
    #[error(
        "the certificate of the controller at `{who}` is not trusted: {why}; its SHA-256 fingerprint is `{fingerprint}`: \
         compare it with what the controller's own console or page shows, and pin it only if it is the same"
    )]
    CertificateRejected {
        /// Its address.
        who: String,
        /// Of the certificate that was seen.
        fingerprint: Fingerprint,
        /// What is wrong with it.
        why: String,
    },
    /// It wants other credentials.
    #[error(
        "the controller at `{who}` refused the credentials when asked {doing}{}; check the user and the password there, \
         that the account is enabled, and that it is not locked after failed attempts",
        said(messages)
    )]
    Unauthorized {
        /// Its address.
        who: String,
        /// What it was asked.
        doing: String,
        /// What it said about it.
        messages: Vec<Message>,
    },
    /// What answers is no Redfish service, or a broken one.
    #[error(
        "what answers at `{who}` does not speak Redfish when asked {doing}: {why}; check that the address is the \
         controller's and not its host's, and update or restart the controller if it is"
    )]
    NotRedfish {
        /// Its address.
        who: String,
        /// What it was asked.
        doing: String,
        /// What is wrong with the answer.
        why: String,
    },
    /// It answers more than anybody reads.
    #[error(
        "the controller at `{who}` answers more than {most} when asked {doing}; restart it if it is stuck, or raise the \
         limit if so much is right"
    )]
    TooLarge {
        /// Its address.
        who: String,
        /// What it was asked.
        doing: String,
        /// The limit that was reached, with its unit.
        most: String,
    },
    /// It said no.
    #[error("the controller at `{who}` refused ({status}) when asked {doing}{}", refusal(*status, messages))]
    Refused {
        /// Its address.
        who: String,
        /// What it was asked.
        doing: String,
        /// The HTTP status.
        status: u16,
        /// What it said about it.
        messages: Vec<Message>,
    },
    /// It does not offer what is wanted; nothing was sent.
    #[error("the controller at `{who}` does not offer {what}{}", offers(allowed))]
    Unsupported {
        /// Its address.
        who: String,
        /// What is wanted.
        what: String,
        /// What it offers instead; empty when it does not say.
        allowed: Vec<String>,
    },
    /// It accepted, and nothing happened.
    #[error(
        "the controller at `{who}` accepted `{asked}`, but after {seconds} s the power is still `{seen}` instead of \
         `{expected}`; look at its event log, and cut the power by the rack's outlet if it stays so"
    )]
    NotDone {
        /// Its address.
        who: String,
        /// What it was told.
        asked: String,
        /// The power state that should follow.
        expected: String,
        /// The last one seen.
        seen: String,
        /// For how long it was watched.
        seconds: u64,
    },
}

impl RedfishError {
    /// Says whether asking the same again later may help.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Unreachable { .. } => true,
            Self::Refused { status, .. } => matches!(status, 409 | 412 | 429 | 500..=599),
            Self::Settings { .. }
            | Self::CertificateRejected { .. }
            | Self::Unauthorized { .. }
            | Self::NotRedfish { .. }
            | Self::TooLarge { .. }
            | Self::Unsupported { .. }
            | Self::NotDone { .. } => false,
        }
    }

    /// What the controller itself said; empty when it said nothing.
    #[must_use]
    pub fn messages(&self) -> &[Message] {
        match self {
            Self::Unauthorized { messages, .. } | Self::Refused { messages, .. } => messages,
            Self::Settings { .. }
            | Self::Unreachable { .. }
            | Self::CertificateRejected { .. }
            | Self::NotRedfish { .. }
            | Self::TooLarge { .. }
            | Self::Unsupported { .. }
            | Self::NotDone { .. } => &[],
        }
    }
}

/// One message of a controller (DSP0266, "Message object").
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its name in a registry, such as `Base.1.8.InsufficientPrivilege`.
    pub id: Option<String>,
    /// What it says.
    pub text: String,
    /// What it suggests.
    pub resolution: Option<String>,
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.text.trim_end_matches('.'))?;
        match &self.resolution {
            Some(resolution) => write!(f, " ({})", resolution.trim_end_matches('.')),
            None => Ok(()),
        }
    }
}

/// Messages after a colon.
fn said(messages: &[Message]) -> String {
    match messages {
        [] => String::new(),
        messages => {
            let texts: Vec<String> = messages.iter().map(ToString::to_string).collect();
            format!(": {}", texts.join("; "))
        }
    }
}

/// What it said; without words of its own, what the status means for a controller.
fn refusal(status: u16, messages: &[Message]) -> String {
    if !messages.is_empty() {
        return said(messages);
    }
    let hint = match status {
        403 => "give the account the privilege for it, or change its first password",
        404 | 405 | 501 => "its firmware does not know this; update it",
        409 => "it is busy with something else; try again when that is done",
        412 | 428 => "somebody else changed it meanwhile; try again",
        429 | 503 => "it is busy or starting; try again in a minute",
        500..=599 => "its firmware failed; try again, then restart the controller",
        _ => "it gives no reason; look at its event log",
    };
    format!(": {hint}")
}

fn offers(allowed: &[String]) -> String {
    match allowed {
        [] => "; it may need newer firmware or a licence".to_owned(),
        allowed => format!("; it offers: {}", allowed.join(", ")),
    }
}
