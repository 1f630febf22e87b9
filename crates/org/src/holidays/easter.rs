//! The date of Easter, from which half of Europe's public holidays are counted.

use jiff::ToSpan;
use jiff::civil::Date;

/// Western Easter Sunday of a year, by the Gregorian computus (the algorithm of Meeus, Jones and
/// Butcher, "Astronomical Algorithms", chapter 8).
pub(super) fn western(year: i16) -> Option<Date> {
    let (golden, century, in_century) = (year % 19, year / 100, year % 100);
    let (leap_centuries, century_rest) = (century / 4, century % 4);
    let moon_shift = (century + 8) / 25;
    let correction = (century - moon_shift + 1) / 3;
    let epact = (19 * golden + century - leap_centuries - correction + 15) % 30;
    let (leaps, rest) = (in_century / 4, in_century % 4);
    let weekday = (32 + 2 * century_rest + 2 * leaps - epact - rest) % 7;
    let late = (golden + 11 * epact + 22 * weekday) / 451;
    month_and_day(year, epact + weekday - 7 * late + 114)
}

/// Orthodox Easter Sunday of a year: the Julian computus (Meeus), moved to the Gregorian calendar.
pub(super) fn orthodox(year: i16) -> Option<Date> {
    let (a, b, c) = (year % 4, year % 7, year % 19);
    let moon = (19 * c + 15) % 30;
    let weekday = (2 * a + 4 * b - moon + 34) % 7;
    // The calendars are 13 days apart from March 1900 to February 2100.
    month_and_day(year, moon + weekday + 114)?.checked_add(13.days()).ok()
}

fn month_and_day(year: i16, days: i16) -> Option<Date> {
    let (month, day) = (i8::try_from(days / 31).ok()?, i8::try_from(days % 31 + 1).ok()?);
    Date::new(year, month, day).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn both_easters_agree_with_the_almanac() {
        assert_eq!(western(1961), Some(date(1961, 4, 2)));
        assert_eq!(western(2000), Some(date(2000, 4, 23)));
        assert_eq!(western(2008), Some(date(2008, 3, 23)));
        assert_eq!(western(2038), Some(date(2038, 4, 25)));
        assert_eq!(orthodox(2000), Some(date(2000, 4, 30)));
        assert_eq!(orthodox(2024), Some(date(2024, 5, 5)));
        assert_eq!(orthodox(2027), Some(date(2027, 5, 2)));
        assert_eq!(orthodox(2025), western(2025));
    }
}
