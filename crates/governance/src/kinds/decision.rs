//! A decision: a MADR 4 record, read as it stands.
//!
//! The file is the text of the decision; who voted and when stands in the ledger. The front matter of
//! MADR (`status`, `date`, `decision-makers`, `consulted`, `informed`) is understood as people write
//! it; our own fields (`type`, `author`, `supersedes`, …) are optional. Keys that static-site
//! generators put into such files are accepted and mean nothing to us.

use diag::Span;
use jiff::civil::Date;
use org::Covers;
use org::kinds::Person;
use playbook::{DocumentKind, Ref, Spanned, kind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{DecisionType, Question};
use crate::madr::Madr;

mod names;
mod status;

pub use names::Names;
pub use status::Status;

/// A decision record: a MADR 4 file `NNNN-slug.md` in a directory `decisions` or `adr`.
///
/// Its name is the file's name without `.md`. The text follows MADR's headings: "Context and Problem
/// Statement", "Considered Options", "Decision Outcome". `type` names the decision type, from which
/// follows who must agree; `author` is the person who proposes. `supersedes` and `superseded_by` are
/// written in both records, so that whoever reads either of them finds the other.
///
/// ```yaml
/// status: proposed
/// date: 2026-11-20
/// decision-makers: [ana, ben]
/// consulted: [network-security]
/// informed: everyone
/// type: b
/// author: ana
/// answers: [logging-stack]
/// review_by: 2099-11-20
/// covers:
///   topics: [logging]
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// The state that the file says: `proposed`, `accepted`, `superseded by [ADR-0012](0012-x.md)`, …
    #[serde(default)]
    pub status: Option<Spanned<Status>>,
    /// When the text was last changed.
    #[serde(default)]
    pub date: Option<Spanned<Date>>,
    /// Who decided, in free words.
    #[serde(default, rename = "decision-makers", alias = "deciders")]
    pub decision_makers: Names,
    /// Who was asked, in free words.
    #[serde(default)]
    pub consulted: Names,
    /// Who was told, in free words.
    #[serde(default)]
    pub informed: Names,
    /// The decision type.
    #[serde(default, rename = "type")]
    pub decision_type: Option<Ref<DecisionType>>,
    /// Who proposes it.
    #[serde(default)]
    pub author: Option<Ref<Person>>,
    /// The decisions that it replaces.
    #[serde(default)]
    pub supersedes: Vec<Ref<Self>>,
    /// The decision that replaces it.
    #[serde(default)]
    pub superseded_by: Option<Ref<Self>>,
    /// When the council looks at it again.
    #[serde(default)]
    pub review_by: Option<Spanned<Date>>,
    /// The open questions that it answers.
    #[serde(default)]
    pub answers: Vec<Ref<Question>>,
    /// Other decisions that it builds on. They must be in force.
    #[serde(default)]
    pub builds_on: Vec<Ref<Self>>,
    /// What it is about, so that `who` finds it.
    #[serde(default)]
    pub covers: Covers,
    /// Ignored: a title for site generators; the heading of the file counts.
    #[serde(default)]
    pub title: Option<String>,
    /// Ignored: navigation of site generators.
    #[serde(default)]
    pub parent: Option<String>,
    /// Ignored: navigation of site generators.
    #[serde(default)]
    pub nav_order: Option<u32>,
    /// Ignored: tags of site generators.
    #[serde(default)]
    pub tags: Names,
    /// Ignored: the layout of site generators.
    #[serde(default)]
    pub layout: Option<String>,
    /// The sections of the text.
    #[serde(skip)]
    pub madr: Madr,
    /// The text after the front matter.
    #[serde(skip)]
    pub body: String,
}

impl Decision {
    /// The state that the file says; a file that says nothing is a draft.
    pub fn file_status(&self) -> Status {
        self.status.as_ref().map_or(Status::Draft, |status| status.value.clone())
    }

    /// The name of the decision that replaces this one, and where that is written: the field, or the
    /// link of a status such as `superseded by [ADR-0012](0012-new-log-stack.md)`.
    pub fn successor(&self) -> Option<(String, Span)> {
        if let Some(successor) = &self.superseded_by {
            return Some((successor.name().to_owned(), successor.span()));
        }
        let status = self.status.as_ref()?;
        match &status.value {
            Status::Superseded { by: Some(name) } => Some((name.clone(), status.span)),
            Status::Superseded { by: None }
            | Status::Draft
            | Status::Proposed
            | Status::Consulted
            | Status::Accepted
            | Status::Rejected
            | Status::Withdrawn
            | Status::Deprecated
            | Status::Expired => None,
        }
    }

    /// A digest of what is voted on: type, supersessions, answers, and the text. The status, dates and
    /// names in the front matter are left out, because writing the outcome into the file must not void
    /// the votes that led to it.
    pub fn digest(&self) -> String {
        let mut hasher = Sha256::new();
        let mut part = |text: &str| {
            hasher.update((text.len() as u64).to_be_bytes());
            hasher.update(text.as_bytes());
        };
        part(self.madr.title.as_deref().unwrap_or_default());
        part(self.decision_type.as_ref().map_or("", Ref::name));
        for list in [names(&self.supersedes), self.answers.iter().map(Ref::name).collect()] {
            part(&list.join(" "));
        }
        for line in self.body.trim().lines() {
            part(line.trim_end());
        }
        let bytes = hasher.finalize();
        // Half of the hash is enough against accident, and short enough to read aloud.
        bytes.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }
}

fn names(references: &[Ref<Decision>]) -> Vec<&str> {
    references.iter().map(Ref::name).collect()
}

kind!(Decision, "decision");

impl DocumentKind for Decision {
    fn claims(path: &str, _: &[&str]) -> bool {
        let mut parts = path.rsplit('/');
        let file = parts.next().unwrap_or_default();
        let Some(stem) = file.strip_suffix(".md") else { return false };
        let digits = stem.bytes().take_while(u8::is_ascii_digit).count();
        let numbered = digits > 0 && stem.as_bytes().get(digits) == Some(&b'-');
        numbered && parts.next().is_some_and(|folder| folder == "decisions" || folder == "adr")
    }

    fn attach(&mut self, title: Option<&str>, body: &str) {
        self.madr = Madr::parse(title, body);
        self.body = body.to_owned();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbered_files_in_the_two_usual_directories_are_decisions() {
        let claims = |path| Decision::claims(path, &[]);
        for path in ["decisions/0001-use-loki.md", "docs/adr/12-x.md", "docs/decisions/0002-a.b.md"]
        {
            assert!(claims(path), "{path}");
        }
        for path in ["decisions/README.md", "decisions/0001.md", "0001-x.md", "docs/0001-x.md"] {
            assert!(!claims(path), "{path}");
        }
    }

    #[test]
    fn the_digest_follows_the_text_and_not_the_outcome() {
        let mut decision = Decision::default();
        decision.attach(Some("Use Loki"), "## Decision Outcome\n\nChosen option: \"Loki\"\n");
        let before = decision.digest();
        decision.status = Some(Spanned { value: Status::Accepted, span: Span::default() });
        decision.decision_makers = Names(vec!["ana".to_owned()]);
        assert_eq!(decision.digest(), before);
        decision.attach(Some("Use Loki"), "## Decision Outcome\n\nChosen option: \"ELK\"\n");
        assert_ne!(decision.digest(), before);
    }
}
