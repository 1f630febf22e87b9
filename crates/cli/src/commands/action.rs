//! `council action`: what somebody promised to do by a day.

use clap::Subcommand;
use governance::views::{ActionList, ActionRow, actions};
use jiff::civil::Date;
use serde::Serialize;
use serde_json::json;

use crate::answer::{Answer, Outcome};
use crate::command_error::CommandError;
use crate::context::Context;
use crate::online::{Deed, perform, segment};
use crate::page::{Page, Tone};
use crate::record::Record;
use crate::table::Table;
use crate::words::word;

/// See what was promised, promise more, and close it
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct ActionCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Clone, Debug, Subcommand)]
enum Action {
    /// List open actions by due date
    List {
        /// Done and dropped ones, too
        #[arg(long)]
        all: bool,
    },
    /// Promise something on a running council
    Open {
        /// What is to be done
        title: String,
        /// Who does it: `person/ana`, `seat/network-security`, `team/payments`
        #[arg(long, value_name = "OWNER")]
        owner: String,
        /// By when
        #[arg(long, value_name = "DAY")]
        due: Date,
    },
    /// Say that it is done
    Done {
        /// The action's id
        id: String,
        /// What came of it
        #[arg(long, value_name = "WORDS")]
        note: Option<String>,
    },
    /// Say that nobody will do it
    Drop {
        /// The action's id
        id: String,
        /// Why
        #[arg(long, value_name = "WORDS")]
        reason: String,
    },
}

/// Runs it.
pub(crate) fn run(command: &ActionCommand, context: &Context) -> Result<Outcome, CommandError> {
    let deed = match &command.action {
        Action::List { all } => return list(*all, context),
        Action::Open { title, owner, due } => Deed {
            path: "actions".to_owned(),
            body: json!({ "title": title, "owner": owner, "due": due }),
            said: format!("promised by {owner} until {due}"),
        },
        Action::Done { id, note } => Deed {
            path: format!("actions/{}/completion", segment(id)),
            body: json!({ "note": note }),
            said: format!("`{id}` is done"),
        },
        Action::Drop { id, reason } => Deed {
            path: format!("actions/{}/drop", segment(id)),
            body: json!({ "reason": reason }),
            said: format!("dropped `{id}`"),
        },
    };
    perform(&deed, context)
}

fn list(all: bool, context: &Context) -> Result<Outcome, CommandError> {
    let record = Record::read(context)?;
    let list = actions(&record.reading());
    if list.open.is_empty() {
        context.printer.note("no action is open");
    }
    context.printer.show(&Shown { list, all })?;
    Ok(Outcome::Done)
}

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    list: ActionList,
    #[serde(skip)]
    all: bool,
}

impl Answer for Shown {
    fn write(&self, page: &mut Page) {
        let mut table = Table::default();
        let closed = self.list.closed.iter().filter(|_| self.all);
        for row in self.list.open.iter().chain(closed) {
            table.row([
                page.tone(Tone::Name, &row.id),
                due(page, row),
                row.title.clone(),
                row.owner.title.clone(),
                page.tone(Tone::Quiet, word(row.stage)),
            ]);
        }
        page.table(&table);
    }
}

fn due(page: &Page, row: &ActionRow) -> String {
    if row.overdue { page.tone(Tone::Error, row.due) } else { row.due.to_string() }
}
