//! `council oncall show`: a schedule, shift by shift.

use jiff::ToSpan;
use reliability::oncall::{Window, zone};
use reliability::render::calendar::{Feed, feed};
use reliability::views::{ShiftView, shifts_of};
use serde::Serialize;

use super::schedule;
use crate::answer::{Answer, Outcome};
use crate::command_error::CommandError;
use crate::context::Context;
use crate::page::{Page, Tone};
use crate::record::Record;
use crate::table::Table;

/// Show a schedule shift by shift, on its own clock
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Show {
    /// The schedule
    schedule: String,
    /// How many days, from today on
    #[arg(long, value_name = "COUNT", default_value_t = 28)]
    days: u16,
    /// As an iCalendar file (RFC 5545) of the whole year instead
    #[arg(long, conflicts_with = "days")]
    ical: bool,
}

/// Runs it.
pub(super) fn run(show: &Show, context: &Context) -> Result<Outcome, CommandError> {
    let record = Record::read(context)?;
    let model = record.model();
    let schedule = schedule(model, &show.schedule)?;
    let exchanges = record.reliability().exchanges();
    if show.ical {
        let feed_of = Feed::Schedule(schedule.name().to_owned());
        let text = feed(model, &exchanges, &feed_of, record.reading().now).unwrap_or_default();
        context.printer.data(&text)?;
        return Ok(Outcome::Done);
    }
    let zone = zone(model, schedule.spec);
    let from = record.reading().now.to_zoned(zone.clone()).date();
    let to = from.checked_add(i32::from(show.days).days()).unwrap_or(from);
    let within = Window::of_days(from, to, &zone);
    let rows = shifts_of(model, schedule, &exchanges, within);
    context.printer.show(&Shown(rows))?;
    Ok(Outcome::Done)
}

#[derive(Serialize)]
#[serde(transparent)]
struct Shown(Vec<ShiftView>);

impl Answer for Shown {
    fn write(&self, page: &mut Page) {
        let mut table = Table::new(&["From", "To", "On call", ""]);
        for row in &self.0 {
            let person = match &row.person {
                Some(person) => person.title.clone(),
                None => page.tone(Tone::Warning, "nobody"),
            };
            let because = page.tone(Tone::Quiet, &row.because);
            table.row([row.local_from.clone(), row.local_to.clone(), person, because]);
        }
        page.table(&table);
    }
}
