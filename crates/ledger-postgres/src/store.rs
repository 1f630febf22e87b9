//! [`PostgresStore`]: one connection that writes, a few that read, one that listens.

use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use ledger::{
    Checkpoint, Entry, Finding, FoldId, Head, Header, Keys, Lease, Moved, Options, Place, Query,
    Remembered, Snapshot, SqliteStore, Store, StoreError, Stream, VisitRow, Work, WrappedKey,
};

use crate::address::Address;
use crate::doubt::{Resolved, resolve};
use crate::failure::Failure;
use crate::open::OpenError;
use crate::pool::Pool;
use crate::read::{self, Rest};
use crate::schema;
use crate::server::{Link, Role, Server};
use crate::watch::{self, CHANNEL, Watching};
use crate::write::PostgresWrite;

/// How often a transaction is begun again: because another one came in between, the server was restarted, or a commit
/// was found undone. Whoever is undone this often is told that the database is busy.
const TRIES: usize = 8;

/// A ledger in a PostgreSQL database.
pub struct PostgresStore {
    server: Arc<Server>,
    header: Header,
    /// `None` while there is no connection that works.
    writer: Mutex<Option<Link>>,
    readers: Pool,
    watching: Arc<Watching>,
}

/// Why a try to write has ended.
enum Ended {
    /// The work or the database refused; nothing happened.
    Refused(StoreError),
    /// Nothing happened, and the same may go through now.
    Again(Failure),
    /// It was committing, and was to make this head if any.
    InDoubt(Option<Head>, Failure),
}

impl PostgresStore {
    /// Opens the ledger at an address such as `postgres://user:password@host:5432/database`; a new one is called `fresh`.
    ///
    /// # Errors
    /// When the address is not one, the server does not answer or refuses, or the database is not fit for a ledger.
    pub fn open(address: &str, fresh: &Header) -> Result<Self, OpenError> {
        Self::connect(address, Some(fresh))
    }

    /// Opens the ledger at an address; makes none.
    ///
    /// # Errors
    /// As [`PostgresStore::open`], and when there is none.
    pub fn find(address: &str) -> Result<Self, OpenError> {
        Self::connect(address, None)
    }

    fn connect(address: &str, fresh: Option<&Header>) -> Result<Self, OpenError> {
        let server = Server::new(Address::read(address)?).map_err(OpenError::System)?;
        let connected = server.connect(Role::Writer);
        let link = connected.map_err(|failure| OpenError::of(&failure, server.address()))?;
        let header = schema::prepare(&server, &link, fresh)?;
        Ok(Self {
            server: Arc::new(server),
            header,
            writer: Mutex::new(Some(link)),
            readers: Pool::default(),
            watching: Arc::new(Watching::default()),
        })
    }

    /// Whether a replica has noted its keys here.
    ///
    /// # Errors
    /// When the server fails.
    pub fn is_claimed(&self) -> Result<bool, OpenError> {
        self.of_keys(schema::claimed).map(|theirs| theirs.is_some())
    }

    /// Makes sure that every replica seals with the same keys: the first one's are noted (their public half), another's
    /// are refused.
    ///
    /// # Errors
    /// When the ledger was begun with other keys, or the server fails.
    pub fn claim(&self, keys: &Keys) -> Result<(), OpenError> {
        let theirs = self.of_keys(|link| schema::claim(link, keys))?;
        if theirs.as_deref() == Some(keys.public().0.as_slice()) {
            return Ok(());
        }
        Err(OpenError::OtherKeys { server: self.place() })
    }

    fn of_keys<T>(&self, ask: impl FnOnce(&Link) -> Result<T, Failure>) -> Result<T, OpenError> {
        let answer = self.server.connect(Role::Writer).and_then(|link| ask(&link));
        answer.map_err(|failure| OpenError::of(&failure, self.server.address()))
    }

    /// Where it is, as `user@host:port/database`, without any password.
    #[must_use]
    pub fn place(&self) -> String {
        self.server.shown()
    }

