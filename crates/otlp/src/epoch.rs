//! One life of a cumulative series: from a start to the next reset.
//!
//! What is remembered is the earliest and the latest point. A later point adds what came since the latest; an earlier one adds what
//! came between it and the earliest; one between brings nothing new. So the total is the difference of the outermost points,
//! in whichever order they come.

use crate::measure::Measured;
use crate::taken::Reason;

/// What is remembered of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Epoch {
    first: Reading,
    last: Reading,
    /// Up to where samples are counted.
    boundary: f64,
}

#[derive(Clone, Copy, Debug)]
struct Reading {
    /// Nanoseconds since 1970.
    time: u64,
    amount: u128,
}

/// By how much it grew, and in which interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Growth {
    pub(crate) after: u64,
    pub(crate) until: u64,
    pub(crate) amount: u128,
}

impl Epoch {
    /// Begins at a point, which is the baseline.
    pub(crate) fn at(time: u64, measured: Measured) -> Self {
        let reading = Reading { time, amount: measured.amount };
        Self { first: reading, last: reading, boundary: measured.boundary }
    }

    /// Begins at zero.
    pub(crate) fn from_zero(start: u64, boundary: f64) -> Self {
        Self::at(start, Measured { amount: 0, boundary })
    }

    /// When it was last seen.
    pub(crate) fn last(&self) -> u64 {
        self.last.time
    }

    /// Takes a point; says by how much it grew, or nothing when the point is not new.
    pub(crate) fn take(&mut self, time: u64, measured: Measured) -> Result<Option<Growth>, Reason> {
        let Self { first, last, boundary } = self;
        let reading = Reading { time, amount: measured.amount };
        if boundary.total_cmp(&measured.boundary).is_ne() {
            if time > last.time {
                *self = Self::at(time, measured);
            }
            return Err(Reason::BoundaryMoved);
        }
        if time > last.time {
            // A value that fell began again from zero, although its start does not say so ("Resets and Gaps").
            let before = if reading.amount < last.amount { 0 } else { last.amount };
            let amount = reading.amount - before;
            let growth = Growth { after: last.time, until: time, amount };
            *last = reading;
            return Ok(Some(growth));
        }
        // An earlier value that is larger was before a reset; how much of it was counted is not known.
        if time < first.time && reading.amount <= first.amount {
            let amount = first.amount - reading.amount;
            let growth = Growth { after: time, until: first.time, amount };
            *first = reading;
            return Ok(Some(growth));
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(amount: u64) -> Measured {
        Measured::whole(amount)
    }

    #[track_caller]
    fn check(epoch: &mut Epoch, (time, amount): (u64, u64), expect: Option<(u64, u64, u128)>) {
        let growth = epoch.take(time, whole(amount)).expect("one boundary");
        assert_eq!(growth.map(|g| (g.after, g.until, g.amount)), expect, "{time}: {amount}");
    }

    #[test]
    fn only_what_is_outside_of_what_is_known_is_new() {
        let mut epoch = Epoch::at(10, whole(5));
        check(&mut epoch, (10, 5), None);
        check(&mut epoch, (20, 9), Some((10, 20, 4)));
        check(&mut epoch, (15, 7), None);
        check(&mut epoch, (5, 2), Some((5, 10, 3)));
        check(&mut epoch, (5, 2), None);
        check(&mut epoch, (30, 9), Some((20, 30, 0)));
        let mut epoch = Epoch::from_zero(10, 0.0);
        check(&mut epoch, (20, 9), Some((10, 20, 9)));
    }

    #[test]
    fn a_value_that_fell_began_again() {
        let mut epoch = Epoch::at(10, whole(5));
        check(&mut epoch, (20, 3), Some((10, 20, 3)));
        check(&mut epoch, (30, 4), Some((20, 30, 1)));
        check(&mut epoch, (5, 100), None);
    }

    #[test]
    fn another_boundary_is_a_new_baseline() {
        let mut epoch = Epoch::at(10, Measured { amount: 5, boundary: 1.0 });
        let moved = Measured { amount: 50, boundary: 1.1 };
        assert_eq!(epoch.take(20, moved), Err(Reason::BoundaryMoved));
        let more = Measured { amount: 51, boundary: 1.1 };
        let growth = epoch.take(30, more).expect("the same boundary").expect("new");
        assert_eq!(growth, Growth { after: 20, until: 30, amount: 1 });
        let old = Measured { amount: 7, boundary: 1.0 };
        assert_eq!(epoch.take(15, old), Err(Reason::BoundaryMoved));
        assert_eq!(epoch.last(), 30);
    }
}
