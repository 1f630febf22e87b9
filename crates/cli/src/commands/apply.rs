//! `council apply`: carry an approved change out, and watch it.

use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Deserialize;
use serde_json::json;

use crate::answer::Outcome;
use crate::changes::{Detail, Progress, path};
use crate::client::Client;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::council::{Council, Speaker};
use crate::page::Page;
use crate::{change_page, plan_file};

/// `1 step`, `6 steps`.
fn steps(count: u64) -> String {
    diag::words::count(usize::try_from(count).unwrap_or(usize::MAX), "step")
}

/// How often the council is asked how far it is. A person takes what comes within a third of a second for now.
const LOOK_EVERY: Duration = Duration::from_millis(300);

/// Apply a change that the gate allows, and watch it to its end
///
/// Every step is written down before it is done: interrupted anywhere, the same command goes on from there. With `--plan`
/// nothing but the plan that you read is applied. Exits with 0 when everything was done and seen, with 1 when a step failed
/// or the gate denies it, with 3 when the gate says wait, with 4 when somebody else was faster.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Apply {
    /// The change, such as `CHG-2026-0007` [default: the one whose plan it is]
    #[arg(required_unless_present = "plan")]
    change: Option<String>,
    /// The plan that you read: its file, its hash, or the first digits of it
    #[arg(long, value_name = "FILE|HASH")]
    plan: Option<String>,
    /// Do not show how far it is
    #[arg(long)]
    no_progress: bool,
    #[command(flatten)]
    speaker: Speaker,
}

/// Runs it.
pub(crate) fn run(apply: &Apply, context: &Context) -> Result<Outcome, CommandError> {
    let Apply { change, plan, no_progress, speaker } = apply;
    // A file that was edited is refused before anybody is asked.
    let read = plan.as_deref().map(|plan| plan_file::hash(plan, context)).transpose()?;
    let council = Council::reach(context, speaker)?;
    let client = council.client();
    let before = match (change, &read) {
        (Some(change), _) => Detail::of(client, change)?,
        (None, Some(hash)) => of_plan(hash, plan.as_deref().unwrap_or(hash), client)?,
        (None, None) => return Err(CommandError::usage("no change is named")),
    };
    plan_file::same(&before, plan.as_deref(), context)?;
    let id = before.card.id.clone();
    if !before.is_under_way() {
        if let Some(held) = held(&before, context)? {
            return Ok(held);
        }
        client.act(&path(&id, "application"), &json!({}))?;
    }
    let mut shown = Shown::of(&before, *no_progress, context);
    let detail = loop {
        let detail = Detail::of(client, &id)?;
        shown.tell(&detail, context);
        if !detail.is_under_way() {
            break detail;
        }
        client.wait(LOOK_EVERY);
    };
    shown.end();
    conclude(&detail, context)
}

#[derive(Deserialize)]
struct Board {
    columns: Vec<Column>,
}

#[derive(Deserialize)]
struct Column {
    cards: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    id: String,
}

/// The change whose plan has a hash.
fn of_plan(hash: &str, named: &str, client: &Client) -> Result<Detail, CommandError> {
    let board: Board = client.get("/api/v1/change-board")?;
    for card in board.columns.iter().flat_map(|column| &column.cards) {
        let detail = Detail::of(client, &card.id)?;
        if detail.plan.as_ref().is_some_and(|plan| plan.hash.starts_with(hash)) {
            return Ok(detail);
        }
    }
    Err(CommandError::failed(format!("no change has the plan `{named}`"))
        .why("it is not the plan of any change, or its change was planned again")
        .hint("see all with `council change list`; a change begins with `council change draft`"))
}

/// What the gate says against it now; nothing when it may go on.
fn held(detail: &Detail, context: &Context) -> Result<Option<Outcome>, CommandError> {
    let Some(verdict) = detail.verdict.as_ref().filter(|it| it.outcome != "allow") else {
        return Ok(None);
    };
    let id = &detail.card.id;
    if verdict.outcome == "wait" {
        if context.printer.is_machine() {
            change_page::stand(detail, context)?;
        } else {
            let mut page = Page::new(context.printer.color_err());
            page.line(format!("`{id}` is not applied yet"));
            change_page::holds(&mut page, detail);
            context.printer.say(page.finish().trim_end());
        }
        return Ok(Some(Outcome::Waiting));
    }
    let mut denied = CommandError::failed(format!("the gate denies `{id}`"));
    for reason in verdict.holds() {
        denied = denied.why(&reason.text);
    }
    let changes = verdict.holds().filter_map(|reason| reason.would_change.as_ref());
    Err(denied.hints(changes.map(|change| format!("it would pass if {change}"))))
}

/// How progress is shown: a bar for a terminal, lines for a log, nothing for a machine.
enum Shown {
    Bar(ProgressBar),
    Lines { told: Option<(String, u64)> },
    Nothing,
}

impl Shown {
    fn of(detail: &Detail, quiet: bool, context: &Context) -> Self {
        if quiet || context.printer.is_machine() {
            return Self::Nothing;
        }
        if !std::io::stderr().is_terminal() {
            return Self::Lines { told: None };
        }
        let target = ProgressDrawTarget::stderr();
        let bar = ProgressBar::with_draw_target(Some(detail.steps.total), target);
        let style = ProgressStyle::with_template("{msg} {bar:30} {pos}/{len} steps, {elapsed}");
        Self::Bar(match style {
            Ok(style) => bar.with_style(style),
            Err(_) => bar,
        })
    }

    fn tell(&mut self, detail: &Detail, context: &Context) {
        let Progress { total, done, .. } = detail.steps;
        let stage = &detail.card.stage;
        match self {
            Self::Bar(bar) => {
                bar.set_message(stage.clone());
                bar.set_length(total);
                bar.set_position(done);
            }
            Self::Lines { told } => {
                let now = Some((stage.clone(), done));
                if *told != now && detail.is_under_way() {
                    let id = &detail.card.id;
                    let left = total.saturating_sub(done);
                    context
                        .printer
                        .say(&format!("{stage} {id}: {} done, {left} left", steps(done)));
                    *told = now;
                }
            }
            Self::Nothing => {}
        }
    }

    fn end(&self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}

fn conclude(detail: &Detail, context: &Context) -> Result<Outcome, CommandError> {
    let Detail { card, steps, failure, .. } = detail;
    if context.printer.is_machine() {
        let answer = json!({
            "id": card.id, "stage": card.stage, "failure": failure,
            "steps": { "total": steps.total, "done": steps.done, "failed": steps.failed },
        });
        context.printer.data(&crate::printer::json(&answer))?;
    } else {
        let page = Page::new(context.printer.color_out());
        let stage = change_page::stage(&page, &card.stage);
        let progress = format!("{} of {} steps done and seen", steps.done, steps.total);
        context.printer.data(&format!("{} {stage}: {progress}\n", card.id))?;
    }
    if matches!(card.stage.as_str(), "done" | "rolled-back") {
        return Ok(Outcome::Done);
    }
    if let Some(failure) = failure {
        context.printer.note(failure);
    }
    change_page::next(detail, context);
    Ok(Outcome::Findings)
}
