//! `council apply`: carry an approved change out, and watch it.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;

use crate::answer::Outcome;
use crate::changes::{Detail, path};
use crate::command_error::CommandError;
use crate::context::Context;
use crate::council::{Council, Speaker};

/// How often the council is asked how far it is. A person takes what comes within a third of a second for now.
const LOOK_EVERY: Duration = Duration::from_millis(300);

/// Apply a change that the gate allows, and watch it to its end
///
/// Every step is written down before it is done: interrupted anywhere, the same command goes on from there. Exits with 0
/// when everything was done and seen, with 1 when a step failed, with 3 when the gate says wait, with 4 when somebody else
/// was faster.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Apply {
    /// The change, such as `CHG-2026-0007`
    change: String,
    #[command(flatten)]
    speaker: Speaker,
}

/// Runs it.
pub(crate) fn run(apply: &Apply, context: &Context) -> Result<Outcome, CommandError> {
    let council = Council::reach(context, &apply.speaker)?;
    let client = council.client();
    let before = Detail::of(client, &apply.change)?;
    let waits = before.verdict.as_ref().is_some_and(|verdict| verdict.outcome == "wait");
    if waits {
        for why in &before.card.waits {
            context.printer.say(&format!("waits: {why}"));
        }
        return Ok(Outcome::Waiting);
    }
    client.act(&path(&apply.change, "application"), &json!({}))?;
    let bar = bar(context, before.steps.total);
    let detail = loop {
        let detail = Detail::of(client, &apply.change)?;
        bar.set_length(detail.steps.total);
        bar.set_position(detail.steps.done);
        if !matches!(detail.card.stage.as_str(), "approved" | "applying" | "verifying") {
            break detail;
        }
        client.wait(LOOK_EVERY);
    };
    bar.finish_and_clear();
    conclude(&detail, context)
}

/// A bar on stderr; on anything but a terminal it draws nothing.
fn bar(context: &Context, total: u64) -> ProgressBar {
    let target = if context.printer.is_machine() {
        ProgressDrawTarget::hidden()
    } else {
        ProgressDrawTarget::stderr()
    };
    let bar = ProgressBar::with_draw_target(Some(total), target);
    let style = ProgressStyle::with_template("applying {bar:30} {pos}/{len} steps, {elapsed}");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar
}

fn conclude(detail: &Detail, context: &Context) -> Result<Outcome, CommandError> {
    let Detail { card, steps, failure, .. } = detail;
    let stage = card.stage.replace('-', " ");
    if context.printer.is_machine() {
        let answer = json!({
            "id": card.id, "stage": card.stage, "failure": failure,
            "steps": { "total": steps.total, "done": steps.done, "failed": steps.failed },
        });
        context.printer.data(&crate::printer::json(&answer))?;
    } else {
        let progress = format!("{} of {} steps", steps.done, steps.total);
        context.printer.data(&format!("{} {stage}: {progress}\n", card.id))?;
    }
    if card.stage == "done" {
        return Ok(Outcome::Done);
    }
    if let Some(failure) = failure {
        context.printer.note(failure);
    }
    let id = &card.id;
    context.printer.note(&format!(
        "go on with `council apply {id}`, or take it back with `council change rollback {id}`"
    ));
    Ok(Outcome::Findings)
}
