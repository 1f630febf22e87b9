//! From what the playbook declares to a target that can be used.

use std::path::Path;
use std::sync::Arc;

use gitops::kinds::{Reload as Declared, Target as Spec, Via};
use plan::{Clock, Target};
use secrecy::SecretString;

use super::{Branch, Directory, GitBranch, HttpReload, Reload};

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
    /// The environment, for tokens.
    pub environment: &'a dyn Fn(&str) -> Option<String>,
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
    /// It is reached by a tool that has a runner of its own.
    #[error("targets reached by {0} are run by that tool's own runner")]
    OtherRunner(&'static str),
}

/// Opens a target that keeps files.
///
/// # Errors
/// When it is reached by another way, or its token is missing.
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
        Via::Ansible(_) | Via::Terraform(_) => Err(Unusable::OtherRunner(spec.via.word())),
    }
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
