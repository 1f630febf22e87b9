//! Alerts: what time brings to them: senders that have gone, silences that end, groups that are due, watchdogs that are missed.

use std::time::Duration;

use super::runner::{Failure, Turn, Worker};
use crate::AppState;

/// How often it looks. A group waits half a minute before it is told, so this is no delay that anybody notices.
const POLL: Duration = Duration::from_secs(5);

/// How long it waits for more news: a storm comes in many requests, and makes one turn.
const SETTLE: Duration = Duration::from_millis(250);

/// The worker.
#[derive(Debug)]
pub(crate) struct Alerts;

impl Worker for Alerts {
    const NAME: &'static str = "alerts";
    const PURPOSE: &'static str = "Groups alerts, keeps quiet what is silenced, and tells people.";

    fn turn(&mut self, state: &AppState) -> Result<Turn, Failure> {
        let note = state.settle_alerts().map_err(|problem| problem.detail().to_owned())?;
        Ok(Turn { note, next: POLL })
    }

    fn settle(&self) -> Duration {
        SETTLE
    }
}
