//! `council ritual agenda`.

use governance::views::{AgendaEntry, AgendaView, Urgency, agenda, rituals};
use jiff::civil::Date;
use serde::Serialize;

use crate::answer::{Answer, Outcome};
use crate::command_error::CommandError;
use crate::context::Context;
use crate::guess::did_you_mean;
use crate::page::{Page, Tone};
use crate::record::Record;

/// Show the agenda of a meeting, generated from the record
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Agenda {
    /// The ritual, such as `weekly-sync`
    ritual: String,
    /// The day of the meeting [default: the next one]
    #[arg(long, value_name = "DAY")]
    on: Option<Date>,
}

/// Runs it.
pub(crate) fn run(command: &Agenda, context: &Context) -> Result<Outcome, CommandError> {
    let record = Record::read(context)?;
    let reading = record.reading();
    let name = command.ritual.strip_prefix("ritual/").unwrap_or(&command.ritual);
    let all = rituals(&reading).rows;
    let Some(row) = all.iter().find(|row| row.name == name) else {
        return Err(CommandError::failed(format!("the playbook has no ritual `{name}`"))
            .hints(did_you_mean(name, all.iter().map(|row| row.name.as_str())))
            .hint("list all with `council ritual list`"));
    };
    let next = row.next.as_ref().map(|next| next.date);
    let day = command.on.or(next).ok_or_else(|| {
        CommandError::usage(format!("`{name}` has no next meeting: it is held {}", row.when))
            .hint("name the day with `--on DAY`")
    })?;
    let found = agenda(&reading, name, day)
        .ok_or_else(|| CommandError::failed(format!("`{name}` has no agenda for {day}")))?;
    context.printer.show_paged(&Shown(found))?;
    Ok(Outcome::Done)
}

#[derive(Serialize)]
#[serde(transparent)]
struct Shown(AgendaView);

impl Answer for Shown {
    fn write(&self, page: &mut Page) {
        let view = &self.0;
        let title = page.tone(Tone::Heading, &view.ritual.title);
        let when = view.local.clone().unwrap_or_else(|| view.date.to_string());
        page.line(format!("{title}  {when}"));
        let goal = page.tone(Tone::Quiet, &view.goal);
        page.line(goal);
        for part in &view.parts {
            page.heading(&part.title);
            if part.entries.is_empty() {
                let empty = page.tone(Tone::Quiet, format!("  {}", part.empty));
                page.line(empty);
            }
            for entry in &part.entries {
                write_entry(page, entry);
            }
        }
        let expected: Vec<&str> = view
            .attendees
            .iter()
            .filter_map(|attendee| attendee.expected.as_ref())
            .map(|person| person.title.as_str())
            .collect();
        if !expected.is_empty() {
            page.gap();
            let label = page.tone(Tone::Quiet, "expected:");
            page.line(format!("{label} {}", expected.join(", ")));
        }
    }
}

fn write_entry(page: &mut Page, entry: &AgendaEntry) {
    let day = entry.day.map(|day| format!(" ({day})")).unwrap_or_default();
    let mark = match entry.urgency {
        Urgency::Overdue => page.tone(Tone::Error, " overdue"),
        Urgency::Due => page.tone(Tone::Warning, " due"),
        Urgency::Info => String::new(),
    };
    page.line(format!("  - {}{day}{mark}", entry.what));
    if let Some(note) = &entry.note {
        let note = page.tone(Tone::Quiet, format!("    {note}"));
        page.line(note);
    }
}
