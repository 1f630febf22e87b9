//! Small words for reasons: what is left, how many, how long ago.

use jiff::Timestamp;

/// Counts a noun: `1 vote`, `2 votes`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    diag::words::count(number, noun)
}

/// Counts a noun with its verb: `1 vote is`, `2 votes are`.
pub(crate) fn are(number: usize, noun: &str) -> String {
    format!("{} {}", count(number, noun), if number == 1 { "is" } else { "are" })
}

/// The time that is left, rounded up so that "1 h left" is never over already: `26 h`, `4 d`, `40 min`.
pub(crate) fn left(now: Timestamp, until: Timestamp) -> String {
    let seconds = until.duration_since(now).as_secs().max(0);
    let (unit, length) = match seconds {
        ..3_600 => ("min", 60),
        // Up to three days people think in hours: deadlines are 48 h and 72 h.
        3_600..=259_200 => ("h", 3_600),
        _ => ("d", 86_400),
    };
    format!("{} {unit}", (seconds + length - 1) / length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(seconds: i64, expected: &str) {
        let now = Timestamp::UNIX_EPOCH;
        let until = now.checked_add(jiff::SignedDuration::from_secs(seconds)).expect("in range");
        assert_eq!(left(now, until), expected);
    }

    #[test]
    fn what_is_left_is_rounded_up() {
        check(26 * 3_600 - 5, "26 h");
        check(30, "1 min");
        check(72 * 3_600, "72 h");
        check(5 * 86_400 - 1, "5 d");
        check(-7, "0 min");
    }
}
