//! Branch policy: what branches are called and what their names promise.

use org::kinds::Seat;
use playbook::{Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A branch policy: how branches are named, and what holds for the main one.
///
/// A pattern is literal text with `<placeholders>`; a placeholder stands for letters, digits and
/// hyphens and never for a slash.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: BranchPolicy
/// metadata:
///   name: infrastructure
/// spec:
///   main: main
///   always_deployable: true
///   patterns:
///     - { pattern: feat/<area>-<shortdesc>, purpose: Ordinary work. }
///     - { pattern: fix/<incidentid>-<shortdesc>, purpose: A hotfix during an incident. }
///   owner: automation-gitops
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BranchPolicy {
    /// The main branch.
    pub main: String,
    /// Whether what stands on the main branch can be deployed at any time.
    #[serde(default)]
    pub always_deployable: bool,
    /// The names that other branches may have.
    pub patterns: Vec<BranchPattern>,
    /// The seat that answers for it.
    pub owner: Option<Ref<Seat>>,
}

/// One pattern of branch names.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BranchPattern {
    /// The pattern, such as `feat/<area>-<shortdesc>`.
    pub pattern: Spanned<String>,
    /// What such a branch is for.
    pub purpose: String,
}

playbook::kind!(BranchPolicy, "branch-policy");
