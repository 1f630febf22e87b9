//! `council today`: what waits, what changed, what comes.

use governance::views::{Today as View, today};
use reliability::views::{OnCallRow, on_call};
use serde::Serialize;

use crate::answer::{Answer, Outcome};
use crate::command_error::CommandError;
use crate::context::Context;
use crate::going_on::{GoingOn, section};
use crate::page::{Page, Tone};
use crate::record::Record;

/// Show what waits for somebody, what comes next and what is missing
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Today {
    /// For whom
    #[arg(long = "as", value_name = "PERSON")]
    person: Option<String>,
}

/// Runs it.
pub(crate) fn run(command: &Today, context: &Context) -> Result<Outcome, CommandError> {
    let record = Record::read(context)?;
    let reading = record.reading();
    let person = command.person.as_deref().map(|name| name.strip_prefix("person/").unwrap_or(name));
    if let Some(name) = person.filter(|name| !reading.knows(name)) {
        return Err(CommandError::failed(format!("the playbook declares no person `{name}`"))
            .hint("list all with `council list person`"));
    }
    let exchanges = record.reliability().exchanges();
    let on_call = on_call(record.model(), &exchanges, reading.now);
    let going_on = GoingOn::ask(context, record.model()).unwrap_or_else(|error| {
        context.printer.note(&format!("incidents, budgets and machines are not shown: {error}"));
        None
    });
    context.printer.show(&Shown { today: today(&reading, person), on_call, going_on })?;
    Ok(Outcome::Done)
}

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    today: View,
    on_call: Vec<OnCallRow>,
    /// What a running council sees at the systems; null when none was asked.
    going_on: Option<GoingOn>,
}

impl Answer for Shown {
    fn write(&self, page: &mut Page) {
        let View { date, viewer, needs_me, changed, next_meetings, deadlines, gaps } = &self.today;
        let whose = viewer.as_ref().map(|viewer| format!(" for {}", viewer.title));
        let title = page.tone(Tone::Heading, format!("{date}{}", whose.unwrap_or_default()));
        page.line(title);
        if let Some(going_on) = &self.going_on {
            going_on.write(page);
        }
        let needs = needs_me.iter().map(|need| {
            let due = need.due_day.map(|day| format!("by {day}")).unwrap_or_default();
            [need.title.clone(), due, need.why.clone()]
        });
        section(page, "Waits for you", needs);
        section(page, "On call", self.on_call.iter().map(on_call_row));
        let meetings = next_meetings
            .iter()
            .map(|next| [next.local.clone(), next.ritual.title.clone(), String::new()]);
        section(page, "Next meetings", meetings);
        let dates = deadlines
            .iter()
            .map(|one| [one.day.to_string(), one.what.clone(), one.subject.clone()]);
        section(page, "Dates", dates);
        let changes = changed.iter().map(|change| {
            let day = change.at.to_zoned(jiff::tz::TimeZone::UTC).date().to_string();
            [day, change.what.clone(), String::new()]
        });
        section(page, "Lately", changes);
        if !gaps.is_empty() {
            page.gap();
            let count = diag::words::count(gaps.len(), "gap");
            let gaps = page.tone(Tone::Warning, count);
            page.line(format!("{gaps}: see `council check` and `council seats --gaps`"));
        }
    }
}

fn on_call_row(row: &OnCallRow) -> [String; 3] {
    let shift = row.now.as_ref();
    let person = shift.and_then(|shift| shift.person.as_ref()).map(|person| person.title.clone());
    let nobody = if row.gap { "nobody" } else { "—" };
    let until = shift.map(|shift| format!("until {}", shift.local_to)).unwrap_or_default();
    [row.title.clone(), person.unwrap_or_else(|| nobody.to_owned()), until]
}
