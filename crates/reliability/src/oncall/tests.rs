//! Resolution against the calendar: turns, layers, joins and leaves, clocks.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use playbook::Workspace;
use proptest::prelude::*;

use super::*;
use crate::kinds::{EscalationPolicy, Schedule};
use crate::testing::table;

const PEOPLE: &str = "
    Person/ana: {}
    Person/ben: {away: [{from: 2026-01-21, to: 2026-01-22}]}
    Person/cleo: {}
    Person/dora: {leaves: 2026-01-28}
";

fn berlin() -> TimeZone {
    TimeZone::get("Europe/Berlin").expect("Berlin is known")
}

/// Lines such as `ana 2026-01-05T10:00..2026-01-12T10:00`, on Berlin's clock.
fn lines(workspace: &Workspace, exchanges: &[Exchange], from: Date, to: Date) -> Vec<String> {
    let model = workspace.model();
    let schedule = model.get::<Schedule>("s").expect("there is a schedule `s`");
    let local = |at: jiff::Timestamp| at.to_zoned(berlin()).strftime("%Y-%m-%dT%H:%M").to_string();
    let show = |shift: Shift<'_>| {
        format!("{} {}..{}", shift.person, local(shift.window.from), local(shift.window.to))
    };
    let within = Window::of_days(from, to, &berlin());
    shifts(model, schedule, exchanges, within).into_iter().map(show).collect()
}

#[track_caller]
fn check(schedule: &str, (from, to): (Date, Date), expected: &[&str]) {
    let schedule = schedule.lines().map(str::trim).collect::<Vec<_>>().join(" ");
    let workspace = table(&format!("{PEOPLE}\nSchedule/s: {{layers: [{schedule}]}}"));
    assert_eq!(lines(&workspace, &[], from, to), expected);
}

const WEEKS: &str = "starts: 2026-01-01, rotation: {weekly: {day: mon}}, hand_off: '10:00'";

#[test]
fn weeks_go_round_the_list_from_the_first_hand_off_on() {
    check(
        &format!("{{{WEEKS}, people: [{{person: ana}}, {{person: cleo}}]}}"),
        (date(2026, 1, 1), date(2026, 1, 20)),
        &[
            "ana 2026-01-05T10:00..2026-01-12T10:00",
            "cleo 2026-01-12T10:00..2026-01-19T10:00",
            "ana 2026-01-19T10:00..2026-01-20T00:00",
        ],
    );
}

#[test]
fn days_and_rules_rotate_too() {
    check(
        "{starts: 2026-01-01, ends: 2026-01-06, rotation: {daily: {every: 2}}, people: [{person: ana}, {person: cleo}]}",
        (date(2026, 1, 1), date(2026, 2, 1)),
        &[
            "ana 2026-01-01T00:00..2026-01-03T00:00",
            "cleo 2026-01-03T00:00..2026-01-05T00:00",
            "ana 2026-01-05T00:00..2026-01-06T00:00",
        ],
    );
    check(
        "{starts: 2026-01-05, rotation: {rule: 'FREQ=WEEKLY;BYDAY=MO,FR'}, hand_off: '17:00', people: [{person: ana}, {person: cleo}]}",
        (date(2026, 1, 5), date(2026, 1, 13)),
        &[
            "ana 2026-01-05T17:00..2026-01-09T17:00",
            "cleo 2026-01-09T17:00..2026-01-12T17:00",
            "ana 2026-01-12T17:00..2026-01-13T00:00",
        ],
    );
}

#[test]
fn a_turn_is_cut_where_its_owner_leaves_and_open_where_they_are_away() {
    check(
        &format!(
            "{{{WEEKS}, people: [{{person: ana}}, {{person: cleo, joins: 2026-01-14}}, {{person: ben}}, {{person: dora}}]}}"
        ),
        (date(2026, 1, 5), date(2026, 2, 10)),
        &[
            "ana 2026-01-05T10:00..2026-01-12T10:00",
            // Cleo has not joined yet.
            "ben 2026-01-12T10:00..2026-01-19T10:00",
            "dora 2026-01-19T10:00..2026-01-26T10:00",
            "ana 2026-01-26T10:00..2026-02-02T10:00",
            "cleo 2026-02-02T10:00..2026-02-09T10:00",
            "ben 2026-02-09T10:00..2026-02-10T00:00",
        ],
    );
    check(
        &format!(
            "{{{WEEKS}, people: [{{person: ana}}, {{person: cleo}}, {{person: ben}}, {{person: dora}}]}}"
        ),
        (date(2026, 1, 19), date(2026, 2, 3)),
        &[
            "cleo 2026-01-19T00:00..2026-01-19T10:00",
            "ben 2026-01-19T10:00..2026-01-21T00:00",
            "ben 2026-01-23T00:00..2026-01-26T10:00",
            "dora 2026-01-26T10:00..2026-01-28T00:00",
            // Ana takes the rest of Dora's turn, and then has her own.
            "ana 2026-01-28T00:00..2026-02-02T10:00",
            "ana 2026-02-02T10:00..2026-02-03T00:00",
        ],
    );
}

