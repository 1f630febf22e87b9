//! The server: HTTP API, pages and background work around one playbook and one ledger.
//!
//! Rooms: [`auth`] says who is asking and whether they may, `api` answers programs, [`ui`] answers
//! browsers, `workers` keep the snapshot and the folds current, [`http`] is what every request passes
//! through, `store` is the small database of sessions and tokens, `telemetry` tells the outside how
//! it goes. API and pages render the same views of `org` and `governance`, so they cannot disagree.
//!
//! The state of the world is two values that are replaced, never edited: a [`Snapshot`] of the playbook
//! and a [`Record`] folded from the ledger. A request takes both once and answers from them.
//!
//! Invariants: nothing listens beyond loopback without TLS or a stated proxy; every write is
//! authorized by policy before the domain sees it; a secret is stored as a digest and never logged.
//!
//! Absent on purpose: rules of the domain (they are in `org` and `governance`), printing, reading of
//! environment variables other than the telemetry standard's, and any state that is not the playbook, the ledger or
//! rebuildable from them, except sessions and tokens.

mod alerts;
pub mod api;
pub mod auth;
mod certificate;
mod changes;
pub mod clock;
pub mod config;
mod connections;
pub mod counting;
mod error;
mod events;
mod excerpts;
mod fleet;
mod forges;
mod guests;
pub mod http;
mod identity;
mod lens;
pub mod limits;
mod listener;
mod notify;
pub mod objectives;
mod operations;
pub mod perform;
pub mod policies;
mod reader;
mod record;
mod remote;
mod revision;
mod serve;
mod snapshot;
mod start;
mod state;
mod status;
mod store;
pub mod telemetry;
mod today;
mod trends;
pub mod ui;
pub mod workers;

pub use changes::Situation;
pub use clock::Clock;
pub use config::{Config, Proxy, TlsFiles};
pub use error::StartError;
pub use lens::Lens;
pub use reader::Reader;
pub use record::Record;
pub use remote::{ForgeConfig, RemoteConfig};
pub use snapshot::{Revision, Snapshot};
pub use start::{Running, run, start};
pub use state::AppState;
pub use ui::site;