    fn writer(&self) -> MutexGuard<'_, Option<Link>> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn in_words(&self, failure: &Failure) -> StoreError {
        failure.in_words(&self.server.shown())
    }

    fn read<T>(&self, work: impl Fn(&Link) -> Result<T, Failure>) -> Result<T, StoreError> {
        self.readers.read(&self.server, |link| work(link).map(|answer| (answer, Rest::None)))
    }

    /// Runs the work in one transaction. The connection is kept where it is still good.
    fn attempt(&self, writer: &mut Option<Link>, work: &mut Work<'_>) -> Result<(), Ended> {
        let (link, is_fresh) = match writer.take() {
            Some(link) if !link.is_closed() => (link, false),
            Some(_) | None => {
                let connected = self.server.connect(Role::Writer);
                (connected.map_err(|failure| Ended::Refused(self.in_words(&failure)))?, true)
            }
        };
        let shown = self.server.shown();
        let mut write = PostgresWrite::over(&link, &shown);
        if let Err(error) = work(&mut write) {
            let failure = write.failure.take();
            drop(write);
            return Err(match failure {
                // It had died while nobody looked, or during the work: that has not happened, whatever it was.
                Some(failure) if failure.is_gone() && !is_fresh => Ended::Again(failure),
                Some(failure) => self.undone(failure, link, writer),
                None => {
                    undo(link, writer);
                    Ended::Refused(error)
                }
            });
        }
        let head = write.new_head();
        match write.commit() {
            Ok(()) => {
                if let Some(head) = head {
                    self.tell(&link, head);
                }
                *writer = Some(link);
                Ok(())
            }
            Err(failure) if failure.is_gone() => Err(Ended::InDoubt(head, failure)),
            Err(failure) => Err(self.undone(failure, link, writer)),
        }
    }

    /// What follows from a failure of a transaction that surely has not happened.
    fn undone(&self, failure: Failure, link: Link, writer: &mut Option<Link>) -> Ended {
        if !failure.is_gone() {
            undo(link, writer);
        }
        if failure.is_conflict() {
            return Ended::Again(failure);
        }
        Ended::Refused(self.in_words(&failure))
    }

    /// Wakes the other replicas. Not part of the transaction: a database that has no notifications would undo it, and one
    /// that has them would hold a lock over the flush.
    fn tell(&self, link: &Link, head: Head) {
        self.watching.wrote(head.seq);
        link.send(&format!("NOTIFY {CHANNEL}, '{}'", head.seq));
    }
}

/// Gives a transaction up and keeps the connection, unless that fails, too.
fn undo(link: Link, writer: &mut Option<Link>) {
    if link.wait(link.batch("ROLLBACK")).is_ok() {
        *writer = Some(link);
    }
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore").field("place", &self.place()).finish_non_exhaustive()
    }
}

impl Store for PostgresStore {
    fn header(&self) -> &Header {
        &self.header
    }

    fn is_shared(&self) -> bool {
        true
    }

    fn write(&self, work: &mut Work<'_>) -> Result<(), StoreError> {
        let mut writer = self.writer();
        let mut tries = 0;
        loop {
            tries += 1;
            match self.attempt(&mut writer, work) {
                Ok(()) => return Ok(()),
                Err(Ended::Refused(error)) => return Err(error),
                Err(Ended::Again(failure)) if tries >= TRIES => return Err(self.in_words(&failure)),
                Err(Ended::Again(_)) => {}
                Err(Ended::InDoubt(head, failure)) => {
                    let (resolved, link) = resolve(&self.server, head, &failure)?;
                    if let (Resolved::Done, Some(head)) = (&resolved, head) {
                        self.tell(&link, head);
                    }
                    *writer = Some(link);
                    match resolved {
                        Resolved::Done => return Ok(()),
                        Resolved::Undone if tries < TRIES => {}
                        Resolved::Undone => return Err(self.in_words(&Failure::Silent)),
                    }
                }
            }
        }
    }

    fn head(&self) -> Result<Head, StoreError> {
        self.read(read::head)
    }

    fn on_moved(&self, moved: Moved) {
        watch::start(&self.server, Arc::clone(&self.watching), moved);
    }

    fn entries(&self, query: &Query) -> Result<Vec<Entry>, StoreError> {
        self.readers.read(&self.server, |link| read::entries(link, query))
    }

