//! The people of a simulation: their clock, their holidays, their working hours.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use org::holidays;
use org::kinds::{Hours, Organization, Person};
use playbook::{Model, Typed};

use super::super::Shift;
use crate::kinds::{OnCallTerms, Schedule};

/// The terms that hold for a schedule: its own, else the default ones.
pub fn terms_of<'m>(model: &'m Model, schedule: &Schedule) -> Option<Typed<'m, OnCallTerms>> {
    let named = schedule.terms.as_ref().and_then(|terms| model.follow(terms));
    named.or_else(|| model.all::<OnCallTerms>().find(|terms| terms.default))
}

/// Somebody who is on call.
#[derive(Debug)]
pub(super) struct Worker<'m> {
    /// The person's name.
    pub(super) name: String,
    /// Their clock.
    pub(super) zone: TimeZone,
    /// Their usual working hours.
    pub(super) hours: Hours,
    /// The days of the week on which they work.
    days: Vec<Weekday>,
    person: Option<&'m Person>,
    places: Vec<String>,
    /// Public holidays by year, computed when first asked for.
    holidays: RefCell<BTreeMap<i16, BTreeSet<Date>>>,
}

impl<'m> Worker<'m> {
    /// Everybody who is on call in some shift, by name.
    pub(super) fn all(model: &'m Model, shifts: &[Shift<'_>]) -> Vec<Self> {
        let names: BTreeSet<&str> = shifts.iter().map(|shift| &*shift.person).collect();
        names.into_iter().map(|name| Self::of(model, name)).collect()
    }

    fn of(model: &'m Model, name: &str) -> Self {
        let organization = model.all::<Organization>().next().map(|found| found.spec);
        let business = organization.map(|found| found.business_hours.value.clone());
        let business = business.unwrap_or_default();
        let person = model.get::<Person>(name).map(|found| found.spec);
        let named = person.and_then(|person| person.time_zone.as_ref());
        let zone = named.or_else(|| organization.map(|found| &found.time_zone));
        let country = person.and_then(|person| person.country.as_ref());
        let places = match (country, organization) {
            (Some(country), _) => vec![country.value.clone()],
            (None, Some(found)) => {
                found.public_holidays.iter().map(|it| it.value.clone()).collect()
            }
            (None, None) => Vec::new(),
        };
        let usual = Hours { from: business.from, to: business.to };
        Self {
            name: name.to_owned(),
            zone: zone.and_then(|zone| TimeZone::get(zone).ok()).unwrap_or(TimeZone::UTC),
            hours: person.and_then(|person| person.working_hours).unwrap_or(usual),
            days: business.days.into_iter().map(Weekday::from).collect(),
            person,
            places,
            holidays: RefCell::default(),
        }
    }

    /// Says whether a day is a public holiday where they live.
    pub(super) fn is_holiday(&self, day: Date) -> bool {
        let mut years = self.holidays.borrow_mut();
        let year = years.entry(day.year()).or_insert_with(|| {
            let places = self.places.iter().filter_map(|code| holidays::of(code, day.year()));
            places.flatten().map(|holiday| holiday.date).collect()
        });
        year.contains(&day)
    }

    /// Says whether they usually work on a day.
    pub(super) fn works(&self, day: Date) -> bool {
        let here = self.person.is_none_or(|person| person.is_here(day) && !person.is_away(day));
        here && self.days.contains(&day.weekday()) && !self.is_holiday(day)
    }
}
