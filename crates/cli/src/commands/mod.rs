//! The commands, one file each: its arguments, its answer, and how the answer looks.

mod check;
mod completions;
mod explain;
mod fmt;
mod init;
mod kinds;
mod list;
mod man;
mod reference;
mod schema;
mod seats;
mod show;
mod up;
mod version;
mod whatif;
mod who;

use clap::Subcommand;

use crate::answer::Outcome;
use crate::command_error::CommandError;
use crate::context::Context;

/// What to do.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum Command {
    Init(init::Init),
    Up(up::Up),
    Check(check::Check),
    Fmt(fmt::Fmt),
    Explain(explain::Explain),
    Who(who::Who),
    Whatif(whatif::Whatif),
    Seats(seats::Seats),
    Kinds(kinds::Kinds),
    List(list::List),
    Show(show::Show),
    Schema(schema::Schema),
    Completions(completions::Completions),
    Man(man::Man),
    Version(version::Version),
    #[command(hide = true)]
    Reference(reference::Reference),
}

/// Runs one command.
pub(crate) fn run(command: &Command, context: &Context) -> Result<Outcome, CommandError> {
    match command {
        Command::Init(command) => init::run(command, context),
        Command::Up(command) => up::run(command, context),
        Command::Check(command) => check::run(command, context),
        Command::Fmt(command) => fmt::run(command, context),
        Command::Explain(command) => explain::run(command, context),
        Command::Who(command) => who::run(command, context),
        Command::Whatif(command) => whatif::run(command, context),
        Command::Seats(command) => seats::run(command, context),
        Command::Kinds(command) => kinds::run(command, context),
        Command::List(command) => list::run(command, context),
        Command::Show(command) => show::run(command, context),
        Command::Schema(command) => schema::run(command, context),
        Command::Completions(command) => completions::run(command, context),
        Command::Man(command) => man::run(command, context),
        Command::Version(command) => version::run(command, context),
        Command::Reference(command) => reference::run(command, context),
    }
}
