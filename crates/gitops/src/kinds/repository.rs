//! Repository: a Git repository that the platform is kept in.

use org::kinds::Seat;
use playbook::Ref;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::BranchPolicy;

/// A repository: where a part of the platform is kept as code.
///
/// The seat is the one whose domain it is: it reviews what changes there.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: Repository
/// metadata:
///   name: infra-network
/// spec:
///   purpose: Networks and firewall rules.
///   holds: [VLAN definitions, firewall rules]
///   provider: gitlab
///   protected_branch: main
///   branch_policy: infrastructure
///   seat: network-security
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Repository {
    /// What it is for.
    pub purpose: String,
    /// What is kept in it.
    #[serde(default)]
    pub holds: Vec<String>,
    /// The forge it lives on. Left out while nobody has decided.
    pub provider: Option<Provider>,
    /// Where to clone it from.
    pub url: Option<String>,
    /// The branch that only reviewed changes reach.
    pub protected_branch: Option<String>,
    /// How branches are named and what holds for them.
    pub branch_policy: Option<Ref<BranchPolicy>>,
    /// The seat whose domain it is.
    pub seat: Option<Ref<Seat>>,
}

/// A forge.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// GitHub.
    GitHub,
    /// GitLab.
    GitLab,
    /// Forgejo.
    Forgejo,
    /// Gitea.
    Gitea,
    /// A plain Git server without a forge.
    Git,
}

impl Provider {
    /// Its name, as in people's handles.
    pub fn word(self) -> &'static str {
        match self {
            Self::GitHub => "github",
            Self::GitLab => "gitlab",
            Self::Forgejo => "forgejo",
            Self::Gitea => "gitea",
            Self::Git => "git",
        }
    }
}

playbook::kind!(Repository, "repository");
