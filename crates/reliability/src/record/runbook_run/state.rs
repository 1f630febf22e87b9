//! One run, folded from its events.

use std::collections::BTreeMap;

use governance::Text;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Ending, Event};

/// How far a run has come.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "RunStage")]
pub enum Stage {
    /// Steps are left.
    Running,
    /// A step failed; it can be resumed.
    Failed,
    /// All steps have passed.
    Done,
    /// It was given up.
    Abandoned,
}

/// One attempt at a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// The step.
    pub step: u32,
    /// By whom.
    pub person: String,
    /// When it was begun.
    pub started: Timestamp,
    /// When it ended; nothing while nobody knows.
    pub ended: Option<Timestamp>,
    /// How it ended.
    pub ending: Option<Ending>,
    /// What it printed.
    pub output: Option<Text>,
}

/// One run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// How far it has come.
    pub stage: Stage,
    /// The runbook's name.
    pub runbook: String,
    /// What its steps were.
    pub digest: String,
    /// How many steps it has.
    pub steps: u32,
    /// What the steps are told.
    pub parameters: BTreeMap<String, String>,
    /// The incident that it is run for.
    pub incident: Option<String>,
    /// Who runs it.
    pub person: String,
    /// When it began.
    pub begun: Timestamp,
    /// When it came to its end.
    pub ended: Option<Timestamp>,
    /// The step that comes next, from 0.
    pub next: u32,
    /// Who agreed to which step.
    pub approved: BTreeMap<u32, String>,
    /// Everything that was tried, oldest first.
    pub attempts: Vec<Attempt>,
    /// Why it was given up.
    pub reason: Option<Text>,
}

impl State {
    /// The state after an event.
    pub fn apply(before: Option<Self>, event: &Event, at: Timestamp) -> Option<Self> {
        if let Event::Begun { runbook, digest, steps, parameters, incident, person } = event {
            return Some(Self {
                stage: Stage::Running,
                runbook: runbook.clone(),
                digest: digest.clone(),
                steps: *steps,
                parameters: parameters.clone(),
                incident: incident.clone(),
                person: person.clone(),
                begun: at,
                ended: None,
                next: 0,
                approved: BTreeMap::new(),
                attempts: Vec::new(),
                reason: None,
            });
        }
        let mut state = before?;
        match event {
            Event::Begun { .. } => {}
            Event::Approved { step, person } => {
                state.approved.insert(*step, person.clone());
            }
            Event::Started { step, person } => {
                state.stage = Stage::Running;
                state.attempts.push(Attempt {
                    step: *step,
                    person: person.clone(),
                    started: at,
                    ended: None,
                    ending: None,
                    output: None,
                });
            }
            Event::Finished { step, ending, output } => {
                state.finished(*step, ending, output.as_ref(), at);
            }
            Event::Abandoned { reason } => {
                state.stage = Stage::Abandoned;
                state.ended = Some(at);
                state.reason = Some(reason.clone());
            }
        }
        Some(state)
    }

    fn finished(&mut self, step: u32, ending: &Ending, output: Option<&Text>, at: Timestamp) {
        if let Some(attempt) = self.attempts.last_mut() {
            attempt.ended = Some(at);
            attempt.ending = Some(ending.clone());
            attempt.output = output.cloned();
        }
        if *ending != Ending::Passed {
            self.stage = Stage::Failed;
            return;
        }
        self.next = step.saturating_add(1);
        if self.next >= self.steps {
            self.stage = Stage::Done;
            self.ended = Some(at);
        }
    }

    /// The attempt of which nobody knows how it ended.
    pub fn under_way(&self) -> Option<&Attempt> {
        self.attempts.last().filter(|attempt| attempt.ending.is_none())
    }
}
