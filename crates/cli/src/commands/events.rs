//! `council events`: what happens, as it happens.

use serde::Deserialize;

use crate::answer::Outcome;
use crate::client::Client;
use crate::command_error::CommandError;
use crate::context::Context;

/// Follow what happens on a running council, until you stop it
///
/// With `--format json` every event is one line (CloudEvents 1.0).
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Events {
    /// Begin behind this entry of the ledger [default: with what happens from now on]
    #[arg(long, value_name = "ENTRY")]
    after: Option<u64>,
}

#[derive(Deserialize)]
struct Event {
    #[serde(rename = "type")]
    kind: String,
    subject: String,
    time: String,
}

/// Runs it.
pub(crate) fn run(events: &Events, context: &Context) -> Result<Outcome, CommandError> {
    let client = Client::of(context)?;
    let path = match events.after {
        Some(after) => format!("/api/v1/events?after={after}"),
        None => "/api/v1/events".to_owned(),
    };
    client.follow(&path, |line| {
        let Some(data) = line.strip_prefix("data:").map(str::trim) else { return Ok(()) };
        if context.printer.is_machine() {
            return context.printer.data(&format!("{data}\n"));
        }
        match serde_json::from_str::<Event>(data) {
            Ok(Event { kind, subject, time }) => {
                context.printer.data(&format!("{time}  {kind}  {subject}\n"))
            }
            Err(_) => context.printer.data(&format!("{data}\n")),
        }
    })?;
    context.printer.note("the council ended the stream");
    Ok(Outcome::Done)
}
