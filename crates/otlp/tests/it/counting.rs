//! What counts, for whom, in which step, and what does not.

use std::collections::BTreeMap;

use jiff::Timestamp;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::metrics::v1::exponential_histogram_data_point::Buckets;
use opentelemetry_proto::tonic::metrics::v1::{
    ExponentialHistogram, ExponentialHistogramDataPoint, Gauge, Histogram, HistogramDataPoint, Sum,
    Summary, SummaryDataPoint, metric,
};
use otlp::{Bounds, Condition, Counter, Is, Of, Pattern, Reason, Selector, Taken, What};

use crate::scene::{
    Cumulative, Delta, at, attribute, batch, point, requests, stamp, sum, text, total,
};

const COUNT: What = What::Count;

fn take(counter: &mut Counter, data: metric::Data, now: Timestamp) -> Taken {
    counter.take(&batch(data), &[requests(COUNT)], now)
}

/// Takes points one batch after another; says what each brought.
#[track_caller]
fn check(
    temporality: opentelemetry_proto::tonic::metrics::v1::AggregationTemporality,
    points: &[((u64, u64), i64)],
    expect: &[u64],
) {
    let mut counter = Counter::default();
    let seen: Vec<u64> = points
        .iter()
        .map(|(interval, value)| {
            let data = sum(temporality, vec![point("a", *interval, *value)]);
            total(&take(&mut counter, data, stamp(3_000)), 0)
        })
        .collect();
    assert_eq!(seen, expect);
}

#[test]
fn deltas_are_added_and_cumulatives_subtracted() {
    check(Delta, &[((0, 10), 5), ((10, 20), 3), ((10, 20), 3), ((30, 40), 1)], &[5, 3, 0, 1]);
    check(Cumulative, &[((0, 10), 5), ((0, 20), 8), ((0, 20), 8), ((0, 15), 6)], &[5, 3, 0, 0]);
    // A new start is a new life; the old one may still be told about.
    check(Cumulative, &[((0, 10), 5), ((20, 30), 2), ((0, 15), 6), ((20, 40), 4)], &[5, 2, 1, 2]);
    // A value that fell began again.
    check(Cumulative, &[((0, 10), 5), ((0, 20), 3), ((0, 30), 4)], &[5, 3, 1]);
}

#[test]
fn a_series_from_before_is_a_baseline() {
    let mut counter = Counter::default();
    let since = [Selector { since: stamp(1_000), ..requests(COUNT) }];
    let mut grown = |interval, value| {
        let taken = counter.take(
            &batch(sum(Cumulative, vec![point("a", interval, value)])),
            &since,
            stamp(3_000),
        );
        (total(&taken, 0), taken.before)
    };
    assert_eq!(grown((0, 1_010), 50), (0, 0));
    assert_eq!(grown((0, 1_020), 57), (7, 0));
    assert_eq!(grown((0, 1_005), 48), (2, 0), "between it and the baseline");
    assert_eq!(grown((0, 990), 40), (0, 1), "who was here before may have counted it");
    assert_eq!(grown((1_000, 1_010), 4), (4, 0));
    // Without a start nobody knows since when.
    let mut unknown = point("b", (0, 1_010), 9);
    unknown.start_time_unix_nano = 0;
    let taken = counter.take(&batch(sum(Cumulative, vec![unknown])), &since, stamp(3_000));
    assert_eq!(total(&taken, 0), 0);
    // A delta that began before is passed over whole.
    let deltas = vec![point("c", (990, 1_010), 9), point("c", (1_010, 1_020), 1)];
    let taken = counter.take(&batch(sum(Delta, deltas)), &since, stamp(3_000));
    assert_eq!((total(&taken, 0), taken.before, taken.rejected()), (1, 1, 0));
}

