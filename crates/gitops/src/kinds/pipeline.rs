//! Pipeline: what runs for a change in a repository, before and after the merge.

use org::kinds::Seat;
use playbook::Ref;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Apply, Repository};

/// A pipeline: what a repository's CI runs for a pull request, and what it runs after the merge.
///
/// `council pr pipeline` writes the file that the system reads. Every pipeline checks the pull request with
/// `council pr check`; `checks` run beside it, and `apply` after the merge, behind a gate unless it is automatic.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: Pipeline
/// metadata:
///   name: infra-network
/// spec:
///   repository: infra-network
///   system: gitlab-ci
///   image: registry.example.org/council:1.0
///   checks:
///     - { name: lint, run: yamllint . }
///   apply:
///     mode: gated
///     environment: production
///     run: council apply --wait
///   owner: automation-gitops
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pipeline {
    /// The repository; left out for the playbook's own.
    pub repository: Option<Ref<Repository>>,
    /// What runs it.
    pub system: PipelineSystem,
    /// The runner or agent, by the label that the system knows it by.
    pub runner: Option<String>,
    /// The container image with `council` and the tools; left out when the runner has them.
    pub image: Option<String>,
    /// What runs for every pull request, beside council's own check.
    #[serde(default)]
    pub checks: Vec<PipelineStep>,
    /// What runs after the merge.
    pub apply: Option<PipelineApply>,
    /// The seat that answers for it.
    pub owner: Option<Ref<Seat>>,
}

/// What runs pipelines.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum PipelineSystem {
    /// GitHub Actions; Forgejo's and Gitea's read the same file.
    GithubActions,
    /// GitLab CI.
    GitlabCi,
    /// Jenkins, with a declarative `Jenkinsfile`.
    Jenkins,
}

/// One thing that runs.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PipelineStep {
    /// What it is called.
    pub name: String,
    /// The shell's command.
    pub run: String,
}

/// What runs after the merge.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PipelineApply {
    /// By itself, or once somebody lets it through the system's own gate.
    pub mode: Apply,
    /// The environment that it changes, as the system calls it.
    pub environment: String,
    /// The shell's command.
    pub run: String,
}

playbook::kind!(Pipeline, "pipeline");
