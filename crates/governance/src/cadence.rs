//! When a ritual happens: recurrence rules (RFC 5545, section 3.3.10) on local clocks.
//!
//! A rule is expanded over days, without any clock; only then each day gets the ritual's local time in
//! its time zone. So a meeting at ten stays a meeting at ten when the clocks change, and a time that
//! does not exist on a day (02:30 in spring) becomes the next one that does.
//!
//! Absent on purpose: recurrence within a day. A ritual happens at most once a day.

use jiff::civil::{Date, DateTime, Time, date, time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use org::kinds::Organization;
use playbook::{Model, Period, Typed};
use rrule::RRuleSet;

use crate::kinds::Ritual;
use crate::record::time_zone;

mod phrase;

pub use phrase::phrase;

/// Where counting starts for a ritual without `starts`: a Monday, the first of a month and of a year.
const EPOCH: Date = date(2024, 1, 1);

/// How many days of one rule are looked at. A daily ritual reaches it after 27 years.
const MAX_OCCURRENCES: usize = 10_000;

/// How long a ritual takes that does not say so.
const HOUR: Period = Period::hours(1);

/// A recurrence rule that was understood.
#[derive(Clone, Debug)]
pub struct Cadence {
    set: RRuleSet,
}

/// One meeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// The day, which also names its record.
    pub date: Date,
    /// When it begins, on the ritual's own clock.
    pub starts: Zoned,
    /// When it ends at the latest.
    pub ends: Zoned,
}

impl Cadence {
    /// Understands a rule, counted from a day.
    ///
    /// # Errors
    /// Says what is wrong with the rule.
    pub fn parse(rule: &str, starts: Date) -> Result<Self, String> {
        let rule = normal(rule)?;
        let text = format!("DTSTART:{}T000000Z\nRRULE:{rule}", starts.strftime("%Y%m%d"));
        let set: RRuleSet = text.parse().map_err(|error: rrule::RRuleError| error.to_string())?;
        Ok(Self { set: set.limit() })
    }

    /// The days on which it happens, in order.
    pub fn days(&self) -> impl Iterator<Item = Date> {
        self.set.into_iter().take(MAX_OCCURRENCES).filter_map(|at| {
            let at = Timestamp::from_second(at.timestamp()).ok()?;
            Some(at.to_zoned(TimeZone::UTC).date())
        })
    }
}

/// Brings a rule into the form that is expanded: without a prefix, by days at most, `UNTIL` in full.
pub(crate) fn normal(rule: &str) -> Result<String, String> {
    let rule = rule.trim();
    let rule = rule.strip_prefix("RRULE:").unwrap_or(rule);
    let mut parts = Vec::new();
    for part in rule.split(';').filter(|part| !part.is_empty()) {
        let (key, value) = part.split_once('=').ok_or_else(|| {
            format!("`{part}` has no `=`: a rule is written `FREQ=WEEKLY;BYDAY=TU`")
        })?;
        let (key, value) = (key.trim().to_uppercase(), value.trim().to_uppercase());
        match key.as_str() {
            "BYHOUR" | "BYMINUTE" | "BYSECOND" => {
                return Err(format!(
                    "`{key}` does not belong here: the time of day stands in `at`"
                ));
            }
            "FREQ" if matches!(value.as_str(), "HOURLY" | "MINUTELY" | "SECONDLY") => {
                return Err(format!("`{value}` is too often: a ritual happens once a day at most"));
            }
            // A day ends at its last second, so that the day itself still counts.
            "UNTIL" if !value.contains('T') => parts.push(format!("UNTIL={value}T235959Z")),
            "UNTIL" if !value.ends_with('Z') => parts.push(format!("UNTIL={value}Z")),
            _ => parts.push(format!("{key}={value}")),
        }
    }
    Ok(parts.join(";"))
}

/// A ritual with its clock.
#[derive(Clone, Debug)]
pub struct Schedule {
    cadence: Option<Cadence>,
    at: Time,
    zone: TimeZone,
    length: Period,
}

impl Schedule {
    /// The schedule of a ritual. One that cannot be understood has no days; a rule says why.
    pub fn of(model: &Model, ritual: Typed<'_, Ritual>) -> Self {
        let starts = ritual.starts.as_ref().map_or(EPOCH, |day| day.value);
        let cadence = ritual.cadence.as_ref();
        let organization = model.all::<Organization>().next();
        let opening = organization.map_or(time(9, 0, 0, 0), |found| found.business_hours.from);
        let zone = ritual.time_zone.as_ref().and_then(|zone| TimeZone::get(zone).ok());
        Self {
            cadence: cadence.and_then(|rule| Cadence::parse(rule, starts).ok()),
            at: ritual.at.as_ref().map_or(opening, |at| at.value),
            zone: zone.unwrap_or_else(|| time_zone(model)),
            length: ritual.duration.as_ref().map_or(HOUR, |duration| duration.to),
        }
    }

    /// The meeting on a day, whether or not the cadence falls on it: an extra meeting is one, too.
    pub fn on(&self, day: Date) -> Option<Occurrence> {
        let local = self.zone.to_ambiguous_zoned(DateTime::from_parts(day, self.at));
        let starts = local.compatible().ok()?;
        let ends = starts.checked_add(self.length.to_duration()).ok()?;
        Some(Occurrence { date: day, starts, ends })
    }

