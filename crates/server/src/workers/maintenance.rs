//! Maintenance: carries out what is due around changes, silences and notices, and counts what silences keep silent.
//!
//! The executor does so, too, when it begins and ends a change; the worker goes on where a server died, and ends what has
//! run out.

use std::time::Duration;

use tokio::runtime::Handle;

use super::runner::{Failure, Turn, Worker};
use crate::AppState;
use crate::changes::tended;

/// How often it looks: an alert that flickers for half a minute under a silence shall still be counted.
const POLL: Duration = Duration::from_secs(15);

/// The worker.
#[derive(Debug)]
pub(crate) struct Maintenance;

impl Worker for Maintenance {
    const NAME: &'static str = "maintenance";
    const PURPOSE: &'static str =
        "Begins and ends the silences and notices that belong to changes.";

    fn turn(&mut self, state: &AppState) -> Result<Turn, Failure> {
        let changes = tended(state);
        for change in &changes {
            let tended = Handle::current().block_on(state.tend(change));
            tended.map_err(|problem| format!("{change}: {}", problem.detail()))?;
        }
        let note = match changes.as_slice() {
            [] => "nothing is silenced or announced".to_owned(),
            changes => format!("tends {}", changes.join(", ")),
        };
        Ok(Turn { note, next: POLL })
    }
}
