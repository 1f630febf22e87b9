//! The organization's calendar: business days and business hours.
//!
//! Days are days of the organization; hours are laid onto its clock day by day, so that a day with a
//! change to or from daylight-saving time has the hours that it really has. A business day is a
//! working day of the week that is no public holiday of any of the organization's places.
//!
//! Invariants, tested as properties: adding business days lands on a business day, and adding *n* and
//! then *m* is adding *n + m*; adding business hours lands inside business hours, never earlier.

use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use playbook::Model;

use crate::holidays;
use crate::kinds::{BusinessHours, Organization};

/// When the organization works.
#[derive(Clone, Debug)]
pub struct Calendar {
    zone: TimeZone,
    days: Vec<Weekday>,
    hours: BusinessHours,
    places: Vec<String>,
}

/// Why an organization has no usable calendar. Each is also a finding of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CalendarError {
    /// The playbook names no organization.
    NoOrganization,
    /// The time zone is not known.
    UnknownTimeZone(String),
    /// A place of public holidays is not known.
    UnknownPlace(String),
    /// There is no working day.
    NoWorkingDay,
}

impl std::fmt::Display for CalendarError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoOrganization => formatter.write_str("the playbook names no organization"),
            Self::UnknownTimeZone(zone) => write!(formatter, "`{zone}` is not a time zone"),
            Self::UnknownPlace(code) => write!(formatter, "`{code}` has no known public holidays"),
            Self::NoWorkingDay => formatter.write_str("the business hours name no working day"),
        }
    }
}

impl std::error::Error for CalendarError {}

impl Calendar {
    /// The calendar of a playbook's organization.
    ///
    /// # Errors
    /// When the organization is missing or says something that is unknown.
    pub fn of_model(model: &Model) -> Result<Self, CalendarError> {
        let organization = model.all::<Organization>().next();
        Self::of(organization.ok_or(CalendarError::NoOrganization)?.spec)
    }

    /// The calendar of an organization.
    ///
    /// # Errors
    /// When the organization says something that is unknown.
    pub fn of(organization: &Organization) -> Result<Self, CalendarError> {
        let zone = &organization.time_zone.value;
        let places: Vec<_> =
            organization.public_holidays.iter().map(|code| code.value.clone()).collect();
        if let Some(unknown) = places.iter().find(|code| !holidays::is_known(code)) {
            return Err(CalendarError::UnknownPlace(unknown.clone()));
        }
        let hours = organization.business_hours.value.clone();
        let days: Vec<Weekday> = hours.days.iter().map(|day| (*day).into()).collect();
        if days.is_empty() {
            return Err(CalendarError::NoWorkingDay);
        }
        let zone = TimeZone::get(zone).map_err(|_| CalendarError::UnknownTimeZone(zone.clone()))?;
        Ok(Self { zone, days, hours, places })
    }

    /// The organization's time zone.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The day on the organization's clock.
    pub fn day_of(&self, at: Timestamp) -> Date {
        at.to_zoned(self.zone.clone()).date()
    }

    /// What is celebrated on a day, when it is a public holiday.
    pub fn holiday(&self, day: Date) -> Option<String> {
        let years = self.places.iter().filter_map(|code| holidays::of(code, day.year()));
        years.flatten().find(|holiday| holiday.date == day).map(|holiday| holiday.name)
    }

    /// Says whether the organization works on a day.
    pub fn is_business_day(&self, day: Date) -> bool {
        self.days.contains(&day.weekday()) && self.holiday(day).is_none()
    }

    /// The first business day after a day.
    pub fn next_business_day(&self, day: Date) -> Date {
        let mut next = day;
        while let Ok(tomorrow) = next.tomorrow() {
            next = tomorrow;
            if self.is_business_day(next) {
                break;
            }
        }
        next
    }

    /// The business day so many business days after a day; with 0 the day itself, or the next
    /// business day when it is none.
    pub fn add_business_days(&self, day: Date, count: u32) -> Date {
        let mut at = if self.is_business_day(day) { day } else { self.next_business_day(day) };
        // From a day off, the first business day is already one step.
        let steps = if at == day { count } else { count.saturating_sub(1) };
        for _ in 0..steps {
            at = self.next_business_day(at);
        }
        at
    }

    /// How many business days lie after `from`, up to and including `to`.
    pub fn business_days_between(&self, from: Date, to: Date) -> u32 {
        let mut count = 0;
        let mut at = from;
        while at < to {
            let Ok(next) = at.tomorrow() else { break };
            at = next;
            count += u32::from(self.is_business_day(at));
        }
        count
    }

    /// The moment so much business time after another. Time outside business hours does not count.
    pub fn add_business_hours(&self, at: Timestamp, length: SignedDuration) -> Timestamp {
        let mut left = length;
        // A night shift may have begun on the day before.
        let mut day = self.day_of(at).yesterday().unwrap_or(Date::MIN);
        loop {
            if let Some((start, end)) = self.hours_of(day).filter(|(_, end)| *end > at) {
                let start = start.max(at);
                let open = end.duration_since(start);
                if left < open {
                    return start.checked_add(left).unwrap_or(end);
                }
                left = left.saturating_sub(open);
                if left.is_zero() {
                    return end;
                }
            }
            let Ok(tomorrow) = day.tomorrow() else { return Timestamp::MAX };
            day = tomorrow;
        }
    }

