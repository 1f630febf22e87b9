//! What came of a batch.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;

/// What came of a batch. Lists are in the order of the selectors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// For each selector: by how much it grew, by the beginning of the five-minute step. Steps without growth are not there. In
    /// events, or in millionths with [`What::Sum`](crate::What::Sum).
    pub increments: Vec<BTreeMap<Timestamp, u64>>,
    /// For each selector: whether a point that it wanted could be read, whether it grew or not. Nothing seen is not the same as
    /// nothing happened.
    pub seen: Vec<bool>,
    /// For each selector: points that it wanted and that could not be counted, by why.
    pub refused: Vec<BTreeMap<Reason, u64>>,
    /// Points that a selector wanted and that could not be counted, each once, by the first reason: what the sender is told.
    pub reasons: BTreeMap<Reason, u64>,
    /// Points that brought nothing new: sent again, or overtaken by a later one. That is how it should be, and nobody is told.
    pub repeated: u64,
    /// Points from before `since` of a [`Selector`](crate::Selector), and deltas that began before: they may have been counted by who
    /// was here before.
    pub before: u64,
}

impl Taken {
    /// How many points were rejected, for the partial success of an answer.
    #[must_use]
    pub fn rejected(&self) -> u64 {
        self.reasons.values().sum()
    }

    /// Why points were rejected, in one line for the sender; empty when none were.
    #[must_use]
    pub fn message(&self) -> String {
        let one = |(reason, points): (&Reason, &u64)| {
            format!("{points} {}: {reason}", if *points == 1 { "point" } else { "points" })
        };
        self.reasons.iter().map(one).collect::<Vec<_>>().join("; ")
    }
}

/// Why a point could not be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Reason {
    /// It is of more than an hour ago: the steps it would belong to are closed.
    TooOld,
    /// It is of more than five minutes ahead: a clock is wrong.
    Ahead,
    /// Its end is before its start.
    Backwards,
    /// It is not a number, or infinite.
    NotFinite,
    /// It is below zero.
    Negative,
    /// Events are whole numbers.
    NotWhole,
    /// More than can be counted exactly.
    TooLarge,
    /// Its buckets, bounds and count do not fit together, or it has no value that can be read. A metric whose points cannot be
    /// read at all counts as one point.
    Malformed,
    /// A gauge counts no events.
    Gauge,
    /// A sum that may fall counts no events.
    MayFall,
    /// Neither delta nor cumulative.
    NoTemporality,
    /// The bound that is asked for is not among its explicit bounds.
    NoBound,
    /// The nearest boundary of its exponential buckets is more than 5 % away from the bound.
    TooCoarse,
    /// Its exponential buckets changed, and the boundary nearest to the bound with them; it is counted anew from here.
    BoundaryMoved,
    /// It does not say the sum of its samples.
    NoSum,
    /// Only histograms have samples at or below a bound.
    NoBuckets,
    /// It covers time that another point of its series covers in part: two senders, or one that restarted wrongly.
    Overlap,
    /// More series than are remembered.
    TooManySeries,
    /// More attributes than are looked at.
    TooManyAttributes,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooOld => "more than an hour old",
            Self::Ahead => "more than five minutes ahead, set the clock",
            Self::Backwards => "it ends before it starts",
            Self::NotFinite => "not a finite number",
            Self::Negative => "below zero",
            Self::NotWhole => "events must be whole numbers",
            Self::TooLarge => "too large to be counted exactly",
            Self::Malformed => {
                "its buckets, bounds and count do not fit together, or it has no value that can be read"
            }
            Self::Gauge => "a gauge counts no events",
            Self::MayFall => "a sum that is not monotonic counts no events",
            Self::NoTemporality => "neither delta nor cumulative",
            Self::NoBound => "the bound of the indicator is not among its explicit bounds",
            Self::TooCoarse => "its buckets are too coarse for the bound of the indicator",
            Self::BoundaryMoved => "its scale changed, it is counted anew from here",
            Self::NoSum => "it has no sum",
            Self::NoBuckets => "only a histogram has samples at or below a bound",
            Self::Overlap => "it overlaps another point of its series",
            Self::TooManySeries => "too many series, have fewer attributes",
            Self::TooManyAttributes => "too many attributes",
        })
    }
}
