//! The server, and connections to it.
//!
//! The client's own tasks run on a small runtime of the store's; whoever asks waits on its own thread (see [`crate::wait`]).

use std::collections::BTreeMap;
use std::sync::mpsc::{RecvTimeoutError, SyncSender, channel};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::runtime::Runtime;
use tokio_postgres::types::ToSql;
use tokio_postgres::{AsyncMessage, Client, Connection, Row, Socket, Statement};

use crate::address::Address;
use crate::failure::Failure;
use crate::tls::Encrypted;
use crate::wait::wait;

/// How long an answer may take. A statement of ours takes milliseconds; what takes this long will not come any more.
const PATIENCE: Duration = Duration::from_secs(30);

/// Longest time in which a list of hosts is tried.
const CONNECTING: Duration = Duration::from_secs(20);

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// It writes: the server must take writes and flush them, and must not wait for a replica that froze.
    Writer,
    /// It reads, perhaps everything in one go.
    Reader,
}

/// What the server is told about a writing connection. A lock that is not had after ten seconds is held by somebody who
/// is frozen, and whoever does nothing inside a transaction for five is. Not every database knows each of these.
const WRITER_SETTINGS: [&str; 3] = [
    "SET statement_timeout = '30s'",
    "SET lock_timeout = '10s'",
    "SET idle_in_transaction_session_timeout = '5s'",
];

/// A PostgreSQL server, by its address.
#[derive(Debug)]
pub(crate) struct Server {
    address: Address,
    runtime: Option<Runtime>,
}

impl Server {
    /// Connects to nothing yet.
    pub(crate) fn new(address: Address) -> std::io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("ledger-postgres")
            .enable_all()
            .build()?;
        Ok(Self { address, runtime: Some(runtime) })
    }

    /// Where it is, without the password.
    pub(crate) fn shown(&self) -> String {
        self.address.to_string()
    }

    pub(crate) fn address(&self) -> &Address {
        &self.address
    }

    /// Makes a connection.
    pub(crate) fn connect(&self, role: Role) -> Result<Link, Failure> {
        let link = self.dial(None)?;
        match role {
            Role::Writer => link.prepare_to_write()?,
            Role::Reader => {}
        }
        Ok(link)
    }

    /// Makes a connection that hears the server's notifications, and its own end, on `heard`.
    pub(crate) fn listen(&self, heard: SyncSender<String>) -> Result<Link, Failure> {
        self.dial(Some(heard))
    }

    fn dial(&self, heard: Option<SyncSender<String>>) -> Result<Link, Failure> {
        let (tell, told) = channel();
        let Address { config, tls } = self.address.clone();
        let runtime = self.runtime.as_ref().expect("BUG: taken by drop only");
        runtime.spawn(async move {
            match tokio::time::timeout(CONNECTING, config.connect(tls)).await {
                Ok(Ok((client, connection))) => {
                    if tell.send(Ok(client)).is_ok() {
                        drive(connection, heard).await;
                    }
                }
                Ok(Err(error)) => drop(tell.send(Err(Failure::from(error)))),
                Err(_) => drop(tell.send(Err(Failure::Silent))),
            }
        });
        let client = match told.recv_timeout(CONNECTING) {
            Ok(connected) => connected?,
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                return Err(Failure::Silent);
            }
        };
        Ok(Link { client, statements: Mutex::new(BTreeMap::new()) })
    }
}

impl Drop for Server {
    /// The store may be dropped on a thread of another runtime, where waiting for this one is forbidden.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Moves bytes until the connection ends; hands on what the server notifies of.
async fn drive(
    mut connection: Connection<Socket, Encrypted<Socket>>,
    heard: Option<SyncSender<String>>,
) {
    while let Some(Ok(message)) =
        std::future::poll_fn(|context| connection.poll_message(context)).await
    {
        if let (AsyncMessage::Notification(notification), Some(heard)) = (message, &heard) {
            // Full means that the listener has news already.
            drop(heard.try_send(notification.payload().to_owned()));
        }
    }
    if let Some(heard) = heard {
        drop(heard.try_send(String::new()));
    }
}

/// A connection, with the statements that were prepared over it.
pub(crate) struct Link {
    client: Client,
    statements: Mutex<BTreeMap<String, Statement>>,
}

/// Values bound to a statement.
pub(crate) type Values<'a> = &'a [&'a (dyn ToSql + Sync)];

impl Link {
    fn prepare_to_write(&self) -> Result<(), Failure> {
        for setting in WRITER_SETTINGS {
            match self.wait(self.batch(setting)) {
                // It does not know the setting; the lock's own waiting ends all the same.
                Err(failure) if !failure.is_gone() => {
                    tracing::debug!(setting, "the database does not know a setting");
                }
                other => other?,
            }
        }
        if self.setting("transaction_read_only")?.is_some_and(|value| value == "on") {
            return Err(Failure::Standby);
        }
        if self.setting("synchronous_commit")?.is_some_and(|value| value == "off") {
            self.wait(self.batch("SET synchronous_commit = on"))?;
        }
        Ok(())
    }

    /// What a setting is, if the database has it.
    pub(crate) fn setting(&self, name: &str) -> Result<Option<String>, Failure> {
        match self.wait(self.query(&format!("SHOW {name}"), &[])) {
            Ok(rows) => Ok(rows.first().and_then(|row| row.try_get(0).ok())),
            Err(failure) if failure.is_gone() => Err(failure),
            Err(_) => Ok(None),
        }
    }

    /// Waits for an answer.
    pub(crate) fn wait<T>(
        &self,
        answer: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        wait(PATIENCE, answer).unwrap_or(Err(Failure::Silent))
    }

    /// Prepares a statement, once for each connection.
    pub(crate) async fn statement(&self, sql: &str) -> Result<Statement, Failure> {
        if let Some(known) = self.statements().get(sql) {
            return Ok(known.clone());
        }
        let statement = self.client.prepare(sql).await?;
        self.statements().insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    fn statements(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Statement>> {
        self.statements.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs a statement and reads all its rows.
    pub(crate) async fn query(&self, sql: &str, values: Values<'_>) -> Result<Vec<Row>, Failure> {
        let statement = self.statement(sql).await?;
        Ok(self.client.query(&statement, values).await?)
    }

    /// Runs a prepared statement and reads all its rows. Sends at its first poll, so that statements polled one after
    /// the other travel together.
    pub(crate) async fn rows(
        &self,
        statement: &Statement,
        values: Values<'_>,
    ) -> Result<Vec<Row>, Failure> {
        Ok(self.client.query(statement, values).await?)
    }

    /// Runs a statement whose rows are read one by one.
    pub(crate) async fn stream(
        &self,
        sql: &str,
        values: Values<'_>,
    ) -> Result<tokio_postgres::RowStream, Failure> {
        let statement = self.statement(sql).await?;
        Ok(self.client.query_raw(&statement, values.iter().copied()).await?)
    }

    /// Runs a prepared statement and says how many rows it touched. Sends at its first poll, too.
    pub(crate) async fn execute(
        &self,
        statement: &Statement,
        values: Values<'_>,
    ) -> Result<u64, Failure> {
        Ok(self.client.execute(statement, values).await?)
    }

    /// Runs statements without values or answers. Sends at its first poll, too.
    pub(crate) async fn batch(&self, sql: &str) -> Result<(), Failure> {
        Ok(self.client.batch_execute(sql).await?)
    }

    /// Sends statements and does not wait for what becomes of them.
    pub(crate) fn send(&self, sql: &str) {
        drop(self.client.batch_execute(sql).now_or_never());
    }

    /// Whether the connection has ended.
    pub(crate) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }
}
