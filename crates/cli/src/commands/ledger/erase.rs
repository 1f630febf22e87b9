//! `council ledger erase`: makes the sealed texts of a stream unreadable, for good.

use diag::words::count;
use ledger::Stream;

use crate::answer::Outcome;
use crate::causes;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::ledger_place::LedgerPlace;

/// Erase the sealed texts of a stream for good, while the chain still verifies
///
/// Destroys the keys of the stream's sealed texts (GDPR article 17). There is no way back; copies of
/// the database made before keep theirs.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Erase {
    /// The stream, such as `ritual/weekly-sync/2026-11-24`
    stream: String,
    /// Really do it
    #[arg(long)]
    yes: bool,
}

/// Runs it.
pub(crate) fn run(
    erase: &Erase,
    place: &LedgerPlace,
    context: &Context,
) -> Result<Outcome, CommandError> {
    let stream: Stream = erase.stream.parse().map_err(|error| {
        CommandError::usage(format!("`{}` is not a stream", erase.stream))
            .why(error)
            .hint("list streams with `council ledger show`")
    })?;
    let ledger = place.open()?;
    if ledger.version(&stream).map_err(|error| causes::failed(&error))? == 0 {
        return Err(CommandError::failed(format!("the ledger has no stream `{stream}`"))
            .hint("list streams with `council ledger show`"));
    }
    if !erase.yes {
        return Err(CommandError::usage(format!(
            "the sealed texts of `{stream}` would be gone for good"
        ))
        .hint("say so with `--yes`"));
    }
    let erased = ledger.erase(&stream).map_err(|error| causes::failed(&error))?;
    context.printer.note(&format!("erased {} of `{stream}`", count(erased, "key")));
    Ok(Outcome::Done)
}
