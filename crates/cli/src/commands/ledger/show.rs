//! `council ledger show`: entries, filtered, or one in full.

use ledger::Query;

use super::rows::{One, Rows};
use crate::answer::Outcome;
use crate::causes;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::ledger_place::LedgerPlace;

/// Show entries, oldest first, or one entry in full
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Show {
    /// The number of one entry
    entry: Option<u64>,
    /// Only this stream, or the streams below it: `decision/0003-log-stack`, `decision`
    #[arg(long, value_name = "STREAM")]
    stream: Option<String>,
    /// Only entries of this kind, such as `decision.voted`
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// Only entries by this actor, such as `person/ana`
    #[arg(long, value_name = "ACTOR")]
    actor: Option<String>,
    /// Only entries behind this one
    #[arg(long, value_name = "ENTRY", default_value_t = 0)]
    after: u64,
    /// At most so many
    #[arg(long, value_name = "NUMBER", default_value_t = 100)]
    limit: usize,
}

/// Runs it.
pub(crate) fn run(
    show: &Show,
    place: &LedgerPlace,
    context: &Context,
) -> Result<Outcome, CommandError> {
    let ledger = place.look()?;
    let failed = |error| causes::failed(&error);
    if let Some(number) = show.entry {
        let entry = ledger.entry(number).map_err(failed)?.ok_or_else(|| {
            CommandError::failed(format!("the ledger has no entry {number}"))
                .hint(format!("its last one is {}", ledger.head().seq))
        })?;
        context.printer.show_paged(&One(entry))?;
        return Ok(Outcome::Done);
    }
    let before = match context.moment()? {
        Some(moment) => Some(ledger.seq_as_of(ledger::AsOf::Time(moment)).map_err(failed)? + 1),
        None => None,
    };
    let query = Query {
        after: show.after,
        before,
        stream: show.stream.clone(),
        kind: show.kind.clone(),
        actor: show.actor.clone(),
        newest_first: false,
        limit: show.limit,
    };
    context.printer.show_paged(&Rows(ledger.entries(&query).map_err(failed)?))?;
    Ok(Outcome::Done)
}
