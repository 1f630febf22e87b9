//! How a message gets to a push service (RFC 8030, section 5), and what its answer means.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use reqwest::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode};
use zeroize::Zeroizing;

use crate::text::harmless;
use crate::{Contact, Failure, Push, Subscription, VapidKey, encrypt};

/// Most bytes of an answer that are read; refusals have some hundred.
const MOST_ANSWER: usize = 4 << 10;

/// The longest time that a service is left alone because it says so, in seconds.
const LONGEST_REST: u64 = 24 * 60 * 60;

/// What messages are sent with.
#[derive(Clone, Copy, Debug)]
pub struct Sender<'a> {
    /// Sends the requests. It must be built to follow no redirect (`redirect(Policy::none())`): one is an answer that means
    /// [`Failure::Refused`]. Where another client follows one all the same, that is said when the answer comes, and no sooner.
    pub client: &'a Client,
    /// Who sends: the key that browsers were given when they subscribed.
    pub key: &'a VapidKey,
    /// Whom the operator of a service may write to.
    pub contact: &'a Contact,
    /// The longest time for one message, its answer included.
    pub patience: Duration,
}

/// The service has the message. Whether a browser ever shows it, nobody says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivered {
    /// 201 of most services, 200 or 202 of some.
    pub status: u16,
    /// How long the service keeps the message, in seconds, where it says so: it may be less than was asked for (RFC 8030,
    /// section 5.2).
    pub ttl: Option<u32>,
}

impl Sender<'_> {
    /// Encrypts, signs and sends a message; `now` dates the signature.
    ///
    /// # Errors
    /// Why it was not taken, or not sent at all; see [`Failure`] for what to do then.
    pub async fn send(
        &self,
        subscription: &Subscription,
        push: &Push,
        now: Timestamp,
    ) -> Result<Delivered, Failure> {
        let body = sealed(&push.message, subscription)?;
        let mut authorization =
            self.key.authorization(subscription.endpoint(), self.contact, now).map(|value| {
                HeaderValue::try_from(value).expect("BUG: base64url may be in a header")
            })?;
        authorization.set_sensitive(true);
        let mut request = self
            .client
            .post(subscription.endpoint().clone())
            .timeout(self.patience)
            .header(AUTHORIZATION, authorization)
            .header(CONTENT_ENCODING, "aes128gcm")
            .header(CONTENT_TYPE, "application/octet-stream")
            .header("ttl", push.ttl)
            .header("urgency", push.urgency.as_str())
            .body(body);
        if let Some(topic) = &push.topic {
            request = request.header("topic", topic.as_str());
        }
        match request.send().await {
            Ok(answer) => judge(answer, subscription, now).await,
            Err(error) => Err(self.unsent(&error, subscription)),
        }
    }

    /// The innermost cause says what happened; the outer ones repeat the whole endpoint.
    fn unsent(&self, error: &reqwest::Error, subscription: &Subscription) -> Failure {
        let mut cause: &dyn std::error::Error = error;
        while let Some(deeper) = cause.source() {
            cause = deeper;
        }
        let why = if error.is_timeout() {
            format!("no answer within {} ms", self.patience.as_millis())
        } else {
            harmless(&cause.to_string(), subscription.endpoint())
        };
        Failure::Later { host: subscription.host().to_owned(), why, retry_after: None }
    }
}

/// The body, under a salt and a key that are used this once.
fn sealed(message: &[u8], subscription: &Subscription) -> Result<Vec<u8>, Failure> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(|_| Failure::Random)?;
    let mut broken = false;
    let ephemeral = VapidKey::generate(|bytes| broken |= getrandom::fill(bytes).is_err());
    let secret: Zeroizing<[u8; 32]> = ephemeral.map_err(|_| Failure::Random)?.secret();
    if broken {
        return Err(Failure::Random);
    }
    Ok(encrypt(message, subscription, salt, &secret)?)
}

/// What an answer means (RFC 8030, sections 5, 7.2, 7.3 and 8.4).
async fn judge(
    answer: Response,
    subscription: &Subscription,
    now: Timestamp,
) -> Result<Delivered, Failure> {
    let host = subscription.host().to_owned();
    let status = answer.status();
    if answer.url() != subscription.endpoint() {
        let said = "it led elsewhere, and the client followed".to_owned();
        return Err(Failure::Refused { host, status: status.as_u16(), said });
    }
    let retry_after = rest(&answer, now);
    Err(match status {
        // The body is not read: it says nothing, and may have no end.
        StatusCode::OK | StatusCode::CREATED | StatusCode::ACCEPTED => {
            let ttl = answer.headers().get("ttl").and_then(|ttl| ttl.to_str().ok()?.parse().ok());
            return Ok(Delivered { status: status.as_u16(), ttl });
        }
        StatusCode::NOT_FOUND | StatusCode::GONE => Failure::Gone { host },
        StatusCode::PAYLOAD_TOO_LARGE => Failure::TooLarge { host },
        StatusCode::TOO_MANY_REQUESTS => Failure::Busy { host, retry_after },
        status if status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT => {
            let why = format!("status {}", status.as_u16());
            Failure::Later { host, why, retry_after }
        }
        status => {
            let said = harmless(&words(answer).await, subscription.endpoint());
            Failure::Refused { host, status: status.as_u16(), said }
        }
    })
}

/// How long the service wants to be left alone: seconds, or until a date (RFC 9110, section 10.2.3).
fn rest(answer: &Response, now: Timestamp) -> Option<Duration> {
    let text = answer.headers().get(RETRY_AFTER)?.to_str().ok()?;
    let seconds = if text.bytes().all(|byte| byte.is_ascii_digit()) {
        text.parse().unwrap_or(LONGEST_REST)
    } else {
        let until = rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
        u64::try_from(until.as_second().saturating_sub(now.as_second())).unwrap_or(0)
    };
    Some(Duration::from_secs(seconds.min(LONGEST_REST)))
}

/// The beginning of the body; what breaks off or does not come in time ends it.
async fn words(mut answer: Response) -> String {
    let mut bytes = Vec::new();
    while bytes.len() < MOST_ANSWER {
        let Ok(Some(chunk)) = answer.chunk().await else { break };
        bytes.extend(chunk.iter().take(MOST_ANSWER - bytes.len()));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
