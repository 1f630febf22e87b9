//! A directory whose generated files council keeps, with a reload of whoever reads them.
//!
//! A resource is a file: kind `file`, named by its path below the root, with the digest of its bytes and fields that say
//! what they mean. What council wrote stands in `.council/manifest.json` below the root; everything else in the directory
//! is somebody else's and is never touched.
//!
//! What always holds:
//! * A file holds its old content or its new one, never half of it.
//! * A directory without a readable manifest is silent, not empty. One that is not there is empty: it is made with the first
//!   file, and nothing can be destroyed in it.
//! * A file that somebody has edited since the plan is not overwritten, and not destroyed.
//!
//! Absent on purpose: directories as resources, owners, and permissions. A new file has those of the process; an existing
//! one keeps its own.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use plan::{
    Clock, Digest, Effect, Fault, FaultKind, Job, Limits, Observations, Observed, ResourceId,
    Scope, Target, Work,
};
use tokio::sync::Mutex;

use super::change::{Change, edited, foreign};
use super::files;
use super::manifest::Manifest;
use super::reload::{Reload, Reloader};

/// The kind of its resources.
pub const FILE: &str = "file";

/// A directory that council keeps.
pub struct Directory {
    name: String,
    inner: Arc<Inner>,
    reloader: Reloader,
    clock: Arc<dyn Clock>,
}

struct Inner {
    root: PathBuf,
    /// One change at a time; the manifest is read, changed and written.
    manifest: Mutex<()>,
}

impl std::fmt::Debug for Directory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Directory")
            .field("name", &self.name)
            .field("root", &self.inner.root)
            .finish_non_exhaustive()
    }
}

impl Directory {
    /// Keeps the directory `root` as the target `name`.
    pub fn new(
        name: impl Into<String>,
        root: impl Into<PathBuf>,
        reload: Option<Reload>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let inner = Inner { root: root.into(), manifest: Mutex::new(()) };
        let reloader = Reloader::new(reload, inner.root.clone());
        Self { name: name.into(), inner: Arc::new(inner), reloader, clock }
    }

    async fn carry_out(&self, work: Work<'_>) -> Result<Effect, Fault> {
        let path = work.step.resource.name.clone();
        let change = Change::of(work)?;
        let inner = self.inner.clone();
        let writing = self.reloader.begin();
        let done = blocking(move || inner.change(&change)).await?;
        if done.needs_reload {
            self.reloader.after_write(writing).await?;
            let inner = self.inner.clone();
            blocking(move || inner.reloaded(&path)).await?;
        }
        Ok(done.effect)
    }
}

impl Target for Directory {
    fn observe<'a>(&'a self, scope: Scope<'a>) -> Job<'a, Observations> {
        Box::pin(async move {
            let asked: Vec<ResourceId> = match scope {
                Scope::All => Vec::new(),
                Scope::Only(ids) => ids.to_vec(),
            };
            let (inner, name, at) = (self.inner.clone(), self.name.clone(), self.clock.now());
            blocking(move || Ok(inner.observe(&name, &asked, at)))
                .await
                .unwrap_or_else(|fault| Observations::silent(&self.name, None, fault.message))
        })
    }

    fn apply<'a>(&'a self, work: Work<'a>) -> Job<'a, Result<Effect, Fault>> {
        Box::pin(self.carry_out(work))
    }

    fn limits(&self) -> Limits {
        // Files are cheap; what takes time is the reload, and that is shared.
        Limits { parallel: 64, per_minute: 60_000, ..Limits::default() }
    }
}

/// Runs work on files where it may block.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|error| Err(Fault::new(FaultKind::Failed, error.to_string())))
}

struct Done {
    effect: Effect,
    needs_reload: bool,
}

impl Inner {
    fn observe(&self, name: &str, asked: &[ResourceId], at: jiff::Timestamp) -> Observations {
        let silent = |why: String| Observations::silent(name, None, why);
        if self.root.exists() && !self.root.is_dir() {
            return silent(format!("{} is no directory; move it away", self.root.display()));
        }
        let manifest = match self.manifest() {
            Ok(manifest) => manifest,
            Err(fault) => return silent(fault.message),
        };
        let mut observations = Observations::complete(name, at);
        for (path, claim) in &manifest.files {
            let id = ResourceId::new(name, FILE, path);
            let observed = match files::read(&self.root.join(path)) {
                Ok(Some(bytes)) => claim.observed(Digest::of(&bytes), at),
                Ok(None) => Observed::Absent { at },
                Err(error) => unknown(format!("`{path}` cannot be read: {error}")),
            };
            observations.mark(id.clone(), claim.marks.clone());
            observations.insert(id, observed);
        }
        for id in asked.iter().filter(|id| !manifest.files.contains_key(&id.name)) {
            if self.root.join(&id.name).symlink_metadata().is_ok() {
                observations.insert(id.clone(), unknown(foreign(&id.name)));
            }
        }
        observations
    }