#[test]
fn what_was_forgotten_is_not_counted_again() {
    let mut counter = Counter::default();
    let grown = |counter: &mut Counter, interval, value, seconds| {
        let data = sum(Cumulative, vec![point("a", interval, value)]);
        let taken = take(counter, data, stamp(seconds));
        (total(&taken, 0), counter.series())
    };
    assert_eq!(grown(&mut counter, (0, 10), 5, 20), (5, 1));
    assert_eq!(grown(&mut counter, (10, 20), 1, 20), (1, 2));
    // An hour without either, then one comes back with all that it had, and more.
    assert_eq!(grown(&mut counter, (0, 4_000), 9, 4_000), (0, 1));
    assert_eq!(grown(&mut counter, (0, 4_010), 11, 4_010), (2, 1));
    // The same with a delta: what is sent again is too old.
    let delta = || sum(Delta, vec![point("a", (0, 10), 5)]);
    assert_eq!(total(&take(&mut counter, delta(), stamp(3_000)), 0), 5);
    let again = take(&mut counter, delta(), stamp(8_000));
    assert_eq!(again.reasons, BTreeMap::from([(Reason::TooOld, 1)]));
    assert_eq!((total(&again, 0), counter.series()), (0, 0));
}

#[test]
fn a_selector_that_changed_does_not_count_anew_what_the_old_one_counted() {
    let mut counter = Counter::default();
    let grown = |counter: &mut Counter, since, value| {
        let selectors = [Selector { since: stamp(since), ..requests(COUNT) }];
        let data =
            sum(Cumulative, vec![point("a", (0, value), 5 * i64::try_from(value).expect("small"))]);
        total(&counter.take(&batch(data), &selectors, stamp(3_000)), 0)
    };
    assert_eq!(grown(&mut counter, 0, 100), 500);
    assert_eq!(grown(&mut counter, 150, 200), 0);
    assert_eq!(grown(&mut counter, 150, 210), 50);
}

#[test]
fn increments_belong_to_steps() {
    let mut counter = Counter::default();
    let data = sum(Delta, vec![point("a", (240, 360), 11), point("b", (0, 10), 1)]);
    let taken = take(&mut counter, data, stamp(600));
    let expect = BTreeMap::from([(stamp(0), 6), (stamp(300), 6)]);
    assert_eq!(taken.increments, [expect]);
    // Nothing is counted into steps of more than an hour ago, however long the interval.
    let data = sum(Delta, vec![point("c", (0, 7_000), 1_000)]);
    let taken = take(&mut counter, data, stamp(7_000));
    assert_eq!(total(&taken, 0), 1_000);
    assert_eq!(taken.increments[0].keys().next(), Some(&stamp(3_300)));
}

#[test]
fn clocks_may_be_a_little_wrong_and_not_more() {
    let mut counter = Counter::default();
    let mut reason = |interval: (u64, u64)| {
        let taken = take(&mut counter, sum(Delta, vec![point("a", interval, 1)]), stamp(4_000));
        assert_eq!(taken.rejected(), 1 - total(&taken, 0), "{interval:?}");
        assert_eq!(taken.refused[0], taken.reasons);
        taken.reasons.keys().next().copied()
    };
    assert_eq!(reason((4_290, 4_300)), None);
    assert_eq!(reason((4_300, 4_301)), Some(Reason::Ahead));
    assert_eq!(reason((390, 400)), None);
    assert_eq!(reason((380, 399)), Some(Reason::TooOld));
    assert_eq!(reason((4_000, 3_999)), Some(Reason::Backwards));
}

#[test]
fn points_without_a_value_are_passed_over() {
    let mut stale = point("a", (0, 20), 0);
    stale.flags = 1;
    let points = vec![point("a", (0, 10), 5), stale, point("a", (0, 30), 6)];
    let taken = take(&mut Counter::default(), sum(Cumulative, points), stamp(60));
    assert_eq!((total(&taken, 0), taken.rejected()), (6, 0));
}

#[test]
fn what_counts_no_events_is_refused_with_the_reason() {
    let falling = metric::Data::Sum(Sum {
        data_points: vec![point("a", (0, 1), 1), point("b", (0, 1), 1)],
        aggregation_temporality: Delta.into(),
        is_monotonic: false,
    });
    let neither = metric::Data::Sum(Sum {
        data_points: vec![point("a", (0, 1), 1)],
        aggregation_temporality: 0,
        is_monotonic: true,
    });
    let gauge = metric::Data::Gauge(Gauge { data_points: vec![point("a", (0, 1), 1)] });
    for (data, reason, points) in [
        (falling, Reason::MayFall, 2),
        (neither, Reason::NoTemporality, 1),
        (gauge, Reason::Gauge, 1),
        (sum(Delta, vec![point("a", (0, 1), -1)]), Reason::Negative, 1),
    ] {
        let taken = take(&mut Counter::default(), data, stamp(60));
        assert_eq!(taken.reasons, BTreeMap::from([(reason, points)]));
        assert_eq!(taken.rejected(), points);
    }
    let data = sum(Delta, vec![point("a", (0, 10), 1), point("a", (5, 15), 1)]);
    let taken = take(&mut Counter::default(), data, stamp(60));
    assert_eq!(taken.message(), "1 point: it overlaps another point of its series");
}

