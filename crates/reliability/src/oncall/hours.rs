//! Hours of the week laid onto a clock, day by day.

use jiff::civil::{DateTime, Weekday};
use jiff::tz::TimeZone;

use super::window::{Window, joined, moment};
use crate::kinds::Stretch;

/// The windows in which stretches hold, within a window; all of it when there are no stretches.
pub(crate) fn expand(stretches: &[Stretch], zone: &TimeZone, within: Window) -> Vec<Window> {
    if stretches.is_empty() {
        return vec![within];
    }
    let day_of = |at: jiff::Timestamp| zone.to_datetime(at).date();
    // A stretch of the day before may run into the first day.
    let Ok(mut day) = day_of(within.from).yesterday() else { return Vec::new() };
    let last = day_of(within.to);
    let mut windows = Vec::new();
    while day <= last {
        let Ok(tomorrow) = day.tomorrow() else { break };
        for stretch in stretches {
            if stretch.days.iter().any(|named| Weekday::from(*named) == day.weekday()) {
                let end = if stretch.to > stretch.from { day } else { tomorrow };
                let from = moment(zone, DateTime::from_parts(day, stretch.from));
                let to = moment(zone, DateTime::from_parts(end, stretch.to));
                windows.extend(Window::new(from, to).common(&within));
            }
        }
        day = tomorrow;
    }
    joined(windows)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[track_caller]
    fn check(stretch: &str, expected: &[(&str, &str)]) {
        let zone = TimeZone::get("Europe/Berlin").expect("Berlin is known");
        let stretch: Stretch = serde_json::from_str(stretch).expect("a stretch");
        // Clocks go forward in the night to Sunday, 29 March 2026.
        let within = Window::of_days(date(2026, 3, 27), date(2026, 3, 30), &zone);
        let found = expand(&[stretch], &zone, within);
        let found: Vec<_> =
            found.iter().map(|it| (it.from.to_string(), it.to.to_string())).collect();
        let expected: Vec<_> =
            expected.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn hours_stay_at_their_local_time_and_run_past_midnight() {
        check(
            r#"{"from": "18:00:00", "to": "09:00:00"}"#,
            &[
                ("2026-03-26T23:00:00Z", "2026-03-27T08:00:00Z"),
                ("2026-03-27T17:00:00Z", "2026-03-28T08:00:00Z"),
                ("2026-03-28T17:00:00Z", "2026-03-29T07:00:00Z"),
                ("2026-03-29T16:00:00Z", "2026-03-29T22:00:00Z"),
            ],
        );
        check(
            r#"{"days": ["sat", "sun"], "from": "00:00:00", "to": "00:00:00"}"#,
            &[("2026-03-27T23:00:00Z", "2026-03-29T22:00:00Z")],
        );
    }
}
