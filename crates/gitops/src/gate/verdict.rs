//! What the gate says: an outcome, and everything that led to it.

use std::fmt;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What follows.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It may be applied.
    Allow,
    /// Time, people or the world must move first; the change can stay as it is.
    Wait,
    /// The change itself must become another one.
    Deny,
}

impl Outcome {
    /// How people say it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Wait => "wait",
            Self::Deny => "deny",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.word())
    }
}

/// One reason, in the user's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reason {
    /// A stable word for programs, such as `freeze`.
    pub code: String,
    /// What this reason alone leads to; `allow` is a remark that holds nothing.
    pub outcome: Outcome,
    /// Why.
    pub text: String,
    /// What would have to be different; nothing for a remark.
    pub would_change: Option<String>,
    /// When time alone will lift it.
    pub holds_until: Option<Timestamp>,
    /// Whether somebody broke the glass and it does not hold any more.
    pub overridden: bool,
}

impl Reason {
    /// A reason to wait.
    pub fn wait(code: &str, text: impl Into<String>, would_change: impl Into<String>) -> Self {
        Self::new(code, Outcome::Wait, text.into(), Some(would_change.into()))
    }

    /// A reason to deny.
    pub fn deny(code: &str, text: impl Into<String>, would_change: impl Into<String>) -> Self {
        Self::new(code, Outcome::Deny, text.into(), Some(would_change.into()))
    }

    /// Something worth knowing that holds nothing.
    pub fn note(code: &str, text: impl Into<String>) -> Self {
        Self::new(code, Outcome::Allow, text.into(), None)
    }

    /// Says when time alone will lift it.
    #[must_use]
    pub fn until(mut self, at: Timestamp) -> Self {
        self.holds_until = Some(at);
        self
    }

    fn new(code: &str, outcome: Outcome, text: String, would_change: Option<String>) -> Self {
        Self {
            code: code.to_owned(),
            outcome,
            text,
            would_change,
            holds_until: None,
            overridden: false,
        }
    }

    /// Says whether it stands in the way.
    pub fn holds(&self) -> bool {
        self.outcome != Outcome::Allow && !self.overridden
    }
}

/// What somebody is needed for.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum NeedKind {
    /// To approve.
    Approve,
    /// To be asked; nobody waits for the answer.
    Consult,
    /// To be told.
    Inform,
}

/// How far somebody who is needed has come.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum NeedState {
    /// Has approved.
    Given,
    /// May approve, and has not.
    Open,
    /// Need not any more: others were enough.
    NotNeeded,
    /// Nobody can speak for the seat.
    Impossible,
    /// Is told; nothing is expected.
    Told,
}

/// Somebody who is needed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Need {
    /// Who, as a reference: `seat/network-security`.
    pub party: String,
    /// What for.
    pub kind: NeedKind,
    /// How far that is.
    pub state: NeedState,
    /// Who can speak for it now, or has: people, by name.
    pub people: Vec<String>,
    /// By which rule.
    pub because: String,
}

/// A number of seats of which some must approve.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Quorum {
    /// Why: the decision type, the policy, the domain.
    pub because: String,
    /// How many different people must approve.
    pub needed: usize,
    /// How many have.
    pub given: usize,
    /// The seats that count, by name.
    pub seats: Vec<String>,
}

/// What the gate says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Verdict {
    /// What follows.
    pub outcome: Outcome,
    /// Why; never empty, what holds comes first.
    pub reasons: Vec<Reason>,
    /// The decision types that the change is, by name.
    pub decision_types: Vec<String>,
    /// The quorums that have to be met.
    pub quorums: Vec<Quorum>,
    /// Who is needed, and for what.
    pub needed: Vec<Need>,
    /// Whether every approval that is needed is there.
    pub approved: bool,
    /// Whether somebody broke the glass for exactly this plan.
    pub broke_glass: bool,
    /// When time alone may change it.
    pub next_change_at: Option<Timestamp>,
}

impl Verdict {
    /// The reasons that stand in the way.
    pub fn held_by(&self) -> impl Iterator<Item = &Reason> {
        self.reasons.iter().filter(|reason| reason.holds())
    }

    /// The verdict in one line.
    pub fn summary(&self) -> String {
        let why: Vec<_> = self.held_by().map(|reason| reason.text.as_str()).collect();
        match why.as_slice() {
            [] => {
                let first = self.reasons.first().map_or("", |reason| reason.text.as_str());
                format!("{}: {first}", self.outcome)
            }
            why => format!("{}: {}", self.outcome, why.join("; ")),
        }
    }
}
