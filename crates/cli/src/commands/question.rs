//! `council question`: what the council has not decided yet.

use clap::Subcommand;
use governance::views::{QuestionList, QuestionRow, questions};
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

/// See open questions, raise and answer them
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Question {
    #[command(subcommand)]
    action: Action,
}

#[derive(Clone, Debug, Subcommand)]
enum Action {
    /// List open questions by due date
    List {
        /// Answered ones, too
        #[arg(long)]
        all: bool,
    },
    /// Raise a question on a running council
    Raise {
        /// A short name for it, such as `managed-databases`
        name: String,
        /// The question
        title: String,
        /// The seat that brings it to an answer
        #[arg(long, value_name = "SEAT")]
        owner: Option<String>,
        /// By when
        #[arg(long, value_name = "DAY")]
        due: Option<Date>,
    },
    /// Say which accepted decision answers a question
    Answer {
        /// The question's name
        name: String,
        /// The decision's name
        #[arg(long, value_name = "DECISION")]
        decision: String,
    },
}

/// Runs it.
pub(crate) fn run(question: &Question, context: &Context) -> Result<Outcome, CommandError> {
    let deed = match &question.action {
        Action::List { all } => {
            let record = Record::read(context)?;
            context.printer.show(&Shown { list: questions(&record.reading()), all: *all })?;
            return Ok(Outcome::Done);
        }
        Action::Raise { name, title, owner, due } => Deed {
            path: "questions".to_owned(),
            body: json!({ "name": name, "title": title, "owner": owner, "due": due }),
            said: format!("raised `{name}`"),
        },
        Action::Answer { name, decision } => Deed {
            path: format!("questions/{}/answer", segment(name)),
            body: json!({ "decision": decision }),
            said: format!("answered `{name}`"),
        },
    };
    perform(&deed, context)
}

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    list: QuestionList,
    #[serde(skip)]
    all: bool,
}

impl Answer for Shown {
    fn write(&self, page: &mut Page) {
        let mut table = Table::new(&["Due", "Question", "Owner", ""]);
        for row in &self.list.open {
            table.row([due(page, row), row.title.clone(), owner(page, row), remark(page, row)]);
        }
        for row in self.list.answered.iter().filter(|_| self.all) {
            let answered = page.tone(Tone::Good, "answered");
            table.row([answered, row.title.clone(), owner(page, row), remark(page, row)]);
        }
        page.table(&table);
    }
}

fn due(page: &Page, row: &QuestionRow) -> String {
    match row.due {
        Some(due) if row.overdue => page.tone(Tone::Error, due),
        Some(due) => due.to_string(),
        None => page.tone(Tone::Quiet, "—"),
    }
}

fn owner(page: &Page, row: &QuestionRow) -> String {
    let owner = row.owner.as_ref().map(|owner| owner.title.clone());
    owner.unwrap_or_else(|| page.tone(Tone::Warning, "nobody"))
}

fn remark(page: &Page, row: &QuestionRow) -> String {
    let words = match (&row.answer, row.proposals.first(), row.options.as_slice()) {
        (Some(answer), _, _) => format!("by {}", answer.title),
        (None, Some(proposal), _) => format!("proposed: {}", proposal.title),
        (None, None, []) => String::new(),
        (None, None, options) => options.join(" | "),
    };
    page.tone(Tone::Quiet, words)
}
