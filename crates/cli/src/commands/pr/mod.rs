//! `council pr`: what a pull request still lacks, and the files that forges and pipelines read.

mod check;
mod codeowners;
mod pipeline;

use std::path::Path;

use clap::Subcommand;

use crate::answer::Outcome;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::repository::Repository;

/// Check pull requests, and write what forges and pipelines read
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Pr {
    #[command(subcommand)]
    action: Action,
}

#[derive(Clone, Debug, Subcommand)]
enum Action {
    Check(check::Check),
    Codeowners(codeowners::Codeowners),
    Pipeline(pipeline::Pipeline),
}

/// Runs it.
pub(crate) fn run(command: &Pr, context: &Context) -> Result<Outcome, CommandError> {
    match &command.action {
        Action::Check(action) => check::run(action, context),
        Action::Codeowners(action) => codeowners::run(action, context),
        Action::Pipeline(action) => pipeline::run(action, context),
    }
}

/// The playbook's directory within the repository, when it is a part of it.
fn own(git: &Repository, root: &Path) -> Option<String> {
    let top = git.top()?.canonicalize().ok()?;
    let inside = root.canonicalize().ok()?.strip_prefix(top).ok()?.to_owned();
    let below = inside.to_string_lossy().replace('\\', "/");
    Some(if below.is_empty() { below } else { below + "/" })
}
