//! Who is on call now, and shift by shift.

use jiff::Timestamp;
use org::views::PersonRef;
use playbook::{Model, Typed};
use schemars::JsonSchema;
use serde::Serialize;

use crate::kinds::Schedule;
use crate::oncall::{Exchange, Shift, Window, at, gaps, shifts, zone};

/// One schedule, and who is on call in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OnCallRow {
    /// The schedule's name.
    pub schedule: String,
    /// The name that people read.
    pub title: String,
    /// Where its clock stands.
    pub time_zone: String,
    /// The shift that holds now; nobody in a gap, or out of the hours that the schedule covers.
    pub now: Option<ShiftView>,
    /// Whether somebody should be on call and nobody is.
    pub gap: bool,
    /// The first shift of somebody else after that.
    pub next: Option<ShiftView>,
}

/// A shift as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ShiftView {
    /// Who; nobody in a gap.
    pub person: Option<PersonRef>,
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub to: Timestamp,
    /// The same on the schedule's clock: `Mon 2026-11-23 10:00`.
    pub local_from: String,
    /// The end on the schedule's clock.
    pub local_to: String,
    /// Why them.
    pub because: String,
}

/// All schedules, by name.
pub fn on_call(model: &Model, exchanges: &[Exchange], now: Timestamp) -> Vec<OnCallRow> {
    let rows = model.all::<Schedule>().map(|schedule| {
        let zone = zone(model, schedule.spec);
        let found = at(model, schedule, exchanges, now);
        let view = |shift: &Shift<'_>| shift_view(model, schedule, shift);
        let second = now.checked_add(jiff::SignedDuration::from_secs(1)).unwrap_or(now);
        let held: Vec<_> = found.now.iter().cloned().collect();
        OnCallRow {
            schedule: schedule.name().to_owned(),
            title: schedule.title().to_owned(),
            time_zone: zone.iana_name().unwrap_or("UTC").to_owned(),
            now: found.now.as_ref().map(view),
            gap: !gaps(model, schedule.spec, &held, Window::new(now, second)).is_empty(),
            next: found.next.as_ref().map(view),
        }
    });
    rows.collect()
}

/// A shift of a schedule as it is shown.
pub fn shift_view(model: &Model, schedule: Typed<'_, Schedule>, shift: &Shift<'_>) -> ShiftView {
    let person = PersonRef::of(model, &shift.person);
    shown(model, schedule, shift.window, (Some(person), shift.because()))
}

fn shown(
    model: &Model,
    schedule: Typed<'_, Schedule>,
    window: Window,
    (person, because): (Option<PersonRef>, String),
) -> ShiftView {
    let zone = zone(model, schedule.spec);
    let local = |at: Timestamp| at.to_zoned(zone.clone()).strftime("%a %Y-%m-%d %H:%M").to_string();
    ShiftView {
        person,
        from: window.from,
        to: window.to,
        local_from: local(window.from),
        local_to: local(window.to),
        because,
    }
}

/// The shifts of a schedule within a window, with its gaps, in order.
pub fn shifts_of(
    model: &Model,
    schedule: Typed<'_, Schedule>,
    exchanges: &[Exchange],
    within: Window,
) -> Vec<ShiftView> {
    let found = shifts(model, schedule, exchanges, within);
    let open = gaps(model, schedule.spec, &found, within);
    let gap = |window| shown(model, schedule, window, (None, "nobody is on call".to_owned()));
    let held = found.iter().map(|shift| shift_view(model, schedule, shift));
    let mut rows: Vec<_> = held.chain(open.into_iter().map(gap)).collect();
    rows.sort_by_key(|row| row.from);
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::table;

    #[test]
    fn whoever_is_on_call_is_shown_on_the_schedules_clock_and_a_gap_is_one() {
        let workspace = table(
            "Person/ana: {}
             Schedule/day: {covers: [{from: '09:00', to: '17:00'}], layers: [{starts: 2026-01-05, rotation: {daily: {}}, people: [{person: ana}], only: [{from: '09:00', to: '16:00'}]}]}",
        );
        let rows = |time: &str| on_call(workspace.model(), &[], time.parse().expect("a moment"));
        let noon = &rows("2026-11-23T11:00:00Z")[0];
        let now = noon.now.as_ref().expect("Ana");
        assert_eq!(
            (now.local_from.as_str(), now.local_to.as_str()),
            ("Mon 2026-11-23 09:00", "Mon 2026-11-23 16:00")
        );
        assert!(!noon.gap && noon.time_zone == "Europe/Berlin");
        let late = &rows("2026-11-23T15:30:00Z")[0];
        assert!(late.gap && late.now.is_none());
        let night = &rows("2026-11-23T22:00:00Z")[0];
        assert!(!night.gap && night.now.is_none());
    }
}
