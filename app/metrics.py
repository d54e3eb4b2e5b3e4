"""Prometheus metrics: the one list of every name, kind, label and text, and what makes the library's objects of it.

`docs/metrics.md` is generated from the list. A name that is not in it raises `KeyError` where a process starts, and a
test finds metrics that are made without it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

LATENCY_BUCKETS_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
"""Buckets of the API's latency histogram; 0.05 s is the customer's floor, so it must be a boundary."""
PIXEL_BUCKETS_SECONDS = (0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1.0)
"""Buckets of the pixel's latency; 5 ms is our target at half load, 50 ms the customer's floor."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric. Counters are exposed as `<name>_total`; units stand in the name."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    text: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()

    @property
    def exposed_as(self) -> str:
        """The name a query of Prometheus uses."""
        return f"{self.name}_total" if self.kind == "counter" else self.name


COLLECTOR = (
    Metric("heliograph_pixel_requests", "counter", "Pixel requests by outcome", ("outcome",)),
    Metric("heliograph_hits_being_lost", "gauge", "1 while hits are answered and not kept"),
    Metric("heliograph_over_limit_hits", "counter", "Hits beyond the limit of their address and token"),
    Metric(
        "heliograph_pixel_seconds",
        "histogram",
        "Time from request to answer of a pixel",
        buckets=PIXEL_BUCKETS_SECONDS,
    ),
    Metric("heliograph_spool_sent_events", "counter", "Hits acknowledged by Kafka"),
    Metric("heliograph_spool_resent_frames", "counter", "Frames sent again"),
    Metric("heliograph_spool_damaged_bytes", "counter", "Spool bytes skipped as damaged"),
    Metric("heliograph_spool_bytes", "gauge", "Bytes of the spool"),
    Metric("heliograph_spool_unconfirmed_bytes", "gauge", "Bytes the store has not confirmed"),
)
WORKER = (
    Metric("heliograph_enriched_events", "counter", "Events that passed enrichment"),
    Metric("heliograph_stored_events", "counter", "Events inserted and acknowledged"),
    Metric("heliograph_duplicate_events", "counter", "Events left out because their id was stored already"),
    Metric("heliograph_stored_blocks", "counter", "Blocks inserted"),
    Metric("heliograph_repeated_blocks", "counter", "Blocks formed again after a crash"),
    Metric("heliograph_repaired_blocks", "counter", "Blocks of an ended life of the broker, repaired from the log"),
    Metric("heliograph_drops", "counter", "Events ended for an expected reason", ("reason",)),
    Metric("heliograph_dead_letters", "counter", "Records that could not be parsed", ("stage",)),
    Metric("heliograph_behaviour_runs", "counter", "Looks across hits that were made to their end"),
    Metric("heliograph_behaviour_seconds", "gauge", "How long the last look across hits took"),
    Metric(
        "heliograph_reclassified_visitors", "counter", "Visitors that rules across hits found to be machines", ("rule",)
    ),
    Metric("heliograph_consumer_lag", "gauge", "Records not yet acknowledged", ("partition",)),
    Metric("heliograph_waiting_partitions", "gauge", "Partitions that wait for a repair or for the group"),
    Metric("heliograph_service_away", "gauge", "1 while the worker waits for a service", ("service",)),
    Metric(
        "heliograph_step_seconds",
        "counter",
        "Time in one step of a flow, of the frames or blocks that were timed",
        ("flow", "step"),
    ),
    Metric(
        "heliograph_step_events",
        "counter",
        "Events whose step was timed; the step's seconds divided by them are its time per event",
        ("flow", "step"),
    ),
)
API = (
    Metric(
        "heliograph_http_request_seconds",
        "histogram",
        "Time to the start of the answer; the route is its pattern",
        ("method", "route", "status"),
        LATENCY_BUCKETS_SECONDS,
    ),
    Metric("heliograph_live_clients", "gauge", "Connected live clients"),
    Metric("heliograph_live_updates", "counter", "Updates queued for live clients"),
    Metric("heliograph_live_resyncs", "counter", "Times a client was too slow"),
    Metric("heliograph_live_degraded", "gauge", "1 while Redis is away and topics are polled"),
)
BY_PROCESS = {"collector": COLLECTOR, "worker": WORKER, "api": API}
_BY_NAME = {metric.name: metric for metrics in BY_PROCESS.values() for metric in metrics}


def counter(name: str, registry: CollectorRegistry) -> Counter:
    """Register a counter of the list and return it."""
    metric = _listed(name, "counter")
    return Counter(metric.name, metric.text, metric.labels, registry=registry)


def gauge(name: str, registry: CollectorRegistry) -> Gauge:
    """Register a gauge of the list and return it."""
    metric = _listed(name, "gauge")
    return Gauge(metric.name, metric.text, metric.labels, registry=registry)


def histogram(name: str, registry: CollectorRegistry) -> Histogram:
    """Register a histogram of the list and return it."""
    metric = _listed(name, "histogram")
    return Histogram(metric.name, metric.text, metric.labels, buckets=metric.buckets, registry=registry)


def counter_family(name: str, values: float | Iterable[tuple[tuple[str, ...], float]]) -> CounterMetricFamily:
    """Return the present value of a counter that is kept elsewhere, or its values as (labels, value) pairs."""
    metric = _listed(name, "counter")
    family = CounterMetricFamily(metric.name, metric.text, labels=metric.labels)
    for labels, value in _labelled(values):
        family.add_metric(labels, value)
    return family


def gauge_family(name: str, values: float | Iterable[tuple[tuple[str, ...], float]]) -> GaugeMetricFamily:
    """Return the present value of a gauge that is kept elsewhere, or its values as (labels, value) pairs."""
    metric = _listed(name, "gauge")
    family = GaugeMetricFamily(metric.name, metric.text, labels=metric.labels)
    for labels, value in _labelled(values):
        family.add_metric(labels, value)
    return family


def histogram_family(name: str, counts: Iterable[int], total_seconds: float) -> HistogramMetricFamily:
    """Return a histogram without labels whose counts, one for each bucket and the one above all, are kept elsewhere."""
    metric = _listed(name, "histogram")
    below, buckets = 0, []
    for bound, count in zip([*map(str, metric.buckets), "+Inf"], counts, strict=True):
        below += count
        buckets.append((bound, below))
    family = HistogramMetricFamily(metric.name, metric.text)
    family.add_metric([], buckets, total_seconds)
    return family


def _listed(name: str, kind: str) -> Metric:
    metric = _BY_NAME[name]
    if metric.kind != kind:
        raise KeyError(f"{name} is listed as a {metric.kind}, not as a {kind}")
    return metric


def _labelled(values: float | Iterable[tuple[tuple[str, ...], float]]) -> Iterable[tuple[tuple[str, ...], float]]:
    return [((), values)] if isinstance(values, int | float) else values
