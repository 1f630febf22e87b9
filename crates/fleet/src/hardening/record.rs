//! The record of audits: what was found on a machine, each time that it was news.
//!
//! Invariants: pure; only what changed, or is a day old, is written again, so that a fleet that is audited every hour fills no ledger;
//! a host that gave no answer keeps what it said before, with its age.

use std::collections::BTreeMap;

use governance::Refusal;
use jiff::{SignedDuration, Timestamp};
use ledger::{Draft, Entry, Fold, InvalidName, Stream};
use playbook::Model;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kinds::Machine;

/// The noun of the streams; the id is the machine's name.
pub const NOUN: &str = "hardening";

/// How old what is known may be before the same is written again.
const NEWS: SignedDuration = SignedDuration::from_hours(20);

/// Days of which a score is remembered: a quarter.
const DAYS: usize = 92;

/// Controls of a report.
const MOST_CONTROLS: usize = 500;

/// Words of a finding, and findings of a control.
const MOST_WORDS: usize = 300;
const MOST_FINDINGS: usize = 50;

/// What an audit makes of a control.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "HardeningOutcome")]
pub enum Outcome {
    /// Every setting is as it must be.
    Held,
    /// A setting is not as it must be.
    Broken,
    /// None is broken, but not all could be seen.
    Unknown,
    /// A person has to look.
    ByHand,
}

/// One control on one machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "HardeningFound")]
pub struct Found {
    /// What the audit makes of it.
    pub outcome: Outcome,
    /// What is wrong or could not be seen, a sentence a setting.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub why: Vec<String>,
}

/// What an audit of one machine brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(rename = "HardeningReport")]
pub enum Report {
    /// It answered.
    Answered {
        /// The baseline that it was held against, by name.
        baseline: String,
        /// Its controls by their ids.
        controls: BTreeMap<String, Found>,
        /// Its operating system, as it calls itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        system: Option<String>,
        /// Its kernel.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kernel: Option<String>,
        /// Whether something that is installed waits for a restart.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        restart: Option<bool>,
    },
    /// It gave no answer that can be judged.
    Silent {
        /// Why.
        why: String,
    },
}

/// What somebody wants to record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    /// The machine's name.
    pub machine: String,
    /// What was found.
    pub report: Report,
}

impl Command {
    /// The stream that the command writes to.
    #[must_use]
    pub fn stream(&self) -> String {
        format!("{NOUN}/{}", self.machine)
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// A machine was audited.
    Audited {
        /// What was found.
        report: Report,
    },
}

/// An event and the stream that it is written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Such as `hardening/eu1-r01-n01`.
    pub stream: String,
    /// What happened.
    pub event: Event,
}

impl Recorded {
    /// Drafts the ledger's entry, `hardening.audited`.
    ///
    /// # Errors
    /// When the stream's name cannot stand in a ledger, because of a strange name of a machine.
    pub fn draft(&self, actor: &str) -> Result<Draft, InvalidName> {
        let Event::Audited { report } = &self.event;
        let body = serde_json::json!({ "report": report });
        Ok(Draft::new(Stream::new(&self.stream)?, format!("{NOUN}.audited"), actor, body))
    }
}

/// A score of a day: controls that were held, broken, or not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// When.
    pub at: Timestamp,
    /// Held.
    pub held: usize,
    /// Broken.
    pub broken: usize,
    /// Not known.
    pub unknown: usize,
}

/// What is known of one machine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// Its last answer, and when it came.
    pub answered: Option<(Timestamp, Report)>,
    /// Why it gave none since, and when.
    pub silent: Option<(Timestamp, String)>,
    /// The scores so far, waivers or not; the last of a day.
    pub scores: Vec<Score>,
}

