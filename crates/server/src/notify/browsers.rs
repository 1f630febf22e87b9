//! Messages to the browsers in which somebody asked for them, by Web Push.
//!
//! A person adds a browser on their account's page; a contact policy says `by: push`. One attempt goes to all browsers of the
//! person, and is delivered when the push service of one of them has it: which of their devices somebody holds in their hand,
//! nobody knows. A browser that its service does not know any more is forgotten.

use std::time::Duration;

use futures_util::future::join_all;
use jiff::Timestamp;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use systems::notify::{Message, NotifyError};
use webpush::{
    Contact, Endpoints, Failure, Push, Sender, Subscription, SubscriptionError, SubscriptionForm,
    Topic, Urgency, VapidKey,
};

use crate::AppState;
use crate::http::Problem;
use crate::store::DeviceRow;

/// The name of the key of which this server's push key is made.
const KEY: &str = "web-push";

/// How long a push service may take, as any other channel.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long a page waits for a phone that has no network, in seconds: by then somebody else was asked long ago.
const PAGE_WAITS: u32 = 3_600;

/// How long anything else waits, in seconds: until the next day.
const TICKET_WAITS: u32 = 86_400;

/// The most bytes of the text. A notification shows some three lines, and the page has the rest.
const MOST_TEXT: usize = 1_000;

/// The most bytes of the first line.
const MOST_TITLE: usize = 300;

/// What a service worker is told.
#[derive(Debug, Serialize)]
struct Told<'m> {
    title: String,
    text: String,
    /// The page to look at, from the root.
    link: &'m str,
    /// What acknowledges it when it is posted to, from the root.
    #[serde(skip_serializing_if = "Option::is_none")]
    acknowledge: Option<&'m str>,
    /// A later message about the same takes its place.
    about: String,
    urgent: bool,
}

/// The key by which push services know this server. Browsers are bound to it: a new one means that everybody asks anew.
pub(crate) fn key(state: &AppState) -> Result<VapidKey, Problem> {
    let mut digest: [u8; 32] = Sha256::digest(state.store().signing_key(KEY)?).into();
    // One digest of 2³² is no key; then the next one is taken, always the same.
    loop {
        if let Ok(key) = VapidKey::from_secret(&digest) {
            return Ok(key);
        }
        digest = Sha256::digest(digest).into();
    }
}

/// Reads what a browser gave; by `http` only on this machine, and where the playbook names the push service.
pub(crate) fn read(
    state: &AppState,
    form: &SubscriptionForm,
) -> Result<Subscription, SubscriptionError> {
    let near = form.check(Endpoints::HttpsOrLoopback)?;
    let named = state.snapshot().push_services().iter().any(|host| host == near.host());
    if named { Ok(near) } else { form.check(Endpoints::Https) }
}

/// Sends to browsers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Post<'a> {
    /// The server.
    pub(crate) state: &'a AppState,
    /// Whom the operator of a push service may write to: an address for mail.
    pub(crate) contact: Option<&'a str>,
    /// The moment.
    pub(crate) now: Timestamp,
}

