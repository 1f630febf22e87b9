//! The targets of the playbook, ready to be looked at and changed.

use std::path::Path;
use std::sync::Arc;

use gitops::kinds::{Target, Via};
use plan::{Fault, FaultKind, Job, Limits, Observations, Scope, Targets, Work};
use systems::target::{Surroundings, open};

use crate::{AppState, Snapshot};

use super::clock::ServerClock;

/// Who commits to the repositories that council keeps. The address is of a domain that nobody can own.
const AUTHOR: &str = "council <council@council.invalid>";

impl AppState {
    /// The targets that the playbook declares, by name, and its provisioners. One that this server cannot reach is there, too, and says so when
    /// it is asked.
    pub(crate) fn targets(&self, snapshot: &Snapshot) -> Targets {
        let around = Surroundings {
            data: &self.config().data_dir,
            author: AUTHOR,
            client: self.client().clone(),
            clock: Arc::new(ServerClock(self.clock().clone())),
            environment: &self.config().variable,
            inventory: &|| self.own_inventory(snapshot),
            fingerprints: self.fingerprints(),
        };
        let mut targets = Targets::new();
        for found in snapshot.model().all::<Target>() {
            make_place(around.data, &found.spec.via);
            let target = open(found.name(), found.spec, &around).unwrap_or_else(|why| {
                Arc::new(Unreachable { name: found.name().to_owned(), why: why.to_string() })
            });
            targets.insert(found.name(), target);
        }
        self.add_provisioners(snapshot, &mut targets);
        targets
    }
}

impl AppState {
    /// Council's own inventory, as `--list` answers it.
    fn own_inventory(&self, snapshot: &Snapshot) -> Result<Vec<u8>, String> {
        let found = crate::api::inventory::of(self, snapshot);
        let found = found.map_err(|problem| problem.detail().to_owned())?;
        serde_json::to_vec(&found.list()).map_err(|error| error.to_string())
    }
}

/// Makes the directory of a target that begins at the data directory: that one is council's own. An absolute path is
/// somebody else's and may be a volume that is not mounted.
fn make_place(data: &Path, via: &Via) {
    let path = match via {
        Via::Directory(directory) => &directory.path,
        Via::Http(http) => &http.path,
        Via::Git(_) | Via::Ansible(_) | Via::Terraform(_) => return,
    };
    if Path::new(path).is_relative()
        && let Err(error) = std::fs::create_dir_all(data.join(path))
    {
        tracing::warn!(%error, path, "a target's directory could not be made; the target stays silent");
    }
}

/// A target that this server cannot reach: silent, so that nothing is taken to be gone there.
struct Unreachable {
    name: String,
    why: String,
}

impl plan::Target for Unreachable {
    fn observe<'a>(&'a self, _: Scope<'a>) -> Job<'a, Observations> {
        Box::pin(async { Observations::silent(&self.name, None, self.why.clone()) })
    }

    fn apply<'a>(&'a self, _: Work<'a>) -> Job<'a, Result<plan::Effect, Fault>> {
        Box::pin(async { Err(Fault::new(FaultKind::Unreachable, self.why.clone())) })
    }

    fn limits(&self) -> Limits {
        Limits::default()
    }
}
