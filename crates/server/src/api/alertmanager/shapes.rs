//! What Alertmanager's interface sends and is sent.

use std::collections::BTreeMap;

use governance::Text;
use jiff::Timestamp;
use reliability::alerts::{BadLabels, Fingerprint, Labels, Matcher, Operator, Posted};
use reliability::record::alert::Alert;
use reliability::record::silence::{self, Stage, Terms};
use reliability::views::Reading;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::AppState;

/// An alert as Prometheus sends it, and as a webhook carries it.
#[derive(Debug, Deserialize)]
pub(super) struct PostedAlert {
    labels: Labels,
    #[serde(default)]
    annotations: BTreeMap<String, String>,
    #[serde(default, rename = "startsAt")]
    starts_at: Option<Timestamp>,
    #[serde(default, rename = "endsAt")]
    ends_at: Option<Timestamp>,
    #[serde(default, rename = "generatorURL")]
    generator_url: Option<String>,
}

impl PostedAlert {
    pub(super) fn posted(self) -> Result<Posted, BadLabels> {
        // Go writes "no time" as the first second of the year 1.
        let real = |at: &Timestamp| at.as_second() > 0;
        Ok(Posted {
            labels: self.labels.checked()?,
            annotations: self.annotations,
            starts_at: self.starts_at.filter(real),
            ends_at: self.ends_at.filter(real),
            generator_url: self.generator_url.filter(|url| !url.is_empty()),
        })
    }
}

/// What an Alertmanager sends to a webhook.
#[derive(Debug, Deserialize)]
pub(super) struct Webhook {
    pub(super) version: String,
    pub(super) alerts: Vec<PostedAlert>,
}

/// A matcher as the interface writes it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PostedMatcher {
    name: String,
    value: String,
    is_regex: bool,
    #[serde(default = "yes")]
    is_equal: bool,
}

fn yes() -> bool {
    true
}

/// A silence that somebody makes or changes. Whose it is follows from who asks, not from what they say.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PostedSilence {
    #[serde(default)]
    id: Option<String>,
    matchers: Vec<PostedMatcher>,
    starts_at: Timestamp,
    ends_at: Timestamp,
    #[serde(default)]
    comment: String,
}

impl PostedSilence {
    pub(super) fn terms(self) -> (Option<String>, Terms) {
        let matchers = self.matchers.into_iter().map(|one| {
            let operator = if one.is_regex { Operator::Matches } else { Operator::Equal };
            let operator = if one.is_equal { operator } else { operator.negated() };
            Matcher { name: one.name, operator, value: one.value }
        });
        let terms = Terms {
            matchers: matchers.collect(),
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            comment: Text::Plain(self.comment),
        };
        (self.id.filter(|id| !id.is_empty()), terms)
    }
}

/// An alert as the interface shows it.
pub(super) fn alert(state: &AppState, key: Fingerprint, alert: &Alert, receiver: &str) -> Value {
    let held = &alert.held;
    let standing = if held.is_free() { "active" } else { "suppressed" };
    let muted: &[&str] = if held.muted { &["hours"] } else { &[] };
    let ends = state.alert_ends(key).unwrap_or(alert.at);
    json!({
        "annotations": alert.fired.annotations,
        "endsAt": ends,
        "fingerprint": key,
        "receivers": [{ "name": receiver }],
        "startsAt": alert.fired.starts_at,
        "status": {
            "state": standing, "silencedBy": held.silenced_by,
            "inhibitedBy": held.inhibited_by, "mutedBy": muted,
        },
        "updatedAt": alert.since,
        "generatorURL": alert.fired.generator_url.as_deref().unwrap_or_default(),
        "labels": alert.fired.labels,
    })
}

/// A silence as the interface shows it.
pub(super) fn silence(reading: &Reading<'_>, id: &str, silence: &silence::State) -> Value {
    let stage = match silence.stage(reading.now) {
        Stage::Active => "active",
        Stage::Pending => "pending",
        Stage::Expired => "expired",
    };
    let matchers = silence.terms.matchers.iter().map(|one| {
        json!({
            "name": one.name, "value": one.value,
            "isRegex": one.operator.is_regex(), "isEqual": one.operator.is_positive(),
        })
    });
    json!({
        "id": id,
        "status": { "state": stage },
        "updatedAt": silence.at,
        "comment": reading.texts.read(&format!("silence/{id}"), &silence.terms.comment),
        "createdBy": silence.person,
        "startsAt": silence.terms.starts_at,
        "endsAt": silence.expired.as_ref().map_or(silence.terms.ends_at, |(at, _)| *at),
        "matchers": matchers.collect::<Vec<_>>(),
        "annotations": {},
    })
}
