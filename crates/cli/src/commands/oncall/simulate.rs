//! `council oncall simulate`: what the years will bring to those who are on call.

use std::path::PathBuf;

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use playbook::{Model, Typed};
use reliability::Schedule;
use reliability::oncall::simulate::{Limit, PayRow, Simulation, pay, simulate};
use reliability::oncall::{Exchange, Window, zone};
use serde::Serialize;

use super::schedule;
use crate::answer::{Answer, Outcome};
use crate::command_error::CommandError;
use crate::context::Context;
use crate::files;
use crate::page::{Page, Tone};
use crate::record::Record;
use crate::table::Table;

/// Simulate schedules: who carries what, what breaks, and what it costs
///
/// Hours, nights, weekend days and public holidays of each person's country, beside an equal share; gaps,
/// double bookings, how many people stand behind the thinnest hour, and the limits of Directive
/// 2003/88/EC or of the on-call terms. Exits with 1 when something breaks.
#[derive(Clone, Debug, clap::Args)]
#[group(skip)]
pub(crate) struct Simulate {
    /// The schedule; all of them, when left out
    schedule: Option<String>,
    /// From which day on
    #[arg(long, value_name = "DAY")]
    from: Option<Date>,
    /// Until which day, which is left out
    #[arg(long, value_name = "DAY", conflicts_with = "years")]
    to: Option<Date>,
    /// For how many years
    #[arg(long, value_name = "COUNT", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=50))]
    years: u8,
    /// Write what everybody is owed to a file, as comma-separated values
    #[arg(long, value_name = "FILE")]
    pay: Option<PathBuf>,
}

/// Runs it.
pub(super) fn run(command: &Simulate, context: &Context) -> Result<Outcome, CommandError> {
    let record = Record::read(context)?;
    let model = record.model();
    let exchanges = record.reliability().exchanges();
    let schedules: Vec<Typed<'_, Schedule>> = match &command.schedule {
        Some(name) => vec![schedule(model, name)?],
        None => model.all().collect(),
    };
    let now = record.reading().now;
    let window = |schedule: &Schedule| -> Result<Window, CommandError> {
        let clock = zone(model, schedule);
        let from = command.from.unwrap_or_else(|| now.to_zoned(clock.clone()).date());
        let end = from.checked_add(i32::from(command.years).years());
        let to = command.to.or(end.ok()).filter(|to| *to > from).ok_or_else(|| {
            CommandError::usage("the simulation ends before it begins")
                .hint("name a later day with `--to`")
        })?;
        Ok(Window::of_days(from, to, &clock))
    };
    let mut found = Vec::new();
    let mut rows = Vec::new();
    for schedule in schedules {
        let window = window(schedule.spec)?;
        found.push(simulate(model, schedule, &exchanges, window));
        rows.extend(owed(model, schedule, &exchanges, (window, command.pay.is_some())));
    }
    if let Some(file) = &command.pay {
        files::write(&context.environment.directory.join(file), sheet(model, &rows))?;
        context.printer.note(&format!("wrote `{}`", file.display()));
    }
    let sound = |one: &Simulation| {
        one.gaps.is_empty() && one.breaches.is_empty() && one.double_bookings.is_empty()
    };
    let outcome = if found.iter().all(sound) { Outcome::Done } else { Outcome::Findings };
    context.printer.show(&Shown { found, model })?;
    Ok(outcome)
}

fn owed(
    model: &Model,
    schedule: Typed<'_, Schedule>,
    exchanges: &[Exchange],
    (window, wanted): (Window, bool),
) -> Vec<PayRow> {
    if wanted { pay(model, schedule, exchanges, window) } else { Vec::new() }
}

/// One line a person and schedule; hours with two decimals, amounts in the organization's currency.
fn sheet(model: &Model, rows: &[PayRow]) -> String {
    let currency = model.all::<org::kinds::Organization>().next();
    let currency = currency.map_or("", |organization| organization.spec.currency.as_str());
    let mut text = "person,schedule,workday_hours,weekend_hours,public_holiday_hours,night_hours,amount,currency\n".to_owned();
    for row in rows {
        let hours = |minutes: i64| format!("{}.{:02}", minutes / 60, minutes % 60 * 100 / 60);
        let cells = [
            row.person.clone(),
            row.schedule.clone(),
            hours(row.workday_minutes),
            hours(row.weekend_minutes),
            hours(row.holiday_minutes),
            hours(row.night_minutes),
            row.amount.map(|amount| amount.to_string()).unwrap_or_default(),
            currency.to_owned(),
        ];
        text += &cells.join(",");
        text.push('\n');
    }
    text
}

