//! The one form in which a time stands in an entry: UTC with exactly six decimals.
//!
//! A fixed width makes the text sort like the time and leaves one way only to write it, so that the hash does
//! not depend on who formatted it.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::limits::{EARLIEST_SECOND, LATEST_SECOND};

/// Length of `2026-11-22T15:03:23.123456Z`.
const LENGTH: usize = 27;

/// Cuts a time to whole microseconds, the ledger's resolution.
pub(crate) fn truncate(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).expect("BUG: truncating keeps a time in range")
}

/// Writes a time as it stands in entries.
#[must_use]
pub fn format(at: Timestamp) -> String {
    let utc = TimeZone::UTC.to_datetime(at);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z",
        utc.year(),
        utc.month(),
        utc.day(),
        utc.hour(),
        utc.minute(),
        utc.second(),
        at.as_microsecond().rem_euclid(1_000_000)
    )
}

/// Reads a time in exactly the form that [`format`] writes; every other spelling is refused.
#[must_use]
pub fn parse(text: &[u8]) -> Option<Timestamp> {
    const PUNCTUATION: [(usize, u8); 7] =
        [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':'), (19, b'.'), (26, b'Z')];
    if text.len() != LENGTH || PUNCTUATION.iter().any(|&(place, byte)| text[place] != byte) {
        return None;
    }
    let number = |from: usize, to: usize| {
        text[from..to].iter().try_fold(0_i32, |sum, digit| {
            digit.is_ascii_digit().then(|| sum * 10 + i32::from(digit - b'0'))
        })
    };
    let small = |from| i8::try_from(number(from, from + 2)?).ok();
    let civil = DateTime::new(
        i16::try_from(number(0, 4)?).ok()?,
        small(5)?,
        small(8)?,
        small(11)?,
        small(14)?,
        small(17)?,
        number(20, 26)? * 1_000,
    )
    .ok()?;
    let at = TimeZone::UTC.to_timestamp(civil).ok()?;
    (EARLIEST_SECOND..LATEST_SECOND).contains(&at.as_second()).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_survives_writing_and_reading() {
        for text in [
            "2000-01-01T00:00:00.000000Z",
            "2026-11-22T15:03:23.123456Z",
            "2199-12-31T23:59:59.999999Z",
        ] {
            let at = parse(text.as_bytes()).expect(text);
            assert_eq!(format(at), text);
            assert_eq!(at, text.parse().unwrap());
        }
    }

    #[test]
    fn other_spellings_of_a_time_are_refused() {
        for text in [
            "2026-11-22T15:03:23Z",
            "2026-11-22t15:03:23.123456Z",
            "2026-11-22T15:03:23.123456z",
            "2026-11-22T15:03:60.000000Z",
            "2026-02-30T15:03:00.000000Z",
            "2026-11-22T15:03:+3.123456Z",
            "1999-12-31T23:59:59.999999Z",
            "2200-01-01T00:00:00.000000Z",
        ] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
    }
}
