//! Simulations of schedules whose outcome can be worked out by hand.

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use playbook::Workspace;

use super::*;
use crate::testing::table;

fn year(workspace: &Workspace, from: Date, to: Date) -> Simulation {
    let model = workspace.model();
    let zone = TimeZone::get("Europe/Berlin").expect("Berlin is known");
    let schedule = model.get("s").expect("a schedule");
    simulate(model, schedule, &[], Window::of_days(from, to, &zone))
}

const PEOPLE: &str = "
    Person/ana: {}
    Person/ben: {country: PT, time_zone: Europe/Lisbon}
    Person/cleo: {leaves: 2026-07-01}
";

/// 2026 from its first Monday on: 52 weeks.
const YEAR: (Date, Date) = (date(2026, 1, 5), date(2027, 1, 4));

fn weekly(people: &str, more: &str) -> Workspace {
    table(&format!(
        "{PEOPLE}
         Schedule/s: {{layers: [{{starts: 2026-01-05, rotation: {{weekly: {{day: mon}}}}, people: [{people}]}}]}}
         {more}"
    ))
}

#[test]
fn two_people_share_a_year_of_weeks_and_the_holidays_of_their_own_country() {
    let found = year(&weekly("{person: ana}, {person: ben}", ""), YEAR.0, YEAR.1);
    assert_eq!((found.shifts, found.gaps.len()), (52, 0));
    let loads: Vec<_> = found
        .loads
        .iter()
        .map(|load| (load.person.as_str(), load.hours, load.weekend_days, load.holidays))
        .collect();
    // One week is an hour longer and one shorter by the change of clocks.
    let hours: i64 = loads.iter().map(|(_, hours, ..)| hours).sum();
    assert_eq!(hours, 52 * 7 * 24);
    assert!(loads.iter().all(|(_, _, weekend, _)| *weekend == 52), "{loads:?}");
    let shares: Vec<_> = found.loads.iter().map(|load| load.share.hours).collect();
    assert!(shares.iter().all(|share| (99..=101).contains(share)), "{shares:?}");
    assert_eq!(found.depth.people, 2);
}

#[test]
fn holidays_count_where_people_live() {
    let day = "starts: 2026-01-05, rotation: {daily: {}}";
    for (person, expected) in [("ana", 1), ("ben", 0)] {
        let workspace = table(&format!(
            "{PEOPLE}\nSchedule/s: {{layers: [{{{day}, people: [{{person: {person}}}]}}]}}"
        ));
        // The Day of German Unity is no holiday in Portugal.
        let found = year(&workspace, date(2026, 10, 2), date(2026, 10, 5));
        assert_eq!(found.loads[0].holidays, expected, "{person}");
        // The night that began before counts, the last one has barely begun.
        assert_eq!((found.loads[0].nights, found.loads[0].weekend_days), (3, 2), "{person}");
    }
}

#[test]
fn depth_is_how_many_are_left_when_somebody_goes() {
    let found = year(&weekly("{person: ana}, {person: cleo}", ""), YEAR.0, YEAR.1);
    assert_eq!((found.depth.people, found.depth.names.join(" ").as_str()), (1, "ana"));
    let at = found.depth.at.expect("a moment").from.to_string();
    assert_eq!(at, "2026-06-30T22:00:00Z");
    let found = year(&weekly("{person: cleo}", ""), YEAR.0, YEAR.1);
    assert_eq!(found.depth.people, 0);
    assert_eq!(found.gaps.len(), 1);
}

#[test]
fn being_on_call_twice_is_told_with_the_other_schedule() {
    let other = "Schedule/t: {layers: [{starts: 2026-01-05, rotation: {daily: {}}, people: [{person: ana}], only: [{days: [tue], from: '09:00', to: '10:00'}]}]}";
    let found = year(&weekly("{person: ana}, {person: ben}", other), YEAR.0, YEAR.1);
    // Ana has every other week.
    assert_eq!(found.double_bookings.len(), 26);
    assert_eq!(
        (found.double_bookings[0].person.as_str(), found.double_bookings[0].other.as_str()),
        ("ana", "t")
    );
}