#[test]
fn the_sun_is_followed_over_the_change_of_clocks() {
    // New York changes its clocks three weeks before Berlin, on 8 March 2026.
    check(
        "{time_zone: Europe/Berlin, starts: 2026-01-01, rotation: {daily: {}}, people: [{person: ana}], only: [{from: '09:00', to: '15:00'}]},
         {time_zone: America/New_York, starts: 2026-01-01, rotation: {daily: {}}, people: [{person: cleo}], only: [{from: '09:00', to: '18:00'}]}",
        (date(2026, 3, 7), date(2026, 3, 9)),
        &[
            "ana 2026-03-07T09:00..2026-03-07T15:00",
            "cleo 2026-03-07T15:00..2026-03-08T00:00",
            "ana 2026-03-08T09:00..2026-03-08T15:00",
            "cleo 2026-03-08T15:00..2026-03-08T23:00",
        ],
    );
}

const SATURDAYS: &str =
    "starts: 2026-01-01, rotation: {daily: {}}, only: [{days: [sat], from: '00:00', to: '00:00'}]";

#[test]
fn upper_layers_hold_and_overrides_and_swaps_are_above_them() {
    let workspace = table(&format!(
        "{PEOPLE}
         Schedule/s: {{layers: [{{{SATURDAYS}, people: [{{person: ana}}]}}, {{starts: 2026-01-01, rotation: {{weekly: {{day: thu}}}}, people: [{{person: cleo}}]}}]}}
         Override/o: {{schedule: s, person: ben, from: '2026-01-09T12:00', to: '2026-01-10T06:00'}}"
    ));
    let at = |text: &str| text.parse().expect("a moment");
    let swap = Exchange {
        id: "SW-1".to_owned(),
        schedule: "s".to_owned(),
        person: "dora".to_owned(),
        window: Window::new(at("2026-01-10T04:00:00Z"), at("2026-01-10T11:00:00Z")),
    };
    assert_eq!(
        lines(&workspace, &[swap], date(2026, 1, 9), date(2026, 1, 12)),
        [
            "cleo 2026-01-09T00:00..2026-01-09T12:00",
            "ben 2026-01-09T12:00..2026-01-10T05:00",
            "dora 2026-01-10T05:00..2026-01-10T12:00",
            "ana 2026-01-10T12:00..2026-01-11T00:00",
            "cleo 2026-01-11T00:00..2026-01-12T00:00",
        ]
    );
}

#[test]
fn gaps_are_what_was_promised_and_nobody_covers() {
    let workspace = table(&format!(
        "{PEOPLE}\nSchedule/s: {{covers: [{{days: [mon], from: '08:00', to: '18:00'}}], layers: [{{starts: 2026-01-01, rotation: {{daily: {{}}}}, people: [{{person: ana}}], only: [{{from: '09:00', to: '17:00'}}]}}]}}"
    ));
    let model = workspace.model();
    let schedule = model.get::<Schedule>("s").expect("a schedule");
    let within = Window::of_days(date(2026, 1, 5), date(2026, 1, 12), &berlin());
    let found = shifts(model, schedule, &[], within);
    let found = gaps(model, schedule.spec, &found, within);
    let hours: Vec<_> = found.iter().map(|gap| gap.from.to_zoned(berlin()).hour()).collect();
    assert_eq!(hours, [8, 17]);
    let sunday = at(model, schedule, &[], "2026-01-11T02:00:00Z".parse().expect("a moment"));
    assert!(sunday.now.is_none());
}

