//! The commands, one file each: its arguments, its answer, and how the answer looks.

mod check;
mod completions;
mod explain;
mod kinds;
mod list;
mod man;
mod schema;
mod show;
mod version;

use clap::Subcommand;

use crate::answer::Outcome;
use crate::command_error::CommandError;
use crate::context::Context;

/// What to do.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum Command {
    Check(check::Check),
    Explain(explain::Explain),
    Kinds(kinds::Kinds),
    List(list::List),
    Show(show::Show),
    Schema(schema::Schema),
    Completions(completions::Completions),
    Man(man::Man),
    Version(version::Version),
}

/// Runs one command.
pub(crate) fn run(command: &Command, context: &Context) -> Result<Outcome, CommandError> {
    match command {
        Command::Check(command) => check::run(command, context),
        Command::Explain(command) => explain::run(command, context),
        Command::Kinds(command) => kinds::run(command, context),
        Command::List(command) => list::run(command, context),
        Command::Show(command) => show::run(command, context),
        Command::Schema(command) => schema::run(command, context),
        Command::Completions(command) => completions::run(command, context),
        Command::Man(command) => man::run(command, context),
        Command::Version(command) => version::run(command, context),
    }
}