impl Post<'_> {
    /// Sends a message to all browsers of a person. The id is of what it belongs to: a later one of the same replaces one
    /// that still waits.
    ///
    /// # Errors
    /// When no push service took it for any of them.
    pub(crate) async fn send(
        self,
        person: &str,
        id: &str,
        message: &Message,
    ) -> Result<(), NotifyError> {
        let devices =
            self.state.store().devices(Some(person)).map_err(|error| later(error.to_string()))?;
        if devices.is_empty() {
            let why =
                "no browser of theirs gets messages; on the page Account they can change that";
            return Err(NotifyError { why: why.to_owned(), retry: false });
        }
        let sent = join_all(devices.iter().map(|device| self.send_to(device, id, message))).await;
        if sent.iter().any(Result::is_ok) {
            return Ok(());
        }
        let failures: Vec<NotifyError> = sent.into_iter().filter_map(Result::err).collect();
        let mut why: Vec<String> = failures.iter().map(|failure| failure.why.clone()).collect();
        why.sort();
        why.dedup();
        Err(NotifyError {
            why: why.join("; "),
            retry: failures.iter().any(|failure| failure.retry),
        })
    }

    /// Sends a message to one browser, and forgets it when its service does.
    ///
    /// # Errors
    /// When the push service did not take it.
    pub(crate) async fn send_to(
        self,
        device: &DeviceRow,
        id: &str,
        message: &Message,
    ) -> Result<(), NotifyError> {
        let never = |why: String| NotifyError { why, retry: false };
        let form = serde_json::from_str::<SubscriptionForm>(&device.subscription);
        let form =
            form.map_err(|_| never("what is kept of a browser cannot be read".to_owned()))?;
        let subscription = read(self.state, &form).map_err(|error| never(error.to_string()))?;
        let key = key(self.state).map_err(|problem| later(problem.detail().to_owned()))?;
        let contact = self.contact();
        let client = self.state.outward_client();
        let sender = Sender { client, key: &key, contact: &contact, patience: PATIENCE };
        match sender.send(&subscription, &push(id, message), self.now).await {
            Ok(_) => {
                if let Err(error) = self.state.store().device_used(&device.id, self.now) {
                    tracing::warn!(%error, device = device.id, "when a browser was told cannot be kept");
                }
                Ok(())
            }
            Err(failure) => Err(self.failed(device, &failure)),
        }
    }

    fn failed(self, device: &DeviceRow, failure: &Failure) -> NotifyError {
        if let Failure::Gone { .. } = failure {
            match self.state.store().remove_device(device) {
                Ok(_) => tracing::info!(
                    device = device.id,
                    person = device.person,
                    "a browser gets no messages any more: its push service does not know it"
                ),
                Err(error) => {
                    tracing::warn!(%error, device = device.id, "a browser cannot be forgotten");
                }
            }
        }
        NotifyError { why: failure.to_string(), retry: failure.is_retryable() }
    }

    fn contact(self) -> Contact {
        let mail = self.contact.and_then(|mail| Contact::new(&format!("mailto:{mail}")).ok());
        let page = || Contact::new(self.state.origin()).ok();
        mail.or_else(page).unwrap_or_else(|| {
            Contact::new("mailto:council@localhost").expect("BUG: this is an address for mail")
        })
    }
}

fn later(why: String) -> NotifyError {
    NotifyError { why, retry: true }
}

/// The message as a push service takes it.
fn push(id: &str, message: &Message) -> Push {
    let told = Told {
        title: shown(&message.subject, MOST_TITLE),
        text: shown(&message.text, MOST_TEXT),
        link: from_root(&message.link),
        acknowledge: message.acknowledge.as_deref().map(from_root),
        about: shown(&message.about, MOST_TITLE),
        urgent: message.urgent,
    };
    Push {
        message: serde_json::to_vec(&told).expect("BUG: texts are JSON"),
        ttl: if message.urgent { PAGE_WAITS } else { TICKET_WAITS },
        urgency: if message.urgent { Urgency::High } else { Urgency::Normal },
        topic: Topic::new(id).ok(),
    }
}

/// An address of this server without its origin: the browser knows the server by the name that it came by.
fn from_root(url: &str) -> &str {
    let behind = url.split_once("://").map_or(url, |(_, rest)| rest);
    behind.find('/').and_then(|at| behind.get(at..)).unwrap_or("/")
}

/// The beginning of a text, in at most so many bytes. Control characters show nothing and are six bytes of JSON each.
fn shown(text: &str, most: usize) -> String {
    let text = text.get(..text.floor_char_boundary(most)).unwrap_or_default();
    text.chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_fits_whatever_it_says() {
        let message = Message {
            key: "k".to_owned(),
            about: format!("alert/{}", "g".repeat(2_000)),
            urgent: true,
            subject: "ä".repeat(1_000),
            text: "\"é\n".repeat(1_000),
            link: "https://council.example.org:7070/incidents/INC-1?a=b#c".to_owned(),
            acknowledge: Some("http://localhost:1/acknowledge/a/ana/ff".to_owned()),
        };
        let sent = push("0123456789abcdef", &message);
        assert!(sent.message.len() < webpush::MOST_MESSAGE, "{}", sent.message.len());
        let told: serde_json::Value = serde_json::from_slice(&sent.message).expect("JSON");
        assert_eq!(told["link"], "/incidents/INC-1?a=b#c");
        assert_eq!(told["acknowledge"], "/acknowledge/a/ana/ff");
        assert_eq!((sent.ttl, sent.urgency), (PAGE_WAITS, Urgency::High));
        let controls = Message { text: "\u{1}".repeat(5_000), ..message };
        assert!(push("a", &controls).message.len() < webpush::MOST_MESSAGE);
    }

    #[test]
    fn an_address_loses_its_origin_and_nothing_else() {
        for (url, path) in [
            ("http://a", "/"),
            ("http://a/", "/"),
            ("/on-call", "/on-call"),
            ("https://a/b?c=//d", "/b?c=//d"),
        ] {
            assert_eq!(from_root(url), path, "{url}");
        }
    }
}
