//! `council approve`: say for a seat that a plan may be applied.

use serde_json::json;

use crate::answer::Outcome;
use crate::changes::{Detail, path};
use crate::command_error::CommandError;
use crate::context::Context;
use crate::council::{Council, Speaker};
use crate::{change_page, plan_file};

/// Approve the plan of a change, for a seat that you hold
///
/// The approval is for exactly the plan that stands now; name the one that you read with `--plan` to be sure that nobody
/// changed it meanwhile. It expires, and it is void when the targets drift.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Approve {
    /// The change, such as `CHG-2026-0007`
    change: String,
    /// The seat [default: the only one that you may approve for]
    #[arg(long, value_name = "SEAT")]
    seat: Option<String>,
    /// The plan that you read: its file, its hash, or the first digits of it
    #[arg(long, value_name = "FILE|HASH")]
    plan: Option<String>,
    /// A remark
    #[arg(long, value_name = "WORDS")]
    comment: Option<String>,
    #[command(flatten)]
    speaker: Speaker,
}

/// Runs it.
pub(crate) fn run(approve: &Approve, context: &Context) -> Result<Outcome, CommandError> {
    let Approve { change, seat, plan, comment, speaker } = approve;
    let council = Council::reach(context, speaker)?;
    let client = council.client();
    let detail = Detail::of(client, change)?;
    let planned = plan_file::same(&detail, plan.as_deref(), context)?;
    let seat = match (seat, detail.may_approve_for.as_slice()) {
        (Some(seat), _) => seat.strip_prefix("seat/").unwrap_or(seat).to_owned(),
        (None, [only]) => only.clone(),
        (None, []) => return Err(nobody(change)),
        (None, several) => {
            return Err(CommandError::usage("you may approve for several seats")
                .hint(format!("name one with `--seat`: {}", several.join(", "))));
        }
    };
    let body = json!({
        "seat": seat, "plan": planned.hash, "revision": planned.revision, "comment": comment,
    });
    client.act(&path(change, "approvals"), &body)?;
    let short = planned.short();
    context.printer.note(&format!("approved plan {short} of `{change}` for `seat/{seat}`"));
    change_page::stand(&Detail::of(client, change)?, context)?;
    Ok(Outcome::Done)
}

fn nobody(change: &str) -> CommandError {
    CommandError::failed(format!("there is no seat that you may approve `{change}` for"))
        .why("its author never approves it, and only the seats that the gate asks can")
        .hint(format!("see whom it waits for with `council change show {change}`"))
}