#[test]
fn conditions_are_on_resource_scope_and_point() {
    let with = |of, attribute: &str, is| Condition { of, attribute: attribute.to_owned(), is };
    let one = |value: &str| Is::OneOf(vec!["x".to_owned(), value.to_owned()]);
    let like = |text: &str| Is::Like(Pattern::new(text).expect("a pattern"));
    let mut number = point("a", (0, 10), 5);
    number.attributes = vec![
        attribute("status", Value::IntValue(503)),
        attribute("cached", Value::BoolValue(true)),
        attribute("ratio", Value::DoubleValue(0.5)),
        attribute("blob", Value::BytesValue(b"x".to_vec())),
        text("route", "/pay"),
    ];
    let data = sum(Delta, vec![number]);
    for (condition, expect) in [
        (with(Of::Resource, "service.name", one("shop")), 5),
        (with(Of::Resource, "service.name", one("other")), 0),
        (with(Of::Point, "service.name", one("shop")), 0),
        (with(Of::Scope, "otel.scope.name", one("checkout")), 5),
        (with(Of::Scope, "otel.scope.version", like("1\\..*")), 5),
        (with(Of::Scope, "otel.scope.version", like("2\\..*")), 0),
        (with(Of::Point, "status", one("503")), 5),
        (with(Of::Point, "status", like("5..")), 5),
        (with(Of::Point, "status", like("5.")), 0),
        (with(Of::Point, "cached", one("true")), 5),
        (with(Of::Point, "ratio", one("0.5")), 5),
        (with(Of::Point, "blob", like(".*")), 0),
        (with(Of::Point, "none", like(".*")), 0),
        (with(Of::Point, "route", like("/p.*|/q")), 5),
    ] {
        let selector = Selector { conditions: vec![condition.clone()], ..requests(COUNT) };
        let both = Selector {
            conditions: vec![condition.clone(), with(Of::Point, "route", one("/other"))],
            ..requests(COUNT)
        };
        let taken = Counter::default().take(&batch(data.clone()), &[selector, both], stamp(60));
        assert_eq!((total(&taken, 0), total(&taken, 1)), (expect, 0), "{condition:?}");
        assert_eq!(taken.rejected(), 0);
    }
    let other = Selector { metric: "other".to_owned(), ..requests(COUNT) };
    let taken = Counter::default().take(&batch(data), &[other], stamp(60));
    assert_eq!(total(&taken, 0), 0);
}

#[test]
fn selectors_count_for_themselves_and_equal_ones_alike() {
    let mut counter = Counter::default();
    let data = || sum(Delta, vec![point("a", (0, 10), 5)]);
    let (count, all) = (requests(COUNT), requests(What::Sum));
    let taken =
        counter.take(&batch(data()), &[count.clone(), all.clone(), count.clone()], stamp(60));
    assert_eq!([0, 1, 2].map(|at| total(&taken, at)), [5, 5_000_000, 5]);
    assert_eq!(taken.repeated, 0, "none is counted against the other");
    // In another order they are still who they were.
    let taken = counter.take(&batch(data()), &[all, count], stamp(60));
    assert_eq!([0, 1].map(|at| total(&taken, at)), [0, 0]);
    assert_eq!(taken.repeated, 1);
    assert!(taken.seen.iter().all(|seen| *seen), "what did not grow was seen: {taken:?}");
}

fn histogram(interval: (u64, u64), counts: [u64; 3]) -> metric::Data {
    let data_points = vec![HistogramDataPoint {
        start_time_unix_nano: at(interval.0),
        time_unix_nano: at(interval.1),
        count: counts.iter().sum(),
        sum: Some(1.5),
        bucket_counts: counts.to_vec(),
        explicit_bounds: vec![0.1, 0.3],
        ..HistogramDataPoint::default()
    }];
    metric::Data::Histogram(Histogram { data_points, aggregation_temporality: Cumulative.into() })
}

