//! Opening a ledger on a server, and why it cannot be opened, in words that say what to do.

use std::path::Path;
use std::sync::Arc;

use ledger::{FORMAT, Header, KeyError, Keys, Ledger, StartError, StoreError};
use tokio_postgres::error::SqlState;

use crate::address::Address;
use crate::failure::Failure;
use crate::store::PostgresStore;
use crate::tls::RootsError;

/// What is done where a database holds no ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// A new one is made.
    Make,
    /// It is said that there is none; nothing is ever made by looking.
    Refuse,
}

/// Opens the ledger at an address, with the secrets in a key file. The first replica makes the file, every other one
/// must have been given a copy of it.
///
/// # Errors
/// When the store cannot be opened, or the keys are missing, unreadable or others than the first replica's.
pub fn open(address: &str, key_file: &Path, missing: Missing) -> Result<Ledger, OpenError> {
    let store = match missing {
        Missing::Make => {
            let mut random = [0; 16];
            getrandom::fill(&mut random).map_err(|error| OpenError::System(error.into()))?;
            PostgresStore::open(address, &Header::new(random))?
        }
        Missing::Refuse => PostgresStore::find(address)?,
    };
    let keys = match Keys::load(key_file)? {
        Some(keys) => keys,
        None if store.is_claimed()? => return Err(OpenError::OtherKeys { server: store.place() }),
        None => Keys::load_or_create(key_file)?,
    };
    store.claim(&keys)?;
    let server = store.place();
    Ledger::over(Arc::new(store), keys).map_err(|error| match error {
        StartError::Head(source) => OpenError::Store { server, source },
        StartError::Thread(error) => OpenError::System(error),
    })
}

/// Says why a ledger was not opened. No variant holds a password.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address is not one.
    #[error(
        "the ledger's address is refused: {why}; it reads like `postgres://user:password@host:5432/database`, and \
         characters such as `@`, `:`, `/` and `?` of a password are written as `%40`, `%3A`, `%2F` and `%3F`"
    )]
    Address {
        /// What is wrong with it.
        why: &'static str,
    },
    /// The certificates to trust cannot be read.
    #[error("the server's certificate could not be proven: {what}")]
    Roots {
        /// What failed.
        what: String,
    },
    /// The server cannot be spoken to in secret.
    #[error(
        "no encrypted connection to the database server `{server}` could be made: {why}; name the authority of its \
         certificate with `sslrootcert=FILE`, or give encryption up with `sslmode=disable`"
    )]
    Tls {
        /// Where it is.
        server: String,
        /// What was seen.
        why: String,
    },
    /// The server refuses the user.
    #[error(
        "the database server `{server}` refuses the user `{user}`: the password is wrong or missing, or `pg_hba.conf` \
         does not let that user in from here; check the ledger's address"
    )]
    Refused {
        /// Where it is.
        server: String,
        /// Who was refused.
        user: String,
    },
    /// The server has no such database.
    #[error(
        "the database server `{server}` has no database of that name; make one with `createdb`, or correct the ledger's address"
    )]
    NoDatabase {
        /// Where it is.
        server: String,
    },
    /// The user may not make or use the tables.
    #[error(
        "the user may not use or make tables in `{server}`; run `GRANT CREATE, USAGE ON SCHEMA public TO …` there, or let the \
         user own the database"
    )]
    NotAllowed {
        /// Where it is.
        server: String,
    },
    /// There is nothing in the database.
    #[error(
        "there is no ledger in the database `{server}`; `council up` makes one, `council ledger migrate` brings one"
    )]
    NoLedger {
        /// Where it is.
        server: String,
    },
    /// The server follows another one.
    #[error(
        "the database server `{server}` is a read-only standby; name the primary, or both, like `postgres://user@one,two/database`"
    )]
    Standby {
        /// Where it is.
        server: String,
    },
    /// The database cannot hold every text.
    #[error(
        "the database `{server}` has the encoding {encoding}, which cannot hold every text; make one with `createdb --encoding=UTF8 \
         --template=template0`"
    )]
    Encoding {
        /// Where it is.
        server: String,
        /// Its encoding.
        encoding: String,
    },
    /// A newer program wrote it.
    #[error(
        "the ledger in `{server}` has schema version {found} and this program knows up to {known}; use the newer council"
    )]
    Newer {
        /// Where it is.
        server: String,
        /// Its schema version.
        found: i64,
        /// The newest one that this program knows.
        known: i64,
    },
    /// Its entries have a format that this program does not know.
    #[error(
        "the ledger in `{server}` has the unknown format `{format}`, and this program knows `{FORMAT}`; use the council that wrote it"
    )]
    UnknownFormat {
        /// Where it is.
        server: String,
        /// The format it names.
        format: String,
    },
    /// This machine has other keys than the replica that began the ledger.
    #[error(
        "the ledger in `{server}` was begun with another key file than the one here, if any: sealed texts could not be opened; copy the file \
         `ledger.db-keys` from the data directory of the first replica into this one's"
    )]
    OtherKeys {
        /// Where it is.
        server: String,
    },
    /// The server does not answer, or fails.
    #[error("the ledger in `{server}` could not be opened")]
    Store {
        /// Where it is.
        server: String,
        /// Why.
        source: StoreError,
    },
    /// The key file cannot be used.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The system has no randomness or no thread to give.
    #[error("the system could not give what a connection needs")]
    System(#[source] std::io::Error),
}

impl OpenError {
    /// Whether opening again later, unchanged, may succeed.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Store { source, .. } => source.is_retryable(),
            Self::Standby { .. } => true,
            Self::Address { .. }
            | Self::Tls { .. }
            | Self::Roots { .. }
            | Self::Refused { .. }
            | Self::NoDatabase { .. }
            | Self::NotAllowed { .. }
            | Self::Encoding { .. }
            | Self::Newer { .. }
            | Self::UnknownFormat { .. }
            | Self::OtherKeys { .. }
            | Self::NoLedger { .. }
            | Self::Keys(_)
            | Self::System(_) => false,
        }
    }

    pub(crate) fn tls(error: &RootsError) -> Self {
        use std::error::Error as _;
        let cause = error.source().map_or_else(String::new, |cause| format!(" ({cause})"));
        Self::Roots { what: format!("{error}{cause}") }
    }

    /// Puts a failure of opening into words.
    pub(crate) fn of(failure: &Failure, address: &Address) -> Self {
        let server = address.to_string();
        if let Some(why) = failure.of_tls() {
            return Self::Tls { server, why };
        }
        let user = || address.config.get_user().unwrap_or_default().to_owned();
        match failure.code() {
            Some(code)
                if *code == SqlState::INVALID_PASSWORD
                    || *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION =>
            {
                Self::Refused { server, user: user() }
            }
            Some(code) if *code == SqlState::INVALID_CATALOG_NAME => Self::NoDatabase { server },
            Some(code) if *code == SqlState::INSUFFICIENT_PRIVILEGE => Self::NotAllowed { server },
            Some(_) | None if failure.is_standby() => Self::Standby { server },
            // The client gives up by itself when a password is asked for and it has none.
            Some(_) | None if failure.lacks_password() => Self::Refused { server, user: user() },
            Some(_) | None => {
                let source = failure.in_words(&server);
                Self::Store { server, source }
            }
        }
    }
}
