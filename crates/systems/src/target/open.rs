//! From what the playbook declares to a target that can be used.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use gitops::kinds::{AnsibleTarget, Reload as Declared, Target as Spec, TerraformTarget, Via};
use plan::{Clock, FingerprintKey, Target};
use secrecy::SecretString;

use super::{Branch, Directory, GitBranch, HttpReload, Reload};
use crate::ansible::{Ansible, Inventory};
use crate::redact::Redactor;
use crate::terraform::Terraform;

/// How long one run of a tool may take (30 minutes): a play over a site takes ten, and one that takes an hour is looked
/// after by somebody rather than waited for.
const RUN_LIMIT: Duration = Duration::from_secs(30 * 60);

/// What a target needs besides its declaration.
pub struct Surroundings<'a> {
    /// Council's data directory: relative paths begin here, and clones lie here.
    pub data: &'a Path,
    /// Who commits: `council <council@example.org>`.
    pub author: &'a str,
    /// For requests.
    pub client: reqwest::Client,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The environment, for tokens and for the search path.
    pub environment: &'a dyn Fn(&str) -> Option<String>,
    /// Council's own inventory, as `--list` answers it; for plays that name no other.
    pub inventory: &'a dyn Fn() -> Result<Vec<u8>, String>,
    /// The key under which plans show secrets.
    pub fingerprints: &'a FingerprintKey,
}

impl std::fmt::Debug for Surroundings<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Surroundings").field("data", &self.data).finish_non_exhaustive()
    }
}

/// A target cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// The variable that should hold its token is not set.
    #[error("the environment variable `{0}` is not set; it holds the token of the target")]
    NoToken(String),
    /// Its play wants council's inventory, and there is none.
    #[error("the inventory that its play runs against cannot be made: {0}")]
    NoInventory(String),
}

/// Opens a target.
///
/// # Errors
/// When its token is missing, or the inventory that its play runs against.
pub fn open(
    name: &str,
    spec: &Spec,
    around: &Surroundings<'_>,
) -> Result<Arc<dyn Target>, Unusable> {
    let clock = around.clock.clone();
    let place = |path: &str| around.data.join(path);
    match &spec.via {
        Via::Directory(directory) => {
            let reload = directory.reload.as_ref().map(|reload| reload_of(reload, around));
            Ok(Arc::new(Directory::new(name, place(&directory.path), reload, clock)))
        }
        Via::Http(http) => {
            let bearer = http.token_from.as_ref().map(|variable| {
                let token = (around.environment)(variable);
                token.map(SecretString::from).ok_or_else(|| Unusable::NoToken(variable.to_owned()))
            });
            let reload = HttpReload {
                url: http.reload.clone(),
                ready: http.ready.clone(),
                bearer: bearer.transpose()?,
                client: around.client.clone(),
            };
            let reload = Some(Reload::Http(reload));
            Ok(Arc::new(Directory::new(name, place(&http.path), reload, clock)))
        }
        Via::Git(git) => {
            let branch = Branch {
                remote: git.repository.clone(),
                branch: git.branch.clone(),
                path: git.path.clone().unwrap_or_default(),
                author: around.author.to_owned(),
            };
            let clone = around.data.join("clones").join(name);
            Ok(Arc::new(GitBranch::new(name, branch, clone, clock)))
        }
        Via::Ansible(via) => Ok(Arc::new(ansible(name, (spec, via), around)?)),
        Via::Terraform(via) => Ok(Arc::new(terraform(name, (spec, via), around))),
    }
}

fn ansible(
    name: &str,
    (spec, via): (&Spec, &AnsibleTarget),
    around: &Surroundings<'_>,
) -> Result<Ansible, Unusable> {
    let inventory = match &via.inventory {
        Some(file) => Inventory::File(file.clone()),
        None => Inventory::Listed((around.inventory)().map_err(Unusable::NoInventory)?),
    };
    Ok(Ansible {
        name: name.to_owned(),
        program: via.binary.as_deref().unwrap_or("ansible-playbook").into(),
        directory: around.data.join(&via.directory),
        playbook: via.playbook.clone(),
        inventory,
        limit: via.limit.clone(),
        timeout: RUN_LIMIT,
        redactor: Redactor::new(around.fingerprints.clone()),
        marks: gitops::plan::marks(spec),
    })
}

fn terraform(
    name: &str,
    (spec, via): (&Spec, &TerraformTarget),
    around: &Surroundings<'_>,
) -> Terraform {
    Terraform {
        name: name.to_owned(),
        program: via.binary.as_ref().map_or_else(|| installed(around), PathBuf::from),
        directory: around.data.join(&via.directory),
        workspace: via.workspace.clone(),
        timeout: RUN_LIMIT,
        redactor: Redactor::new(around.fingerprints.clone()),
        marks: gitops::plan::marks(spec),
    }
}

/// OpenTofu where it is installed, else Terraform; whoever has both and means the other one says so.
fn installed(around: &Surroundings<'_>) -> PathBuf {
    let path = (around.environment)("PATH").unwrap_or_default();
    let is_there = std::env::split_paths(&path).any(|below| below.join("tofu").is_file());
    PathBuf::from(if is_there { "tofu" } else { "terraform" })
}

fn reload_of(declared: &Declared, around: &Surroundings<'_>) -> Reload {
    match declared {
        Declared::Run(words) => Reload::Command(words.clone()),
        Declared::Post(url) => Reload::Http(HttpReload {
            url: url.clone(),
            ready: None,
            bearer: None,
            client: around.client.clone(),
        }),
    }
}
