//! Every channel against real servers on loopback: those that take it, refuse it, drop it, fail and hang.

use crate::outgoing::Guard;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;

use super::{Carrier, Message, NotifyError, Sender, TIMEOUT, Way};

fn message() -> Message {
    Message {
        key: "0123-1".to_owned(),
        about: "incident/INC-2026-0001".to_owned(),
        urgent: true,
        subject: "Nobody can pay\r\nBcc: eve@example.org".to_owned(),
        text: "The shop is down.".to_owned(),
        link: "https://council.example/incidents/INC-2026-0001".to_owned(),
        acknowledge: Some("https://council.example/acknowledge/1/ana/x".to_owned()),
    }
}

fn way(carrier: Carrier, url: &str) -> Way {
    Way {
        carrier,
        url: url.to_owned(),
        to: "ana@example.org".to_owned(),
        from: "council@example.org".to_owned(),
        user: String::new(),
        secret: Some("s3cret-token".to_owned().into()),
    }
}

async fn sent(way: &Way) -> Result<(), NotifyError> {
    // A second test in the same process finds it installed, which is as good.
    drop(rustls::crypto::ring::default_provider().install_default());
    Sender::within(&Guard::default(), TIMEOUT).expect("a client").send(way, &message()).await
}

/// What an HTTP server was asked.
#[derive(Clone, Debug)]
struct Asked {
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Bytes,
}

type Log = Arc<Mutex<Vec<Asked>>>;

/// A server that answers everything with one status.
async fn http(status: StatusCode) -> (String, Log) {
    let log = Log::default();
    let take = move |State(log): State<Log>,
                     method: Method,
                     uri: Uri,
                     headers: HeaderMap,
                     body: Bytes| async move {
        let path = uri.path().to_owned();
        log.lock().expect("a log").push(Asked { method, path, headers, body });
        (status, [("location", "/elsewhere")])
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let app = Router::new().fallback(take).with_state(log.clone());
    tokio::spawn(async move { axum::serve(listener, app).await });
    (format!("http://{address}"), log)
}

async fn one(carrier: Carrier) -> (Asked, Value) {
    let (url, log) = http(StatusCode::OK).await;
    sent(&way(carrier, &url)).await.expect("taken");
    let asked = log.lock().expect("a log").clone();
    let [asked] = <[Asked; 1]>::try_from(asked).expect("one request");
    assert_eq!(asked.headers["idempotency-key"], "0123-1");
    let body = serde_json::from_slice(&asked.body).expect("JSON");
    (asked, body)
}

#[tokio::test]
async fn every_channel_says_it_in_its_own_words() {
    let (asked, body) = one(Carrier::Matrix).await;
    assert_eq!(asked.method, Method::PUT);
    assert_eq!(asked.path, "/_matrix/client/v3/rooms/ana@example.org/send/m.room.message/0123-1");
    assert_eq!(asked.headers["authorization"], "Bearer s3cret-token");
    assert_eq!(body["msgtype"], "m.text");
    let (_, body) = one(Carrier::Ntfy).await;
    assert_eq!((&body["topic"], &body["priority"]), (&json!("ana@example.org"), &json!(5)));
    assert_eq!(body["actions"][0]["action"], "view");
    let (_, body) = one(Carrier::Pagerduty).await;
    assert_eq!(body["routing_key"], "s3cret-token");
    assert_eq!(body["dedup_key"], "incident/INC-2026-0001");
    let (_, body) = one(Carrier::Chat).await;
    assert!(body["text"].as_str().expect("text").contains("The shop is down."));
    let button = &body["attachments"][0]["actions"][0];
    let signed = json!("https://council.example/acknowledge/1/ana/x");
    assert_eq!((&button["url"], &button["integration"]["url"]), (&signed, &signed));
}

#[tokio::test]
async fn a_webhook_is_signed_over_its_body() {
    use hmac::{KeyInit as _, Mac as _};
    let (asked, _) = one(Carrier::Webhook).await;
    let mut mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(b"s3cret-token").expect("a key");
    mac.update(&asked.body);
    let digest = mac.finalize().into_bytes();
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(asked.headers["council-signature"], format!("sha256={hex}"));
}

#[tokio::test]
async fn what_may_pass_is_tried_again_and_what_never_will_is_not() {
    let cases = [
        (StatusCode::INTERNAL_SERVER_ERROR, true),
        (StatusCode::TOO_MANY_REQUESTS, true),
        (StatusCode::FORBIDDEN, false),
        (StatusCode::FOUND, false),
    ];
    for (status, retry) in cases {
        let (url, log) = http(status).await;
        let error = sent(&way(Carrier::Webhook, &url)).await.expect_err("refused");
        assert_eq!(error.retry, retry, "{error}");
        assert_eq!(log.lock().expect("a log").len(), 1, "{status}: nothing is followed");
    }
}

#[tokio::test]
async fn a_silent_or_absent_server_is_tried_again_and_no_secret_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let mut way = way(Carrier::Chat, "");
    way.secret = Some(format!("http://{address}/hooks/very-secret").into());
    let error = sent(&way).await.expect_err("nobody is there");
    assert!(error.retry && !error.why.contains("very-secret"), "{error}");
}