fn limits(found: &Simulation) -> Vec<(Limit, i64)> {
    let ana = found.breaches.iter().filter(|breach| breach.person == "ana");
    ana.map(|breach| (breach.limit, breach.worst)).collect()
}

#[test]
fn waiting_at_the_workplace_is_work_and_breaks_every_limit() {
    let terms = "OnCallTerms/t: {default: true, waiting: at-the-workplace}";
    let found = year(&weekly("{person: ana}, {person: ben}", terms), YEAR.0, YEAR.1);
    let limits = limits(&found);
    let kinds: Vec<_> = limits.iter().map(|(limit, _)| *limit).collect();
    assert_eq!(kinds, [Limit::WeeklyAverage, Limit::DailyRest, Limit::WeeklyRest]);
    // A week on call is 168 hours, one off is 40: on average about 104, in tenths.
    assert!((1_040..1_110).contains(&limits[0].1), "{limits:?}");
    assert_eq!((limits[1].1, limits[2].1), (0, 0));
}

#[test]
fn a_shift_between_two_working_days_leaves_too_little_rest() {
    let terms = "OnCallTerms/t: {default: true, waiting: at-the-workplace}";
    let evening = table(&format!(
        "{PEOPLE}
         Schedule/s: {{covers: [{{days: [wed], from: '17:00', to: '23:00'}}], layers: [{{starts: 2026-01-05, rotation: {{daily: {{}}}}, people: [{{person: ana}}], only: [{{days: [wed], from: '17:00', to: '23:00'}}]}}]}}
         {terms}"
    ));
    let found = year(&evening, date(2026, 1, 12), date(2026, 1, 19));
    // Wednesday until 23:00 and Thursday from 9:00: ten hours.
    assert_eq!(limits(&found), [(Limit::DailyRest, 100)]);
    assert_eq!(found.breaches[0].times, 1);
    assert!(found.gaps.is_empty());
}

#[test]
fn at_home_only_call_outs_are_work_and_nights_in_a_row_are_told() {
    let terms = |per_week: u32| {
        format!(
            "OnCallTerms/t: {{default: true, waiting: at-home, call_outs: {{per_week: {per_week}, each: 60m}}}}"
        )
    };
    let alone = year(&weekly("{person: ana}", &terms(2)), YEAR.0, YEAR.1);
    // Forty hours and two call-outs stay below 48; all nights of the year are a long run.
    assert_eq!(limits(&alone), [(Limit::NightsInARow, 364)]);
    let busy = year(&weekly("{person: ana}", &terms(10)), YEAR.0, YEAR.1);
    assert_eq!(limits(&busy)[0].0, Limit::WeeklyAverage);
    let shared = year(
        &weekly("{person: ana}, {person: ben}, {person: cleo}", &terms(2)),
        YEAR.0,
        date(2026, 6, 29),
    );
    assert_eq!(limits(&shared), []);
}

#[test]
fn pay_counts_minutes_by_sort_of_day_and_rounds_once() {
    let terms = "OnCallTerms/t: {default: true, waiting: at-home, pay: {workday: '3', weekend: '5', public_holiday: '8', night_extra: '1'}}";
    let workspace = weekly("{person: ana}", terms);
    let model = workspace.model();
    let zone = TimeZone::get("Europe/Berlin").expect("Berlin is known");
    // Thursday to Sunday: a working day, Good Friday, Saturday, and the Sunday on which October's clocks
    // do not change; then the Sunday of 25 October 2026, which has 25 hours.
    let of = |from, to| {
        let window = Window::of_days(from, to, &zone);
        let rows = pay(model, model.get("s").expect("a schedule"), &[], window);
        let row = rows.into_iter().next().expect("Ana");
        let amount = row.amount.expect("terms name pay").to_string();
        (
            row.workday_minutes / 60,
            row.holiday_minutes / 60,
            row.weekend_minutes / 60,
            row.night_minutes / 60,
            amount,
        )
    };
    assert_eq!(of(date(2026, 4, 2), date(2026, 4, 5)), (24, 24, 24, 21, "405.00".to_owned()));
    assert_eq!(of(date(2026, 10, 25), date(2026, 10, 26)), (0, 0, 25, 8, "133.00".to_owned()));
}
