//! What a schedule will mean for those who are on call: a simulation over years.
//!
//! Nothing is drawn at random: the future shifts are known, and so are weekends, nights and holidays of
//! each person's country. What is not known, the pages themselves, comes in as the plan of the terms
//! ([`CallOuts`](crate::kinds::CallOuts)), so that the same playbook gives the same answer.
//!
//! [`fairness`] counts what each person carries, [`gaps`](super::gaps) and double bookings what breaks,
//! [`depth`] how many people stand behind each hour, [`rest`] what the Working Time Directive asks for,
//! [`pay`] what it costs.
//!
//! Absent on purpose: legal advice. National law and contracts may ask for more than the Directive.

mod depth;
mod fairness;
mod pay;
mod people;
mod rest;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use playbook::{Model, Typed};
use schemars::JsonSchema;
use serde::Serialize;

pub use depth::{Depth, depth};
pub use fairness::{Load, Share};
pub use pay::{PayRow, pay};
pub use people::terms_of;
pub use rest::{Breach, Limit};

use self::people::Worker;
use super::{Exchange, Shift, Window, gaps, shifts};
use crate::kinds::{OnCallTerms, Schedule};

/// What a stretch of time means for the people of a schedule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Simulation {
    /// The schedule's name.
    pub schedule: String,
    /// The stretch that was looked at.
    pub window: Window,
    /// How many shifts it has.
    pub shifts: usize,
    /// What each person carries, the most first.
    pub loads: Vec<Load>,
    /// When nobody is on call although somebody should be.
    pub gaps: Vec<Window>,
    /// When somebody is on call in another schedule at the same time.
    pub double_bookings: Vec<DoubleBooking>,
    /// How many people stand behind the hours with the fewest, and when that first is so.
    pub depth: Depth,
    /// Where rest is too short or work too long, person by person.
    pub breaches: Vec<Breach>,
}

/// Somebody is on call in two schedules at the same time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DoubleBooking {
    /// Who.
    pub person: String,
    /// The other schedule.
    pub other: String,
    /// When.
    pub window: Window,
}

/// Simulates one schedule over a stretch of time.
pub fn simulate(
    model: &Model,
    schedule: Typed<'_, Schedule>,
    exchanges: &[Exchange],
    window: Window,
) -> Simulation {
    let found = shifts(model, schedule, exchanges, window);
    let fallback = OnCallTerms::directive();
    let terms = terms_of(model, schedule.spec).map_or(&fallback, |terms| terms.spec);
    let workers = Worker::all(model, &found);
    let loads = fairness::loads(&workers, &found, terms);
    Simulation {
        schedule: schedule.name().to_owned(),
        window,
        shifts: found.len(),
        gaps: gaps(model, schedule.spec, &found, window),
        double_bookings: double_bookings(model, schedule, exchanges, (&found, window)),
        depth: depth(model, schedule.spec, window),
        breaches: rest::breaches(&workers, &found, terms, window),
        loads,
    }
}

/// When people of one schedule are on call in another one, too.
pub fn double_bookings(
    model: &Model,
    schedule: Typed<'_, Schedule>,
    exchanges: &[Exchange],
    (found, window): (&[Shift<'_>], Window),
) -> Vec<DoubleBooking> {
    let mut bookings = Vec::new();
    for other in model.all::<Schedule>().filter(|other| other.name() != schedule.name()) {
        let theirs = shifts(model, other, exchanges, window);
        let mut first = 0;
        for shift in found {
            while theirs.get(first).is_some_and(|their| their.window.to <= shift.window.from) {
                first += 1;
            }
            let reached =
                theirs[first..].iter().take_while(|their| their.window.from < shift.window.to);
            let same = reached.filter(|their| their.person == shift.person);
            bookings.extend(same.filter_map(|their| {
                Some(DoubleBooking {
                    person: shift.person.clone().into_owned(),
                    other: other.name().to_owned(),
                    window: shift.window.common(&their.window)?,
                })
            }));
        }
    }
    bookings
}

/// Whole minutes between two moments; what simulations count in.
fn minutes(from: Timestamp, to: Timestamp) -> i64 {
    to.duration_since(from).as_mins().max(0)
}
