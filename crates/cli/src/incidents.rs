//! Incidents and postmortems as the command line reads them: the views of the API, as far as they are shown.

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::changes::Person;
use crate::client::Client;
use crate::command_error::CommandError;
use crate::online::segment;

/// An incident in lists.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) stage: String,
    pub(crate) severity: Option<String>,
    pub(crate) services: Vec<String>,
    pub(crate) minutes: Option<i64>,
    pub(crate) leads: Option<Person>,
    pub(crate) waits: Vec<String>,
    pub(crate) test: bool,
    pub(crate) private: bool,
}

/// A role in an incident.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Role {
    pub(crate) role: String,
    pub(crate) title: String,
    pub(crate) holder: Option<Person>,
    pub(crate) required: bool,
}

/// An item of the checklist.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Item {
    pub(crate) item: String,
    pub(crate) done_by: Option<Person>,
}

/// A law that wants to be told.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Countdown {
    pub(crate) duty: String,
    pub(crate) title: String,
    pub(crate) standing: String,
    pub(crate) due: Option<Timestamp>,
    pub(crate) minutes_left: Option<i64>,
    pub(crate) questions: Vec<String>,
}

/// The severity that is proposed.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Proposal {
    pub(crate) severity: String,
    pub(crate) reasons: Vec<String>,
}

/// An action that came of an incident.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct FollowUp {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) due: String,
    pub(crate) waits: Option<String>,
}

/// One incident.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Detail {
    /// All of it, as the council gave it.
    #[serde(skip)]
    pub(crate) found: Value,
    pub(crate) row: Row,
    pub(crate) proposal: Option<Proposal>,
    pub(crate) roles: Vec<Role>,
    pub(crate) checklist: Vec<Item>,
    pub(crate) notices: Vec<Countdown>,
    pub(crate) follow_ups: Vec<FollowUp>,
    pub(crate) next_update: Option<Timestamp>,
    pub(crate) people_minutes: i64,
}

/// A line of an incident's story.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Line {
    pub(crate) at: Timestamp,
    pub(crate) by: Person,
    pub(crate) what: String,
    pub(crate) said: Option<String>,
}

/// How a postmortem stands.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Standing {
    pub(crate) incident: String,
    pub(crate) title: String,
    pub(crate) drafted: Option<Timestamp>,
    pub(crate) due: Option<String>,
    pub(crate) overdue: bool,
    pub(crate) published: Option<Timestamp>,
    pub(crate) unwritten: Vec<String>,
}

impl Detail {
    /// Asks for an incident.
    pub(crate) fn of(client: &Client, id: &str) -> Result<Self, CommandError> {
        let found: Value = client.get(&path(id, ""))?;
        Ok(Self { found: found.clone(), ..read(&found)? })
    }
}

/// Reads an answer of the council.
pub(crate) fn read<T: DeserializeOwned>(found: &Value) -> Result<T, CommandError> {
    T::deserialize(found).map_err(|error| {
        CommandError::failed("the council answered something unexpected")
            .why(error)
            .hint("use the `council` of the same version as the server's")
    })
}

/// The address of an incident, or of something that can be done with it.
pub(crate) fn path(id: &str, what: &str) -> String {
    let slash = if what.is_empty() { "" } else { "/" };
    format!("/api/v1/incidents/{}{slash}{what}", segment(id))
}

/// A length as people say it: `45 min`, `3 h 05 min`, `3 days`.
pub(crate) fn lasting(minutes: i64) -> String {
    let (hours, rest) = (minutes / 60, minutes % 60);
    match hours {
        0 => format!("{rest} min"),
        1..48 => format!("{hours} h {rest:02} min"),
        _ => format!("{} days", hours / 24),
    }
}
