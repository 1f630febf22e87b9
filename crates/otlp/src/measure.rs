//! How much a point says, as whole numbers: events, or millionths of a unit.

use opentelemetry_proto::tonic::metrics::v1::HistogramDataPoint;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value as Number;

use crate::batch::Value;
use crate::boundary;
use crate::selector::What;
use crate::taken::Reason;

/// From here on a double skips whole numbers: 2^53.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A sum may be so large, in its unit: with six more digits it fits into 128 bits many times over.
const LARGEST: f64 = 1e24;

/// Millionths of one.
const MILLION: u32 = 1_000_000;

/// Bounds are the same when they differ by less: what a single-precision float makes of a decimal.
const SAME: f64 = 1e-6;

/// How much a point says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Measured {
    pub(crate) amount: u128,
    /// The boundary up to which samples were counted; 0 where none was chosen.
    pub(crate) boundary: f64,
}

impl Measured {
    pub(crate) fn whole(amount: u64) -> Self {
        Self { amount: amount.into(), boundary: 0.0 }
    }
}

/// Reads what of a point counts.
pub(crate) fn measure(value: Value<'_>, what: What) -> Result<Measured, Reason> {
    match value {
        Value::Number(number) => of_number(number.ok_or(Reason::Malformed)?, what),
        Value::Histogram(point) => {
            fits_together(point)?;
            match what {
                What::Count => Ok(Measured::whole(point.count)),
                What::AtMost(bound) => at_most(point, bound),
                What::Sum => millionths(point.sum.ok_or(Reason::NoSum)?),
            }
        }
        Value::Exponential(point) => {
            if boundary::samples(point) != Some(point.count) {
                return Err(Reason::Malformed);
            }
            match what {
                What::Count => Ok(Measured::whole(point.count)),
                What::AtMost(bound) => boundary::at_most(point, bound),
                What::Sum => millionths(point.sum.ok_or(Reason::NoSum)?),
            }
        }
        Value::Summary(point) => match what {
            What::Count => Ok(Measured::whole(point.count)),
            What::AtMost(_) => Err(Reason::NoBuckets),
            What::Sum => millionths(point.sum),
        },
    }
}

fn of_number(number: Number, what: What) -> Result<Measured, Reason> {
    match (number, what) {
        (_, What::AtMost(_)) => Err(Reason::NoBuckets),
        (Number::AsInt(number), What::Count) => {
            u64::try_from(number).map(Measured::whole).map_err(|_| Reason::Negative)
        }
        (Number::AsInt(number), What::Sum) => {
            let whole = u128::try_from(number).map_err(|_| Reason::Negative)?;
            Ok(Measured { amount: whole * u128::from(MILLION), boundary: 0.0 })
        }
        (Number::AsDouble(number), What::Count) => {
            let number = checked(number)?;
            if number > EXACT {
                return Err(Reason::TooLarge);
            }
            if number.fract() != 0.0 {
                return Err(Reason::NotWhole);
            }
            Ok(Measured { amount: whole(number), boundary: 0.0 })
        }
        (Number::AsDouble(number), What::Sum) => millionths(number),
    }
}

fn millionths(number: f64) -> Result<Measured, Reason> {
    let number = checked(number)?;
    if number > LARGEST {
        return Err(Reason::TooLarge);
    }
    Ok(Measured { amount: whole((number * f64::from(MILLION)).round()), boundary: 0.0 })
}

fn checked(number: f64) -> Result<f64, Reason> {
    match number {
        number if !number.is_finite() => Err(Reason::NotFinite),
        number if number < 0.0 => Err(Reason::Negative),
        number => Ok(number),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it was found to be whole, at least zero and at most 1e30"
)]
fn whole(number: f64) -> u128 {
    number as u128
}

/// What the model demands of a histogram: a bucket more than bounds, which rise, and as many samples as the count says.
fn fits_together(point: &HistogramDataPoint) -> Result<(), Reason> {
    let HistogramDataPoint { bucket_counts, explicit_bounds, count, .. } = point;
    if bucket_counts.is_empty() && explicit_bounds.is_empty() {
        return Ok(());
    }
    let rise =
        explicit_bounds.is_sorted_by(|a, b| a < b) && explicit_bounds.iter().all(|b| !b.is_nan());
    let fit = bucket_counts.len() == explicit_bounds.len() + 1;
    if rise && fit && added(bucket_counts) == Some(*count) {
        Ok(())
    } else {
        Err(Reason::Malformed)
    }
}

