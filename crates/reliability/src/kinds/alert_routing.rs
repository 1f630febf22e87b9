//! Alert routing: what the playbook says about alerts beyond what follows from ownership.

use org::kinds::Service;
use playbook::{Period, Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AlertCategory, EscalationPolicy, Stretch};

/// What holds for alerts beyond what follows from who owns which service.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AlertRouting {
    /// The labels by which alerts are told together; `alertname` and `service` when left out.
    #[serde(default)]
    pub group_by: Vec<String>,
    /// How long the first alert of a group waits for others; `30s` when left out.
    pub group_wait: Option<Period>,
    /// How long a group waits before it is told that more fire; `5m` when left out.
    pub group_interval: Option<Period>,
    /// How long until a group that still fires is told again; `4h` when left out.
    pub repeat_interval: Option<Period>,
    /// How long an alert that its sender forgets goes on firing; `5m` when left out.
    pub resolve_timeout: Option<Period>,
    /// How long a silence may last; `7d` when left out.
    pub longest_silence: Option<Period>,
    /// After how long a silence that matches nothing ends by itself; `1d` when left out.
    pub idle_silence: Option<Period>,
    /// What differs for some alerts; the first that matches holds.
    #[serde(default)]
    pub routes: Vec<AlertRoute>,
    /// What keeps other alerts quiet.
    #[serde(default)]
    pub inhibit: Vec<Inhibition>,
    /// Where an Alertmanager of your own reaches council, such as `https://council.example.com`; only the rendered
    /// `alertmanager.yml` needs it.
    pub council: Option<String>,
    /// Alerts that always fire, and page when they no longer arrive.
    #[serde(default)]
    pub watchdogs: Vec<Watchdog>,
}

/// What differs for some alerts.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AlertRoute {
    /// Which: Alertmanager's matchers, such as `team="core"`; all have to hold.
    #[serde(rename = "match")]
    pub matching: Vec<Spanned<String>>,
    /// The service that they are about.
    pub service: Option<Ref<Service>>,
    /// What they ask of people.
    pub category: Option<Ref<AlertCategory>>,
    /// Who is told.
    pub escalate_by: Option<Ref<EscalationPolicy>>,
    /// The labels by which they are told together.
    #[serde(default)]
    pub group_by: Vec<String>,
    /// The hours in which nobody is told.
    #[serde(default)]
    pub mute: Vec<Stretch>,
    /// The only hours in which somebody is told; always, when left out.
    #[serde(default)]
    pub active: Vec<Stretch>,
}

/// What keeps other alerts quiet: a cause whose effects nobody has to be told.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Inhibition {
    /// The alerts that keep others quiet.
    pub source: Vec<Spanned<String>>,
    /// The alerts that are kept quiet.
    pub target: Vec<Spanned<String>>,
    /// The labels in which both have to agree.
    #[serde(default)]
    pub equal: Vec<String>,
}

/// An alert that always fires, so that its silence means that nobody watches.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Watchdog {
    /// What it is called.
    pub name: String,
    /// Which alert: matchers, such as `alertname="Watchdog"`.
    #[serde(rename = "match")]
    pub matching: Vec<Spanned<String>>,
    /// How long it may be missing; `5m` when left out.
    pub within: Option<Period>,
    /// The service whose people are told.
    pub service: Option<Ref<Service>>,
}
