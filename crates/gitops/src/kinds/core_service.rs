//! Core service: a function of the control plane and the tool that was chosen for it.

use org::kinds::Seat;
use playbook::{OneOf, Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

playbook::family! {
    /// Where an undecided matter is or was settled: an open question or a decision.
    pub Settlement = "question" | "decision"
}

/// A core service: one function that the whole platform relies on, and what was chosen for it.
///
/// A choice that nobody has made leaves `chosen` out and lists the candidates; `settled_by` names the
/// question that is open or the decision that closed it.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: CoreService
/// metadata:
///   name: ci-cd
///   title: CI/CD
/// spec:
///   function: ci-cd
///   describes: [Pipelines, runners]
///   candidates: [GitLab CI, GitHub Actions, Jenkins]
///   chosen: GitLab CI
///   settled_by: decision/0004-gitlab-ci
///   owner: automation-gitops
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CoreService {
    /// The function.
    pub function: Function,
    /// What its description must cover.
    #[serde(default)]
    pub describes: Vec<String>,
    /// What could be chosen.
    #[serde(default)]
    pub candidates: Vec<String>,
    /// What was chosen. Left out while nobody has decided.
    pub chosen: Option<Spanned<String>>,
    /// Where the choice is or was settled.
    pub settled_by: Option<OneOf<Settlement>>,
    /// The seat that answers for it.
    pub owner: Option<Ref<Seat>>,
    /// How it is set up.
    pub notes: Option<String>,
}

/// A function of the control plane.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Function {
    /// Bringing machines into their declared state.
    ConfigurationManagement,
    /// Building, testing and delivering.
    CiCd,
    /// Keeping secrets.
    Secrets,
    /// Keeping artefacts and images.
    Registry,
    /// Seeing what happens.
    Observability,
    /// Knowing who somebody is.
    Identity,
}

playbook::kind!(CoreService, "core-service");
