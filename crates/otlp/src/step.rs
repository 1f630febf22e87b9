//! Steps of five minutes, and the spreading of an amount over them.

use std::collections::BTreeMap;

use jiff::Timestamp;

/// Seconds of a step: 300. Steps begin at multiples of it since 1970.
pub const STEP: i64 = 300;

/// Nanoseconds of a step.
const NANOS: u64 = 300_000_000_000;

/// Spreads an amount evenly over `(after, until]`, in nanoseconds since 1970, so that the steps add up to it exactly: what a step
/// gets is the difference of what was due at its end and at its beginning, rounded down.
///
/// A moment between two steps belongs to the earlier one, as the end of an interval does. An interval without length is its end.
pub(crate) fn spread(
    (after, until): (u64, u64),
    amount: u64,
    steps: &mut BTreeMap<Timestamp, u64>,
) {
    let after = after.min(until.saturating_sub(1));
    let length = u128::from(until - after);
    let due = |at: u64| u128::from(amount) * u128::from(at - after) / length.max(1);
    let mut from = after;
    let mut given = 0;
    while from < until {
        let end = (from / NANOS + 1).saturating_mul(NANOS).min(until);
        let share = due(end) - given;
        given += share;
        // A share is at most the amount, and a step's beginning is a moment that jiff knows: 2554 is the last year of 64 bits.
        let share = u64::try_from(share).unwrap_or(u64::MAX);
        let step = i64::try_from(from / NANOS).unwrap_or_default() * STEP;
        if let Some(step) = Timestamp::from_second(step).ok().filter(|_| share > 0) {
            let sum: &mut u64 = steps.entry(step).or_default();
            *sum = sum.saturating_add(share);
        }
        from = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000_000;

    #[track_caller]
    fn check(after: u64, until: u64, amount: u64, expect: &[(i64, u64)]) {
        let mut steps = BTreeMap::new();
        spread((after, until), amount, &mut steps);
        let seen: Vec<(i64, u64)> = steps.iter().map(|(at, n)| (at.as_second(), *n)).collect();
        assert_eq!(seen, expect);
    }

    #[test]
    fn an_amount_is_spread_evenly_and_adds_up() {
        check(0, 300 * SECOND, 7, &[(0, 7)]);
        check(300 * SECOND, 301 * SECOND, 7, &[(300, 7)]);
        check(200 * SECOND, 400 * SECOND, 10, &[(0, 5), (300, 5)]);
        check(200 * SECOND, 400 * SECOND, 3, &[(0, 1), (300, 2)]);
        check(0, 900 * SECOND, 2, &[(300, 1), (600, 1)]);
        check(0, 600 * SECOND, u64::MAX, &[(0, u64::MAX / 2), (300, u64::MAX / 2 + 1)]);
        check(100 * SECOND, 100 * SECOND, 4, &[(0, 4)]);
        check(300 * SECOND, 300 * SECOND, 4, &[(0, 4)]);
        check(0, 600 * SECOND, 0, &[]);
        check(0, 0, 1, &[]);
    }
}