    fn change(&self, change: &Change) -> Result<Done, Fault> {
        let name = change.name();
        let path = files::place(&self.root, name)?;
        let _one_at_a_time = self.manifest.blocking_lock();
        let mut manifest = self.manifest()?;
        let there = files::read(&path)
            .map_err(|error| failed(&format!("`{name}` cannot be read"), &error))?;
        let digest = there.as_deref().map(Digest::of);
        match &change.bytes {
            Some(bytes) => self.put(change, &mut manifest, (&path, digest), bytes),
            None => self.take_away(name, &mut manifest, (&path, digest)),
        }
    }

    fn put(
        &self,
        change: &Change,
        manifest: &mut Manifest,
        (path, there): (&std::path::Path, Option<Digest>),
        bytes: &[u8],
    ) -> Result<Done, Fault> {
        let name = change.name();
        let wanted = Digest::of(bytes);
        let claim = manifest.files.get(name);
        if there == Some(wanted) && claim.is_some_and(|claim| claim.sha256 == wanted) {
            let needs_reload = claim.is_some_and(|claim| !claim.reloaded);
            return Ok(Done { effect: Effect::Unchanged, needs_reload });
        }
        if let Some(there) = there.filter(|there| *there != wanted) {
            let refuse = |text: String| Err(Fault::new(FaultKind::Refused, text));
            if claim.is_none() {
                return refuse(foreign(name));
            }
            if !change.saw(there) {
                return refuse(edited(name));
            }
        }
        manifest.claim(name, wanted, &change.step);
        self.save(manifest)?;
        files::write(path, bytes)
            .map_err(|error| failed(&format!("`{name}` cannot be written"), &error))?;
        let note = format!("wrote {} bytes", bytes.len());
        Ok(Done { effect: Effect::Changed { note }, needs_reload: true })
    }

    fn take_away(
        &self,
        name: &str,
        manifest: &mut Manifest,
        (path, there): (&std::path::Path, Option<Digest>),
    ) -> Result<Done, Fault> {
        let Some(claim) = manifest.files.get_mut(name) else {
            return match there {
                None => Ok(Done { effect: Effect::Unchanged, needs_reload: true }),
                Some(_) => Err(Fault::new(FaultKind::Refused, foreign(name))),
            };
        };
        if there.is_some_and(|there| there != claim.sha256) {
            let text = format!(
                "`{name}` has been edited by somebody, and council destroys only what it wrote; remove it by hand"
            );
            return Err(Fault::new(FaultKind::Refused, text));
        }
        files::remove(path)
            .map_err(|error| failed(&format!("`{name}` cannot be removed"), &error))?;
        manifest.files.remove(name);
        self.save(manifest)?;
        Ok(Done { effect: Effect::Changed { note: "removed".to_owned() }, needs_reload: true })
    }

    /// Notes that whoever reads the file has been told.
    fn reloaded(&self, name: &str) -> Result<(), Fault> {
        let _one_at_a_time = self.manifest.blocking_lock();
        let mut manifest = self.manifest()?;
        match manifest.files.get_mut(name) {
            Some(claim) if !claim.reloaded => {
                claim.reloaded = true;
                self.save(&manifest)
            }
            Some(_) | None => Ok(()),
        }
    }

    fn manifest(&self) -> Result<Manifest, Fault> {
        let bytes = files::read(&self.manifest_path())
            .map_err(|error| failed("the manifest cannot be read", &error))?;
        Manifest::read(bytes.as_deref())
            .map_err(|error| Fault::new(FaultKind::Refused, error.to_string()))
    }

    fn save(&self, manifest: &Manifest) -> Result<(), Fault> {
        files::write(&self.manifest_path(), &manifest.write())
            .map_err(|error| failed("the manifest cannot be written", &error))
    }

    fn manifest_path(&self) -> PathBuf {
        self.root.join(files::OWN).join("manifest.json")
    }
}

fn unknown(why: String) -> Observed {
    Observed::Unknown { since: None, why }
}

fn failed(what: &str, error: &io::Error) -> Fault {
    Fault::new(FaultKind::Failed, format!("{what}: {error}"))
}
