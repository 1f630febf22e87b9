//! Runbooks and their runs as the command line reads them: the views of the API, as far as they are shown.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use crate::changes::Person;
use crate::client::Client;
use crate::command_error::CommandError;
use crate::incidents::read;
use crate::online::segment;

/// A runbook in lists.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) when: String,
    pub(crate) steps: usize,
    pub(crate) standing: String,
    pub(crate) verified: Option<String>,
    pub(crate) verified_by: Option<String>,
    pub(crate) stale_on: Option<String>,
}

/// A step.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Step {
    pub(crate) title: String,
    pub(crate) script: String,
    pub(crate) expect: Option<String>,
    pub(crate) confirm: bool,
    pub(crate) approve: bool,
    pub(crate) within_seconds: u64,
}

/// Something that the steps have to be told.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) asks: String,
    pub(crate) default: Option<String>,
    pub(crate) secret: bool,
}

/// A run in lists.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct RunRow {
    pub(crate) id: String,
    pub(crate) stage: String,
    pub(crate) person: Person,
    pub(crate) incident: Option<String>,
    pub(crate) begun: Timestamp,
    pub(crate) passed: u32,
    pub(crate) steps: u32,
}

/// One runbook.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Detail {
    /// All of it, as the council gave it.
    #[serde(skip)]
    pub(crate) found: Value,
    pub(crate) row: Row,
    pub(crate) steps: Vec<Step>,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) runs: Vec<RunRow>,
}

/// One attempt at a step.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Attempt {
    pub(crate) step: u32,
    pub(crate) title: Option<String>,
    pub(crate) person: Person,
    pub(crate) started: Timestamp,
    pub(crate) ending: Option<Value>,
    pub(crate) output: Option<String>,
}

/// One run.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Run {
    /// All of it, as the council gave it.
    #[serde(skip)]
    pub(crate) found: Value,
    pub(crate) row: RunRow,
    pub(crate) parameters: BTreeMap<String, String>,
    pub(crate) next: u32,
    pub(crate) waits_for_approval: bool,
    pub(crate) broken_off: bool,
    pub(crate) attempts: Vec<Attempt>,
}

impl Detail {
    /// Asks for a runbook.
    pub(crate) fn of(client: &Client, name: &str) -> Result<Self, CommandError> {
        let found: Value = client.get(&format!("/api/v1/runbooks/{}", segment(name)))?;
        Ok(Self { found: found.clone(), ..read(&found)? })
    }
}

impl Run {
    /// Asks for a run.
    pub(crate) fn of(client: &Client, id: &str) -> Result<Self, CommandError> {
        let found: Value = client.get(&format!("/api/v1/runbook-runs/{}", segment(id)))?;
        Ok(Self { found: found.clone(), ..read(&found)? })
    }
}

/// How a step ended, in words.
pub(crate) fn ending(ending: Option<&Value>) -> String {
    match ending {
        None => "nobody knows how it ended".to_owned(),
        Some(Value::String(word)) => match word.as_str() {
            "passed" => "passed".to_owned(),
            "unexpected" => "printed something else than expected".to_owned(),
            "timed-out" => "took too long and was stopped".to_owned(),
            _ => "was lost".to_owned(),
        },
        Some(code) => format!("ended with code {}", code["code"]),
    }
}
