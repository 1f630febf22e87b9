//! The playbook's watcher: takes in what changed in the files, and makes it current when it has no errors.
//!
//! Changes are told by the file system and, because network file systems do not tell, looked for on a timer. Only
//! files that changed are read again. A playbook that got errors is *held back*: the last good one stays current, the
//! log, `/readyz`, the API, every page and an event say so, and so it stays until the files are mended.

mod looks;
mod reports;

use std::time::{Duration, Instant};

use diag::Severity;
use serde_json::json;

use self::looks::Looks;
use self::reports::{Reports, Told};
use super::runner::{Failure, Turn, Worker};
use crate::AppState;
use crate::events::{Event, HELD_BACK, REVISION};
use crate::limits::{PLAYBOOK_POLL, PLAYBOOK_QUIET};
use crate::reader::{Changes, Reader};
use crate::snapshot::{HeldBack, Snapshot, today};

/// The worker.
pub(crate) struct Playbook {
    reader: Reader,
    reports: Reports,
    looks: Looks,
    /// Turns that were left for the next because a file was being written.
    left: u8,
}

/// How many turns in a row are left to the next: what is written all the time is read in the end, half or not.
const PATIENCE: u8 = 10;

impl Playbook {
    /// Starts to watch the directory that was read.
    pub(crate) fn new(state: &AppState, reader: Reader) -> Self {
        let looks = Looks::of(&state.config().playbook);
        Self { reader, reports: Reports::watch(state, Self::NAME), looks, left: 0 }
    }

    /// What changed since the last turn; `None` when that is for the next one to say.
    fn changes(&mut self) -> Option<Changes> {
        let workspace = self.reader.workspace();
        let known = match self.reports.take(self.left < PATIENCE) {
            Told::Writing => {
                self.left += 1;
                return None;
            }
            Told::Paths(paths) => self.looks.at(paths, workspace),
            Told::Unsure => None,
        };
        self.left = 0;
        Some(known.unwrap_or_else(|| self.looks.everywhere(workspace.root())))
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
        let began = Instant::now();
        let now = state.clock().now();
        let before = state.snapshot();
        let Some(changes) = self.changes() else {
            return Ok(Turn { note: note(&before), next: PLAYBOOK_QUIET });
        };
        let differs = !changes.is_empty() && self.reader.take_in(&changes);
        let new_day = today(before.model(), now) != before.facts.today;
        if !differs && !new_day {
            return Ok(Turn { note: note(&before), next: PLAYBOOK_POLL });
        }
        // Git is asked afterwards unless its head moved: what an edit did is shown before its commit is named.
        let asks_later = self.reader.is_in_git() && !changes.head;
        if asks_later && differs {
            self.reader.assume_dirty();
        } else if differs {
            self.reader.name_revision();
        }
        let fresh = self.reader.snapshot(now);
        let mut next = choose(&before, fresh.clone());
        let took = began.elapsed().as_millis();
        if asks_later && differs {
            state.replace_snapshot(next);
            self.reader.name_revision();
            next = choose(&before, self.reader.stamp(fresh));
        }
        tell(state, &before, &next);
        let note = format!("{}; checked in {took} ms", note(&next));
        state.replace_snapshot(next);
        // What should be has changed, so what differs has, too.
        state.board().nudge(super::DRIFT);
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
