//! `council completions`: what a shell needs to complete our command line.

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::answer::Outcome;
use crate::arguments::Arguments;
use crate::command_error::CommandError;
use crate::context::Context;

/// Print the completions for a shell
///
/// For bash: `source <(council completions bash)`; for fish:
/// `council completions fish > ~/.config/fish/completions/council.fish`.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

/// Runs it.
pub(crate) fn run(completions: &Completions, context: &Context) -> Result<Outcome, CommandError> {
    let mut script = Vec::new();
    let mut command = Arguments::command();
    clap_complete::generate(completions.shell, &mut command, "council", &mut script);
    context.printer.data(&String::from_utf8_lossy(&script))?;
    Ok(Outcome::Done)
}