#[test]
fn good_events_are_those_at_or_below_a_bound() {
    let mut counter = Counter::default();
    let selectors = [
        requests(COUNT),
        requests(What::AtMost(0.3)),
        requests(What::Sum),
        requests(What::AtMost(0.2)),
    ];
    let taken = counter.take(&batch(histogram((0, 10), [1, 2, 3])), &selectors, stamp(60));
    assert_eq!([0, 1, 2, 3].map(|at| total(&taken, at)), [6, 3, 1_500_000, 0]);
    assert_eq!(taken.refused[3], BTreeMap::from([(Reason::NoBound, 1)]));
    assert!(taken.refused[..3].iter().all(BTreeMap::is_empty));
    let taken = counter.take(&batch(histogram((0, 20), [1, 5, 9])), &selectors, stamp(60));
    assert_eq!([0, 1, 2, 3].map(|at| total(&taken, at)), [9, 3, 0, 0]);
}

fn exponential(end: u64, scale: i32, counts: &[u64]) -> metric::Data {
    let data_points = vec![ExponentialHistogramDataPoint {
        start_time_unix_nano: at(0),
        time_unix_nano: at(end),
        count: counts.iter().sum(),
        scale,
        positive: Some(Buckets { offset: 0, bucket_counts: counts.to_vec() }),
        ..ExponentialHistogramDataPoint::default()
    }];
    metric::Data::ExponentialHistogram(ExponentialHistogram {
        data_points,
        aggregation_temporality: Cumulative.into(),
    })
}

#[test]
fn an_exponential_histogram_is_counted_up_to_its_nearest_boundary() {
    let mut counter = Counter::default();
    let selectors = [requests(What::AtMost(2.05)), requests(COUNT)];
    let mut grown = |data| {
        let taken = counter.take(&batch(data), &selectors, stamp(60));
        let reason = taken.refused[0].keys().next().copied();
        (total(&taken, 0), total(&taken, 1), reason)
    };
    // At scale 1 the buckets end at 1.41, 2, 2.83, 4; at scale 0 at 2, 4; at scale 5 one ends at 2.04.
    assert_eq!(grown(exponential(10, 1, &[1, 2, 3, 4])), (3, 10, None));
    assert_eq!(grown(exponential(20, 0, &[5, 7])), (2, 2, None));
    let moved = Some(Reason::BoundaryMoved);
    assert_eq!(grown(exponential(30, 5, &[1; 64])), (0, 52, moved));
    assert_eq!(grown(exponential(40, 5, &[2; 64])), (33, 64, None));
    assert_eq!(grown(exponential(50, -1, &[200])), (0, 72, Some(Reason::TooCoarse)));
}

#[test]
fn a_summary_counts_its_samples() {
    let data_points = vec![SummaryDataPoint {
        start_time_unix_nano: at(0),
        time_unix_nano: at(10),
        count: 4,
        sum: 2.0,
        ..SummaryDataPoint::default()
    }];
    let data = metric::Data::Summary(Summary { data_points });
    let selectors = [requests(COUNT), requests(What::Sum), requests(What::AtMost(1.0))];
    let taken = Counter::default().take(&batch(data), &selectors, stamp(60));
    assert_eq!([0, 1, 2].map(|at| total(&taken, at)), [4, 2_000_000, 0]);
    assert_eq!(taken.refused[2], BTreeMap::from([(Reason::NoBuckets, 1)]));
    assert_eq!(taken.rejected(), 1);
}

#[test]
fn too_many_series_are_said_and_make_room_again() {
    let series = |from: u64, to: u64, end| {
        let points = (from..to).map(|n| point(&n.to_string(), (end - 10, end), 1)).collect();
        sum(Delta, points)
    };
    for bounds in
        [Bounds { per_selector: 10, in_total: 99 }, Bounds { per_selector: 99, in_total: 10 }]
    {
        let mut counter = Counter::new(bounds);
        let taken = take(&mut counter, series(0, 15, 10), stamp(60));
        assert_eq!((total(&taken, 0), counter.series()), (10, 10));
        assert_eq!(taken.message(), "5 points: too many series, have fewer attributes");
        // Those that are known go on.
        let taken = take(&mut counter, series(0, 15, 20), stamp(60));
        assert_eq!((total(&taken, 0), taken.rejected()), (10, 5));
        let taken = take(&mut counter, series(5, 15, 4_000), stamp(4_000));
        assert_eq!((total(&taken, 0), taken.rejected(), counter.series()), (10, 0, 10));
    }
}