fn at_most(point: &HistogramDataPoint, bound: f64) -> Result<Measured, Reason> {
    // To an endless bound everything would be near.
    let same = |one: &f64| bound.is_finite() && (one - bound).abs() <= bound.abs() * SAME;
    let at = point.explicit_bounds.iter().position(same).ok_or(Reason::NoBound)?;
    let below = point.bucket_counts.get(..=at).and_then(added);
    below.map(Measured::whole).ok_or(Reason::Malformed)
}

/// Adds counts up; nothing when they are more than can be counted.
pub(crate) fn added(counts: &[u64]) -> Option<u64> {
    counts.iter().try_fold(0u64, |sum, count| sum.checked_add(*count))
}

#[cfg(test)]
mod tests {
    use opentelemetry_proto::tonic::metrics::v1::SummaryDataPoint;

    use super::*;

    #[track_caller]
    fn check(value: Value<'_>, what: What, expect: Result<u128, Reason>) {
        assert_eq!(measure(value, what).map(|measured| measured.amount), expect, "{what:?}");
    }

    #[test]
    fn numbers_are_events_or_millionths() {
        let int = |n| Value::Number(Some(Number::AsInt(n)));
        let double = |n| Value::Number(Some(Number::AsDouble(n)));
        check(int(5), What::Count, Ok(5));
        check(int(5), What::Sum, Ok(5_000_000));
        check(int(-1), What::Count, Err(Reason::Negative));
        check(int(-1), What::Sum, Err(Reason::Negative));
        check(int(1), What::AtMost(1.0), Err(Reason::NoBuckets));
        check(double(5.0), What::Count, Ok(5));
        check(double(5.5), What::Count, Err(Reason::NotWhole));
        check(double(1.5), What::Sum, Ok(1_500_000));
        check(double(0.000_000_4), What::Sum, Ok(0));
        check(double(1e17), What::Count, Err(Reason::TooLarge));
        check(double(1e25), What::Sum, Err(Reason::TooLarge));
        for (bad, why) in [
            (f64::NAN, Reason::NotFinite),
            (f64::INFINITY, Reason::NotFinite),
            (f64::NEG_INFINITY, Reason::NotFinite),
            (-0.5, Reason::Negative),
        ] {
            check(double(bad), What::Count, Err(why));
            check(double(bad), What::Sum, Err(why));
        }
        check(Value::Number(None), What::Count, Err(Reason::Malformed));
    }

    #[test]
    fn samples_are_counted_up_to_an_explicit_bound() {
        let point = HistogramDataPoint {
            count: 10,
            sum: Some(2.5),
            bucket_counts: vec![1, 2, 3, 4],
            explicit_bounds: vec![0.1, 0.3, 1.0],
            ..Default::default()
        };
        let value = Value::Histogram(&point);
        check(value, What::Count, Ok(10));
        check(value, What::Sum, Ok(2_500_000));
        check(value, What::AtMost(0.1), Ok(1));
        check(value, What::AtMost(f64::from(0.3_f32)), Ok(3));
        check(value, What::AtMost(1.0), Ok(6));
        for none in [0.2, 0.0, f64::INFINITY, f64::NAN] {
            check(value, What::AtMost(none), Err(Reason::NoBound));
        }
        let no_sum = HistogramDataPoint { sum: None, ..point };
        check(Value::Histogram(&no_sum), What::Sum, Err(Reason::NoSum));
    }

    #[test]
    fn a_histogram_that_does_not_fit_together_is_refused() {
        let good = HistogramDataPoint {
            count: 3,
            bucket_counts: vec![1, 2],
            explicit_bounds: vec![1.0],
            ..Default::default()
        };
        let bad = |change: fn(&mut HistogramDataPoint)| {
            let mut point = good.clone();
            change(&mut point);
            check(Value::Histogram(&point), What::Count, Err(Reason::Malformed));
        };
        check(Value::Histogram(&good), What::Count, Ok(3));
        bad(|point| point.count = 4);
        bad(|point| point.bucket_counts = vec![3]);
        bad(|point| point.bucket_counts = vec![u64::MAX, 4]);
        bad(|point| point.explicit_bounds = vec![f64::NAN]);
        bad(|point| {
            point.explicit_bounds = vec![2.0, 1.0];
            point.bucket_counts = vec![1, 1, 1];
        });
        let bare =
            HistogramDataPoint { bucket_counts: Vec::new(), explicit_bounds: Vec::new(), ..good };
        check(Value::Histogram(&bare), What::Count, Ok(3));
    }

    #[test]
    fn a_summary_has_a_count_and_a_sum() {
        let point = SummaryDataPoint { count: 4, sum: 1.25, ..Default::default() };
        check(Value::Summary(&point), What::Count, Ok(4));
        check(Value::Summary(&point), What::Sum, Ok(1_250_000));
        check(Value::Summary(&point), What::AtMost(1.0), Err(Reason::NoBuckets));
    }
}