    /// The meetings from one day to another, both included.
    pub fn between(&self, from: Date, to: Date) -> Vec<Occurrence> {
        let days = self.cadence.iter().flat_map(Cadence::days);
        let days = days.skip_while(|day| *day < from).take_while(|day| *day <= to);
        days.filter_map(|day| self.on(day)).collect()
    }

    /// The next meeting that has not ended.
    pub fn next(&self, now: Timestamp) -> Option<Occurrence> {
        let days = self.cadence.iter().flat_map(Cadence::days);
        days.filter_map(|day| self.on(day)).find(|meeting| meeting.ends.timestamp() > now)
    }

    /// The last day of the cadence before a day.
    pub fn before(&self, day: Date) -> Option<Date> {
        self.cadence.iter().flat_map(Cadence::days).take_while(|found| *found < day).last()
    }

    /// The clock that it goes by.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The local time at which it begins.
    pub fn at(&self) -> Time {
        self.at
    }

    /// The first day of its cadence.
    pub fn first(&self) -> Option<Date> {
        self.cadence.as_ref()?.days().next()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::vocabulary::TRIAL;

    #[track_caller]
    fn days(rule: &str, count: usize, expected: &str) {
        let cadence = Cadence::parse(rule, date(2026, 1, 1)).expect("the rule is understood");
        let found: Vec<_> = cadence.days().take(count).map(|day| day.to_string()).collect();
        assert_eq!(found.join(" "), expected);
    }

    #[test]
    fn rules_are_expanded_over_days() {
        days("FREQ=WEEKLY;BYDAY=TU", 3, "2026-01-06 2026-01-13 2026-01-20");
        days("RRULE:freq=monthly;byday=1th", 3, "2026-01-01 2026-02-05 2026-03-05");
        days("FREQ=MONTHLY;BYDAY=-1FR", 2, "2026-01-30 2026-02-27");
        days("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", 2, "2026-01-12 2026-01-26");
        days("FREQ=DAILY;UNTIL=20260102", 9, "2026-01-01 2026-01-02");
        days("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", 1, "");
        days("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", 2, "2028-02-29 2032-02-29");
    }

    #[track_caller]
    fn refused(rule: &str, part: &str) {
        let error = Cadence::parse(rule, date(2026, 1, 1)).expect_err(rule);
        assert!(error.contains(part), "{error}");
    }

    #[test]
    fn rules_that_mean_nothing_are_refused() {
        refused("every Tuesday", "has no `=`");
        refused("FREQ=WEEKLY;BYHOUR=9", "stands in `at`");
        refused("FREQ=SECONDLY", "too often");
        refused("FREQ=FORTNIGHTLY", "FORTNIGHTLY");
        refused("BYDAY=TU", "FREQ");
    }

    #[test]
    fn ten_o_clock_stays_ten_o_clock_over_the_change_of_clocks() {
        let workspace = TRIAL.read(
            "Ritual/sync: {goal: x, cadence: FREQ=WEEKLY;BYDAY=SU, starts: 2026-03-22, at: '10:00'}
             Ritual/night: {goal: x, cadence: FREQ=DAILY, starts: 2026-03-29, at: '02:30'}",
        );
        let model = workspace.model();
        let sync = Schedule::of(model, model.get("sync").unwrap());
        let starts = |found: &Occurrence| found.starts.timestamp().to_string();
        let found: Vec<_> =
            sync.between(date(2026, 3, 22), date(2026, 3, 29)).iter().map(starts).collect();
        assert_eq!(found, ["2026-03-22T09:00:00Z", "2026-03-29T08:00:00Z"]);
        // 02:30 does not exist in Berlin on that night.
        let night = Schedule::of(model, model.get("night").unwrap());
        let first = night.on(date(2026, 3, 29)).unwrap();
        assert_eq!(first.starts.time().to_string(), "03:30:00");
    }

    #[test]
    fn the_next_meeting_is_the_one_that_has_not_ended() {
        let workspace = TRIAL.read(
            "Ritual/sync: {goal: x, cadence: FREQ=WEEKLY;BYDAY=TU, at: '10:00', duration: {from: 30m, to: 45m}}",
        );
        let model = workspace.model();
        let sync = Schedule::of(model, model.get("sync").unwrap());
        let next = |now: &str| sync.next(now.parse().unwrap()).unwrap().date.to_string();
        assert_eq!(next("2026-11-24T09:44:00Z"), "2026-11-24");
        assert_eq!(next("2026-11-24T09:45:00Z"), "2026-12-01");
        assert_eq!(sync.before(date(2026, 11, 24)), Some(date(2026, 11, 17)));
    }

    proptest! {
        #[test]
        fn every_meeting_is_at_its_local_time_unless_that_time_is_skipped(
            hour in 0i8..24,
            minute in 0i8..60,
            zone in prop::sample::select(vec![
                "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC",
            ]),
            offset in 0i32..700,
        ) {
            let zone = TimeZone::get(zone).unwrap();
            let at = time(hour, minute, 0, 0);
            let schedule = Schedule { cadence: None, at, zone: zone.clone(), length: HOUR };
            let day = date(2026, 1, 1).checked_add(jiff::Span::new().days(offset)).unwrap();
            let found = schedule.on(day).unwrap();
            let exists = !zone.to_ambiguous_zoned(DateTime::from_parts(day, at)).is_ambiguous();
            if exists {
                prop_assert_eq!(found.starts.time(), at);
                prop_assert_eq!(found.starts.date(), day);
            }
            prop_assert_eq!(found.ends.timestamp().duration_since(found.starts.timestamp()).as_hours(), 1);
        }
    }
}