#[derive(Serialize)]
#[serde(transparent)]
struct Shown<'m> {
    found: Vec<Simulation>,
    #[serde(skip)]
    model: &'m Model,
}

impl Answer for Shown<'_> {
    fn write(&self, page: &mut Page) {
        for one in &self.found {
            let title =
                self.model.get::<Schedule>(&one.schedule).map_or(&*one.schedule, |it| it.title());
            page.heading(title);
            let zone =
                self.model.get::<Schedule>(&one.schedule).map(|it| zone(self.model, it.spec));
            write(one, &zone.unwrap_or(TimeZone::UTC), page);
        }
    }
}

fn write(one: &Simulation, zone: &TimeZone, page: &mut Page) {
    let local =
        |at: jiff::Timestamp| at.to_zoned(zone.clone()).strftime("%a %Y-%m-%d %H:%M").to_string();
    let (from, to) = (
        one.window.from.to_zoned(zone.clone()).date(),
        one.window.to.to_zoned(zone.clone()).date(),
    );
    let count = diag::words::count(one.shifts, "shift");
    let line =
        page.tone(Tone::Quiet, format!("{from} to {to}, {count}; shares beside an equal part"));
    page.line(line);
    let mut table =
        Table::new(&["Person", "Hours", "", "Nights", "", "Weekend days", "", "Holidays", ""]);
    for load in &one.loads {
        let share = |page: &Page, share: i64| {
            // Half as much again is what people begin to mind.
            let tone = if share > 150 { Tone::Warning } else { Tone::Quiet };
            page.tone(tone, format!("{share} %"))
        };
        table.row([
            load.person.clone(),
            load.hours.to_string(),
            share(page, load.share.hours),
            load.nights.to_string(),
            share(page, load.share.nights),
            load.weekend_days.to_string(),
            share(page, load.share.weekend_days),
            load.holidays.to_string(),
            share(page, load.share.holidays),
        ]);
    }
    page.table(&table);
    let depth = &one.depth;
    let tone = if depth.people < 2 { Tone::Warning } else { Tone::Good };
    let people = if depth.people == 1 { "person stands" } else { "people stand" };
    let thinnest = page.tone(tone, format!("{} {people}", depth.people));
    let when = depth.at.map(|at| format!(", first {}", local(at.from))).unwrap_or_default();
    page.line(format!("{thinnest} behind the thinnest hour{when}"));
    problems(one, &local, page);
}

fn problems(one: &Simulation, local: &dyn Fn(jiff::Timestamp) -> String, page: &mut Page) {
    let warn = |page: &mut Page, label: &str, text: String| {
        let label = page.tone(Tone::Warning, label);
        page.line(format!("{label} {text}"));
    };
    if let Some(first) = one.gaps.first() {
        let count = diag::words::count(one.gaps.len(), "gap");
        warn(
            page,
            &count,
            format!("nobody is on call, first from {} to {}", local(first.from), local(first.to)),
        );
    }
    if let Some(first) = one.double_bookings.first() {
        let count = diag::words::count(one.double_bookings.len(), "double booking");
        let text = format!(
            "`{}` is on call in `{}`, too, first from {}",
            first.person,
            first.other,
            local(first.window.from)
        );
        warn(page, &count, text);
    }
    for breach in &one.breaches {
        let hours = |tenths: i64| format!("{}.{} h", tenths / 10, tenths % 10);
        let what = match breach.limit {
            Limit::DailyRest => {
                format!("{} of daily rest ({} agreed)", hours(breach.worst), hours(breach.agreed))
            }
            Limit::WeeklyRest => {
                format!("{} of weekly rest ({} agreed)", hours(breach.worst), hours(breach.agreed))
            }
            Limit::WeeklyAverage => format!(
                "{} a week on average ({} agreed)",
                hours(breach.worst),
                hours(breach.agreed)
            ),
            Limit::NightsInARow => {
                format!("{} nights in a row (at most {})", breach.worst, breach.agreed)
            }
        };
        let times = diag::words::count(usize::try_from(breach.times).unwrap_or(usize::MAX), "time");
        warn(
            page,
            "limit",
            format!("`{}`: {what}, {times}, first {}", breach.person, local(breach.first)),
        );
    }
}
