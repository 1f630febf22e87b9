//! Change policy: the way that a change takes from branch to system.

use org::kinds::Seat;
use playbook::{Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ChangeTemplate, Repository};

/// A change policy: who reviews a change, what validates it, and how it is applied.
///
/// It covers repositories, or paths of this one. `reviews` without seats means any seat of the
/// council. The author's own review never counts.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: ChangePolicy
/// metadata:
///   name: infrastructure
/// spec:
///   repositories: [infra-network]
///   template: infrastructure
///   reviews: { at_least: 1 }
///   validation: [lint, syntax, dry-run]
///   apply: [gated]
///   owner: automation-gitops
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePolicy {
    /// The repositories that it covers.
    #[serde(default)]
    pub repositories: Vec<Ref<Repository>>,
    /// The paths of the playbook's own repository that it covers, as globs.
    #[serde(default)]
    pub paths: Vec<String>,
    /// What a description must say.
    pub template: Option<Ref<ChangeTemplate>>,
    /// Who must have looked.
    pub reviews: Reviews,
    /// What must have passed before the merge.
    #[serde(default)]
    pub validation: Vec<Validation>,
    /// What may happen after the merge, the usual way first; none when nothing is applied.
    #[serde(default)]
    pub apply: Vec<Apply>,
    /// The seat that answers for it.
    pub owner: Option<Ref<Seat>>,
}

/// Who must have looked at a change.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reviews {
    /// How many different seats at least.
    pub at_least: Spanned<u32>,
    /// The seats that count; none means every seat of the council.
    #[serde(default)]
    pub seats: Vec<Ref<Seat>>,
}

/// Something that validates a change before it is merged.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Validation {
    /// Style and common mistakes.
    Lint,
    /// It parses.
    Syntax,
    /// A run that changes nothing, where the tool has one.
    DryRun,
    /// `council check`.
    Playbook,
    /// Tests.
    Tests,
}

/// What happens after the merge.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Apply {
    /// It is applied at once.
    Automatic,
    /// A pipeline applies it once the approvals at its gates are there.
    Gated,
}

playbook::kind!(ChangePolicy, "change-policy");
