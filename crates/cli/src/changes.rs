//! Changes as the command line reads them: the views of the API, as far as they are shown.

use jiff::Timestamp;
use plan::Plan;
use plan::render::{Context as Around, screen};
use serde::Deserialize;
use serde_json::Value;

use crate::client::Client;
use crate::command_error::CommandError;
use crate::online::segment;

/// Lines of a terminal that a plan may take.
const SCREEN: usize = 50;

/// Somebody.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Person {
    pub(crate) title: String,
}

/// A change in lists.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Card {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) author: Person,
    pub(crate) stage: String,
    pub(crate) waits: Vec<String>,
}

/// The plan of a change, as the record keeps it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Planned {
    pub(crate) hash: String,
    pub(crate) revision: String,
}

/// A reason of the gate.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Reason {
    pub(crate) outcome: String,
    pub(crate) text: String,
    pub(crate) would_change: Option<String>,
    pub(crate) overridden: bool,
}

/// Somebody who is needed.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Need {
    pub(crate) party: String,
    pub(crate) kind: String,
    pub(crate) state: String,
    pub(crate) people: Vec<String>,
}

/// What the gate says.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Verdict {
    pub(crate) outcome: String,
    pub(crate) reasons: Vec<Reason>,
    pub(crate) needed: Vec<Need>,
}

/// An approval.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Approval {
    pub(crate) seat: String,
    pub(crate) person: Person,
    pub(crate) at: Timestamp,
    pub(crate) comment: Option<String>,
    pub(crate) void: Option<String>,
}

/// How far the steps are.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Progress {
    pub(crate) total: u64,
    pub(crate) done: u64,
    pub(crate) failed: u64,
}

/// One change.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Detail {
    /// All of it, as the council gave it.
    #[serde(skip)]
    pub(crate) found: Value,
    pub(crate) card: Card,
    pub(crate) description: Option<String>,
    pub(crate) risk: Option<String>,
    pub(crate) rollback: Option<String>,
    pub(crate) evidence: Option<String>,
    pub(crate) plan: Option<Planned>,
    pub(crate) verdict: Option<Verdict>,
    pub(crate) approvals: Vec<Approval>,
    pub(crate) steps: Progress,
    pub(crate) failure: Option<String>,
    pub(crate) may_approve_for: Vec<String>,
    pub(crate) cites: Vec<String>,
    pub(crate) windows: Vec<Value>,
    pub(crate) silences: Vec<Value>,
    pub(crate) notice: Option<String>,
    pub(crate) notice_services: Vec<String>,
    pub(crate) rolled_back_by: Option<String>,
}

impl Detail {
    /// Asks for a change.
    pub(crate) fn of(client: &Client, id: &str) -> Result<Self, CommandError> {
        let found: Value = client.get(&path(id, ""))?;
        let read = Self::deserialize(&found).map_err(|error| {
            CommandError::failed("the council answered something unexpected")
                .why(error)
                .hint("use the `council` of the same version as the server's")
        })?;
        Ok(Self { found, ..read })
    }

    /// Says whether an executor works on it, or is about to.
    pub(crate) fn is_under_way(&self) -> bool {
        matches!(self.card.stage.as_str(), "applying" | "verifying")
    }

    /// The plan that is to be approved.
    pub(crate) fn planned(&self) -> Result<&Planned, CommandError> {
        self.plan.as_ref().ok_or_else(|| {
            let id = &self.card.id;
            CommandError::failed(format!("`{id}` has no plan yet"))
                .hint(format!("plan it with `council change plan {id}`"))
        })
    }

    /// Its plan on one screen.
    pub(crate) fn screen(&self, client: &Client) -> Result<Option<String>, CommandError> {
        let Some(planned) = &self.plan else { return Ok(None) };
        let plan = load(client, &planned.hash)?;
        let drill_down = format!("council change show {} --steps", self.card.id);
        Ok(Some(screen(&plan, &Around { drill_down, ..Around::default() }, SCREEN)))
    }
}

impl Planned {
    /// As much of the hash as people compare.
    pub(crate) fn short(&self) -> &str {
        self.hash.get(..12).unwrap_or(&self.hash)
    }
}

impl Verdict {
    /// The reasons that stand in the way.
    pub(crate) fn holds(&self) -> impl Iterator<Item = &Reason> {
        self.reasons.iter().filter(|reason| reason.outcome != "allow" && !reason.overridden)
    }
}

/// Shows a plan that belongs to no change.
pub(crate) fn bare(plan: &Plan) -> String {
    let drill_down = "council plan --format json".to_owned();
    screen(plan, &Around { drill_down, ..Around::default() }, SCREEN)
}

/// Asks for a plan by its hash; what does not fit its hash is refused.
pub(crate) fn load(client: &Client, hash: &str) -> Result<Plan, CommandError> {
    client.get(&format!("/api/v1/plans/{}", segment(hash)))
}

/// The address of a change, or of something that can be done with it.
pub(crate) fn path(id: &str, what: &str) -> String {
    let slash = if what.is_empty() { "" } else { "/" };
    format!("/api/v1/changes/{}{slash}{what}", segment(id))
}
