//! What one push brought, and its points whatever their type.

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value as Number;
use opentelemetry_proto::tonic::metrics::v1::{
    AggregationTemporality, DataPointFlags, ExponentialHistogramDataPoint, HistogramDataPoint,
    NumberDataPoint, SummaryDataPoint, metric,
};

use crate::taken::Reason;

/// What one push brought.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    pub(crate) request: ExportMetricsServiceRequest,
}

impl Batch {
    /// How many points there are, of whatever metric.
    #[must_use]
    pub fn points(&self) -> usize {
        let resources = self.request.resource_metrics.iter();
        let scopes = resources.flat_map(|resource| &resource.scope_metrics);
        let metrics = scopes.flat_map(|scope| &scope.metrics);
        metrics.filter_map(|metric| metric.data.as_ref()).map(count).sum()
    }
}

/// How many points a metric has.
pub(crate) fn count(data: &metric::Data) -> usize {
    match data {
        metric::Data::Gauge(gauge) => gauge.data_points.len(),
        metric::Data::Sum(sum) => sum.data_points.len(),
        metric::Data::Histogram(histogram) => histogram.data_points.len(),
        metric::Data::ExponentialHistogram(histogram) => histogram.data_points.len(),
        metric::Data::Summary(summary) => summary.data_points.len(),
    }
}

/// What the amounts of points mean (Metrics Data Model, "Temporality").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Temporality {
    /// What came since the last point.
    Delta,
    /// What came since the start.
    Cumulative,
}

/// One point.
#[derive(Clone, Copy)]
pub(crate) struct Point<'b> {
    pub(crate) attributes: &'b [KeyValue],
    /// Nanoseconds since 1970; 0 where it is not known.
    pub(crate) start: u64,
    /// Nanoseconds since 1970.
    pub(crate) time: u64,
    /// Whether it says that there is no value (Metrics Data Model, "Stale"): the series is alive, and that is all.
    pub(crate) empty: bool,
    pub(crate) value: Value<'b>,
}

#[derive(Clone, Copy)]
pub(crate) enum Value<'b> {
    Number(Option<Number>),
    Histogram(&'b HistogramDataPoint),
    Exponential(&'b ExponentialHistogramDataPoint),
    Summary(&'b SummaryDataPoint),
}

/// The points of a metric and what they mean; a reason when they cannot be counted.
pub(crate) fn points(data: &metric::Data) -> Result<(Temporality, Vec<Point<'_>>), Reason> {
    Ok(match data {
        metric::Data::Gauge(_) => return Err(Reason::Gauge),
        metric::Data::Sum(sum) if !sum.is_monotonic => return Err(Reason::MayFall),
        metric::Data::Sum(sum) => {
            let points = sum.data_points.iter().map(Point::from).collect();
            (temporality(sum.aggregation_temporality)?, points)
        }
        metric::Data::Histogram(histogram) => {
            let points = histogram.data_points.iter().map(Point::from).collect();
            (temporality(histogram.aggregation_temporality)?, points)
        }
        metric::Data::ExponentialHistogram(histogram) => {
            let points = histogram.data_points.iter().map(Point::from).collect();
            (temporality(histogram.aggregation_temporality)?, points)
        }
        // A summary has no temporality; its counts are since the start (`metrics.proto`, `SummaryDataPoint`).
        metric::Data::Summary(summary) => {
            (Temporality::Cumulative, summary.data_points.iter().map(Point::from).collect())
        }
    })
}

fn temporality(number: i32) -> Result<Temporality, Reason> {
    match AggregationTemporality::try_from(number) {
        Ok(AggregationTemporality::Delta) => Ok(Temporality::Delta),
        Ok(AggregationTemporality::Cumulative) => Ok(Temporality::Cumulative),
        Ok(AggregationTemporality::Unspecified) | Err(_) => Err(Reason::NoTemporality),
    }
}

fn is_empty(flags: u32) -> bool {
    flags & DataPointFlags::NoRecordedValueMask as u32 != 0
}

impl<'b> From<&'b NumberDataPoint> for Point<'b> {
    fn from(point: &'b NumberDataPoint) -> Self {
        Self {
            attributes: &point.attributes,
            start: point.start_time_unix_nano,
            time: point.time_unix_nano,
            empty: is_empty(point.flags),
            value: Value::Number(point.value),
        }
    }
}

impl<'b> From<&'b HistogramDataPoint> for Point<'b> {
    fn from(point: &'b HistogramDataPoint) -> Self {
        Self {
            attributes: &point.attributes,
            start: point.start_time_unix_nano,
            time: point.time_unix_nano,
            empty: is_empty(point.flags),
            value: Value::Histogram(point),
        }
    }
}

impl<'b> From<&'b ExponentialHistogramDataPoint> for Point<'b> {
    fn from(point: &'b ExponentialHistogramDataPoint) -> Self {
        Self {
            attributes: &point.attributes,
            start: point.start_time_unix_nano,
            time: point.time_unix_nano,
            empty: is_empty(point.flags),
            value: Value::Exponential(point),
        }
    }
}

impl<'b> From<&'b SummaryDataPoint> for Point<'b> {
    fn from(point: &'b SummaryDataPoint) -> Self {
        Self {
            attributes: &point.attributes,
            start: point.start_time_unix_nano,
            time: point.time_unix_nano,
            empty: is_empty(point.flags),
            value: Value::Summary(point),
        }
    }
}
