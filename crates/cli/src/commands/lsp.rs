//! `council lsp`: the language server, for editors.

use playbook::Facts;

use crate::answer::Outcome;
use crate::causes;
use crate::command_error::CommandError;
use crate::context::Context;

/// Serve an editor: diagnostics, completion, hover, definitions, rename
///
/// Speaks the language server protocol on standard input and output.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Lsp {}

/// Runs it until the editor ends.
pub(crate) fn run(_: &Lsp, _: &Context) -> Result<Outcome, CommandError> {
    lsp::serve(crate::vocabulary(), today).map_err(|error| causes::failed(&error))?;
    Ok(Outcome::Done)
}

/// An editor stays open over midnight, so the day is asked for at every check.
fn today() -> Facts {
    Facts { today: jiff::Zoned::now().date() }
}