#[tokio::test]
async fn a_server_that_hangs_is_left() {
    drop(rustls::crypto::ring::default_provider().install_default());
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    for carrier in [Carrier::Webhook, Carrier::Email] {
        let scheme = if carrier == Carrier::Email { "smtp" } else { "http" };
        let sender =
            Sender::within(&Guard::default(), Duration::from_millis(50)).expect("a client");
        let way = way(carrier, &format!("{scheme}://{address}"));
        let error = sender.send(&way, &message()).await.expect_err("silent");
        assert!(error.retry, "{carrier:?}: {error}");
    }
}

/// What a mail server does once it has the mail.
#[derive(Clone, Copy, Debug)]
enum Mood {
    Takes,
    Refuses,
    Drops,
    Busy,
}

/// A small mail server that takes one connection, and the mail that it was given.
async fn smtp(mood: Mood) -> (String, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let serving = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.expect("a client");
        let (reader, mut writer) = stream.into_split();
        let mut lines = BufReader::new(reader).lines();
        let mut mail = String::new();
        writer.write_all(b"220 test\r\n").await.expect("written");
        while let Ok(Some(line)) = lines.next_line().await {
            let verb = line.split([' ', ':']).next().unwrap_or("").to_ascii_uppercase();
            let answer: &[u8] = match (verb.as_str(), mood) {
                ("RCPT", Mood::Refuses) => b"550 no such person\r\n",
                ("RCPT", Mood::Busy) => b"451 come again\r\n",
                ("DATA", _) => {
                    writer.write_all(b"354 go on\r\n").await.expect("written");
                    while let Ok(Some(line)) = lines.next_line().await {
                        if line == "." {
                            break;
                        }
                        mail.push_str(&line);
                        mail.push('\n');
                    }
                    if let Mood::Drops = mood {
                        return mail;
                    }
                    b"250 taken\r\n"
                }
                ("QUIT", _) => b"221 bye\r\n",
                _ => b"250 ok\r\n",
            };
            if writer.write_all(answer).await.is_err() || verb == "QUIT" {
                break;
            }
        }
        mail
    });
    (format!("smtp://{address}"), serving)
}

#[tokio::test]
async fn mail_is_handed_in_once_and_its_header_cannot_be_written_to() {
    let (url, serving) = smtp(Mood::Takes).await;
    sent(&way(Carrier::Email, &url)).await.expect("taken");
    let mail = serving.await.expect("a server");
    assert!(mail.contains("Message-ID: <0123-1@example.org>"), "{mail}");
    assert!(mail.contains("The shop is down.") && mail.contains("To: ana@example.org"), "{mail}");
    assert!(!mail.lines().any(|line| line.starts_with("Bcc:")), "{mail}");
}

#[tokio::test]
async fn mail_that_is_refused_is_lost_and_what_was_dropped_is_tried_again() {
    for (mood, retry) in [(Mood::Refuses, false), (Mood::Busy, true), (Mood::Drops, true)] {
        let (url, serving) = smtp(mood).await;
        let error = sent(&way(Carrier::Email, &url)).await.expect_err("not taken");
        assert_eq!(error.retry, retry, "{mood:?}: {error}");
        drop(serving.await);
    }
}
