//! `council drift`: what differs at the targets from what the playbook wants.

use plan::Plan;
use serde::Serialize;
use serde_json::json;

use crate::answer::{Answer, Outcome};
use crate::changes;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::council::{Council, Speaker};
use crate::page::Page;

/// Look at the targets and show what differs from the playbook
///
/// Drift is a plan that nobody asked for: it is shown and never applied by itself. Exits with 1 when something differs.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Drift {
    /// Only this target; may be given several times
    #[arg(long, value_name = "TARGET")]
    target: Vec<String>,
    #[command(flatten)]
    speaker: Speaker,
}

/// Runs it.
pub(crate) fn run(drift: &Drift, context: &Context) -> Result<Outcome, CommandError> {
    let council = Council::reach(context, &drift.speaker)?;
    let plan: Plan = council.client().post("/api/v1/plans", &json!({ "targets": drift.target }))?;
    let differs = !plan.steps().is_empty();
    if differs || context.printer.is_machine() {
        context.printer.show_paged(&Shown(plan))?;
    } else {
        context.printer.note("the targets are as the playbook wants them");
    }
    Ok(if differs { Outcome::Findings } else { Outcome::Done })
}

#[derive(Serialize)]
#[serde(transparent)]
struct Shown(Plan);

impl Answer for Shown {
    fn write(&self, page: &mut Page) {
        page.raw(&changes::bare(&self.0));
    }
}
