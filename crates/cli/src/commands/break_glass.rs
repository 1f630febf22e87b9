//! `council break-glass`: pass the gate in an emergency, loudly.

use serde_json::json;

use crate::answer::Outcome;
use crate::changes::path;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::council::{Council, Speaker};

/// Pass the gate in an emergency, as the holder of a seat
///
/// It is written down with the reason, everybody is told, and its review comes up on agendas until it is done.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct BreakGlass {
    /// The change, such as `CHG-2026-0007`
    change: String,
    /// The seat that you hold
    #[arg(long, value_name = "SEAT")]
    seat: String,
    /// Why it cannot wait
    #[arg(long, value_name = "WORDS")]
    reason: String,
    #[command(flatten)]
    speaker: Speaker,
}

/// Runs it.
pub(crate) fn run(glass: &BreakGlass, context: &Context) -> Result<Outcome, CommandError> {
    let BreakGlass { change, seat, reason, speaker } = glass;
    let council = Council::reach(context, speaker)?;
    let seat = seat.strip_prefix("seat/").unwrap_or(seat);
    let body = json!({ "seat": seat, "reason": reason });
    council.client().act(&path(change, "broken-glass"), &body)?;
    context.printer.note(&format!("broke the glass for `{change}`; it must be reviewed"));
    context.printer.note(&format!("apply it with `council apply {change}`"));
    Ok(Outcome::Done)
}
