//! Where the ledger is: a file in the data directory, or by `COUNCIL_LEDGER` a database that several replicas share.
//!
//! An address may hold a password, so it comes from the environment, and what is shown of it is the store's own name for
//! the place. The key file lies in the data directory either way.

use std::fmt;
use std::path::{Path, PathBuf};

use ledger::{Ledger, OpenError, Options};
use ledger_postgres::Missing;

use crate::command_error::{Class, CommandError};
use crate::environment::{COUNCIL_LEDGER, Environment};
use crate::{causes, data_dir};

/// A place of a ledger.
#[derive(Clone)]
pub(crate) enum LedgerPlace {
    /// The embedded database.
    File(PathBuf),
    /// A server.
    Server {
        /// `postgres://…`, perhaps with a password.
        address: String,
        /// The file with the secrets.
        keys: PathBuf,
    },
}

impl LedgerPlace {
    /// The ledger of a data directory: the shared one if one is named, else the file.
    pub(crate) fn of(data: &Path, environment: &Environment) -> Result<Self, CommandError> {
        match &environment.ledger {
            Some(address) => Self::server(address, data),
            None => Ok(Self::File(data.join(data_dir::LEDGER))),
        }
    }

    /// The shared one at an address.
    pub(crate) fn server(address: &str, data: &Path) -> Result<Self, CommandError> {
        if !ledger_postgres::is_address(address) {
            return Err(CommandError::usage(format!(
                "{COUNCIL_LEDGER} is not the address of a database"
            ))
            .why("it does not begin with `postgres://`")
            .hint("leave it out, and the ledger is a file in the data directory"));
        }
        let keys = data.join(data_dir::KEYS);
        Ok(Self::Server { address: address.to_owned(), keys })
    }

    /// Whether other councils may write it, too.
    pub(crate) fn is_shared(&self) -> bool {
        match self {
            Self::File(_) => false,
            Self::Server { .. } => true,
        }
    }

    /// Whether there may be something to read; only a file can be seen to be missing.
    pub(crate) fn is_there(&self) -> bool {
        match self {
            Self::File(path) => path.is_file(),
            Self::Server { .. } => true,
        }
    }

    /// Opens it; none is ever made by looking.
    pub(crate) fn open(&self) -> Result<Ledger, CommandError> {
        match self {
            Self::File(path) => {
                self.require()?;
                Ledger::open(path, &Options::default()).map_err(|error| cannot_open(&error))
            }
            Self::Server { address, keys } => ledger_postgres::open(address, keys, Missing::Refuse)
                .map_err(|error| causes::failed(&error)),
        }
    }

    /// Opens it to be read, beside the council that may be writing it.
    pub(crate) fn look(&self) -> Result<Ledger, CommandError> {
        let Self::File(path) = self else { return self.open() };
        self.require()?;
        let opened = match Ledger::open(path, &Options::default()) {
            Err(OpenError::Locked { .. }) => Ledger::open_to_read(path),
            opened => opened,
        };
        opened.map_err(|error| cannot_open(&error))
    }

    /// Opens the shared one to run a council over it, making it where there is none. `None` for a file, which the server
    /// opens itself.
    pub(crate) fn open_shared(&self) -> Result<Option<Ledger>, CommandError> {
        match self {
            Self::File(_) => Ok(None),
            Self::Server { address, keys } => {
                let opened = ledger_postgres::open(address, keys, Missing::Make);
                opened.map(Some).map_err(|error| causes::failed(&error))
            }
        }
    }

    /// Refuses when there is no file.
    pub(crate) fn require(&self) -> Result<(), CommandError> {
        if self.is_there() {
            return Ok(());
        }
        Err(CommandError::failed(format!("there is no ledger at `{self}`"))
            .hint("`council up` makes one; name another data directory with `--data DIR`"))
    }
}

impl fmt::Display for LedgerPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Server { address, .. } => f.write_str(&ledger_postgres::shown(address)),
        }
    }
}

/// Says why a file was not opened.
pub(crate) fn cannot_open(error: &OpenError) -> CommandError {
    let locked = matches!(error, OpenError::Locked { .. });
    let class = if locked { Class::Conflict } else { Class::Failed };
    causes::with(CommandError::new(class, error.to_string()), error)
}
