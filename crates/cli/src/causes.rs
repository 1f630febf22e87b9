//! The chain of causes of a library's error, as whys of ours.

use std::error::Error;

use crate::command_error::CommandError;

/// Adds every cause behind an error.
pub(crate) fn with(mut refused: CommandError, error: &dyn Error) -> CommandError {
    let mut cause = error.source();
    while let Some(source) = cause {
        refused = refused.why(source);
        cause = source.source();
    }
    refused
}

/// Makes a failure of a library's error with all its causes.
pub(crate) fn failed(error: &dyn Error) -> CommandError {
    with(CommandError::failed(error.to_string()), error)
}
