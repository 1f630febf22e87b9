//! Runbook: what to do about something, written so that a person can read it and council can lead through it.

mod step;

use std::collections::BTreeSet;

use jiff::civil::Date;
use org::kinds::{Seat, Service};
use playbook::{DocumentKind, Period, Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use step::{Step, StepFault, steps};

/// A runbook: a Markdown file that says what to do, with steps that can be run.
///
/// The prose is for the person who reads it at three in the morning. A block fenced as `sh council step` is a step:
/// `council runbook run` shows it, runs it, compares what it prints with what is expected, and writes the output down
/// as evidence. Words after `step` say more: `expect="healthy"` is a text that must be printed, `within=5m` how long
/// it may take (a minute, when left out), `confirm` asks before something that destroys, `approve` waits for a second
/// person, `title="…"` names it (else the heading above it does). Parameters stand in the environment of a step under
/// their own names: `$host`.
///
/// `verified` is the day on which somebody last went through it and found it right; a run that succeeds renews it.
///
/// ```yaml
/// runbook: The checkout answers slowly, and the queue of orders grows.
/// owner: observability-incidents
/// services: [checkout-api]
/// verified: 2026-11-02
/// stale_after: 90d
/// parameters:
///   - { name: host, asks: Which host answers slowly?, default: web-1 }
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Runbook {
    /// When to use it: what somebody sees who needs it.
    pub runbook: Spanned<String>,
    /// The seat that keeps it right.
    #[serde(default)]
    pub owner: Option<Ref<Seat>>,
    /// The services that it is about.
    #[serde(default)]
    pub services: Vec<Ref<Service>>,
    /// When somebody last went through it and found it right.
    #[serde(default)]
    pub verified: Option<Spanned<Date>>,
    /// For how long that holds; half a year, when left out.
    #[serde(default)]
    pub stale_after: Option<Spanned<Period>>,
    /// What its steps have to be told.
    #[serde(default)]
    pub parameters: Vec<Parameter>,
    /// The text after the front matter.
    #[serde(skip)]
    pub body: String,
    /// The steps, in order.
    #[serde(skip)]
    pub steps: Vec<Step>,
    /// What is wrong with the steps.
    #[serde(skip)]
    pub faults: Vec<StepFault>,
}

/// Something that the steps of a runbook have to be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "RunbookParameter")]
pub struct Parameter {
    /// Its name in the steps: small letters, digits and `_`.
    pub name: Spanned<String>,
    /// The question to whoever runs it.
    pub asks: String,
    /// What it is when nobody says otherwise; without one it has to be said.
    #[serde(default)]
    pub default: Option<String>,
    /// Whether the value is a secret, which is never written down.
    #[serde(default)]
    pub secret: bool,
}

playbook::kind!(Runbook, "runbook");

/// How long a runbook holds that says nothing else. Half a year is two releases of most operating systems' packages: what
/// was typed then may no longer work.
const DAYS: i64 = 180;

impl Runbook {
    /// The first day on which it is stale, when it was last found right on a day.
    pub fn stale_on(&self, verified: Date) -> Option<Date> {
        let seconds = self.stale_after.as_ref().map(|period| period.as_seconds() / 86_400);
        let days = seconds.map_or(Some(DAYS), |days| i64::try_from(days).ok())?;
        let days = jiff::Span::new().try_days(days).ok()?;
        verified.checked_add(days).ok()?.tomorrow().ok()
    }

    /// What its steps are, in a few letters: a run that began under others is no proof of these.
    pub fn digest(&self) -> String {
        step::digest(&self.steps)
    }

    /// The names of its parameters that cannot be used.
    pub fn strange_parameters(&self) -> impl Iterator<Item = &Spanned<String>> {
        let mut seen = BTreeSet::new();
        self.parameters.iter().map(|parameter| &parameter.name).filter(move |name| {
            let plain = name.value.bytes().enumerate().all(|(at, byte)| {
                byte.is_ascii_lowercase() || (at > 0 && (byte.is_ascii_digit() || byte == b'_'))
            });
            !plain || name.value.is_empty() || !seen.insert(name.value.as_str())
        })
    }
}

impl DocumentKind for Runbook {
    fn claims(_: &str, front_matter_keys: &[&str]) -> bool {
        front_matter_keys.contains(&"runbook")
    }

    fn attach(&mut self, _: Option<&str>, body: &str) {
        body.clone_into(&mut self.body);
        (self.steps, self.faults) = steps(body);
    }
}
