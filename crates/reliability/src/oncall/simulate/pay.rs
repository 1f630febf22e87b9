//! What being on call is paid with: hours by sort of day, and what the terms give for them.
//!
//! Each minute is a minute of a public holiday, of a weekend, or of a working day on the person's own
//! clock, in this order; minutes of the night count once more for what is paid on top. Amounts are
//! rounded once, per person and schedule, to the nearest hundredth.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use playbook::{Model, Typed};
use schemars::JsonSchema;
use serde::Serialize;

use super::super::{Exchange, Window, midnight, moment, shifts};
use super::minutes;
use super::people::{Worker, terms_of};
use crate::kinds::{Amount, OnCallTerms, Pay, Schedule};

/// What one person is owed for one schedule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PayRow {
    /// The person's name.
    pub person: String,
    /// The schedule's name.
    pub schedule: String,
    /// Minutes on working days.
    pub workday_minutes: i64,
    /// Minutes on Saturdays and Sundays.
    pub weekend_minutes: i64,
    /// Minutes on public holidays of their country.
    pub holiday_minutes: i64,
    /// Minutes at night, which also count above.
    pub night_minutes: i64,
    /// What it comes to; nothing when the terms name no pay.
    pub amount: Option<Amount>,
}

/// What everybody is owed for a schedule within a window, by name.
pub fn pay(
    model: &Model,
    schedule: Typed<'_, Schedule>,
    exchanges: &[Exchange],
    window: Window,
) -> Vec<PayRow> {
    let found = shifts(model, schedule, exchanges, window);
    let fallback = OnCallTerms::directive();
    let terms = terms_of(model, schedule.spec).map_or(&fallback, |terms| terms.spec);
    let workers = Worker::all(model, &found);
    let mut rows: BTreeMap<&str, (PayRow, &Worker<'_>)> = BTreeMap::new();
    for worker in &workers {
        let row = PayRow {
            person: worker.name.clone(),
            schedule: schedule.name().to_owned(),
            ..PayRow::default()
        };
        rows.insert(&worker.name, (row, worker));
    }
    for shift in &found {
        if let Some((row, worker)) = rows.get_mut(&*shift.person) {
            row.add(worker, shift.window, terms);
        }
    }
    let paid = |(mut row, _): (PayRow, &Worker<'_>)| {
        row.amount = terms.pay.map(|pay| row.worth(&pay));
        row
    };
    rows.into_values().map(paid).collect()
}

impl PayRow {
    fn add(&mut self, worker: &Worker<'_>, shift: Window, terms: &OnCallTerms) {
        let first = worker.zone.to_datetime(shift.from).date();
        let last = worker.zone.to_datetime(shift.to).date();
        // The night that began on the day before may reach into the shift.
        let mut day = first.yesterday().unwrap_or(first);
        while day <= last {
            let Ok(tomorrow) = day.tomorrow() else { break };
            let whole = Window::new(midnight(&worker.zone, day), midnight(&worker.zone, tomorrow));
            if let Some(part) = whole.common(&shift) {
                *self.sort(worker, day) += minutes(part.from, part.to);
            }
            let end = if terms.night.to > terms.night.from { day } else { tomorrow };
            let night = Window::new(
                moment(&worker.zone, day.to_datetime(terms.night.from)),
                moment(&worker.zone, end.to_datetime(terms.night.to)),
            );
            self.night_minutes +=
                night.common(&shift).map_or(0, |part| minutes(part.from, part.to));
            day = tomorrow;
        }
    }

    fn sort(&mut self, worker: &Worker<'_>, day: Date) -> &mut i64 {
        if worker.is_holiday(day) {
            &mut self.holiday_minutes
        } else if matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
            &mut self.weekend_minutes
        } else {
            &mut self.workday_minutes
        }
    }

    fn worth(&self, pay: &Pay) -> Amount {
        let parts = [
            (self.workday_minutes, pay.workday),
            (self.weekend_minutes, pay.weekend),
            (self.holiday_minutes, pay.public_holiday),
            (self.night_minutes, pay.night_extra),
        ];
        let sum: i64 =
            parts.iter().map(|(minutes, rate)| minutes.saturating_mul(rate.as_hundredths())).sum();
        Amount::hundredths((sum + 30) / 60)
    }
}
