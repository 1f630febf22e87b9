//! What can be done with a change, beside approving and applying it.

use clap::Subcommand;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answer::Outcome;
use crate::changes::{Detail, path};
use crate::client::Client;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::{change_page, page, printer};

/// Acts on a change.
#[derive(Clone, Debug, Subcommand)]
pub(super) enum Act {
    /// Begin a change: say what it is, and plan it
    Begin(Begin),
    /// Plan a change again; approvals of an older plan are void
    Plan {
        /// The change
        change: String,
        /// Only this target; may be given several times
        #[arg(long, value_name = "TARGET")]
        target: Vec<String>,
    },
    /// Ask the seats
    Submit {
        /// The change
        change: String,
    },
    /// Give a change up
    Abandon {
        /// The change
        change: String,
        /// Why
        #[arg(long, value_name = "WORDS")]
        reason: Option<String>,
    },
    /// Plan a new change that takes one back; it is shown before anything happens
    Rollback {
        /// The change
        change: String,
    },
    /// Review that the glass was broken for a change
    Review {
        /// The change
        change: String,
        /// What came out of it
        finding: String,
    },
}

/// What its author says about a change.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Begin {
    /// What it is called
    title: String,
    /// What changes and why
    #[arg(long, value_name = "WORDS")]
    description: Option<String>,
    /// What could go wrong
    #[arg(long, value_name = "WORDS")]
    risk: Option<String>,
    /// How to get back
    #[arg(long, value_name = "WORDS")]
    rollback: Option<String>,
    /// Where it was tried
    #[arg(long, value_name = "WORDS")]
    evidence: Option<String>,
    /// A decision that it rests on; may be given several times
    #[arg(long, value_name = "DECISION")]
    cites: Vec<String>,
    /// Only this target; may be given several times
    #[arg(long, value_name = "TARGET")]
    target: Vec<String>,
    /// Ask the seats at once
    #[arg(long)]
    submit: bool,
}

/// What a write answers.
#[derive(Deserialize)]
struct Performed {
    stream: String,
}

impl Performed {
    fn id(&self) -> &str {
        self.stream.strip_prefix("change/").unwrap_or(&self.stream)
    }
}

/// Does it, and shows where the change stands then.
pub(super) fn run(act: &Act, client: &Client, context: &Context) -> Result<Outcome, CommandError> {
    let (change, what, body) = match act {
        Act::Begin(begin) => return begin_change(begin, client, context),
        Act::Rollback { change } => {
            let made: Performed = client.post(&path(change, "rollback"), &json!({}))?;
            context.printer.note(&format!("`{}` would take `{change}` back", made.id()));
            return show(made.id(), client, context);
        }
        Act::Plan { change, target } => (change, "plan", json!({ "targets": target })),
        Act::Submit { change } => (change, "submission", json!({})),
        Act::Abandon { change, reason } => (change, "abandonment", json!({ "reason": reason })),
        Act::Review { change, finding } => (change, "review", json!({ "finding": finding })),
    };
    client.act(&path(change, what), &body)?;
    show(change, client, context)
}

fn begin_change(
    begin: &Begin,
    client: &Client,
    context: &Context,
) -> Result<Outcome, CommandError> {
    let Begin { title, description, risk, rollback, evidence, cites, target, submit } = begin;
    let body = json!({
        "title": title, "description": description, "risk": risk, "rollback": rollback,
        "evidence": evidence, "cites": cites, "targets": target,
    });
    let made: Performed = client.post("/api/v1/changes", &body)?;
    if *submit {
        client.act(&path(made.id(), "submission"), &json!({}))?;
    }
    show(made.id(), client, context)
}

fn show(id: &str, client: &Client, context: &Context) -> Result<Outcome, CommandError> {
    if context.printer.is_machine() {
        let found: Value = client.get(&path(id, ""))?;
        context.printer.data(&printer::json(&found))?;
        return Ok(Outcome::Done);
    }
    let detail = Detail::of(client, id)?;
    let screen = detail.screen(client)?;
    let mut page = page::Page::new(context.printer.color_out());
    change_page::write(&mut page, &detail, screen.as_deref());
    context.printer.data(&page.finish())?;
    Ok(Outcome::Done)
}
