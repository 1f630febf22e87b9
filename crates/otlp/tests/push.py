"""Pushes what the tests expect, with OpenTelemetry's own SDK: push.py ENDPOINT delta|cumulative none|gzip"""

import sys

from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.sdk.metrics import Counter, Histogram, MeterProvider
from opentelemetry.sdk.metrics.export import AggregationTemporality, PeriodicExportingMetricReader
from opentelemetry.sdk.metrics.view import ExponentialBucketHistogramAggregation, View
from opentelemetry.sdk.resources import Resource

endpoint, temporality, compression = sys.argv[1:]
temporality = {
    "delta": AggregationTemporality.DELTA,
    "cumulative": AggregationTemporality.CUMULATIVE,
}[temporality]
exporter = OTLPMetricExporter(
    endpoint=endpoint,
    compression={"none": Compression.NoCompression, "gzip": Compression.Gzip}[compression],
    preferred_temporality={Counter: temporality, Histogram: temporality},
)
reader = PeriodicExportingMetricReader(exporter, export_interval_millis=600_000)
views = [View(instrument_name="work", aggregation=ExponentialBucketHistogramAggregation())]
provider = MeterProvider(
    resource=Resource.create({"service.name": "shop"}), metric_readers=[reader], views=views
)
meter = provider.get_meter("checkout", "1.2.3")
requests = meter.create_counter("requests")
duration = meter.create_histogram(
    "duration", unit="s", explicit_bucket_boundaries_advisory=[0.1, 0.3, 1.0]
)
work = meter.create_histogram("work", unit="s")
meter.create_gauge("queue").set(7)

for push in range(3):
    for number in range(10):
        requests.add(1, {"status": 503 if number == 9 else 200, "route": "/pay"})
        duration.record((0.05, 0.3, 0.9, 5.0)[number % 4])
        work.record((0.05, 0.3, 0.9, 5.0)[number % 4])
    provider.force_flush()
provider.shutdown()
