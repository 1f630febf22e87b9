//! `council reference`: renews the reference documents that are committed beside the code. Hidden:
//! it is for those who work on council.

use std::path::PathBuf;

use crate::answer::Outcome;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::{files, reference};

/// Write the reference documents of council itself
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Reference {
    /// The page of the command line
    #[arg(long, value_name = "FILE")]
    cli: Option<PathBuf>,
    /// One page a rule and a kind
    #[arg(long, value_name = "DIR")]
    pages: Option<PathBuf>,
    /// The description of the HTTP API
    #[arg(long, value_name = "FILE")]
    openapi: Option<PathBuf>,
}

/// Runs it.
pub(crate) fn run(command: &Reference, context: &Context) -> Result<Outcome, CommandError> {
    let directory = &context.environment.directory;
    if let Some(file) = &command.cli {
        files::write(&directory.join(file), reference::commands())?;
    }
    if let Some(file) = &command.openapi {
        files::write(&directory.join(file), reference::openapi())?;
    }
    if let Some(below) = &command.pages {
        for (name, text) in reference::pages(&crate::vocabulary()) {
            files::write(&directory.join(below).join(name), &text)?;
        }
    }
    Ok(Outcome::Done)
}
