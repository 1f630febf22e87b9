//! The targets of the playbook, ready to be looked at and changed.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use gitops::kinds::{Directory, GitTarget, HttpTarget, Reload, Target, Via};
use plan::{Fault, FaultKind, Job, Limits, Observations, Scope, Targets, Work};
use systems::target;

use crate::{AppState, Snapshot};

use super::clock::ServerClock;

/// Who commits to the repositories that council keeps. The address is of a domain that nobody can own.
const AUTHOR: &str = "council <council@council.invalid>";

impl AppState {
    /// The targets that the playbook declares, by name. One that this server cannot reach is there, too, and says so when
    /// it is asked.
    pub(crate) fn targets(&self, snapshot: &Snapshot) -> Targets {
        let mut targets = Targets::new();
        for found in snapshot.model().all::<Target>() {
            targets.insert(found.name(), self.target(found.name(), &found.spec.via));
        }
        targets
    }

    fn target(&self, name: &str, via: &Via) -> Arc<dyn plan::Target> {
        let data = &self.config().data_dir;
        match via {
            Via::Directory(Directory { path, reload }) => {
                let reload = reload.as_ref().map(|reload| self.reload(reload));
                self.directory(name, place(data, path), reload)
            }
            Via::Http(HttpTarget { path, reload, .. }) => {
                let reload = self.reload(&Reload::Post(reload.clone()));
                self.directory(name, place(data, path), Some(reload))
            }
            Via::Git(GitTarget { repository, branch, path }) => {
                let branch = target::Branch {
                    remote: repository.clone(),
                    branch: branch.clone(),
                    path: path.clone().unwrap_or_default(),
                    author: AUTHOR.to_owned(),
                };
                let clone = data.join("clones").join(name);
                let clock = Arc::new(ServerClock(self.clock().clone()));
                Arc::new(target::GitBranch::new(name, branch, clone, clock))
            }
            Via::Ansible(_) | Via::Terraform(_) => {
                Arc::new(Unreachable { name: name.to_owned(), via: via.word() })
            }
        }
    }

    fn directory(
        &self,
        name: &str,
        root: PathBuf,
        reload: Option<target::Reload>,
    ) -> Arc<dyn plan::Target> {
        let clock = Arc::new(ServerClock(self.clock().clone()));
        Arc::new(target::Directory::new(name, root, reload, clock))
    }

    fn reload(&self, reload: &Reload) -> target::Reload {
        match reload {
            Reload::Post(url) => {
                target::Reload::Http { url: url.clone(), client: self.client().clone() }
            }
            Reload::Run(command) => target::Reload::Command(command.clone()),
        }
    }
}

/// Where a path of the playbook leads: relative ones begin at the data directory, which is council's own, so that they
/// are made when they are not there. An absolute one is somebody else's and may be a volume that is not mounted.
fn place(data: &Path, path: &str) -> PathBuf {
    let place = data.join(path);
    if Path::new(path).is_relative()
        && let Err(error) = std::fs::create_dir_all(&place)
    {
        tracing::warn!(%error, path, "a target's directory could not be made; the target stays silent");
    }
    place
}

/// A target that this server has no driver for: silent, so that nothing is taken to be gone there.
struct Unreachable {
    name: String,
    via: &'static str,
}

impl Unreachable {
    fn why(&self) -> String {
        format!(
            "this server has no driver for targets by `{}`; use another way, or another server",
            self.via
        )
    }
}

impl plan::Target for Unreachable {
    fn observe<'a>(&'a self, _: Scope<'a>) -> Job<'a, Observations> {
        Box::pin(async { Observations::silent(&self.name, None, self.why()) })
    }

    fn apply<'a>(&'a self, _: Work<'a>) -> Job<'a, Result<plan::Effect, Fault>> {
        Box::pin(async { Err(Fault::new(FaultKind::Unreachable, self.why())) })
    }

    fn limits(&self) -> Limits {
        Limits::default()
    }
}
