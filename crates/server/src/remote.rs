//! What is to be known about the playbook's remote: its webhooks that were received, and what is strange about it.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use secrecy::SecretString;
use systems::forge::Forge;
use systems::forge::webhook::Seen;
use systems::git::Follower;

/// The remote that the playbook is followed from, and whose webhooks are believed.
#[derive(Clone, Debug, Default)]
pub struct RemoteConfig {
    /// What moves the playbook's checkout; without it the directory is somebody's own.
    pub follower: Option<Follower>,
    /// The secrets of webhooks by system: `github`, `gitlab`, `gitea`, `forgejo`.
    pub webhook_secrets: BTreeMap<String, SecretString>,
    /// The forge on which the playbook's pull requests are; without it they are nobody's business here.
    pub forge: Option<ForgeConfig>,
}

/// The forge on which the playbook's pull requests are.
#[derive(Clone, Debug)]
pub struct ForgeConfig {
    /// Its API.
    pub forge: Forge,
    /// The project there: `owner/name`.
    pub project: String,
}

impl ForgeConfig {
    /// What the pull requests of the project are called in the record, up to their number.
    pub(crate) fn prefix(&self) -> String {
        format!("{}:{}#", self.forge.system(), self.project)
    }
}

/// What happens at the remote.
#[derive(Debug, Default)]
pub(crate) struct Remote {
    seen: Mutex<Seen>,
    note: Mutex<Option<String>>,
}

impl Remote {
    /// The memory of deliveries.
    pub(crate) fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What `/readyz` should say about it.
    pub(crate) fn shown(&self) -> Option<String> {
        self.held().clone()
    }

    pub(crate) fn note(&self, words: Option<String>) {
        *self.held() = words;
    }

    fn held(&self) -> MutexGuard<'_, Option<String>> {
        self.note.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
