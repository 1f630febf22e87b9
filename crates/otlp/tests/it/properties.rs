//! What must always hold: the same events give the same totals however they come, and never more than were sent.

use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value as Number;
use opentelemetry_proto::tonic::metrics::v1::{AggregationTemporality, NumberDataPoint};
use otlp::{Counter, Selector, What};
use proptest::prelude::*;

use crate::scene::{Cumulative, Delta, batch, point, requests, stamp, sum, total};

/// Names of series.
const SERIES: [&str; 3] = ["a", "b", "c"];

/// Points of some series, and what they must add up to.
#[derive(Clone, Debug)]
struct Sent {
    temporality: AggregationTemporality,
    points: Vec<NumberDataPoint>,
    total: u64,
}

/// Seconds from the last point (or the gap before it), and how many events.
fn pieces(gaps: u64) -> impl Strategy<Value = Vec<Vec<(u64, u64, u16)>>> {
    let piece = (0u64..gaps, 1u64..60, any::<u16>());
    proptest::collection::vec(proptest::collection::vec(piece, 0..12), 1..=3)
}

fn deltas() -> impl Strategy<Value = Sent> {
    pieces(3).prop_map(|all| {
        let mut sent = Sent { temporality: Delta, points: Vec::new(), total: 0 };
        for (series, pieces) in SERIES.iter().zip(all) {
            let mut at = 1;
            for (gap, length, events) in pieces {
                let start = at + gap * 10;
                at = start + length;
                sent.points.push(point(series, (start, at), events.into()));
                sent.total += u64::from(events);
            }
        }
        sent
    })
}

/// Series that begin anew now and then; where the gap is 2, a new life begins after it.
fn cumulatives(gaps: u64) -> impl Strategy<Value = Sent> {
    pieces(gaps).prop_map(|all| {
        let mut sent = Sent { temporality: Cumulative, points: Vec::new(), total: 0 };
        for (series, pieces) in SERIES.iter().zip(all) {
            let (mut start, mut at, mut value) = (1, 1, 0);
            for (gap, length, events) in pieces {
                at += gap * 10;
                if gap == 2 {
                    (start, value) = (at, 0);
                }
                at += length;
                value += u64::from(events);
                sent.total += u64::from(events);
                let value = i64::try_from(value).expect("small");
                sent.points.push(point(series, (start, at), value));
            }
        }
        sent
    })
}

/// In any order, some twice, in batches of any size.
fn disturbed(sent: Sent) -> impl Strategy<Value = (Sent, Vec<Vec<NumberDataPoint>>)> {
    let twice = sent.points.iter().cloned().chain(sent.points.iter().cloned()).collect::<Vec<_>>();
    let length = sent.points.len();
    let kept = proptest::collection::vec(any::<bool>(), length);
    let sizes = proptest::collection::vec(1usize..9, 1..9);
    let shuffled = Just((0..twice.len()).collect::<Vec<_>>()).prop_shuffle();
    (Just(sent), kept, sizes, shuffled).prop_map(move |(sent, again, sizes, order)| {
        let order = order.into_iter().filter(|at| *at < length || again[*at - length]);
        let mut points: Vec<NumberDataPoint> = order.map(|at| twice[at].clone()).collect();
        let mut batches = Vec::new();
        for size in sizes.iter().cycle() {
            if points.is_empty() {
                break;
            }
            let rest = points.split_off((*size).min(points.len()));
            batches.push(std::mem::replace(&mut points, rest));
        }
        (sent, batches)
    })
}

/// What a counter makes of batches; it also holds the steps against the clock.
fn counted(
    temporality: AggregationTemporality,
    batches: &[Vec<NumberDataPoint>],
    selector: &Selector,
) -> u64 {
    let (mut counter, now) = (Counter::default(), stamp(3_000));
    batches
        .iter()
        .map(|points| {
            let batch = batch(sum(temporality, points.clone()));
            let taken = counter.take(&batch, std::slice::from_ref(selector), now);
            let (from, to) = (now.as_second() - 3_600 - 300, now.as_second() + 300);
            for step in taken.increments[0].keys() {
                assert!((from..=to).contains(&step.as_second()), "{step}");
                assert_eq!(step.as_second() % otlp::STEP, 0);
            }
            total(&taken, 0)
        })
        .sum()
}

proptest! {
    #[test]
    fn deltas_add_up_however_they_come((sent, batches) in deltas().prop_flat_map(disturbed)) {
        prop_assert_eq!(counted(sent.temporality, &batches, &requests(What::Count)), sent.total);
    }

    #[test]
    fn cumulatives_add_up_however_they_come((sent, batches) in cumulatives(3).prop_flat_map(disturbed)) {
        prop_assert_eq!(counted(sent.temporality, &batches, &requests(What::Count)), sent.total);
    }

    #[test]
    fn a_baseline_is_the_earliest_point_however_they_come((sent, batches) in cumulatives(2).prop_flat_map(disturbed)) {
        // Nobody knows when they began, so what counts is the difference of each series' outermost points.
        let unknown = |points: &[NumberDataPoint]| -> Vec<NumberDataPoint> {
            points.iter().map(|point| NumberDataPoint { start_time_unix_nano: 0, ..point.clone() }).collect()
        };
        let batches: Vec<Vec<NumberDataPoint>> = batches.iter().map(|points| unknown(points)).collect();
        let mut ends = std::collections::BTreeMap::<String, (i64, i64)>::new();
        for point in &sent.points {
            let Some(Number::AsInt(value)) = point.value else { continue };
            let end = ends.entry(format!("{:?}", point.attributes)).or_insert((value, value));
            *end = (end.0.min(value), end.1.max(value));
        }
        let expect: i64 = ends.values().map(|(least, most)| most - least).sum();
        let counted = counted(sent.temporality, &batches, &requests(What::Count));
        prop_assert_eq!(counted, u64::try_from(expect).expect("it rises"));
    }

    #[test]
    fn never_more_is_counted_than_was_sent(
        points in proptest::collection::vec((0usize..3, 0u64..9, 0u64..9, 0i64..1_000), 0..40),
        delta in any::<bool>(),
        since in 0u64..9,
    ) {
        let mut distinct: Vec<(usize, u64, u64, i64)> =
            points.iter().map(|(series, start, length, value)| (*series, *start, start + length, *value)).collect();
        let sent: Vec<NumberDataPoint> =
            distinct.iter().map(|(series, start, end, value)| point(SERIES[*series], (*start, *end), *value)).collect();
        // Of the same point sent with two values, either may count.
        distinct.sort_unstable_by_key(|(series, start, end, value)| (*series, *start, *end, -value));
        distinct.dedup_by_key(|(series, start, end, _)| (*series, *start, *end));
        let most: i64 = distinct.iter().map(|(.., value)| value).sum();
        let batches: Vec<Vec<NumberDataPoint>> = sent.chunks(3).map(<[_]>::to_vec).collect();
        let selector = Selector { since: stamp(since), ..requests(What::Count) };
        let temporality = if delta { Delta } else { Cumulative };
        let counted = counted(temporality, &batches, &selector);
        prop_assert!(counted <= u64::try_from(most).expect("positive"), "{} of {}", counted, most);
    }
}
