//! Messages sent to an emulator of a push service, which is as strict as the real ones and reads what it is given as a browser does.

mod emulator;
mod faults;

use std::path::Path;

use emulator::{Service, browser};
use jiff::Timestamp;
use webpush::{
    Contact, Delivered, EncryptError, Failure, MOST_MESSAGE, Push, Sender, Topic, Urgency, VapidKey,
};

/// What a test sends with.
pub(crate) struct Desk {
    pub(crate) client: reqwest::Client,
    pub(crate) key: VapidKey,
    pub(crate) contact: Contact,
}

impl Desk {
    pub(crate) fn new() -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let redirect = reqwest::redirect::Policy::none();
        let client = reqwest::Client::builder().no_proxy().redirect(redirect).build();
        Self {
            client: client.expect("a client"),
            key: VapidKey::from_secret(&[3; 32]).expect("a key"),
            contact: Contact::new("mailto:sre@example.org").expect("a contact"),
        }
    }

    pub(crate) async fn send(
        &self,
        service: &Service,
        message: &[u8],
        now: Timestamp,
    ) -> Result<Delivered, Failure> {
        self.sender().send(&service.subscription(), &push(message), now).await
    }

    pub(crate) fn sender(&self) -> Sender<'_> {
        let patience = std::time::Duration::from_secs(20);
        Sender { client: &self.client, key: &self.key, contact: &self.contact, patience }
    }
}

pub(crate) fn push(message: &[u8]) -> Push {
    let topic = Topic::new("INC-2026-0001").expect("a topic");
    Push { message: message.to_vec(), ttl: 3_600, urgency: Urgency::High, topic: Some(topic) }
}

#[tokio::test]
async fn what_is_sent_is_what_services_want_and_only_the_browser_reads_it() {
    let (desk, service) = (Desk::new(), Service::start().await);
    let taken = desk.send(&service, b"Nobody can pay", Timestamp::now()).await;
    let taken = taken.expect("it is taken");
    assert_eq!(
        (taken.status, taken.ttl),
        (201, Some(600)),
        "the service keeps it for a shorter time"
    );
    let [given] = service.given().try_into().expect("one message");
    assert_eq!(given.complaints, [""; 0]);
    assert_eq!(browser().read(&given.body), b"Nobody can pay");
    assert_eq!((given.ttl.as_str(), given.urgency.as_str()), ("3600", "high"));
    assert_eq!(given.topic.as_deref(), Some("INC-2026-0001"));
    assert_eq!(given.key, desk.key.public());
    assert!(!given.body.windows(3).any(|part| part == b"pay"));
}

#[tokio::test]
async fn the_same_message_is_never_the_same_twice() {
    let (desk, service) = (Desk::new(), Service::start().await);
    for _ in 0..2 {
        let sent = desk.send(&service, b"again", Timestamp::now()).await;
        sent.expect("it is taken");
    }
    let [one, other] = service.given().try_into().expect("two messages");
    assert_ne!(one.body.get(..16), other.body.get(..16), "the salt");
    assert_ne!(one.body.get(21..86), other.body.get(21..86), "the key of one message");
}

#[tokio::test]
async fn the_longest_message_goes_and_a_longer_one_does_not() {
    let (desk, service) = (Desk::new(), Service::start().await);
    let longest = vec![b'x'; MOST_MESSAGE];
    let sent = desk.send(&service, &longest, Timestamp::now()).await;
    sent.expect("it is taken");
    let longer = vec![b'x'; MOST_MESSAGE + 1];
    let refused = desk.send(&service, &longer, Timestamp::now()).await;
    let refused = refused.expect_err("it is too long");
    let length = MOST_MESSAGE + 1;
    assert_eq!(refused, Failure::Message(EncryptError::TooLong { length }));
    assert!(!refused.is_retryable());
    let [given] = service.given().try_into().expect("one message");
    assert_eq!(given.complaints, [""; 0]);
    assert_eq!(browser().read(&given.body), longest);
}

#[tokio::test]
async fn a_signature_of_a_wrong_time_is_noticed() {
    // That the emulator would complain is what makes its silence worth something.
    let (desk, service) = (Desk::new(), Service::start().await);
    for moment in ["2020-01-01T00:00:00Z", "2100-01-01T00:00:00Z"] {
        let now = moment.parse().expect("a moment");
        let sent = desk.send(&service, b"x", now).await;
        assert!(matches!(sent, Err(Failure::Refused { status: 403, .. })), "{moment}: {sent:?}");
    }
}

/// Another implementation reads the body and the signature: the packages `http_ece` and `py_vapid`.
#[tokio::test]
async fn another_implementation_reads_it_too() {
    let tools = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/tools/python/bin");
    let installed = Path::new(tools).join("pywebpush").exists();
    let installed = installed.then(|| Path::new(tools).join("python").into_os_string());
    let Some(python) = std::env::var_os("COUNCIL_TEST_WEBPUSH_PYTHON").or(installed) else {
        eprintln!(
            "LEFT OUT: no `pywebpush` in target/tools/python, so no other implementation reads a message"
        );
        return;
    };
    let (desk, service) = (Desk::new(), Service::start().await);
    let sent = desk.send(&service, b"Nobody can pay", Timestamp::now()).await;
    sent.expect("it is taken");
    let [given] = service.given().try_into().expect("one message");
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let script = include_str!("read.py");
    let said = std::process::Command::new(python)
        .args(["-c", script, &hex(&given.body), &hex(&browser().secret()), &hex(&browser().auth)])
        .args([&given.token, &given.key])
        .output()
        .expect("it starts");
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let words = String::from_utf8_lossy(&said.stdout);
    assert_eq!(words.trim(), format!("Nobody can pay\n{}\nmailto:sre@example.org", service.origin));
}
