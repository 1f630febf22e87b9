//! A commit whose answer never came: was it done?
//!
//! The server may have committed before the line broke, or have lost everything in a crash, or be about to commit still.
//! To know, one takes the head again: that waits until the old session has ended either way. Then the chain itself
//! tells: the transaction's last entry stands in its place with its hash, or it does not and never will.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use ledger::{Head, StoreError};

use crate::failure::Failure;
use crate::read::{hash, number};
use crate::server::{Link, Role, Server};
use crate::write::PostgresWrite;

/// How long an answer is sought before callers are told that there is none. A server restarts within seconds and a standby
/// takes over within half a minute; whoever waits for an append will not wait longer than this.
const PATIENCE: Duration = Duration::from_secs(45);

/// Pause between two attempts to reach the server.
const PAUSE: Duration = Duration::from_millis(100);

/// What the chain says about a transaction in doubt.
pub(crate) enum Resolved {
    /// It is recorded.
    Done,
    /// It is not and never will be.
    Undone,
}

/// Finds out what became of a transaction that was to make `head`, `None` if it was to add no entries. Returns the
/// connection over which it was found out.
pub(crate) fn resolve(
    server: &Server,
    head: Option<Head>,
    cause: &Failure,
) -> Result<(Resolved, Link), StoreError> {
    let start = Instant::now();
    loop {
        match look(server, head) {
            Ok(found) => return Ok(found),
            Err(failure) if start.elapsed() >= PATIENCE => {
                tracing::warn!(
                    server = server.shown(),
                    ?failure,
                    "the server did not come back in time"
                );
                return Err(in_doubt(cause, &server.shown()));
            }
            Err(_) => pause(PAUSE),
        }
    }
}

fn look(server: &Server, head: Option<Head>) -> Result<(Resolved, Link), Failure> {
    let link = server.connect(Role::Writer)?;
    let resolved = match head {
        // What writes no entries (a lease, a key, a snapshot) comes to the same when it is done twice.
        None => Resolved::Undone,
        Some(head) => {
            let shown = server.shown();
            PostgresWrite::over(&link, &shown).held()?;
            let sql = "SELECT hash FROM council_entries WHERE seq = $1";
            let rows = link.wait(link.query(sql, &[&number(head.seq)]))?;
            let is_there = rows.first().map(|row| hash(row, 0)).transpose()? == Some(head.hash);
            link.wait(link.batch("ROLLBACK"))?;
            if is_there { Resolved::Done } else { Resolved::Undone }
        }
    };
    Ok((resolved, link))
}

fn in_doubt(cause: &Failure, server: &str) -> StoreError {
    match cause.in_words(server) {
        StoreError::Unreachable { server, source } => StoreError::InDoubt { server, source },
        other => other,
    }
}

/// Lets time pass.
pub(crate) fn pause(time: Duration) {
    let never = Mutex::new(());
    let guard = never.lock().unwrap_or_else(PoisonError::into_inner);
    drop(Condvar::new().wait_timeout_while(guard, time, |()| true));
}