#[test]
fn a_page_climbs_from_the_schedule_over_the_backup_to_the_team() {
    let workspace = table(&format!(
        "{PEOPLE}
         Seat/obs: {{owns: x, primary: ana, backup: ben}}
         Team/core: {{members: [ana, cleo]}}
         Service/api: {{owner: team/core}}
         Schedule/s: {{layers: [{{{WEEKS}, people: [{{person: cleo}}]}}]}}
         EscalationPolicy/other: {{default: true, steps: [{{notify: [seat/obs], wait: 1m}}]}}
         EscalationPolicy/core: {{for: [team/core], steps: [{{notify: [schedule/s], wait: 5m}}, {{backups_of: [obs], wait: 10m}}, {{notify: [team/core, person/ana], wait: 15m}}]}}"
    ));
    let model = workspace.model();
    let policy = escalate::policy_of(model, "api").expect("the owner's policy serves it");
    let show = |policy: &EscalationPolicy, now: &str| {
        let rungs = escalate::rungs(model, policy, &[], now.parse().expect("a moment"));
        let show = |rung: escalate::Rung| {
            let people: Vec<_> = rung.people.into_iter().map(|told| told.person).collect();
            format!("{} {} {}", rung.after.as_mins(), people.join("+"), rung.gaps.join("; "))
        };
        rungs.into_iter().map(show).collect::<Vec<_>>()
    };
    assert_eq!(policy.name(), "core");
    assert_eq!(show(policy.spec, "2026-01-20T12:00:00Z"), ["0 cleo ", "5 ben ", "15 ana+cleo "]);
    assert_eq!(
        show(policy.spec, "2026-01-21T12:00:00Z")[1],
        "5  `seat/obs` has no backup who is here"
    );
    assert_eq!(
        show(policy.spec, "2026-01-01T12:00:00Z")[0],
        "0  nobody is on call in `schedule/s` (Thu 13:00)"
    );
    assert_eq!(escalate::policy_of(model, "unknown").expect("the default").name(), "other");
}

fn any_rotation() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "{daily: {}}",
        "{daily: {every: 3}}",
        "{weekly: {day: wed}}",
        "{rule: 'FREQ=WEEKLY;BYDAY=MO,FR'}",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn a_change_of_people_changes_nothing_before_its_day(
        rotation in any_rotation(),
        joins in 0..200_i32,
        leaves in 0..200_i32,
        hour in 0..24_u8,
    ) {
        let day = |offset: i32| date(2026, 1, 1).checked_add(offset.days()).expect("a day");
        let layer = |people: &str| format!("{PEOPLE}\nSchedule/s: {{layers: [{{starts: 2026-01-01, rotation: {rotation}, hand_off: '{hour:02}:00', people: [{people}]}}]}}");
        let before = table(&layer("{person: ana}, {person: cleo}"));
        let after = table(&layer(&format!(
            "{{person: ana}}, {{person: ben, joins: {}}}, {{person: cleo, leaves: {}}}", day(joins), day(leaves)
        )));
        let change = day(joins.min(leaves));
        let cut = |workspace: &Workspace| lines(workspace, &[], date(2026, 1, 1), change);
        prop_assert_eq!(cut(&before), cut(&after));
    }

    #[test]
    fn shifts_are_in_order_and_hand_offs_keep_their_local_time(
        rotation in any_rotation(),
        zone in prop::sample::select(vec!["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]),
        hour in 0..24_u8,
        offset in 0..300_i32,
    ) {
        let workspace = table(&format!("{PEOPLE}\nSchedule/s: {{time_zone: {zone}, layers: [{{starts: 2026-01-01, rotation: {rotation}, hand_off: '{hour:02}:00', people: [{{person: ana}}, {{person: cleo}}]}}]}}"));
        let clock = TimeZone::get(zone).expect("a zone");
        let from = date(2026, 1, 10).checked_add(offset.days()).expect("a day");
        let within = Window::of_days(from, from.checked_add(60.days()).expect("a day"), &clock);
        let model = workspace.model();
        let found = shifts(model, model.get("s").expect("a schedule"), &[], within);
        prop_assert!(!found.is_empty());
        for pair in found.windows(2) {
            prop_assert_eq!(pair[0].window.to, pair[1].window.from);
            let local = pair[1].window.from.to_zoned(clock.clone());
            let skipped = clock.to_ambiguous_zoned(local.date().at(i8::try_from(hour).expect("an hour"), 0, 0, 0)).is_ambiguous();
            prop_assert!(skipped || (local.hour(), local.minute()) == (i8::try_from(hour).expect("an hour"), 0));
        }
    }
}
