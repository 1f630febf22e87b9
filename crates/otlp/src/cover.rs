//! Which time the deltas of a series have covered: none is counted twice, in whichever order they come.
//!
//! Deltas of one sender follow each other without gap, so what is covered is one interval, or a few.

use crate::taken::Reason;

/// So many separate intervals are remembered of a series: an hour of exports each ten seconds, every other one missing, has 180.
const MOST: usize = 512;

/// What is covered: intervals `(start, end]` in nanoseconds since 1970, in order, apart from each other.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cover {
    intervals: Vec<(u64, u64)>,
    /// What begins before is not known any more.
    floor: u64,
}

impl Cover {
    /// When it was last seen.
    pub(crate) fn last(&self) -> u64 {
        self.intervals.last().map_or(0, |(_, end)| *end)
    }

    /// Covers an interval; says whether it was new.
    pub(crate) fn add(&mut self, start: u64, end: u64) -> Result<bool, Reason> {
        // An interval without length is its end.
        let start = start.min(end.saturating_sub(1));
        let at = self.intervals.partition_point(|(_, known)| *known <= start);
        if let Some((known_start, known_end)) = self.intervals.get(at)
            && *known_start < end
        {
            let within = *known_start <= start && end <= *known_end;
            return if within { Ok(false) } else { Err(Reason::Overlap) };
        }
        if start < self.floor {
            return Err(Reason::TooOld);
        }
        self.intervals.insert(at, (start, end));
        self.join(at);
        if self.intervals.len() > MOST {
            let (_, end) = self.intervals.remove(0);
            self.floor = end;
        }
        Ok(true)
    }

    /// Makes one of an interval and those that it touches.
    fn join(&mut self, at: usize) {
        for left in [at, at.wrapping_sub(1)] {
            let pair = (self.intervals.get(left), self.intervals.get(left.wrapping_add(1)));
            if let (Some(&(start, middle)), Some(&(next, end))) = pair
                && middle == next
            {
                self.intervals[left] = (start, end);
                self.intervals.remove(left + 1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_covered_is_not_new_and_what_touches_is_joined() {
        let mut cover = Cover::default();
        for (interval, expect) in [
            ((10, 20), Ok(true)),
            ((10, 20), Ok(false)),
            ((30, 40), Ok(true)),
            ((20, 30), Ok(true)),
            ((12, 18), Ok(false)),
            ((10, 40), Ok(false)),
            ((5, 11), Err(Reason::Overlap)),
            ((39, 41), Err(Reason::Overlap)),
            ((0, 50), Err(Reason::Overlap)),
            ((0, 10), Ok(true)),
            ((50, 50), Ok(true)),
            ((50, 50), Ok(false)),
        ] {
            assert_eq!(cover.add(interval.0, interval.1), expect, "{interval:?}");
        }
        assert_eq!(cover.intervals, [(0, 40), (49, 50)]);
        assert_eq!(cover.last(), 50);
    }

    #[test]
    fn of_too_many_intervals_the_oldest_are_closed() {
        let mut cover = Cover::default();
        for n in 1..=1_000 {
            assert_eq!(cover.add(n * 10, n * 10 + 5), Ok(true));
        }
        assert_eq!(cover.intervals.len(), MOST);
        assert_eq!(cover.add(10, 15), Err(Reason::TooOld), "it may have been counted");
        assert_eq!(cover.add(10_000, 10_005), Ok(false));
    }
}
