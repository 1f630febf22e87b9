//! `council change show`.

use std::path::PathBuf;

use serde_json::Value;

use crate::answer::Outcome;
use crate::changes::{Detail, load};
use crate::client::Client;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::{change_page, files};

/// Show a change: its plan on one screen, what the gate says, who approved
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Show {
    /// The change, such as `CHG-2026-0007`
    change: String,
    /// Every step with its fields, instead of the screen
    #[arg(long)]
    steps: bool,
    /// Write its plan to a file as JSON, for `--plan` of `council approve` and `council apply`
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// The field that tells a file's bytes from others.
const DIGEST: &str = "sha256";

/// Runs it.
pub(crate) fn run(
    show: &Show,
    client: &Client,
    context: &Context,
) -> Result<Outcome, CommandError> {
    let detail = Detail::of(client, &show.change)?;
    if let Some(out) = &show.out {
        let plan = load(client, &detail.planned()?.hash)?;
        files::write(&context.environment.directory.join(out), plan.to_json() + "\n")?;
        context.printer.note(&format!("wrote `{}`", out.display()));
    }
    let screen = if show.steps { steps(&detail, client)? } else { detail.screen(client)? };
    change_page::show(&detail, screen.as_deref(), context)?;
    Ok(Outcome::Done)
}

/// Every step of the plan, one a paragraph.
fn steps(detail: &Detail, client: &Client) -> Result<Option<String>, CommandError> {
    let plan = load(client, &detail.planned()?.hash)?;
    let mut text = String::new();
    for step in plan.steps() {
        text.push_str(&format!("{} {}\n", step.action.word(), step.resource));
        // The digest says only that something differs, which the fields say better.
        let named = step.fields.iter().any(|field| field.name != DIGEST);
        for field in step.fields.iter().filter(|field| !named || field.name != DIGEST) {
            let shown = |value: &Option<Value>| {
                value.as_ref().map_or_else(|| "nothing".to_owned(), Value::to_string)
            };
            let (before, after) = (shown(&field.before), shown(&field.after));
            text.push_str(&format!("  {}: {before} -> {after}\n", field.name));
        }
    }
    Ok(Some(text))
}
