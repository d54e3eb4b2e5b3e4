"""What the collector counts, kept as plain integers for the hot path and handed to Prometheus on request."""

from bisect import bisect_left
from collections.abc import Iterable

from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from app.collector.forwarder import Forwarder
from app.collector.hit import HitMaker
from app.collector.losses import Losses
from app.collector.spool import Spool
from app.metrics import PIXEL_BUCKETS_SECONDS, counter_family, gauge_family, histogram_family


class HitCounters:
    """One counter for each way a pixel request can end."""

    __slots__ = ("latency_buckets", "latency_sum", "lost", "malformed", "recorded")

    def __init__(self) -> None:
        self.recorded = 0
        """Answered after their group commit."""
        self.malformed = 0
        """Answered, but the token cannot be one of ours; not recorded."""
        self.lost = 0
        """Answered, but disk or quota were full, or the disk failed; not recorded."""
        self.latency_buckets = [0] * (len(PIXEL_BUCKETS_SECONDS) + 1)
        self.latency_sum = 0.0

    def observe(self, seconds: float) -> None:
        """Count one pixel's time from the request's arrival in Python to its answer."""
        self.latency_buckets[bisect_left(PIXEL_BUCKETS_SECONDS, seconds)] += 1
        self.latency_sum += seconds


class CollectorMetrics(Collector):
    """Exposes the counters and the state of spool and forwarder."""

    def __init__(
        self,
        counters: HitCounters,
        spool: Spool,
        forwarder: Forwarder,
        hits: HitMaker,
        losses: Losses | None = None,
    ) -> None:
        self._counters, self._spool, self._forwarder, self._hits = counters, spool, forwarder, hits
        self._losses = losses

    def collect(self) -> Iterable[Metric]:
        """Yield the present values."""
        counters, backlog = self._counters, self._forwarder.backlog
        outcomes = ("recorded", "malformed", "lost")
        yield counter_family("heliograph_pixel_requests", [((name,), getattr(counters, name)) for name in outcomes])
        yield counter_family("heliograph_over_limit_hits", self._hits.over_limit)
        is_losing = self._losses is not None and self._losses.present is not None
        yield gauge_family("heliograph_hits_being_lost", is_losing)
        yield histogram_family("heliograph_pixel_seconds", counters.latency_buckets, counters.latency_sum)
        yield counter_family("heliograph_spool_sent_events", self._forwarder.sent_events)
        yield counter_family("heliograph_spool_resent_frames", backlog.resent_frames)
        yield counter_family("heliograph_spool_damaged_bytes", backlog.damaged_bytes)
        yield gauge_family("heliograph_spool_bytes", self._spool.total_bytes)
        yield gauge_family("heliograph_spool_unconfirmed_bytes", self._spool.unconfirmed_bytes())
