//! What can be asked of a run, and what can happen to it.

use std::collections::BTreeMap;

use governance::Text;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a step ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "StepEnding")]
pub enum Ending {
    /// It ended well, and printed what was expected.
    Passed,
    /// It ended with this code.
    Code(i32),
    /// It ended well, and did not print what was expected.
    Unexpected,
    /// It took too long and was stopped.
    TimedOut,
    /// It could not be started, or a signal ended it.
    Lost,
}

/// What somebody wants to do about a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    /// Begins one.
    Begin {
        /// The runbook's name.
        runbook: String,
        /// What the steps are told, without secrets.
        parameters: BTreeMap<String, String>,
        /// The incident that it is run for.
        incident: Option<String>,
    },
    /// Agrees to a step that waits for a second person.
    Approve {
        /// The step's number, from 0.
        step: u32,
    },
    /// Is about to run a step.
    Start {
        /// The step's number, from 0.
        step: u32,
    },
    /// Has run a step.
    Finish {
        /// The step's number, from 0.
        step: u32,
        /// How it ended.
        ending: Ending,
        /// What it printed, as far as it is kept.
        output: Option<Text>,
    },
    /// Gives it up.
    Abandon {
        /// Why.
        reason: Text,
    },
}

/// What happened to a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// It began.
    Begun {
        /// The runbook's name.
        runbook: String,
        /// What its steps are, in a few letters.
        digest: String,
        /// How many steps it has.
        steps: u32,
        /// What the steps are told.
        parameters: BTreeMap<String, String>,
        /// The incident that it is run for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        incident: Option<String>,
        /// Who runs it.
        person: String,
    },
    /// A second person agreed to a step.
    Approved {
        /// The step.
        step: u32,
        /// Who.
        person: String,
    },
    /// A step was about to be run.
    Started {
        /// The step.
        step: u32,
        /// By whom.
        person: String,
    },
    /// A step was run.
    Finished {
        /// The step.
        step: u32,
        /// How it ended.
        ending: Ending,
        /// What it printed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        output: Option<Text>,
    },
    /// It was given up.
    Abandoned {
        /// Why.
        reason: Text,
    },
}

impl Event {
    /// The texts that must be sealed before the event is stored.
    pub fn texts(&mut self) -> Vec<&mut Text> {
        match self {
            Self::Finished { output, .. } => output.iter_mut().collect(),
            Self::Abandoned { reason } => vec![reason],
            Self::Begun { .. } | Self::Approved { .. } | Self::Started { .. } => Vec::new(),
        }
    }
}
