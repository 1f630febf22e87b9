//! Why the server does not start, in words for the person who started it.

use std::net::SocketAddr;
use std::path::PathBuf;

/// One failed step of starting or running.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Sign-ins would travel unprotected.
    #[error(
        "refusing to listen on {listen} without TLS: anyone on the network could read sign-ins. \
         Listen on 127.0.0.1, or give a certificate and key, or name the TLS proxy in front"
    )]
    OpenWithoutTls {
        /// The address asked for.
        listen: SocketAddr,
    },
    /// The stated proxy does not speak TLS.
    #[error("the proxy's public origin `{origin}` must begin with https://")]
    ProxyWithoutTls {
        /// As given.
        origin: String,
    },
    /// The port is taken, or the address is not ours.
    #[error("cannot listen on {listen}")]
    Listen {
        /// The address asked for.
        listen: SocketAddr,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The certificate or key cannot be used.
    #[error("the TLS file {path} cannot be used: {why}", path = path.display())]
    Tls {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The data directory cannot be made or is not ours.
    #[error("the data directory {path} cannot be used", path = path.display())]
    DataDir {
        /// Which one.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The playbook's directory is not there.
    #[error("there is no playbook at {path}: no such directory", path = path.display())]
    NoPlaybook {
        /// As given.
        path: PathBuf,
    },
    /// The database of sessions and tokens.
    #[error("the database of sessions and tokens cannot be opened")]
    Store(#[from] rusqlite::Error),
    /// The ledger.
    #[error("the ledger cannot be opened")]
    Ledger(#[from] ledger::OpenError),
    /// The ledger, once open.
    #[error("the ledger cannot be read")]
    Replay(#[from] ledger::StoreError),
    /// `--as` names nobody.
    #[error("`{name}` is not a person of this playbook{}", hint(candidates))]
    NoSuchPerson {
        /// As given.
        name: String,
        /// Who is.
        candidates: Vec<String>,
    },
    /// Accepting connections failed for good.
    #[error("serving stopped")]
    Serve(#[source] std::io::Error),
}

fn hint(candidates: &[String]) -> String {
    match candidates {
        [] => "; it declares none".to_owned(),
        some => format!("; it declares {}", some.join(", ")),
    }
}