    fn stream(&self, stream: &Stream, after_version: u64) -> Result<Vec<Entry>, StoreError> {
        self.readers.read(&self.server, |link| read::stream(link, stream, after_version))
    }

    fn version(&self, stream: &Stream) -> Result<u64, StoreError> {
        self.read(|link| read::version(link, stream))
    }

    fn remembered(&self, key: &str) -> Result<Option<Remembered>, StoreError> {
        self.read(|link| read::remembered(link, key))
    }

    fn remembered_behind(&self, key: &str) -> Result<Vec<(String, Remembered)>, StoreError> {
        self.read(|link| read::remembered_behind(link, key))
    }

    fn seq_at(&self, at: Timestamp) -> Result<u64, StoreError> {
        self.read(|link| read::seq_at(link, at))
    }

    fn each_row(&self, visit: &mut VisitRow<'_>) -> Result<(), StoreError> {
        // Not through the pool: it would read a second time when the line breaks, and show rows twice.
        let link = self.server.connect(Role::Reader).map_err(|failure| self.in_words(&failure))?;
        read::each_row(&link, visit).map(drop).map_err(|failure| self.in_words(&failure))
    }

    fn checkpoints(&self) -> Result<Vec<Checkpoint>, StoreError> {
        self.read(read::checkpoints)
    }

    fn snapshot(&self, fold: FoldId<'_>, up_to: u64) -> Result<Option<Snapshot>, StoreError> {
        self.read(|link| read::snapshot(link, fold, up_to))
    }

    fn stream_keys(&self, stream: &Stream) -> Result<Vec<WrappedKey>, StoreError> {
        self.read(|link| read::stream_keys(link, stream))
    }

    fn all_stream_keys(&self) -> Result<Vec<WrappedKey>, StoreError> {
        self.read(read::all_stream_keys)
    }

    fn lease(&self, name: &str) -> Result<Option<Lease>, StoreError> {
        self.read(|link| read::lease(link, name))
    }

    fn leases(&self) -> Result<Vec<Lease>, StoreError> {
        self.read(read::leases)
    }

    /// Pages and checksums are the server's business (`pg_amcheck`, `data_checksums`). What is looked at here is that the
    /// row of the head is the last entry's.
    fn check_medium(&self) -> Result<Vec<Finding>, StoreError> {
        let head = self.head()?;
        let newest = Query { newest_first: true, limit: 1, ..Query::default() };
        let last = self.entries(&newest)?.first().map(Entry::head);
        // Others go on writing between the two reads.
        let fits = match last {
            Some(last) => last.seq > head.seq || last == head,
            None => head == self.header.empty_head(),
        };
        if fits {
            return Ok(Vec::new());
        }
        let what = format!(
            "the row of the head says entry {}, the last entry is {}: the table was changed by hand",
            head.seq,
            last.map_or(0, |last| last.seq)
        );
        Ok(vec![Finding { place: Place::File("database"), what }])
    }

    fn health(&self) -> Result<(), StoreError> {
        self.watching.trouble().map_or(Ok(()), Err)
    }

    /// A backup is a ledger in one SQLite file: it can be verified and served anywhere, and copied back.
    fn backup(&self, to: &Path) -> Result<(), StoreError> {
        if to.exists() {
            let why = std::io::Error::from(std::io::ErrorKind::AlreadyExists);
            return Err(StoreError::from_io(why));
        }
        let copied = SqliteStore::open(to, &Options::default(), &self.header)
            .map_err(|error| StoreError::Io(Arc::new(error)))
            .and_then(|target| Ok(ledger::back_up(self, &target)?));
        if copied.is_err() {
            // Half a copy must not pass for a backup; if it cannot be removed, the error says enough.
            drop(std::fs::remove_file(to));
        }
        copied.map(drop)
    }

    /// Rewrites the table of keys without its dead rows. What the server's own log and its backups hold is gone once they
    /// are.
    fn scrub(&self) -> Result<(), StoreError> {
        self.read(|link| match link.wait(link.batch("VACUUM FULL council_stream_keys")) {
            Err(failure) if failure.is_gone() => Err(failure),
            Err(failure) => {
                tracing::debug!(?failure, "the database does not rewrite tables when told to");
                Ok(())
            }
            Ok(()) => Ok(()),
        })
    }
}
