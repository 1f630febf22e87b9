//! `council calendar`: meetings and dates as iCalendar.

use std::path::PathBuf;

use governance::render::calendar::{Feed, feed};

use crate::answer::Outcome;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::files;
use crate::record::Record;

/// Write meetings and dates as an iCalendar file (RFC 5545)
#[derive(Clone, Debug, clap::Args)]
#[group(skip)]
pub(crate) struct Calendar {
    /// Only what concerns a person
    #[arg(long, value_name = "PERSON", conflicts_with_all = ["seat", "ritual"])]
    person: Option<String>,
    /// Only what concerns a seat
    #[arg(long, value_name = "SEAT", conflicts_with = "ritual")]
    seat: Option<String>,
    /// Only the meetings of a ritual
    #[arg(long, value_name = "RITUAL")]
    ritual: Option<String>,
    /// Write to a file instead of stdout
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Runs it.
pub(crate) fn run(calendar: &Calendar, context: &Context) -> Result<Outcome, CommandError> {
    let record = Record::read(context)?;
    let (whose, slug) = match (&calendar.person, &calendar.seat, &calendar.ritual) {
        (Some(name), _, _) => (Feed::Person(name.clone()), "person"),
        (None, Some(name), _) => (Feed::Seat(name.clone()), "seat"),
        (None, None, Some(name)) => (Feed::Ritual(name.clone()), "ritual"),
        (None, None, None) => (Feed::Council, "organization"),
    };
    let text = feed(&record.reading(), &whose).ok_or_else(|| {
        CommandError::failed(format!("the playbook has no such {slug}"))
            .hint(format!("list all with `council list {slug}`"))
    })?;
    match &calendar.out {
        Some(file) => {
            files::write(&context.environment.directory.join(file), &text)?;
            context.printer.note(&format!("wrote `{}`", file.display()));
        }
        None => context.printer.data(&text)?,
    }
    Ok(Outcome::Done)
}
