//! Notifications: wants what must be told, climbs the steps of what nobody has acknowledged, and sends what is due.
//!
//! Everything it knows stands in the record, so that it goes on after a crash where it was: what was wanted is sent,
//! and an attempt whose end nobody knows is made again under the same key.

use std::time::Duration;

use jiff::Timestamp;
use ledger::Fence;
use reliability::record::Command as Any;
use reliability::record::notification::{Command, next_at};

use super::leading::{Lead, Leader, RENEWAL};
use super::runner::{Failure, Turn, Worker};
use crate::AppState;
use crate::notify::{deliver, follow_incidents, occasions};

/// How often it looks without being woken: incidents and changes are recorded without a word to it.
const POLL: Duration = Duration::from_secs(5);

/// How soon it looks again at the earliest.
const SOONEST: Duration = Duration::from_millis(50);

/// The worker.
#[derive(Debug)]
pub(crate) struct Notify {
    lead: Lead,
    /// When the record began, once it has.
    began: Option<Timestamp>,
}

impl Default for Notify {
    fn default() -> Self {
        Self { lead: Lead::of("notify"), began: None }
    }
}

impl Worker for Notify {
    const NAME: &'static str = "notify";
    const PURPOSE: &'static str = "Sends pages and tickets, until somebody acknowledges.";

    fn turn(&mut self, state: &AppState) -> Result<Turn, Failure> {
        let fence = match self.lead.now(state)? {
            Leader::This(fence) => fence,
            Leader::Another(who) => {
                return Ok(Turn { note: format!("`{who}` does it"), next: RENEWAL });
            }
        };
        let lens = state.lens();
        if self.began.is_none() {
            self.began = state.ledger().entry(1)?.map(|entry| entry.at);
        }
        let mut unwritten = None;
        for notice in occasions(&lens, self.began) {
            // What cannot be written down must not keep others from being told.
            if let Err(problem) = state.notify(notice) {
                unwritten = Some(problem.detail().to_owned());
            }
        }
        follow_incidents(state);
        climb(state, fence.as_ref());
        let now = state.clock().now();
        let (sent, failed) =
            deliver(state, fence.as_ref(), now).map_err(|problem| problem.detail().to_owned())?;
        if let Some(why) = unwritten {
            return Err(why.into());
        }
        let next = next(state);
        let note = match (sent, failed, next) {
            (0, 0, None) => "nobody has to be told anything".to_owned(),
            (0, 0, Some(next)) => format!("waits until {next:.0}"),
            (sent, 0, _) => format!("{sent} messages were taken"),
            (sent, failed, _) => format!("{sent} messages were taken, {failed} were not"),
        };
        Ok(Turn { note, next: pause(next, state.clock().now()) })
    }
}

/// Takes every notification to the step at which it has to be.
fn climb(state: &AppState, fence: Option<&Fence>) {
    let lens = state.lens();
    for (id, found) in &lens.record.state.reliability.notifications {
        if next_at(found, lens.snapshot.model()).is_none_or(|at| at > lens.now) {
            continue;
        }
        let command = Any::Notification { id: id.clone(), command: Command::Climb {} };
        // That the step still waits is its usual answer: then a message is due.
        if let Err(problem) = state.perform_fenced(command, fence.cloned()) {
            tracing::trace!(notification = id, detail = problem.detail(), "does not climb");
        }
    }
}

/// The next moment at which something has to be done.
fn next(state: &AppState) -> Option<Timestamp> {
    let lens = state.lens();
    let model = lens.snapshot.model();
    let all = lens.record.state.reliability.notifications.values();
    all.filter_map(|found| next_at(found, model)).min()
}

fn pause(next: Option<Timestamp>, now: Timestamp) -> Duration {
    let until = next
        .map(|next| next.duration_since(now))
        .map(|until| if until.is_negative() { Duration::ZERO } else { until.unsigned_abs() });
    until.unwrap_or(POLL).clamp(SOONEST, POLL)
}
