//! Batches in few words.

use jiff::Timestamp;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::common::v1::{
    AnyValue, InstrumentationScope, KeyValue, any_value::Value,
};
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value as Number;
use opentelemetry_proto::tonic::metrics::v1::{
    AggregationTemporality, Metric, NumberDataPoint, ResourceMetrics, ScopeMetrics, Sum, metric,
};
use opentelemetry_proto::tonic::resource::v1::Resource;
use otlp::{Batch, Limits, Selector, Taken, What, decode};
use prost::Message as _;

pub(crate) use AggregationTemporality::{Cumulative, Delta};

/// The tests' beginning: seconds count from here. A step begins there.
pub(crate) const BEGIN: u64 = 1_798_761_600;

/// Seconds after the beginning in nanoseconds since 1970.
pub(crate) fn at(seconds: u64) -> u64 {
    (BEGIN + seconds) * 1_000_000_000
}

pub(crate) fn stamp(seconds: u64) -> Timestamp {
    Timestamp::from_nanosecond(at(seconds).into()).expect("a moment")
}

pub(crate) fn text(key: &str, value: &str) -> KeyValue {
    attribute(key, Value::StringValue(value.to_owned()))
}

pub(crate) fn attribute(key: &str, value: Value) -> KeyValue {
    let value = Some(AnyValue { value: Some(value) });
    KeyValue { key: key.to_owned(), value, ..KeyValue::default() }
}

/// A point of a series, from second to second.
pub(crate) fn point(series: &str, (start, end): (u64, u64), value: i64) -> NumberDataPoint {
    NumberDataPoint {
        attributes: vec![text("series", series)],
        start_time_unix_nano: at(start),
        time_unix_nano: at(end),
        value: Some(Number::AsInt(value)),
        ..NumberDataPoint::default()
    }
}

pub(crate) fn sum(
    temporality: AggregationTemporality,
    points: Vec<NumberDataPoint>,
) -> metric::Data {
    metric::Data::Sum(Sum {
        data_points: points,
        aggregation_temporality: temporality.into(),
        is_monotonic: true,
    })
}

/// The metric `requests` of the service `shop`, measured by `checkout` 1.2.3.
pub(crate) fn request(data: metric::Data) -> ExportMetricsServiceRequest {
    let metric = Metric { name: "requests".to_owned(), data: Some(data), ..Metric::default() };
    let scope = InstrumentationScope {
        name: "checkout".to_owned(),
        version: "1.2.3".to_owned(),
        ..InstrumentationScope::default()
    };
    let scoped =
        ScopeMetrics { scope: Some(scope), metrics: vec![metric], ..ScopeMetrics::default() };
    let resource =
        Resource { attributes: vec![text("service.name", "shop")], ..Resource::default() };
    let resource_metrics = vec![ResourceMetrics {
        resource: Some(resource),
        scope_metrics: vec![scoped],
        ..Default::default()
    }];
    ExportMetricsServiceRequest { resource_metrics }
}

pub(crate) fn batch(data: metric::Data) -> Batch {
    let body = request(data).encode_to_vec();
    decode("application/x-protobuf", None, &body, Limits::default()).expect("a batch")
}

/// A selector of what there is, since the beginning.
pub(crate) fn requests(what: What) -> Selector {
    Selector { metric: "requests".to_owned(), conditions: Vec::new(), what, since: stamp(0) }
}

/// All that a selector grew by.
pub(crate) fn total(taken: &Taken, selector: usize) -> u64 {
    taken.increments[selector].values().sum()
}
