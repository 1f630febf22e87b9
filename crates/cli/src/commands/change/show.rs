//! `council change show`.

use serde::{Deserialize as _, Serialize};
use serde_json::Value;

use crate::answer::{Answer, Outcome};
use crate::change_page;
use crate::changes::{Detail, load, path};
use crate::client::Client;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::page::Page;

/// Show a change: its plan on one screen, what the gate says, who approved
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Show {
    /// The change, such as `CHG-2026-0007`
    change: String,
    /// Every step with its fields, instead of the screen
    #[arg(long)]
    steps: bool,
}

/// Runs it.
pub(crate) fn run(
    show: &Show,
    client: &Client,
    context: &Context,
) -> Result<Outcome, CommandError> {
    let found: Value = client.get(&path(&show.change, ""))?;
    let detail = Detail::deserialize(&found).map_err(|error| {
        CommandError::failed("the council answered something unexpected").why(error)
    })?;
    let screen = if show.steps { steps(&detail, client)? } else { detail.screen(client)? };
    context.printer.show_paged(&Shown { found, detail, screen })?;
    Ok(Outcome::Done)
}

/// Every step of the plan, one a paragraph.
fn steps(detail: &Detail, client: &Client) -> Result<Option<String>, CommandError> {
    let plan = load(client, &detail.planned()?.hash)?;
    let mut text = String::new();
    for step in plan.steps() {
        text.push_str(&format!("{} {}\n", step.action.word(), step.resource));
        for field in &step.fields {
            let shown = |value: &Option<Value>| {
                value.as_ref().map_or_else(|| "nothing".to_owned(), Value::to_string)
            };
            let (before, after) = (shown(&field.before), shown(&field.after));
            text.push_str(&format!("  {}: {before} -> {after}\n", field.name));
        }
    }
    Ok(Some(text))
}

#[derive(Serialize)]
#[serde(transparent)]
struct Shown {
    found: Value,
    #[serde(skip)]
    detail: Detail,
    #[serde(skip)]
    screen: Option<String>,
}

impl Answer for Shown {
    fn write(&self, page: &mut Page) {
        change_page::write(page, &self.detail, self.screen.as_deref());
    }
}
