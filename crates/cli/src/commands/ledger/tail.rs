//! `council ledger tail`: the newest entries.

use ledger::Query;

use super::rows::Rows;
use crate::answer::Outcome;
use crate::causes;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::ledger_place::LedgerPlace;

/// Show the newest entries
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Tail {
    /// How many
    #[arg(short, long, value_name = "NUMBER", default_value_t = 20)]
    number: usize,
}

/// Runs it.
pub(crate) fn run(
    tail: &Tail,
    place: &LedgerPlace,
    context: &Context,
) -> Result<Outcome, CommandError> {
    let ledger = place.look()?;
    let query = Query { newest_first: true, limit: tail.number, ..Query::default() };
    let mut entries = ledger.entries(&query).map_err(|error| causes::failed(&error))?;
    entries.reverse();
    context.printer.show(&Rows(entries))?;
    Ok(Outcome::Done)
}
