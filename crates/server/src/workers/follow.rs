//! Follows the playbook's remote: moves the checkout along, by poll and by webhook, and says loudly what is strange.
//!
//! The playbook's own worker sees that files changed and makes them current, or holds them back when they have errors;
//! so a broken commit keeps the last good revision here as everywhere. What may happen to a remote (it vanishes, is
//! rewound, rewritten, grows too large) is known to `systems::git`; this worker tells of it: on the board, in the log,
//! as an event, and in `/readyz`.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;
use systems::git::{Follower, Move};

use super::playbook::Playbook;
use super::runner::{Failure, Turn, Worker};
use crate::AppState;
use crate::events::{Event, REMOTE};
use crate::limits::FOLLOW_POLL;

/// The worker.
pub(crate) struct Follow {
    follower: Follower,
    /// What is wrong, and since when, so that it is told once and not every minute.
    trouble: Option<(String, Timestamp)>,
    /// What was rewritten, until the branch goes on.
    rewritten: Option<String>,
}

impl Follow {
    pub(crate) fn new(follower: Follower) -> Self {
        Self { follower, trouble: None, rewritten: None }
    }

    /// Moved, or still where it was.
    fn moved(&mut self, moved: &Move, state: &AppState, now: Timestamp) {
        if let Some((_, since)) = self.trouble.take() {
            tracing::info!(%since, "the playbook's remote answers again");
        }
        let is_still = matches!(moved, Move::Still { .. });
        if moved.lost_history() {
            tracing::error!(moved = moved.text(), "the playbook's history was rewritten");
            self.rewritten = Some(format!("the playbook's remote was {}", moved.text()));
        } else if !is_still {
            tracing::info!(moved = moved.text(), "the playbook's remote moved");
            self.rewritten = None;
        }
        state.remote().note(self.rewritten.clone());
        if is_still {
            return;
        }
        tell(state, &json!({ "moved": moved, "text": moved.text() }), now);
        state.board().nudge(Playbook::NAME);
    }

    /// Could not look, or would not take what is there.
    fn troubled(&mut self, words: &str, state: &AppState, now: Timestamp) -> String {
        let since = match &self.trouble {
            Some((known, since)) if known == words => *since,
            Some(_) | None => {
                tracing::error!(trouble = words, "the playbook's remote cannot be followed");
                tell(state, &json!({ "trouble": words, "since": now }), now);
                self.trouble = Some((words.to_owned(), now));
                now
            }
        };
        let note = format!("the playbook's remote cannot be followed since {since}: {words}");
        state.remote().note(Some(note.clone()));
        note
    }
}

/// Nobody listening is fine.
fn tell(state: &AppState, data: &serde_json::Value, now: Timestamp) {
    state.events().send(Event::playbook(REMOTE, data, now)).ok();
}

impl Worker for Follow {
    const NAME: &'static str = "follow";
    const PURPOSE: &'static str = "Follows the playbook's remote repository.";

    fn settle(&self) -> Duration {
        Duration::ZERO
    }

    fn turn(&mut self, state: &AppState) -> Result<Turn, Failure> {
        let now = state.clock().now();
        // Turns have a thread of their own, so that waiting for Git here keeps nobody else waiting.
        let found = tokio::runtime::Handle::current().block_on(self.follower.turn(now));
        let note = match found {
            Ok(moved) => {
                self.moved(&moved, state, now);
                moved.text()
            }
            Err(trouble) => self.troubled(&trouble.to_string(), state, now),
        };
        Ok(Turn { note, next: FOLLOW_POLL })
    }
}