impl Known {
    fn apply(&mut self, report: &Report, at: Timestamp) {
        match report {
            Report::Answered { controls, .. } => {
                let count = |wanted| controls.values().filter(|it| it.outcome == wanted).count();
                let score = Score {
                    at,
                    held: count(Outcome::Held),
                    broken: count(Outcome::Broken),
                    unknown: count(Outcome::Unknown),
                };
                let day = |at: Timestamp| at.as_second().div_euclid(86_400);
                if self.scores.last().is_some_and(|last| day(last.at) == day(at)) {
                    self.scores.pop();
                }
                self.scores.push(score);
                let surplus = self.scores.len().saturating_sub(DAYS);
                self.scores.drain(..surplus);
                self.silent = None;
                self.answered = Some((at, report.clone()));
            }
            Report::Silent { why } => self.silent = Some((at, why.clone())),
        }
    }

    /// When it was last recorded, and what.
    fn last(&self) -> Option<(Timestamp, Report)> {
        match (&self.silent, &self.answered) {
            (Some((at, why)), _) => Some((*at, Report::Silent { why: why.clone() })),
            (None, answered) => answered.clone(),
        }
    }
}

/// What was found on all machines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// By the machine's name.
    pub machines: BTreeMap<String, Known>,
    /// The version of each stream, for appends that must not overwrite each other.
    pub versions: BTreeMap<String, u64>,
}

impl State {
    /// The version of a stream; 0 when nothing was ever written to it.
    #[must_use]
    pub fn version(&self, stream: &str) -> u64 {
        self.versions.get(stream).copied().unwrap_or(0)
    }

    /// Takes in what was found on a machine.
    pub fn record(&mut self, machine: &str, Event::Audited { report }: &Event, at: Timestamp) {
        self.machines.entry(machine.to_owned()).or_default().apply(report, at);
    }
}

impl Fold for State {
    const NAME: &'static str = "fleet";
    const VERSION: u32 = 1;

    fn apply(&mut self, entry: &Entry) {
        if entry.stream.noun() != NOUN || entry.kind != "hardening.audited" {
            return;
        }
        let event = format!("{{\"audited\":{}}}", entry.body.as_str());
        // One of a later version is not read, and not lost.
        let Ok(event) = serde_json::from_str(&event) else { return };
        self.versions.insert(entry.stream.as_str().to_owned(), entry.version);
        self.record(entry.stream.id(), &event, entry.at);
    }
}

/// Writes down what was found, or says why not.
///
/// # Errors
/// Refuses machines that the playbook does not have, more than can be true, and what is no news.
pub fn decide(
    command: &Command,
    model: &Model,
    (known, now): (&State, Timestamp),
) -> Result<Vec<Recorded>, Refusal> {
    let Command { machine, report } = command;
    if model.get::<Machine>(machine).is_none() {
        return Err(Refusal::new("no-machine", format!("there is no machine `{machine}`"))
            .passes_if("the playbook declares it"));
    }
    if let Some(why) = too_much(report) {
        return Err(Refusal::new("too-much", why).passes_if("less is reported"));
    }
    let last = known.machines.get(machine).and_then(Known::last);
    if last.is_some_and(|(at, last)| last == *report && now.duration_since(at) < NEWS) {
        return Err(Refusal::new("nothing-new", "the same was found within the last 20 hours")
            .passes_if("something has changed, or a day is over"));
    }
    Ok(vec![Recorded {
        stream: command.stream(),
        event: Event::Audited { report: report.clone() },
    }])
}

/// Why a report is more than a record takes.
fn too_much(report: &Report) -> Option<String> {
    let long = |text: &str| text.chars().count() > MOST_WORDS;
    let wordy = || format!("no text of a report is longer than {MOST_WORDS} characters");
    match report {
        Report::Silent { why } => long(why).then(wordy),
        Report::Answered { baseline, controls, system, kernel, restart: _ } => {
            if controls.len() > MOST_CONTROLS {
                return Some(format!("a report has at most {MOST_CONTROLS} controls"));
            }
            if controls.values().any(|found| found.why.len() > MOST_FINDINGS) {
                return Some(format!("a control has at most {MOST_FINDINGS} findings"));
            }
            let words = controls.iter().flat_map(|(id, found)| {
                std::iter::once(id.as_str()).chain(found.why.iter().map(String::as_str))
            });
            let about = [Some(baseline.as_str()), system.as_deref(), kernel.as_deref()];
            words.chain(about.into_iter().flatten()).any(long).then(wordy)
        }
    }
}
