//! What came of a check.

use diag::Diagnostic;
use serde::Serialize;

use super::facts::PlanSummary;

/// The result: what was looked at, and what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// One for each aspect, in the order in which people read them.
    pub parts: Vec<Part>,
    /// What was found, sorted.
    pub findings: Vec<Diagnostic>,
    /// What would be done.
    pub plan: Option<PlanSummary>,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    /// Which.
    pub aspect: Aspect,
    /// How it stands.
    pub state: State,
    /// Why, in one sentence without a full stop.
    pub text: String,
}

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Aspect {
    /// The branch's name.
    Branch,
    /// What the description says.
    Description,
    /// Who agreed.
    Review,
    /// `council check`.
    Playbook,
    /// What would be done.
    Plan,
    /// Policy code on the plan.
    Guardrails,
    /// Secrets in what changed.
    Secrets,
    /// The file in which the forge reads who must look at what.
    Codeowners,
    /// What a push does to the branch that it changes.
    History,
}

impl Aspect {
    /// How it is headed.
    pub fn title(self) -> &'static str {
        match self {
            Self::Branch => "Branch",
            Self::Description => "Description",
            Self::Review => "Review",
            Self::Playbook => "Playbook",
            Self::Plan => "Plan",
            Self::Guardrails => "Guardrails",
            Self::Secrets => "Secrets",
            Self::Codeowners => "Codeowners",
            Self::History => "History",
        }
    }
}

/// How one part stands, and thereby the whole: the worst part decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It was not looked at.
    Skipped,
    /// As it should be.
    Passed,
    /// Somebody else must act first.
    Waiting,
    /// Something must be changed.
    Failed,
}

impl Part {
    /// Makes a part.
    pub fn new(aspect: Aspect, state: State, text: impl Into<String>) -> Self {
        Self { aspect, state, text: text.into() }
    }
}

impl Report {
    /// Adds a part with what was found.
    pub fn add(&mut self, (part, findings): (Part, Vec<Diagnostic>)) {
        self.parts.push(part);
        self.findings.extend(findings);
    }

    /// Sorts what was found.
    #[must_use]
    pub fn finish(mut self) -> Self {
        diag::sort(&mut self.findings);
        self
    }

    /// How the whole stands: the worst of the parts.
    pub fn state(&self) -> State {
        self.parts.iter().map(|part| part.state).max().unwrap_or(State::Skipped)
    }

    /// One sentence about the whole.
    pub fn headline(&self) -> String {
        let of = |state: State| -> Vec<&str> {
            let parts = self.parts.iter().filter(|part| part.state == state);
            parts.map(|part| part.aspect.title()).collect()
        };
        match self.state() {
            State::Failed => {
                format!("not mergeable: {}", of(State::Failed).join(", ").to_lowercase())
            }
            State::Waiting => format!("waiting: {}", of(State::Waiting).join(", ").to_lowercase()),
            State::Passed | State::Skipped => "ready to merge".to_owned(),
        }
    }
}
