//! Target: something outside that council may change, and by which way.

use org::kinds::{Environment, Seat, Service, Site};
use playbook::{Period, Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A target: a system that council may change, how it reaches it, and what it keeps there.
///
/// Relative paths begin at council's data directory (`.council` beside `council.yaml` unless another
/// was named), so that a fresh checkout can be tried without touching anything else; absolute paths
/// are taken as they stand. Secrets never stand here: a target names the environment variable or the
/// secret that holds them.
///
/// `artefacts` lists what council renders from the playbook and keeps at the target, file by file.
/// `failure_domain` is what breaks together (a rack, a site): of its disruptive steps one runs at a time.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: Target
/// metadata:
///   name: network-files
///   title: Network variables
/// spec:
///   via:
///     directory:
///       path: targets/network
///   site: eu-1
///   environment: production
///   owner: network-security
///   artefacts:
///     - { name: network/vlans, to: group_vars/all/vlans.yaml }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// How it is reached.
    pub via: Via,
    /// Where it stands.
    #[serde(default)]
    pub site: Option<Ref<Site>>,
    /// The environment that it belongs to.
    #[serde(default)]
    pub environment: Option<Ref<Environment>>,
    /// The services that notice when it changes.
    #[serde(default)]
    pub services: Vec<Ref<Service>>,
    /// The seat that answers for it, and reviews what changes there.
    #[serde(default)]
    pub owner: Option<Ref<Seat>>,
    /// What breaks together with it; its site when left out.
    #[serde(default)]
    pub failure_domain: Option<String>,
    /// Whether a change interrupts somebody.
    #[serde(default)]
    pub disruptive: bool,
    /// How old an observation of it may be for a plan; what the gate policy says when left out.
    #[serde(default)]
    pub observe_within: Option<Period>,
    /// What council keeps there.
    #[serde(default)]
    pub artefacts: Vec<Placed>,
}

/// An artefact and the place where it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Placed {
    /// The artefact, such as `network/vlans`.
    pub name: Spanned<String>,
    /// The file at the target, relative to its root.
    pub to: Spanned<String>,
}

/// How a target is reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Via {
    /// Files in a directory.
    Directory(Directory),
    /// Files in a Git repository, committed and pushed.
    Git(GitTarget),
    /// An HTTP endpoint that takes configuration.
    Http(HttpTarget),
    /// `ansible-playbook`.
    Ansible(AnsibleTarget),
    /// `terraform` or `tofu`.
    Terraform(TerraformTarget),
}

/// Files in a directory, and what makes a running program read them again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Directory {
    /// The directory; it is made when it is not there.
    pub path: String,
    /// What is done after files have changed.
    #[serde(default)]
    pub reload: Option<Reload>,
}

/// Files in a Git repository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GitTarget {
    /// Where to clone it from.
    pub repository: String,
    /// The branch that is committed to.
    #[serde(default = "main_branch")]
    pub branch: String,
    /// The directory in it; its root when left out.
    #[serde(default)]
    pub path: Option<String>,
}

/// An HTTP endpoint that takes configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HttpTarget {
    /// The directory whose files the program behind the endpoint reads.
    pub path: String,
    /// The address that makes it read them again, such as `http://localhost:9090/-/reload`.
    pub reload: String,
    /// The address that answers with success when it works, such as `http://localhost:9090/-/ready`.
    #[serde(default)]
    pub ready: Option<String>,
    /// The environment variable that holds a bearer token.
    #[serde(default)]
    pub token_from: Option<String>,
}

/// `ansible-playbook`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnsibleTarget {
    /// The directory that it is run in.
    pub directory: String,
    /// The play, relative to the directory.
    pub playbook: String,
    /// The inventory; council's own when left out.
    #[serde(default)]
    pub inventory: Option<String>,
    /// Only these hosts or groups.
    #[serde(default)]
    pub limit: Option<String>,
    /// The program, when it is not the `ansible-playbook` of the search path.
    #[serde(default)]
    pub binary: Option<String>,
}

/// `terraform` or `tofu`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TerraformTarget {
    /// The directory of the configuration.
    pub directory: String,
    /// The program: `terraform` or `tofu`; whichever is installed when left out.
    #[serde(default)]
    pub binary: Option<String>,
    /// The workspace.
    #[serde(default)]
    pub workspace: Option<String>,
}

/// What makes a running program read its files again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reload {
    /// A POST to an address.
    Post(String),
    /// A command with its arguments, run in the directory without a shell.
    Run(Vec<String>),
}

fn main_branch() -> String {
    "main".to_owned()
}

impl Via {
    /// A word for tables.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Directory(_) => "directory",
            Self::Git(_) => "git",
            Self::Http(_) => "http",
            Self::Ansible(_) => "ansible",
            Self::Terraform(_) => "terraform",
        }
    }
}

impl Target {
    /// What breaks together with it: as declared, else its site, else nothing but itself.
    pub fn breaks_with(&self) -> Option<String> {
        let site = || self.site.as_ref().map(ToString::to_string);
        self.failure_domain.clone().or_else(site)
    }
}

playbook::kind!(Target, "target");
