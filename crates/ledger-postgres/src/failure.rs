//! What can go wrong between here and the server, and what that means for the ledger.

use std::sync::Arc;

use ledger::StoreError;
use tokio_postgres::error::SqlState;

/// A failure of a statement or of the connection.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The client or the server says so.
    Server(Arc<tokio_postgres::Error>),
    /// No answer came in time.
    Silent,
    /// The server only reads: it follows another one.
    Standby,
    /// The answer is not what this program ever wrote, or the work wants its transaction undone.
    Store(StoreError),
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Server(Arc::new(error))
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// The server follows another one.
#[derive(Debug, thiserror::Error)]
#[error("the server is a read-only standby; name the primary, or both hosts separated by a comma")]
struct IsStandby;

#[derive(Debug, thiserror::Error)]
#[error("no answer came in time")]
struct NoAnswer;

impl Failure {
    /// The server's code, if it answered with an error.
    pub(crate) fn code(&self) -> Option<&SqlState> {
        match self {
            Self::Server(error) => error.code(),
            Self::Silent | Self::Standby | Self::Store(_) => None,
        }
    }

    /// Whether the connection is of no use any more, and what was asked last may or may not have happened.
    pub(crate) fn is_gone(&self) -> bool {
        match self {
            Self::Silent => true,
            Self::Standby | Self::Store(_) => false,
            // Without a code the server said nothing: its line broke, or it never answered. Class 08 is a connection's
            // failure; 57P01 to 57P05 end sessions; a transaction that idled too long is ended with its session.
            Self::Server(error) => match error.code().map(SqlState::code) {
                Some(code) => code.starts_with("08") || code.starts_with("57P") || code == "25P03",
                None => is_of_the_line(error),
            },
        }
    }

    /// Whether the database undid the transaction only because of another one, so that it may be run again.
    pub(crate) fn is_conflict(&self) -> bool {
        self.code().is_some_and(|code| {
            *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED
        })
    }

    /// Whether something was made by somebody else at the same time.
    pub(crate) fn is_made_already(&self) -> bool {
        // A table of that name, or a row of the catalogue that would be there twice.
        self.code().is_some_and(|code| matches!(code.code(), "42P07" | "23505"))
    }

    /// Whether the server only reads, or each of several hosts does.
    pub(crate) fn is_standby(&self) -> bool {
        match self {
            Self::Standby => true,
            Self::Silent | Self::Store(_) => false,
            Self::Server(error) => cause(error) == "database does not allow writes",
        }
    }

    /// Whether the server asks for a password and the address has none.
    pub(crate) fn lacks_password(&self) -> bool {
        match self {
            Self::Server(error) => error.to_string() == "invalid configuration",
            Self::Silent | Self::Standby | Self::Store(_) => false,
        }
    }

    /// Why no encrypted connection could be made, if that was it.
    pub(crate) fn of_tls(&self) -> Option<String> {
        match self {
            Self::Server(error) if error.to_string() == "error performing TLS handshake" => {
                Some(cause(error))
            }
            Self::Server(_) | Self::Silent | Self::Standby | Self::Store(_) => None,
        }
    }

    /// Whether a table is not there.
    pub(crate) fn is_missing_table(&self) -> bool {
        self.code() == Some(&SqlState::UNDEFINED_TABLE)
    }

    /// The ledger's words for it; `server` is where it happened.
    pub(crate) fn in_words(&self, server: &str) -> StoreError {
        let gone = self.is_gone();
        let error = match self {
            Self::Store(error) => return error.clone(),
            Self::Standby => return StoreError::ReadOnly(Arc::new(IsStandby)),
            Self::Silent => {
                let (server, source) = (server.to_owned(), Arc::new(NoAnswer));
                return StoreError::Unreachable { server, source };
            }
            Self::Server(error) => error,
        };
        let code = error.code().map_or("", SqlState::code);
        let source: ledger::Cause = Arc::<tokio_postgres::Error>::clone(error);
        match code {
            _ if gone => StoreError::Unreachable { server: server.to_owned(), source },
            "53100" => StoreError::Full(source),
            "25006" => StoreError::ReadOnly(source),
            // Out of connections or memory; a lock or a statement took too long; one of two had to give way.
            "53200" | "53300" | "53400" | "55P03" | "57014" | "40001" | "40P01" => {
                StoreError::Busy(source)
            }
            "XX001" | "XX002" => StoreError::Damaged { what: source.to_string() },
            _ => StoreError::Io(source),
        }
    }
}

/// Whether an error without a code comes from the connection, and not from a value that could not be sent or read.
fn is_of_the_line(error: &tokio_postgres::Error) -> bool {
    use std::error::Error as _;
    error.is_closed()
        || error.source().is_some_and(|cause| cause.downcast_ref::<std::io::Error>().is_some())
}

/// The words behind an error of the client, which has no other way to tell some of its errors apart.
fn cause(error: &tokio_postgres::Error) -> String {
    use std::error::Error as _;
    error.source().map_or_else(String::new, ToString::to_string)
}
