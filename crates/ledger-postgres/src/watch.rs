//! Hearing of what other replicas wrote.
//!
//! A thread listens for the notification that each commit sends, and looks at the head all the same once in a while: a
//! notification may be lost with its sender, and some databases have none. What is told is the head as committed, which is
//! durable on the server.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use ledger::{Moved, StoreError};

use crate::failure::Failure;
use crate::read;
use crate::server::{Link, Server};

/// The name under which commits are notified of.
pub(crate) const CHANNEL: &str = "council_ledger";

/// How often the head is looked at although nothing was heard.
const POLL: Duration = Duration::from_secs(1);

/// The same, where the database does not know notifications: four looks a second cost next to nothing, and people do not
/// notice a quarter of one.
const POLL_ALONE: Duration = Duration::from_millis(250);

/// How many notifications may wait. Each says the same, so two are plenty: one that is being acted upon, one behind it.
const WAITING: usize = 2;

/// What the thread and the store share.
#[derive(Debug, Default)]
pub(crate) struct Watching {
    /// The newest entry that this replica knows; what it wrote itself needs no looking up.
    known: AtomicU64,
    trouble: Mutex<Option<StoreError>>,
}

impl Watching {
    /// Notes an entry that this replica wrote.
    pub(crate) fn wrote(&self, seq: u64) {
        self.known.fetch_max(seq, Ordering::AcqRel);
    }

    /// Why others' entries do not arrive at present, if so.
    pub(crate) fn trouble(&self) -> Option<StoreError> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, trouble: Option<StoreError>) {
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
    }
}

/// Starts the thread. It ends soon after the server is dropped.
pub(crate) fn start(server: &Arc<Server>, watching: Arc<Watching>, moved: Moved) {
    let server = Arc::downgrade(server);
    let started = std::thread::Builder::new()
        .name("ledger-watch".to_owned())
        .spawn(move || while turn(&server, &watching, &moved).is_some() {});
    if let Err(error) = started {
        tracing::error!(%error, "no thread to hear of other replicas' entries; this one sees them only when it writes");
    }
}

/// Connects, and listens until the connection ends. `None` when the store is gone.
fn turn(server: &Weak<Server>, watching: &Watching, moved: &Moved) -> Option<()> {
    let (tell, told) = sync_channel(WAITING);
    // Held for this line only, so that the store can go while this thread listens.
    let connected = connect(&*server.upgrade()?, tell);
    let failure = match connected {
        Ok((link, poll)) => listen(server, &link, &told, poll, (watching, moved))?,
        Err(failure) => failure,
    };
    let shown = server.upgrade()?.shown();
    let trouble = failure.in_words(&shown);
    if watching.trouble().is_none() {
        tracing::warn!(server = shown, error = %trouble, "other replicas' entries do not arrive");
    }
    watching.note(Some(trouble));
    crate::doubt::pause(POLL_ALONE);
    Some(())
}

fn connect(server: &Server, tell: SyncSender<String>) -> Result<(Link, Duration), Failure> {
    let link = server.listen(tell)?;
    match link.wait(link.batch(&format!("LISTEN {CHANNEL}"))) {
        Ok(()) => Ok((link, POLL)),
        Err(failure) if failure.is_gone() => Err(failure),
        Err(_) => Ok((link, POLL_ALONE)),
    }
}

fn listen(
    server: &Weak<Server>,
    link: &Link,
    told: &Receiver<String>,
    poll: Duration,
    (watching, moved): (&Watching, &Moved),
) -> Option<Failure> {
    loop {
        match read::head(link) {
            Ok(head) => {
                watching.note(None);
                if watching.known.fetch_max(head.seq, Ordering::AcqRel) < head.seq {
                    moved(head);
                }
            }
            Err(failure) => return Some(failure),
        }
        loop {
            let heard = told.recv_timeout(poll);
            server.upgrade()?;
            match heard {
                Ok(seq) if is_known(&seq, watching) => {}
                Ok(_) | Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => break crate::doubt::pause(poll),
            }
        }
    }
}

fn is_known(seq: &str, watching: &Watching) -> bool {
    seq.parse::<u64>().is_ok_and(|seq| seq <= watching.known.load(Ordering::Acquire))
}
