//! The ledger on PostgreSQL, written by any number of replicas at once.
//!
//! ```text
//! replica A ─ Store::write ─▶ BEGIN ─ head row FOR UPDATE ─ answers in one go ─ work ─ rows, head, COMMIT ─▶ NOTIFY
//! replica B ─ Store::write ─▶ BEGIN ─ waits for that row …                                            │
//! replica B ◀──────────────── head moved ◀── LISTEN, or a look every second ◀─────────────────────────┘
//! ```
//!
//! What always holds:
//! * One row is the head. Whoever holds its lock writes; whoever waited reads it anew. So there is one order, one chain,
//!   and no two replicas ever link to the same entry.
//! * A group of appends costs two round trips and one flush of the server's disk, however many they are.
//! * A commit whose answer never came is looked up before anybody is told: the chain itself says whether it is there.
//! * A replica that freezes while it holds the head is thrown out by the server after a few seconds.
//! * Plain SQL: no types but numbers, text and bytes; no functions but `unnest` and `max`. Databases that speak
//!   PostgreSQL's protocol without `LISTEN` are asked for the head more often instead.
//!
//! Absent on purpose: a connection pooler's transaction mode (prepared statements and `LISTEN` need a session), triggers
//! (rights are taken away instead), and any knowledge of what entries mean.
#![warn(missing_docs)]

mod address;
mod doubt;
mod failure;
mod open;
mod pool;
mod read;
mod schema;
mod server;
mod store;
mod tls;
mod wait;
mod watch;
mod write;

pub use address::{is_address, shown};
pub use open::{Missing, OpenError, open};
pub use store::PostgresStore;
