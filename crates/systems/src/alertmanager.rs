//! Alertmanager (API version 2): silences that come and go with a change.
//!
//! A silence is known by its mark, the first word of its comment (`CHG-2026-0007/0:`): making it twice finds the first one,
//! so that a server which died between asking and writing down leaves no second silence behind.
//!
//! Absent on purpose: sending alerts, and templates of messages.

use std::time::Duration;

use jiff::Timestamp;
use plan::{Fault, FaultKind};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde::{Deserialize, Serialize};

/// How long one call may take: Alertmanager answers from memory.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Largest answer that is read (16 MiB): ten thousand alerts with long annotations.
const MOST_BYTES: usize = 16 << 20;

/// An Alertmanager.
#[derive(Clone, Debug)]
pub struct Alertmanager {
    address: String,
    client: Client,
}

/// One condition on an alert's labels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Matcher {
    /// The label.
    pub name: String,
    /// Its value, or an expression.
    pub value: String,
    /// Whether the value is a regular expression.
    pub is_regex: bool,
    /// Whether it must match; else it must not.
    #[serde(default = "yes")]
    pub is_equal: bool,
}

fn yes() -> bool {
    true
}

/// A silence to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silence {
    /// What it is known by, such as `CHG-2026-0007/0`; without blanks.
    pub mark: String,
    /// What must match, all of it.
    pub matchers: Vec<Matcher>,
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// Why, for whoever looks at silences.
    pub comment: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Wanted<'a> {
    matchers: &'a [Matcher],
    starts_at: String,
    ends_at: String,
    created_by: &'a str,
    comment: String,
}

#[derive(Deserialize)]
struct Made {
    #[serde(rename = "silenceID")]
    id: String,
}

#[derive(Deserialize)]
struct Known {
    id: String,
    comment: String,
    status: KnownStatus,
}

#[derive(Deserialize)]
struct KnownStatus {
    state: String,
}

#[derive(Deserialize)]
struct Alert {
    status: AlertStatus,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AlertStatus {
    #[serde(default)]
    silenced_by: Vec<String>,
}

impl Alertmanager {
    /// Talks to the Alertmanager at an address such as `http://localhost:9093`.
    pub fn new(address: &str, client: Client) -> Self {
        Self { address: address.trim_end_matches('/').to_owned(), client }
    }

    /// Makes a silence, or finds the one that was made with the same mark and still stands; says its id.
    ///
    /// # Errors
    /// When Alertmanager does not answer, or refuses.
    pub async fn silence(&self, silence: &Silence) -> Result<String, Fault> {
        if let Some(known) = self.standing(&silence.mark).await? {
            return Ok(known);
        }
        let wanted = Wanted {
            matchers: &silence.matchers,
            starts_at: silence.from.to_string(),
            ends_at: silence.until.to_string(),
            created_by: "council",
            comment: format!("{}: {}", silence.mark, silence.comment),
        };
        let request = self.request(Method::POST, "silences").json(&wanted);
        let made: Made = self.ask("make a silence", request).await?;
        Ok(made.id)
    }

    /// Ends a silence; one that is not there, or has ended, is no error.
    ///
    /// # Errors
    /// When Alertmanager does not answer, or refuses.
    pub async fn end(&self, id: &str) -> Result<(), Fault> {
        let doing = "end a silence";
        let request = self.request(Method::DELETE, &format!("silence/{id}"));
        let response = request.send().await.map_err(|error| unreachable(doing, &error))?;
        let status = response.status();
        // Ending twice is answered with 500 "already expired" by some versions and 404 by others.
        let is_gone = matches!(status, StatusCode::NOT_FOUND | StatusCode::GONE);
        let said = read(doing, response).await?;
        let said = String::from_utf8_lossy(&said).to_lowercase();
        if status.is_success()
            || is_gone
            || said.contains("already expired")
            || said.contains("silence not found")
        {
            return Ok(());
        }
        Err(refused(doing, status, &said))
    }

    /// How many alerts a silence keeps silent at this moment.
    ///
    /// # Errors
    /// When Alertmanager does not answer, or answers garbage.
    pub async fn matched(&self, id: &str) -> Result<u64, Fault> {
        let request = self.request(Method::GET, "alerts");
        let request =
            request.query(&[("silenced", "true"), ("active", "false"), ("inhibited", "true")]);
        let alerts: Vec<Alert> = self.ask("list silenced alerts", request).await?;
        let ours = alerts.iter().filter(|alert| alert.status.silenced_by.iter().any(|by| by == id));
        Ok(u64::try_from(ours.count()).unwrap_or(u64::MAX))
    }

    /// The silence with a mark that has not ended.
    async fn standing(&self, mark: &str) -> Result<Option<String>, Fault> {
        let request = self.request(Method::GET, "silences");
        let silences: Vec<Known> = self.ask("list silences", request).await?;
        let ours = silences.into_iter().find(|known| {
            let first = known.comment.split_once(':').map(|(first, _)| first);
            first == Some(mark) && known.status.state != "expired"
        });
        Ok(ours.map(|known| known.id))
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let address = format!("{}/api/v2/{path}", self.address);
        self.client.request(method, address).timeout(TIMEOUT)
    }

    async fn ask<T: serde::de::DeserializeOwned>(
        &self,
        doing: &str,
        request: RequestBuilder,
    ) -> Result<T, Fault> {
        let response = request.send().await.map_err(|error| unreachable(doing, &error))?;
        let status = response.status();
        let bytes = read(doing, response).await?;
        if !status.is_success() {
            return Err(refused(doing, status, &String::from_utf8_lossy(&bytes)));
        }
        serde_json::from_slice(&bytes).map_err(|error| {
            let text = format!("Alertmanager's answer to \"{doing}\" is not understood: {error}");
            Fault::new(FaultKind::Garbage, text)
        })
    }
}

/// Reads an answer up to the limit.
async fn read(doing: &str, mut response: reqwest::Response) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| unreachable(doing, &error))? {
        if bytes.len() + chunk.len() > MOST_BYTES {
            let text =
                format!("Alertmanager's answer to \"{doing}\" is larger than {MOST_BYTES} bytes");
            return Err(Fault::new(FaultKind::Garbage, text));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn unreachable(doing: &str, error: &reqwest::Error) -> Fault {
    let kind = if error.is_timeout() { FaultKind::Timeout } else { FaultKind::Unreachable };
    let text =
        format!("Alertmanager could not be asked to {doing}; is its address right? ({error})");
    Fault::new(kind, text)
}

/// How much of a refusal is shown.
const SHOWN: usize = 200;

fn refused(doing: &str, status: StatusCode, said: &str) -> Fault {
    let said: String = said.trim().chars().take(SHOWN).collect();
    let text = format!("Alertmanager refused to {doing}: {status} {said}");
    let kind = if status.is_server_error() { FaultKind::Failed } else { FaultKind::Refused };
    Fault::new(kind, text)
}
