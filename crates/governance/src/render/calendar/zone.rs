//! Time zones of RFC 5545, section 3.6.5: every change of clocks from a day on, written out.

use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ToSpan};

use super::lines::Lines;

/// How far ahead changes of clocks are written out. Feeds are read again within days; programs that
/// look further know the zone by its name.
const YEARS: i64 = 5;

/// Writes one zone, valid from a day on. UTC needs none.
pub(super) fn write(lines: &mut Lines, zone: &TimeZone, from: Date, now: Timestamp) {
    let Some(name) = zone.iana_name().filter(|name| *name != "UTC") else { return };
    let Ok(start) =
        zone.to_ambiguous_zoned(from.to_datetime(jiff::civil::Time::midnight())).compatible()
    else {
        return;
    };
    let end = now.to_zoned(zone.clone()).checked_add(YEARS.years());
    let end = end.map_or(Timestamp::MAX, |end| end.timestamp());
    lines.raw("BEGIN", "VTIMEZONE");
    lines.raw("TZID", name);
    let first = zone.to_offset_info(start.timestamp());
    let mut before = first.offset();
    observance(lines, start.datetime(), first.dst().is_dst(), (before, before));
    for change in zone.following(start.timestamp()).take_while(|it| it.timestamp() <= end) {
        // A change begins at the time that the clocks showed before it.
        let local = before.to_datetime(change.timestamp());
        observance(lines, local, change.dst().is_dst(), (before, change.offset()));
        before = change.offset();
    }
    lines.raw("END", "VTIMEZONE");
}

fn observance(lines: &mut Lines, at: DateTime, summer: bool, (from, to): (Offset, Offset)) {
    let name = if summer { "DAYLIGHT" } else { "STANDARD" };
    lines.raw("BEGIN", name);
    lines.raw("DTSTART", &at.strftime("%Y%m%dT%H%M%S").to_string());
    lines.raw("TZOFFSETFROM", &offset(from));
    lines.raw("TZOFFSETTO", &offset(to));
    lines.raw("END", name);
}

/// An offset as `+0100`.
fn offset(offset: Offset) -> String {
    let seconds = offset.seconds();
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.abs() / 60;
    format!("{sign}{:02}{:02}", minutes / 60, minutes % 60)
}
