//! `council runbook`: what to do, run step by step, with evidence.

mod run;
mod show;

use clap::Subcommand;
use serde_json::json;

use crate::answer::Outcome;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::council::{Council, Speaker};
use crate::online::segment;

/// Read runbooks, run them step by step, agree to a step of somebody else's run
///
/// A step runs here, with your rights and your keys; what it prints is written down without secrets. A step that is marked asks
/// before, or waits for a second person. A run that succeeds shows that the runbook is right, and renews when it was verified.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct RunbookCommand {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    speaker: Speaker,
}

#[derive(Clone, Debug, Subcommand)]
enum Action {
    /// List runbooks, those that can be trusted least first
    List,
    /// Show a runbook with its steps and its runs
    Show {
        /// Its name
        runbook: String,
    },
    Run(run::Run),
    /// Agree to a step of somebody else's run
    Approve {
        /// The run, such as `RUN-2026-0007`
        run: String,
        /// The step's number, from 1
        #[arg(value_parser = clap::value_parser!(u32).range(1..))]
        step: u32,
    },
    /// Give a run up
    Abandon {
        /// The run
        run: String,
        /// Why
        reason: String,
    },
    /// Show what the steps of a run printed
    Evidence {
        /// The run
        run: String,
    },
}

/// Runs it.
pub(crate) fn run(command: &RunbookCommand, context: &Context) -> Result<Outcome, CommandError> {
    let RunbookCommand { action, speaker } = command;
    let looks = match action {
        Action::List | Action::Show { .. } | Action::Evidence { .. } => true,
        Action::Run(run) => run.looks(),
        Action::Approve { .. } | Action::Abandon { .. } => false,
    };
    let council = match looks {
        true => Council::look(context, speaker)?,
        false => Council::reach(context, speaker)?,
    };
    let client = council.client();
    let said = match action {
        Action::List => return show::list(client, context),
        Action::Show { runbook } => return show::one(runbook, client, context),
        Action::Evidence { run } => return show::evidence(run, client, context),
        Action::Run(run) => return run::run(run, client, context),
        Action::Approve { run, step } => {
            let at = step.saturating_sub(1);
            client.act(&below(run, &format!("steps/{at}/approval")), &json!({}))?;
            format!("you agreed to step {step} of `{run}`")
        }
        Action::Abandon { run, reason } => {
            client.act(&below(run, "abandonment"), &json!({ "reason": reason }))?;
            format!("gave `{run}` up")
        }
    };
    context.printer.note(&said);
    Ok(Outcome::Done)
}

/// The address of something that can be done with a run.
fn below(run: &str, what: &str) -> String {
    format!("/api/v1/runbook-runs/{}/{what}", segment(run))
}
