//! The loop that every worker lives in.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::board::Phase;
use crate::AppState;
use crate::http::problem::Chain;

/// What a turn did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Turn {
    /// In words, for the board.
    pub(crate) note: String,
    /// How long until the next one without a nudge.
    pub(crate) next: Duration,
}

/// Why a turn failed.
pub(crate) type Failure = Box<dyn Error + Send + Sync>;

/// How long after a failed turn the next one comes.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// Something that is done again and again.
pub(crate) trait Worker: Send + 'static {
    /// Its name on the board.
    const NAME: &'static str;
    /// What it is for, in a sentence.
    const PURPOSE: &'static str;

    /// Does one turn. Blocking is fine: turns have a thread of their own.
    fn turn(&mut self, state: &AppState) -> Result<Turn, Failure>;

    /// How long a nudge waits for more of them, so that a flurry makes one turn.
    fn settle(&self) -> Duration {
        Duration::ZERO
    }
}

/// Puts a worker up on the board and starts it.
pub(crate) fn start<W: Worker>(workers: &mut JoinSet<()>, state: &AppState, worker: W) {
    let nudge = state.board().enter(W::NAME, W::PURPOSE);
    workers.spawn(run(state.clone(), worker, nudge));
}

/// Runs a worker until the server stops.
async fn run<W: Worker>(state: AppState, mut worker: W, nudge: Arc<Notify>) {
    let stopping = state.stopping().clone();
    loop {
        let began = state.clock().now();
        state.board().update(W::NAME, |status| {
            status.phase = Phase::Working;
            status.last_began = Some(began);
        });
        let shared = state.clone();
        let done = tokio::task::spawn_blocking(move || {
            let turn = worker.turn(&shared);
            (worker, turn)
        })
        .await;
        let turn = match done {
            Ok((returned, turn)) => {
                worker = returned;
                turn
            }
            Err(error) => {
                tracing::error!(worker = W::NAME, %error, "a worker broke and will not run again");
                state.board().update(W::NAME, |status| status.phase = Phase::Failed);
                return;
            }
        };
        let next = note_turn::<W>(&state, began, turn);
        tokio::select! {
            () = stopping.cancelled() => return,
            () = nudge.notified() => tokio::time::sleep(worker.settle()).await,
            () = tokio::time::sleep(next) => {}
        }
        if stopping.is_cancelled() {
            return;
        }
    }
}

/// Writes a turn on the board and says how long until the next.
fn note_turn<W: Worker>(
    state: &AppState,
    began: jiff::Timestamp,
    turn: Result<Turn, Failure>,
) -> Duration {
    let now = state.clock().now();
    let (phase, note, next) = match turn {
        Ok(turn) => (Phase::Idle, turn.note, turn.next),
        Err(error) => {
            let words = Chain(error.as_ref()).to_string();
            tracing::error!(worker = W::NAME, error = words, "a worker's turn failed");
            (Phase::Failed, words, AFTER_FAILURE)
        }
    };
    let next_at = SignedDuration::try_from(next).ok().and_then(|next| now.checked_add(next).ok());
    state.board().update(W::NAME, |status| {
        status.turns += 1;
        status.failures += u64::from(phase == Phase::Failed);
        status.phase = phase;
        status.last_milliseconds = u64::try_from(now.duration_since(began).as_millis()).ok();
        status.note = note;
        status.next_at = next_at;
    });
    next
}
