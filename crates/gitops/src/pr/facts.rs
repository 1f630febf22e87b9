//! What is known about a pull request, as plain data.

use std::collections::{BTreeMap, BTreeSet};

use diag::Diagnostic;
use serde::Serialize;

use super::report::Aspect;

/// A pull request, or whatever plays its part where there is no forge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PullRequest {
    /// The name of its repository in the playbook; `None` is the playbook's own.
    pub repository: Option<String>,
    /// The branch that it would merge, such as `feat/network-mtu`.
    pub branch: Option<String>,
    /// The newest commit of that branch.
    pub head: Option<String>,
    /// Everybody who wrote a part of it: who opened it, and the authors of its commits.
    pub authors: Vec<Identity>,
    /// What its description says; `None` when nobody could tell.
    pub description: Option<String>,
    /// The files that it changes, from the root of the playbook or, for another repository, from its own.
    pub files: Vec<String>,
    /// What reviewers said, in the order in which they said it; `None` when nobody could tell.
    pub reviews: Option<Vec<Review>>,
}

/// Somebody, as a system names them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Identity {
    /// The system, as in a person's `handles`: `github`, `gitlab`; `None` for names of the playbook and mail
    /// addresses.
    pub system: Option<String>,
    /// The name there.
    pub name: String,
}

impl Identity {
    /// Somebody by their name in the playbook or their mail address.
    pub fn plain(name: impl Into<String>) -> Self {
        Self { system: None, name: name.into() }
    }

    /// Somebody by their name on a system.
    pub fn on(system: impl Into<String>, name: impl Into<String>) -> Self {
        Self { system: Some(system.into()), name: name.into() }
    }
}

/// What one reviewer said once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// Who.
    pub by: Identity,
    /// What they said.
    pub verdict: Verdict,
    /// The commit that they looked at, if known.
    pub commit: Option<String>,
}

/// What a review says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It may be merged.
    Approved,
    /// It may not, as it is.
    ChangesRequested,
    /// Neither.
    Commented,
    /// An earlier verdict of theirs was taken back.
    Dismissed,
}

/// What other tools found out about the change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Findings of `council check` on the newest commit; `None` when it was not run.
    pub playbook: Option<Vec<Diagnostic>>,
    /// Findings of the secret scan of what changed.
    pub secrets: Option<Vec<Diagnostic>>,
    /// Findings of policy code on the plan.
    pub guardrails: Option<Vec<Diagnostic>>,
    /// Where the forge's CODEOWNERS differs from the playbook; `None` when there is no such file.
    pub codeowners: Option<Vec<Diagnostic>>,
    /// What would be done.
    pub plan: Option<PlanSummary>,
    /// Why there can be no plan: what cannot be rendered from the newest commit.
    pub unplannable: Vec<Diagnostic>,
    /// The incidents that exist.
    pub incidents: Incidents,
    /// Why something was not looked at, where more is known than that.
    pub skipped: BTreeMap<Aspect, String>,
}

/// The incidents that a hotfix branch may name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Incidents {
    /// All that exist.
    Known(BTreeSet<String>),
    /// Nobody could tell.
    Unknown {
        /// Why, as a part of a sentence: "no record is at hand".
        why: String,
    },
}

impl Default for Incidents {
    fn default() -> Self {
        Self::Unknown { why: "no record is at hand".to_owned() }
    }
}

/// A plan in numbers, with its one-screen text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PlanSummary {
    /// The hash that approvals are bound to.
    pub hash: String,
    /// Things that are made.
    pub creates: usize,
    /// Things that are changed in place.
    pub updates: usize,
    /// Things that are destroyed and made anew.
    pub replaces: usize,
    /// Things that are destroyed.
    pub destroys: usize,
    /// Procedures that are run.
    pub runs: usize,
    /// Things that are left alone, and why is in the text.
    pub held: usize,
    /// The screen that people read.
    pub screen: String,
}

impl PlanSummary {
    /// Says whether nothing would be done, and nothing is held back.
    pub fn is_empty(&self) -> bool {
        let all = [self.creates, self.updates, self.replaces, self.destroys, self.runs, self.held];
        all.iter().all(|number| *number == 0)
    }

    /// The numbers in words, what destroys first: "1 destroyed, 3 changed".
    pub fn headline(&self) -> String {
        let numbers = [
            (self.destroys, "destroyed"),
            (self.replaces, "replaced"),
            (self.updates, "changed"),
            (self.creates, "made"),
            (self.runs, "run"),
            (self.held, "held back"),
        ];
        let told: Vec<String> = numbers
            .iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, word)| format!("{number} {word}"))
            .collect();
        if told.is_empty() { "changes nothing".to_owned() } else { told.join(", ") }
    }
}
