"""What the collector counts, kept as plain integers for the hot path and handed to Prometheus on request."""

from bisect import bisect_left
from collections.abc import Iterable

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from app.collector.forwarder import Forwarder
from app.collector.hit import HitMaker
from app.collector.spool import Spool

LATENCY_BOUNDS = (0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1.0)
"""Upper bounds of the latency histogram in seconds; 5 ms is our target at half load, 50 ms the customer's floor."""


class HitCounters:
    """One counter for each way a pixel request can end."""

    __slots__ = ("latency_buckets", "latency_sum", "lost", "malformed", "recorded")

    def __init__(self) -> None:
        self.recorded = 0
        """Answered after their group commit."""
        self.malformed = 0
        """Answered, but the token cannot be one of ours; not recorded."""
        self.lost = 0
        """Answered, but disk or quota were full; not recorded."""
        self.latency_buckets = [0] * (len(LATENCY_BOUNDS) + 1)
        self.latency_sum = 0.0

    def observe(self, seconds: float) -> None:
        """Count one pixel's time from the request's arrival in Python to its answer."""
        self.latency_buckets[bisect_left(LATENCY_BOUNDS, seconds)] += 1
        self.latency_sum += seconds


class CollectorMetrics(Collector):
    """Exposes the counters and the state of spool and forwarder."""

    def __init__(self, counters: HitCounters, spool: Spool, forwarder: Forwarder, hits: HitMaker) -> None:
        self._counters, self._spool, self._forwarder, self._hits = counters, spool, forwarder, hits

    def collect(self) -> Iterable[Metric]:
        """Yield the present values."""
        hits = CounterMetricFamily("heliograph_pixel_requests", "Pixel requests by outcome", labels=["outcome"])
        for outcome in ("recorded", "malformed", "lost"):
            hits.add_metric([outcome], getattr(self._counters, outcome))
        yield hits
        yield CounterMetricFamily(
            "heliograph_over_limit_hits",
            "Hits beyond the limit of their address and token",
            value=self._hits.over_limit,
        )
        yield self._latency()
        yield CounterMetricFamily(
            "heliograph_spool_sent_events", "Hits acknowledged by Kafka", value=self._forwarder.sent_events
        )
        yield CounterMetricFamily(
            "heliograph_spool_resent_frames", "Frames sent again", value=self._forwarder.backlog.resent_frames
        )
        yield CounterMetricFamily(
            "heliograph_spool_damaged_bytes",
            "Spool bytes skipped as damaged",
            value=self._forwarder.backlog.damaged_bytes,
        )
        yield GaugeMetricFamily("heliograph_spool_bytes", "Bytes of the spool", value=self._spool.total_bytes)
        yield GaugeMetricFamily(
            "heliograph_spool_unconfirmed_bytes",
            "Bytes the store has not confirmed",
            value=self._spool.unconfirmed_bytes(),
        )

    def _latency(self) -> Metric:
        buckets: list[tuple[str, float]] = []
        total = 0
        for bound, count in zip([*map(str, LATENCY_BOUNDS), "+Inf"], self._counters.latency_buckets, strict=True):
            total += count
            buckets.append((bound, total))
        family = HistogramMetricFamily("heliograph_pixel_seconds", "Time from request to answer of a pixel")
        family.add_metric([], buckets, self._counters.latency_sum)
        return family
