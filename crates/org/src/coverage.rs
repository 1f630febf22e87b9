//! At which hours somebody at the table is at work.
//!
//! Each holder's working hours, on their own clock, are laid over the hours that the organization
//! promised, on one day; what is left is a gap. Minutes of a day are counted on the organization's
//! clock, so that daylight-saving time of either place is right on that day.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use playbook::{Kind, Model, Ref, Typed};

use crate::Roster;
use crate::kinds::{Hours, Organization, Person, Seat};

/// A stretch of the day in which nobody at the table is at work, on the organization's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// First minute without anybody.
    pub from: Time,
    /// First minute with somebody again, or the end of the promised hours.
    pub to: Time,
}

/// A stretch of real time.
type Stretch = (Timestamp, Timestamp);

/// The hours in which the organization wants somebody at the table to be at work.
pub fn promised(organization: &Organization) -> Hours {
    let business = &organization.business_hours;
    organization.coverage.unwrap_or(Hours { from: business.from, to: business.to })
}

/// The gaps of one day. None when nobody holds a seat at all (those gaps are told seat by seat), or
/// when the organization's time zone is unknown (a finding of its own).
pub fn gaps(roster: &Roster<'_>) -> Vec<Gap> {
    let model = roster.model();
    let Some(organization) = model.all::<Organization>().next() else { return Vec::new() };
    let Ok(zone) = TimeZone::get(&organization.time_zone) else { return Vec::new() };
    let mut work = work(roster, &organization);
    let promised = stretch(roster.day(), promised(&organization), &zone);
    let (false, Some((start, end))) = (work.is_empty(), promised) else { return Vec::new() };
    work.sort();
    let mut gaps = Vec::new();
    let mut covered = start;
    let clock = |at: Timestamp| at.to_zoned(zone.clone()).time();
    for (from, to) in work.into_iter().chain([(end, end)]) {
        if from > covered && covered < end {
            gaps.push(Gap { from: clock(covered), to: clock(from.min(end)) });
        }
        covered = covered.max(to);
    }
    gaps
}

/// When the seats' holders work, around the roster's day: the days beside it count too, because a
/// working day elsewhere may reach into ours.
fn work(roster: &Roster<'_>, organization: &Organization) -> Vec<Stretch> {
    let model = roster.model();
    let mut people: Vec<&str> = model
        .all::<Seat>()
        .filter(|seat| roster.is_active(seat))
        .flat_map(|seat| seat.spec.primary.iter().chain(&seat.spec.backup))
        .map(Ref::name)
        .filter(|name| roster.works_here(name))
        .collect();
    people.sort_unstable();
    people.dedup();
    let business = &organization.business_hours;
    let usual = Hours { from: business.from, to: business.to };
    let here = &organization.time_zone;
    let people = people.into_iter().filter_map(|name| model.get::<Person>(name));
    people.flat_map(|person| days_of(person, roster.day(), usual, here)).collect()
}

fn days_of(person: Typed<'_, Person>, day: Date, usual: Hours, here: &str) -> Vec<Stretch> {
    let zone = person.time_zone.as_ref().map_or(here, |zone| zone.as_str());
    let Ok(zone) = TimeZone::get(zone) else { return Vec::new() };
    let hours = person.working_hours.unwrap_or(usual);
    let days = [-1, 0, 1].into_iter().filter_map(|shift| day.checked_add(shift.days()).ok());
    days.filter_map(|day| stretch(day, hours, &zone)).collect()
}

/// One day's hours as real time; hours that end no later than they begin end on the next day.
fn stretch(day: Date, hours: Hours, zone: &TimeZone) -> Option<Stretch> {
    let at = |day: Date, time: Time| {
        zone.to_ambiguous_timestamp(DateTime::from_parts(day, time)).compatible().ok()
    };
    let last = if hours.to > hours.from { day } else { day.tomorrow().ok()? };
    Some((at(day, hours.from)?, at(last, hours.to)?))
}

/// Says where a model's organization stands, for findings about its promise.
pub(crate) fn organization(model: &Model) -> Option<Typed<'_, Organization>> {
    model.of_slug(Organization::SLUG).find_map(|resource| resource.typed())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::TRIAL;
    use trial::TODAY;

    #[track_caller]
    fn check(people: &str, expected: &[(i8, i8)]) {
        let workspace =
            TRIAL.read(&format!("{people}\nSeat/s: {{owns: x, primary: a, backup: b}}"));
        let found = gaps(&Roster::new(workspace.model(), TODAY));
        let found: Vec<_> = found.iter().map(|gap| (gap.from.hour(), gap.to.hour())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn holes_are_seen_on_the_organizations_clock() {
        check("Person/a: {}\nPerson/b: {}", &[]);
        check("Person/a: {time_zone: Europe/Lisbon}\nPerson/b: {leaves: 2026-01-01}", &[(9, 10)]);
        check("Person/a: {time_zone: Europe/Lisbon}\nPerson/b: {}", &[]);
        check(
            "Person/a: {working_hours: {from: '08:00', to: '11:00'}}
             Person/b: {working_hours: {from: '13:00', to: '15:00'}}",
            &[(11, 13), (15, 17)],
        );
        // In November, 22:00 to 06:00 in New York is 4:00 to 12:00 in Berlin, begun the day before.
        check(
            "Person/a: {time_zone: America/New_York, working_hours: {from: '22:00', to: '06:00'}}",
            &[(12, 17)],
        );
        check("", &[]);
    }
}
