//! Notification channels: hand a message to a server that carries it to people.
//!
//! What always holds:
//! * A call ends: connecting, sending and the answer have one time limit together.
//! * No redirect is followed; a message goes where the playbook says or nowhere.
//! * A message carries the key of its attempt, so that whoever gets it twice can see that it is one.
//! * An error says whether trying again may help; it holds neither address nor token, because a chat's address is its token.
//!
//! Absent on purpose: queues, retries and escalation. They stand in the ledger, and who calls this follows them.

mod http;
mod mail;
#[cfg(test)]
mod tests;

use std::time::Duration;

use secrecy::SecretString;

/// How long one message may take. Whoever is on call has minutes; a channel that needs longer is down.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Longest text of a message (4 KiB); more is read on the page that it links to. Chats cut at some 4,000 characters.
const MAX_TEXT: usize = 4 << 10;

/// What carries it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// Mail by SMTP.
    Email,
    /// A chat's incoming webhook, as Slack and Mattermost read it.
    Chat,
    /// A Matrix room.
    Matrix,
    /// An ntfy topic.
    Ntfy,
    /// PagerDuty's Events API, version 2.
    Pagerduty,
    /// A webhook of one's own.
    Webhook,
}

/// A channel and where on it the message goes.
#[derive(Clone, Debug)]
pub struct Way {
    /// What carries it.
    pub carrier: Carrier,
    /// Where its server is; empty when the secret is the address.
    pub url: String,
    /// The mail address, topic, room or chat channel; empty where the server needs none.
    pub to: String,
    /// The sender of mail.
    pub from: String,
    /// Who signs in to the mail server.
    pub user: String,
    /// The password, token, key or secret address.
    pub secret: Option<SecretString>,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The key of the attempt: the same for every repetition of it.
    pub key: String,
    /// What it is about, the same for all messages about it: `incident/INC-2026-0012`.
    pub about: String,
    /// Whether somebody has to act now.
    pub urgent: bool,
    /// The first line.
    pub subject: String,
    /// The message.
    pub text: String,
    /// The page to look at.
    pub link: String,
    /// The page that acknowledges it; tickets have none.
    pub acknowledge: Option<String>,
}

/// Why a message was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct NotifyError {
    /// In words, without addresses and secrets.
    pub why: String,
    /// Whether trying again may help.
    pub retry: bool,
}

impl NotifyError {
    fn later(why: impl Into<String>) -> Self {
        Self { why: why.into(), retry: true }
    }

    fn never(why: impl Into<String>) -> Self {
        Self { why: why.into(), retry: false }
    }
}

/// Sends messages.
#[derive(Clone, Debug)]
pub struct Sender {
    client: reqwest::Client,
    limit: Duration,
}

impl Sender {
    /// One that sends by a client, which must follow no redirect.
    #[must_use]
    pub fn by(client: reqwest::Client) -> Self {
        Self { client, limit: TIMEOUT }
    }

    #[cfg(test)]
    fn within(guard: &crate::outgoing::Guard, limit: Duration) -> Result<Self, reqwest::Error> {
        let client = guard.client().redirect(reqwest::redirect::Policy::none()).build()?;
        Ok(Self { client, limit })
    }

    /// Hands a message over.
    ///
    /// # Errors
    /// When the server does not take it, or does not answer in time.
    pub async fn send(&self, way: &Way, message: &Message) -> Result<(), NotifyError> {
        let message = Message { text: cut(&message.text), ..message.clone() };
        let sending = async {
            match way.carrier {
                Carrier::Email => mail::send(way, &message).await,
                Carrier::Chat
                | Carrier::Matrix
                | Carrier::Ntfy
                | Carrier::Pagerduty
                | Carrier::Webhook => http::send(&self.client, way, &message).await,
            }
        };
        match tokio::time::timeout(self.limit, sending).await {
            Ok(done) => done,
            Err(_) => Err(NotifyError::later(format!(
                "the server has not answered within {:?}",
                self.limit
            ))),
        }
    }
}

fn cut(text: &str) -> String {
    if text.len() <= MAX_TEXT {
        return text.to_owned();
    }
    let mut kept: String =
        text.char_indices().take_while(|(at, _)| *at < MAX_TEXT).map(|(_, one)| one).collect();
    kept.push_str(" …");
    kept
}

impl Message {
    /// The whole message as plain text.
    fn plain(&self) -> String {
        let mut plain = format!("{}\n\n{}\n", self.text, self.link);
        if let Some(acknowledge) = &self.acknowledge {
            plain = format!("{plain}\nI have seen it and act: {acknowledge}\n");
        }
        plain
    }
}
