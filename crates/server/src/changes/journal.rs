//! The executor's journal: the change's own stream of the ledger.
//!
//! Each append carries the executor's lease as its fence, so that the ledger itself refuses an executor that lost it, and
//! the procedure refuses one that counts differently.

use gitops::record::{Command as Any, change::Command};
use plan::Job;
use plan::execute::{Fence, Journal, JournalError, Record};

use crate::AppState;
use crate::http::Problem;

/// The journal of one change.
#[derive(Clone, Debug)]
pub(super) struct LedgerJournal {
    pub(super) state: AppState,
    pub(super) change: String,
}

impl Journal for LedgerJournal {
    fn read(&self) -> Job<'_, Result<Vec<Record>, JournalError>> {
        Box::pin(async {
            let record = self.state.record();
            let change = record.state.changes.changes.get(&self.change);
            change.map(|change| change.journal.clone()).ok_or_else(|| {
                JournalError::Unreadable(format!("there is no change `{}`", self.change))
            })
        })
    }

    fn append<'a>(
        &'a self,
        fence: &'a Fence,
        after: usize,
        records: Vec<Record>,
    ) -> Job<'a, Result<(), JournalError>> {
        Box::pin(async move {
            let command = Any::Change {
                id: self.change.clone(),
                command: Command::Journal { after, records },
            };
            let (state, fence) = (self.state.clone(), fence.clone());
            let fence = ledger::Fence { lease: fence.lease, token: fence.token };
            let work = move || state.perform_fenced(command, Some(fence));
            match tokio::task::spawn_blocking(work).await {
                Ok(Ok(_)) => Ok(()),
                Ok(Err(problem)) => Err(refused(&problem)),
                Err(error) => Err(JournalError::Unavailable(error.to_string())),
            }
        })
    }
}

fn refused(problem: &Problem) -> JournalError {
    let detail = problem.detail().to_owned();
    match problem.code() {
        "fenced" | "wrong-stage" | "stale-plan" => JournalError::Fenced(detail),
        _ => JournalError::Unavailable(detail),
    }
}
