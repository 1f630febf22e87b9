//! What the file system reports about the playbook's directory.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use notify::{RecursiveMode, Watcher as _};

use crate::AppState;
use crate::limits::{MAX_REPORTS, PLAYBOOK_QUIET};

/// What came in since it was last asked for.
#[derive(Debug, Default)]
struct Reported {
    paths: BTreeSet<PathBuf>,
    missed: bool,
    newest: Option<Instant>,
}

/// What is known of the files.
#[derive(Debug)]
pub(super) enum Told {
    /// These changed, and nothing else did.
    Paths(BTreeSet<PathBuf>),
    /// A file is being written right now: a half of it must not be read.
    Writing,
    /// Nothing, or not everything: one has to look.
    Unsure,
}

/// Collects reports between two turns of the worker.
pub(super) struct Reports {
    reported: Arc<Mutex<Reported>>,
    /// Keeps the reports coming.
    _watcher: Option<notify::RecommendedWatcher>,
}

impl Reports {
    /// Watches the directory, and nudges the worker at each change.
    pub(super) fn watch(state: &AppState, worker: &'static str) -> Self {
        let reported: Arc<Mutex<Reported>> = Arc::default();
        let watcher = watch(state, worker, reported.clone());
        if let Err(error) = &watcher {
            tracing::warn!(%error, "the file system does not report changes; the playbook is polled");
        }
        Self { reported, _watcher: watcher.ok() }
    }

    /// What was reported since the last time. Whoever is told that a file is being written asks again later.
    pub(super) fn take(&self, patience: bool) -> Told {
        let mut reported = self.reported.lock().unwrap_or_else(PoisonError::into_inner);
        // Half as long as a turn waits after a nudge, so that a single report never makes two turns.
        let fresh = reported.newest.is_some_and(|at| at.elapsed() < PLAYBOOK_QUIET / 2);
        if fresh && patience {
            return Told::Writing;
        }
        let Reported { paths, missed, .. } = std::mem::take(&mut *reported);
        if missed || paths.is_empty() { Told::Unsure } else { Told::Paths(paths) }
    }
}

fn watch(
    state: &AppState,
    worker: &'static str,
    reported: Arc<Mutex<Reported>>,
) -> notify::Result<notify::RecommendedWatcher> {
    let weak = state.downgrade();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let mut reported = reported.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Ok(event) if event.need_rescan() => reported.missed = true,
            Ok(event) if event.kind.is_access() => return,
            Ok(event) => {
                let before = reported.paths.len();
                let matter = event.paths.into_iter().filter(|path| matters(path));
                let known = matter.map(|path| reported.paths.insert(path)).count();
                if known == 0 {
                    return;
                }
                reported.missed |= before > MAX_REPORTS;
            }
            Err(_) => reported.missed = true,
        }
        reported.newest = Some(Instant::now());
        drop(reported);
        if let Some(state) = weak.upgrade() {
            state.board().nudge(worker);
        }
    })?;
    watcher.watch(&state.config().playbook, RecursiveMode::Recursive)?;
    Ok(watcher)
}

/// Git's own files change all the time; only a move of its head matters.
fn matters(path: &Path) -> bool {
    let mut parts = path.components().map(|part| part.as_os_str());
    match parts.find(|part| *part == ".git") {
        None => true,
        Some(_) => path.file_name().is_some_and(|name| name == "HEAD" || name == "index"),
    }
}
