//! Pull requests: drafts and plans the change that each would be, reads reviews back, answers, and applies what was merged.
//!
//! A webhook only wakes it; whatever one says is read back from the forge. So a webhook that was lost costs a minute.

use tokio::runtime::Handle;

use super::runner::{Failure, Turn, Worker};
use crate::AppState;
use crate::forges::Pulls;
use crate::limits::FORGE_POLL;

/// The worker.
pub(crate) struct Reviews(Pulls);

impl Reviews {
    /// The worker, where a forge and the remote are known.
    pub(crate) fn of(state: &AppState) -> Option<Self> {
        Pulls::of(state).map(Self)
    }
}

impl Worker for Reviews {
    const NAME: &'static str = "reviews";
    const PURPOSE: &'static str = "Follows the playbook's pull requests on the forge.";

    fn turn(&mut self, state: &AppState) -> Result<Turn, Failure> {
        let note = Handle::current().block_on(self.0.turn(state))?;
        Ok(Turn { note, next: FORGE_POLL })
    }
}
