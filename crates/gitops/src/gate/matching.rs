//! Counts people, not seats: the largest number of seats that different people speak for.

use std::collections::BTreeMap;

/// The largest set of pairs in which every seat and every person stands at most once (Kuhn's way:
/// a seat takes a free person, or one whose seat finds somebody else). Councils are small.
pub(crate) fn distinct<'a>(said: &[(&'a str, &'a str)]) -> usize {
    let mut by_seat: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (seat, person) in said {
        by_seat.entry(seat).or_default().push(person);
    }
    let mut seat_of: BTreeMap<&'a str, &str> = BTreeMap::new();
    let seats: Vec<&str> = by_seat.keys().copied().collect();
    seats.iter().filter(|seat| place(seat, &by_seat, &mut seat_of, &mut Vec::new())).count()
}

fn place<'s, 'a>(
    seat: &'s str,
    by_seat: &BTreeMap<&'s str, Vec<&'a str>>,
    seat_of: &mut BTreeMap<&'a str, &'s str>,
    tried: &mut Vec<&'a str>,
) -> bool {
    for person in by_seat.get(seat).into_iter().flatten() {
        if tried.contains(person) {
            continue;
        }
        tried.push(person);
        let moved = match seat_of.get(person).copied() {
            None => true,
            Some(other) => place(other, by_seat, seat_of, tried),
        };
        if moved {
            seat_of.insert(person, seat);
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(said: &[(&str, &str)], expected: usize) {
        assert_eq!(distinct(said), expected);
    }

    #[test]
    fn people_are_counted_and_not_seats() {
        check(&[], 0);
        check(&[("sre", "ana"), ("platform", "ana")], 1);
        check(&[("sre", "ana"), ("platform", "marta")], 2);
        // Two people for one seat are one voice for it.
        check(&[("sre", "ana"), ("sre", "tomas")], 1);
        // Ana could speak for either; Tomás only for the first, so she takes the second.
        check(&[("sre", "ana"), ("sre", "tomas"), ("platform", "ana")], 2);
    }
}
