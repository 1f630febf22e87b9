//! Channels that speak HTTP: chats, Matrix, ntfy, PagerDuty, webhooks.

use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::{Client, RequestBuilder, StatusCode, Url};
use secrecy::ExposeSecret as _;
use serde_json::json;
use sha2::Sha256;

use super::{Carrier, Message, NotifyError, Way};

/// Where PagerDuty takes events when the channel says nothing else.
const PAGERDUTY: &str = "https://events.pagerduty.com/v2/enqueue";

/// The header that carries the signature of a webhook's body: HMAC-SHA-256 under the channel's secret, in hex.
const SIGNATURE: &str = "Council-Signature";

pub(super) async fn send(client: &Client, way: &Way, message: &Message) -> Result<(), NotifyError> {
    let request = match way.carrier {
        Carrier::Chat => chat(client, way, message)?,
        Carrier::Matrix => matrix(client, way, message)?,
        Carrier::Ntfy => ntfy(client, way, message)?,
        Carrier::Pagerduty => pagerduty(client, way, message)?,
        Carrier::Webhook => webhook(client, way, message)?,
        Carrier::Email => return Err(NotifyError::never("mail does not go over HTTP")),
    };
    let answer = request.header("Idempotency-Key", &message.key).send().await;
    // Addresses may be secrets; the channel's name stands beside the error anyway.
    let answer = answer.map_err(|error| {
        let why = if error.is_timeout() { "it took too long" } else { "no connection" };
        let cause = std::error::Error::source(&error).map(|cause| format!(" ({cause})"));
        NotifyError::later(format!(
            "the server could not be reached: {why}{}",
            cause.filter(|_| error.is_connect()).unwrap_or_default()
        ))
    })?;
    judge(answer.status())
}

/// What a status means for the message.
fn judge(status: StatusCode) -> Result<(), NotifyError> {
    if status.is_success() {
        return Ok(());
    }
    let why = format!("the server answered {status}");
    let passing = status.is_server_error()
        || status == StatusCode::TOO_MANY_REQUESTS
        || status == StatusCode::REQUEST_TIMEOUT;
    if status.is_redirection() {
        return Err(NotifyError::never(format!("{why}; redirects are not followed")));
    }
    Err(if passing { NotifyError::later(why) } else { NotifyError::never(why) })
}

fn secret(way: &Way) -> &str {
    way.secret.as_ref().map_or("", |secret| secret.expose_secret())
}

fn address(text: &str) -> Result<Url, NotifyError> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    url.ok_or_else(|| NotifyError::never("the channel's address is no `https://` address"))
}

/// An address below the channel's, each part as one segment.
fn below(way: &Way, parts: &[&str]) -> Result<Url, NotifyError> {
    let mut url = address(&way.url)?;
    url.path_segments_mut()
        .map_err(|()| NotifyError::never("the channel's address has no path"))?
        .pop_if_empty()
        .extend(parts);
    Ok(url)
}

fn chat(client: &Client, way: &Way, message: &Message) -> Result<RequestBuilder, NotifyError> {
    let url = if way.url.is_empty() { secret(way) } else { &way.url };
    let mut body = json!({"text": format!("*{}*\n{}", message.subject, message.plain())});
    if !way.to.is_empty() {
        body["channel"] = json!(way.to);
    }
    if let Some(acknowledge) = &message.acknowledge {
        // Slack shows a button that opens `url`; Mattermost's button asks `integration.url` itself, and shows what that answers.
        let button = json!({
            "type": "button",
            "id": "acknowledge",
            "name": "I have seen it and act",
            "text": "I have seen it and act",
            "style": "primary",
            "url": acknowledge,
            "integration": {"url": acknowledge},
        });
        let plain = format!("I have seen it and act: {acknowledge}");
        body["attachments"] = json!([{"fallback": plain, "actions": [button]}]);
    }
    Ok(client.post(address(url)?).json(&body))
}

fn matrix(client: &Client, way: &Way, message: &Message) -> Result<RequestBuilder, NotifyError> {
    let room =
        ["_matrix", "client", "v3", "rooms", &way.to, "send", "m.room.message", &message.key];
    let body = json!({
        "msgtype": "m.text",
        "body": format!("{}\n{}", message.subject, message.plain()),
    });
    Ok(client.put(below(way, &room)?).bearer_auth(secret(way)).json(&body))
}

fn ntfy(client: &Client, way: &Way, message: &Message) -> Result<RequestBuilder, NotifyError> {
    let mut actions = Vec::new();
    if let Some(acknowledge) = &message.acknowledge {
        // Opens the page: only its button acknowledges.
        actions.push(json!({"action": "view", "label": "Acknowledge", "url": acknowledge}));
    }
    let body = json!({
        "topic": way.to,
        "title": message.subject,
        "message": message.text,
        "click": message.link,
        "priority": if message.urgent { 5 } else { 3 },
        "actions": actions,
    });
    let request = client.post(address(&way.url)?).json(&body);
    Ok(if way.secret.is_some() { request.bearer_auth(secret(way)) } else { request })
}

fn pagerduty(client: &Client, way: &Way, message: &Message) -> Result<RequestBuilder, NotifyError> {
    let url = if way.url.is_empty() { PAGERDUTY } else { &way.url };
    let body = json!({
        "routing_key": secret(way),
        "event_action": "trigger",
        // The same matter is one incident there.
        "dedup_key": message.about,
        "payload": {
            "summary": message.subject,
            "source": "council",
            "severity": if message.urgent { "critical" } else { "warning" },
            "custom_details": {"text": message.text},
        },
        "links": [{"href": message.link, "text": "Look at it"}],
    });
    Ok(client.post(address(url)?).json(&body))
}

fn webhook(client: &Client, way: &Way, message: &Message) -> Result<RequestBuilder, NotifyError> {
    let body = json!({
        "key": message.key,
        "about": message.about,
        "urgent": message.urgent,
        "subject": message.subject,
        "text": message.text,
        "link": message.link,
        "acknowledge": message.acknowledge,
    })
    .to_string();
    let mut request = client.post(address(&way.url)?).header("Content-Type", "application/json");
    if way.secret.is_some() {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret(way).as_bytes())
            .expect("BUG: HMAC takes keys of every length");
        mac.update(body.as_bytes());
        let digest = mac.finalize().into_bytes();
        let signature: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        request = request.header(SIGNATURE, format!("sha256={signature}"));
    }
    Ok(request.body(body))
}
