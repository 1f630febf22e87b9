//! `council plan`: what the targets would become, without a change and without touching anything.

use std::path::PathBuf;

use plan::Plan as Made;
use serde::Serialize;
use serde_json::json;

use crate::answer::{Answer, Outcome};
use crate::changes;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::council::{Council, Speaker};
use crate::files;
use crate::page::Page;

/// Show what would change at the targets, and change nothing
///
/// Compares what the playbook wants with what the targets have. The plan is what it says: its hash covers every step,
/// and a file that somebody edited is refused. Exits with 0 whether there is something to do or not. Without a running
/// council and without a record it needs the playbook alone, and leaves nothing behind.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Plan {
    /// Only this target; may be given several times
    #[arg(long, value_name = "TARGET")]
    target: Vec<String>,
    /// Write the plan to a file, as JSON
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    speaker: Speaker,
}

/// Runs it.
pub(crate) fn run(command: &Plan, context: &Context) -> Result<Outcome, CommandError> {
    let Plan { target, out, speaker } = command;
    let council = Council::look(context, speaker)?;
    let plan: Made = council.client().post("/api/v1/plans", &json!({ "targets": target }))?;
    if let Some(out) = out {
        files::write(&context.environment.directory.join(out), &(plan.to_json() + "\n"))?;
        context.printer.note(&format!("wrote `{}`", out.display()));
    }
    context.printer.show_paged(&Shown(plan))?;
    Ok(Outcome::Done)
}

#[derive(Serialize)]
#[serde(transparent)]
struct Shown(Made);

impl Answer for Shown {
    fn write(&self, page: &mut Page) {
        page.raw(&changes::bare(&self.0));
    }
}
