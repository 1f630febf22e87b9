//! The playbook's watcher: reads it again when it changed, and makes it current when it has no errors.
//!
//! Changes are told by the file system and, because network file systems do not tell, looked for on a timer.
//! A playbook that got errors is *held back*: the last good one stays current, the log, `/readyz`, the API,
//! every page and an event say so, and so it stays until the files are mended.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use diag::Severity;
use notify::{RecursiveMode, Watcher as _};
use serde_json::json;

use super::runner::{Failure, Turn, Worker};
use crate::AppState;
use crate::events::{Event, HELD_BACK, REVISION};
use crate::limits::{MAX_WATCHED_FILES, PLAYBOOK_POLL, PLAYBOOK_QUIET};
use crate::snapshot::{HeldBack, Snapshot, today};

/// The worker.
pub(crate) struct Playbook {
    /// Keeps the file system's reports coming.
    _watcher: Option<notify::RecommendedWatcher>,
    /// What the files looked like when they were last read.
    seen: Option<Fingerprint>,
}

/// Path, size and time of change of each file that can matter: cheap to take, and different after a change.
type Fingerprint = Vec<(PathBuf, u64, Option<SystemTime>)>;

impl Playbook {
    /// Starts to watch the directory.
    pub(crate) fn new(state: &AppState) -> Self {
        let watcher = watch(state);
        if let Err(error) = &watcher {
            tracing::warn!(%error, "the file system does not report changes; the playbook is polled");
        }
        let seen = Some(fingerprint(&state.config().playbook));
        Self { _watcher: watcher.ok(), seen }
    }
}

fn watch(state: &AppState) -> notify::Result<notify::RecommendedWatcher> {
    let weak = state.downgrade();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let concerns = event.map_or(true, |event| {
            !event.kind.is_access() && event.paths.iter().any(|path| matters(path))
        });
        if let Some(state) = weak.upgrade().filter(|_| concerns) {
            state.board().nudge(Playbook::NAME);
        }
    })?;
    watcher.watch(&state.config().playbook, RecursiveMode::Recursive)?;
    Ok(watcher)
}

/// Git's own files change all the time; only a move of its head matters, and that changes files as well or is
/// found by the revision at the next turn.
fn matters(path: &Path) -> bool {
    let mut parts = path.components().map(|part| part.as_os_str());
    match parts.find(|part| *part == ".git") {
        None => true,
        Some(_) => path.file_name().is_some_and(|name| name == "HEAD" || name == "index"),
    }
}

impl Worker for Playbook {
    const NAME: &'static str = "playbook";
    const PURPOSE: &'static str =
        "Reads the playbook again when it changed, and makes it current when it has no errors.";

    fn settle(&self) -> Duration {
        PLAYBOOK_QUIET
    }

    fn turn(&mut self, state: &AppState) -> Result<Turn, Failure> {
        let now = state.clock().now();
        let current = state.snapshot();
        let fingerprint = fingerprint(&state.config().playbook);
        let new_day = today(current.model(), now) != current.facts.today;
        let unchanged = self.seen.as_ref() == Some(&fingerprint);
        if unchanged && !new_day {
            return Ok(Turn { note: note(&current), next: PLAYBOOK_POLL });
        }
        let fresh = Snapshot::read(&state.config().playbook, state.vocabulary().clone(), now);
        self.seen = Some(fingerprint);
        let next = choose(&current, fresh);
        tell(state, &current, &next);
        let note = note(&next);
        state.replace_snapshot(next);
        Ok(Turn { note, next: PLAYBOOK_POLL })
    }
}

/// Makes the fresh one current, or holds it back when it has errors and the current one has none.
fn choose(current: &Snapshot, fresh: Snapshot) -> Snapshot {
    if !fresh.is_broken() || current.is_broken() {
        return fresh;
    }
    let since = current.held_back.as_ref().map_or(fresh.since, |held| held.since);
    Snapshot {
        held_back: Some(HeldBack {
            revision: fresh.revision,
            diagnostics: fresh.diagnostics,
            since,
        }),
        ..current.clone()
    }
}

fn note(snapshot: &Snapshot) -> String {
    let short = snapshot.revision.short();
    match &snapshot.held_back {
        None => format!("revision {short} is current"),
        Some(held) => {
            format!("revision {} has errors; {short} stays current", held.revision.short())
        }
    }
}

/// Says loudly what changed.
fn tell(state: &AppState, before: &Snapshot, after: &Snapshot) {
    let event = match &after.held_back {
        Some(held) => {
            let errors = held.diagnostics.iter().filter(|finding| finding.is_error()).count();
            tracing::error!(
                revision = held.revision.short(),
                current = after.revision.short(),
                errors,
                "the playbook has errors and is held back; run `council check`"
            );
            let data = json!({
                "revision": held.revision, "current": after.revision, "errors": errors,
                "since": held.since,
            });
            Event::playbook(HELD_BACK, &data, after.since)
        }
        None => {
            tracing::info!(
                revision = after.revision.short(),
                resources = after.model().len(),
                warnings = after.count(Severity::Warning),
                "the playbook is current"
            );
            let data = json!({
                "revision": after.revision, "before": before.revision,
                "resources": after.model().len(),
                "errors": after.count(Severity::Error), "warnings": after.count(Severity::Warning),
            });
            Event::playbook(REVISION, &data, after.since)
        }
    };
    // Nobody listening is fine.
    state.events().send(event).ok();
}

/// Looks at every file below a directory that is not hidden, without reading any.
fn fingerprint(root: &Path) -> Fingerprint {
    let mut found = Vec::new();
    let mut waiting = vec![root.to_owned()];
    while let Some(directory) = waiting.pop() {
        let Ok(entries) = std::fs::read_dir(&directory) else { continue };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let Ok(kind) = entry.file_type() else { continue };
            if name.as_encoded_bytes().starts_with(b".") {
                continue;
            }
            if kind.is_dir() {
                waiting.push(entry.path());
            } else if let Ok(meta) = entry.metadata() {
                found.push((entry.path(), meta.len(), meta.modified().ok()));
            }
            if found.len() >= MAX_WATCHED_FILES {
                return found;
            }
        }
    }
    // A commit changes the revision even when it changes no file.
    let head = root.join(".git/logs/HEAD");
    if let Ok(meta) = std::fs::metadata(&head) {
        found.push((head, meta.len(), meta.modified().ok()));
    }
    found.sort();
    found
}
