//! What can be done with a change, beside approving and applying it.

use clap::Subcommand;
use serde::Deserialize;
use serde_json::json;

use super::maintenance::{self, Maintenance};
use crate::answer::Outcome;
use crate::change_page;
use crate::changes::{Detail, path};
use crate::client::Client;
use crate::command_error::CommandError;
use crate::context::Context;

/// Acts on a change.
#[derive(Clone, Debug, Subcommand)]
pub(super) enum Act {
    /// Begin a change: say what it is, and plan it
    Draft(Box<Draft>),
    /// Say something else about a change; what is left out stays as it is
    Describe(Describe),
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
pub(super) struct Draft {
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
    #[command(flatten)]
    maintenance: Maintenance,
    /// Ask the seats at once
    #[arg(long)]
    submit: bool,
}

/// What its author says now.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Describe {
    /// The change
    change: String,
    /// What it is called
    #[arg(long, value_name = "WORDS")]
    title: Option<String>,
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
        Act::Draft(draft) => return begin(draft, client, context),
        Act::Describe(said) => return describe(said, client, context),
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

fn begin(draft: &Draft, client: &Client, context: &Context) -> Result<Outcome, CommandError> {
    let Draft { title, description, risk, rollback, evidence, cites, target, .. } = draft;
    let body = json!({
        "title": title, "description": description, "risk": risk, "rollback": rollback,
        "evidence": evidence, "cites": cites, "targets": target,
        "maintenance": draft.maintenance.asked(title),
    });
    let made: Performed = client.post("/api/v1/changes", &body)?;
    if draft.submit {
        client.act(&path(made.id(), "submission"), &json!({}))?;
    }
    show(made.id(), client, context)
}

fn describe(said: &Describe, client: &Client, context: &Context) -> Result<Outcome, CommandError> {
    let Describe { change, title, description, risk, rollback, evidence } = said;
    let before = Detail::of(client, change)?;
    let cites = before.cites.iter().filter_map(|cited| cited.strip_prefix("decision/"));
    let body = json!({
        "title": title.as_ref().unwrap_or(&before.card.title),
        "description": description.as_ref().or(before.description.as_ref()),
        "risk": risk.as_ref().or(before.risk.as_ref()),
        "rollback": rollback.as_ref().or(before.rollback.as_ref()),
        "evidence": evidence.as_ref().or(before.evidence.as_ref()),
        "cites": cites.collect::<Vec<_>>(),
        "maintenance": maintenance::declared(&before),
    });
    client.act(&path(change, "description"), &body)?;
    show(change, client, context)
}

fn show(id: &str, client: &Client, context: &Context) -> Result<Outcome, CommandError> {
    let detail = Detail::of(client, id)?;
    let screen = detail.screen(client)?;
    change_page::show(&detail, screen.as_deref(), context)?;
    Ok(Outcome::Done)
}