    /// How much business time lies between two moments; nothing when they are in the wrong order.
    pub fn business_time_between(&self, from: Timestamp, to: Timestamp) -> SignedDuration {
        let mut sum = SignedDuration::ZERO;
        let mut day = self.day_of(from).yesterday().unwrap_or(Date::MIN);
        let last = self.day_of(to);
        while day <= last {
            if let Some((start, end)) = self.hours_of(day) {
                let (start, end) = (start.max(from), end.min(to));
                if start < end {
                    sum = sum.saturating_add(end.duration_since(start));
                }
            }
            let Ok(tomorrow) = day.tomorrow() else { break };
            day = tomorrow;
        }
        sum
    }

    /// The hours of one business day as real time.
    fn hours_of(&self, day: Date) -> Option<(Timestamp, Timestamp)> {
        if !self.is_business_day(day) {
            return None;
        }
        let BusinessHours { from, to, .. } = self.hours;
        let last = if to > from { day } else { day.tomorrow().ok()? };
        let at = |day, time| {
            let clock = DateTime::from_parts(day, time);
            self.zone.to_ambiguous_timestamp(clock).compatible().ok()
        };
        Some((at(day, from)?, at(last, to)?))
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::vocabulary::TRIAL;

    fn calendar() -> Calendar {
        Calendar::of_model(TRIAL.read("").model()).unwrap()
    }

    fn moment(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn weekends_and_holidays_are_skipped() {
        let calendar = calendar();
        assert!(calendar.is_business_day(date(2026, 12, 24)));
        assert_eq!(calendar.holiday(date(2026, 12, 25)).as_deref(), Some("Christmas Day"));
        assert_eq!(calendar.next_business_day(date(2026, 12, 24)), date(2026, 12, 28));
        assert_eq!(calendar.add_business_days(date(2026, 12, 24), 5), date(2027, 1, 4));
        assert_eq!(calendar.add_business_days(date(2026, 12, 26), 0), date(2026, 12, 28));
        assert_eq!(calendar.add_business_days(date(2026, 12, 26), 1), date(2026, 12, 28));
        assert_eq!(calendar.business_days_between(date(2026, 12, 24), date(2027, 1, 4)), 5);
    }

    #[test]
    fn business_hours_pass_only_while_the_organization_works() {
        let calendar = calendar();
        // Friday 16:00 in Berlin: one hour is left, the second is Monday's first.
        let friday = moment("2026-11-20T15:00:00Z");
        let monday = moment("2026-11-23T09:00:00Z");
        assert_eq!(calendar.add_business_hours(friday, SignedDuration::from_hours(2)), monday);
        assert_eq!(calendar.business_time_between(friday, monday), SignedDuration::from_hours(2));
        // From a Sunday, nothing passes until Monday.
        let sunday = moment("2026-11-22T12:00:00Z");
        let opens = moment("2026-11-23T08:00:00Z");
        assert_eq!(calendar.add_business_hours(sunday, SignedDuration::ZERO), opens);
    }

    #[test]
    fn a_day_that_loses_an_hour_is_an_hour_shorter() {
        let mut calendar = calendar();
        calendar.hours.from = jiff::civil::time(0, 0, 0, 0);
        calendar.hours.to = jiff::civil::time(0, 0, 0, 0);
        calendar.days.push(Weekday::Sunday);
        // Clocks went forward in the night to Sunday, 29 March 2026.
        let start = moment("2026-03-28T23:00:00Z");
        let end = moment("2026-03-29T22:00:00Z");
        assert_eq!(calendar.business_time_between(start, end), SignedDuration::from_hours(23));
        assert_eq!(calendar.add_business_hours(start, SignedDuration::from_hours(23)), end);
    }

    #[test]
    fn what_is_unknown_is_said() {
        let error = |change: fn(&mut Organization)| {
            let workspace = TRIAL.read("");
            let mut organization =
                workspace.model().all::<Organization>().next().unwrap().spec.clone();
            change(&mut organization);
            Calendar::of(&organization).unwrap_err().to_string()
        };
        assert_eq!(
            error(|organization| organization.time_zone.value = "Europe/Bärlin".to_owned()),
            "`Europe/Bärlin` is not a time zone"
        );
        assert_eq!(
            error(|organization| organization.public_holidays[0].value = "XX".to_owned()),
            "`XX` has no known public holidays"
        );
        assert_eq!(
            error(|organization| organization.business_hours.value.days.clear()),
            "the business hours name no working day"
        );
    }

    fn any_day() -> impl Strategy<Value = Date> {
        (0..2_000_i64).prop_map(|days| date(2025, 1, 1).checked_add(days.days()).unwrap())
    }

    proptest! {
        #[test]
        fn adding_business_days_is_a_sum(day in any_day(), first in 0..60_u32, second in 0..60_u32) {
            let calendar = calendar();
            let start = calendar.add_business_days(day, 0);
            let there = calendar.add_business_days(start, first);
            prop_assert!(calendar.is_business_day(there));
            prop_assert_eq!(calendar.business_days_between(start, there), first);
            let sum = calendar.add_business_days(start, first + second);
            prop_assert_eq!(calendar.add_business_days(there, second), sum);
        }

        #[test]
        fn business_hours_added_have_passed(day in any_day(), minute in 0..1440_i64, minutes in 1..6_000_i64) {
            let calendar = calendar();
            let midnight = day.to_zoned(calendar.zone().clone()).unwrap().timestamp();
            let start = midnight.checked_add(SignedDuration::from_mins(minute)).unwrap();
            let length = SignedDuration::from_mins(minutes);
            let end = calendar.add_business_hours(start, length);
            prop_assert!(end > start);
            prop_assert!(calendar.is_business_day(calendar.day_of(end)));
            prop_assert_eq!(calendar.business_time_between(start, end), length);
        }
    }
}
