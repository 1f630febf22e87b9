//! `council decision show`.

use governance::views::{DecisionDetail, decision};
use serde::Serialize;

use crate::answer::{Answer, Outcome};
use crate::command_error::CommandError;
use crate::context::Context;
use crate::guess::did_you_mean;
use crate::markdown;
use crate::page::{Page, Tone};
use crate::record::Record;
use crate::table::Table;
use crate::words::word;

/// Show a decision: its state and why, who votes, who is asked, the text
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Show {
    /// Its number or name: `12`, `0012-log-stack`
    decision: String,
}

/// Runs it.
pub(crate) fn run(show: &Show, context: &Context) -> Result<Outcome, CommandError> {
    let record = Record::read(context)?;
    let found = decision(&record.reading(), &show.decision, None)
        .ok_or_else(|| none(&record, &show.decision))?;
    context.printer.show_paged(&Shown(found))?;
    Ok(Outcome::Done)
}

/// Says that there is no such decision.
fn none(record: &Record, typed: &str) -> CommandError {
    let names = record.model().of_slug("decision").map(|resource| &*resource.id.name);
    CommandError::failed(format!("the playbook has no decision `{typed}`"))
        .hints(did_you_mean(typed, names))
        .hint("list all with `council decision list`")
}

#[derive(Serialize)]
#[serde(transparent)]
struct Shown(DecisionDetail);

impl Answer for Shown {
    fn write(&self, page: &mut Page) {
        let detail = &self.0;
        let number = page.tone(Tone::Name, &detail.row.number);
        let title = page.tone(Tone::Heading, &detail.row.title);
        page.line(format!("{number} {title}"));
        let author = detail.row.author.as_ref().map_or("nobody", |author| &author.title);
        page.line(format!("{}, by {author}, {}", word(detail.row.stage), detail.file));
        for reason in &detail.row.reasons {
            let reason = page.tone(Tone::Quiet, format!("  {reason}"));
            page.line(reason);
        }
        page.gap();
        page.table(&votes(page, detail));
        if let Some(rule) = &detail.rule {
            let rule = page.tone(Tone::Quiet, format!("rule: {rule}"));
            page.line(rule);
        }
        for reason in &detail.not_proposable {
            let label = page.tone(Tone::Warning, "cannot be proposed:");
            page.line(format!("{label} {reason}"));
        }
        page.gap();
        markdown::write(page, &detail.body);
    }
}

fn votes(page: &Page, detail: &DecisionDetail) -> Table {
    let mut table = Table::default();
    for vote in &detail.votes {
        let person = vote.person.as_ref().or(vote.holder.as_ref());
        let person = person.map_or("nobody", |person| &person.title);
        let reason = vote.reason.clone().unwrap_or_default();
        table.row([
            "votes".to_owned(),
            vote.seat.title.clone(),
            person.to_owned(),
            word(&vote.stance),
            page.tone(Tone::Quiet, reason),
        ]);
    }
    for asked in &detail.consulted {
        let person = asked.person.as_ref().map(|person| person.title.clone());
        let text = match (&asked.text, asked.at) {
            (Some(text), _) => text.clone(),
            (None, Some(_)) => "no remarks".to_owned(),
            (None, None) => String::new(),
        };
        table.row([
            "asked".to_owned(),
            asked.party.title.clone(),
            person.unwrap_or_default(),
            String::new(),
            page.tone(Tone::Quiet, text),
        ]);
    }
    table
}
