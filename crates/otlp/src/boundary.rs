//! Buckets of exponential histograms (Metrics Data Model, "ExponentialHistogram").
//!
//! At scale `s` the base is `2^(2^-s)`, and bucket `i` holds samples above `base^i` up to and with `base^(i+1)`.

use opentelemetry_proto::tonic::metrics::v1::ExponentialHistogramDataPoint;
use opentelemetry_proto::tonic::metrics::v1::exponential_histogram_data_point::Buckets;

use crate::measure::{Measured, added};
use crate::taken::Reason;

/// The scales that senders use: the model's smallest useful and largest.
const SCALES: std::ops::RangeInclusive<i32> = -10..=20;

/// So far may the nearest boundary be from the bound, as a ratio: 5 %. At scale 3 the farthest is 4.4 %.
const FARTHEST: f64 = 1.05;

/// Counts the samples at or below the boundary that is nearest to a bound.
pub(crate) fn at_most(
    point: &ExponentialHistogramDataPoint,
    bound: f64,
) -> Result<Measured, Reason> {
    let scale = point.scale;
    if !SCALES.contains(&scale) || !point.zero_threshold.is_finite() || point.zero_threshold < 0.0 {
        return Err(Reason::Malformed);
    }
    if !bound.is_finite() || bound < 0.0 {
        return Err(Reason::NoBound);
    }
    let below_zero =
        point.negative.as_ref().map_or(Some(0), |buckets| added(&buckets.bucket_counts));
    let nothing = below_zero.and_then(|below| below.checked_add(point.zero_count));
    let nothing = nothing.ok_or(Reason::TooLarge)?;
    if bound == 0.0 {
        // With a threshold above zero, what is near zero is not told from zero.
        let exact = point.zero_threshold == 0.0;
        return if exact { Ok(Measured::whole(nothing)) } else { Err(Reason::TooCoarse) };
    }
    let per_octave = f64::from(scale).exp2();
    let index = (bound.log2() * per_octave).round();
    let boundary = (index / per_octave).exp2();
    let ratio = (boundary / bound).max(bound / boundary);
    if ratio.is_nan() || ratio > FARTHEST || point.zero_threshold > boundary {
        return Err(Reason::TooCoarse);
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a logarithm of at most 1024 times a million fits"
    )]
    let index = index as i64;
    let below = point.positive.as_ref().map_or(Some(0), |buckets| up_to(buckets, index));
    let count = below.and_then(|below| below.checked_add(nothing)).ok_or(Reason::TooLarge)?;
    Ok(Measured { amount: count.into(), boundary })
}

/// Adds up the buckets that end at or before `base^index`.
fn up_to(buckets: &Buckets, index: i64) -> Option<u64> {
    let within = index.saturating_sub(i64::from(buckets.offset));
    let within = usize::try_from(within.max(0)).unwrap_or(usize::MAX);
    added(&buckets.bucket_counts[..within.min(buckets.bucket_counts.len())])
}

/// Adds up all samples; nothing when they are more than can be counted.
pub(crate) fn samples(point: &ExponentialHistogramDataPoint) -> Option<u64> {
    let side = |buckets: &Option<Buckets>| {
        buckets.as_ref().map_or(Some(0), |buckets| added(&buckets.bucket_counts))
    };
    side(&point.positive)?.checked_add(side(&point.negative)?)?.checked_add(point.zero_count)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One sample in each of the buckets from `offset` on.
    fn point(scale: i32, offset: i32, buckets: usize) -> ExponentialHistogramDataPoint {
        let positive = Some(Buckets { offset, bucket_counts: vec![1; buckets] });
        ExponentialHistogramDataPoint { scale, positive, zero_count: 100, ..Default::default() }
    }

    #[track_caller]
    fn check(point: &ExponentialHistogramDataPoint, bound: f64, expect: Result<u128, Reason>) {
        assert_eq!(at_most(point, bound).map(|measured| measured.amount), expect, "{bound}");
    }

    #[test]
    fn buckets_end_at_powers_of_the_base() {
        // At scale 0 bucket i is (2^i, 2^(i+1)]: here (1,2], (2,4], (4,8].
        let octaves = point(0, 0, 3);
        for (bound, expect) in [(1.0, 100), (2.0, 101), (4.0, 102), (8.0, 103), (4096.0, 103)] {
            check(&octaves, bound, Ok(expect));
        }
        check(&point(0, -2, 3), 0.5, Ok(101));
        check(&octaves, 2.05, Ok(101));
        check(&octaves, 3.0, Err(Reason::TooCoarse));
        // At scale 3 every bound is near enough: a base of 1.09.
        for bound in [0.1, 0.25, 0.3, 1.0, 2.5, 3.0, 1e9] {
            assert!(at_most(&point(3, 0, 3), bound).is_ok(), "{bound}");
        }
    }

    #[test]
    fn zero_and_what_is_below_count_as_below_any_bound() {
        let mut both = point(0, 0, 3);
        both.negative = Some(Buckets { offset: 0, bucket_counts: vec![5, 5] });
        check(&both, 0.0, Ok(110));
        check(&both, 2.0, Ok(111));
        both.zero_threshold = 4.0;
        check(&both, 0.0, Err(Reason::TooCoarse));
        check(&both, 2.0, Err(Reason::TooCoarse));
        check(&both, 8.0, Ok(113));
    }

    #[test]
    fn nonsense_is_refused() {
        for scale in [-11, 21, i32::MIN, i32::MAX] {
            check(&point(scale, 0, 3), 1.0, Err(Reason::Malformed));
        }
        for bound in [f64::NAN, f64::INFINITY, -1.0] {
            check(&point(0, 0, 3), bound, Err(Reason::NoBound));
        }
        let mut full = point(0, i32::MAX, 3);
        check(&full, 1.0, Ok(100));
        full.positive = Some(Buckets { offset: i32::MIN, bucket_counts: vec![u64::MAX, 1] });
        check(&full, 1.0, Err(Reason::TooLarge));
    }
}
