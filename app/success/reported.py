"""What the collectors say of themselves, put together. Pure but for the one read of Redis."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.collector.reports import REPORTS, Report, read_report
from app.metrics import PIXEL_BUCKETS_SECONDS
from app.success.latency import percentile_ms, share_within
from app.success.schemas import CollectorState, Latency, Losing

SILENT_AFTER_SECONDS = 30
TARGET_MS = 50
"""The customer's floor (SPEC H20)."""


async def reports_of(redis: Redis) -> list[Report]:
    """Return the last report of every run; none while Redis is away."""
    try:
        found = await redis.hgetall(REPORTS)
    except (RedisError, OSError, TimeoutError):
        return []
    known = (read_report(value) for value in found.values())
    return [report for report in known if report is not None]


def began(reports: Sequence[Report]) -> datetime:
    """Return when the earliest run began."""
    return datetime.fromtimestamp(min(report.started_at for report in reports), UTC)


async def beginnings(redis: Redis) -> list[int]:
    """Return when each run began that is remembered, in milliseconds since the epoch; none while Redis is away."""
    return [first_id(began([report])).int >> 80 for report in await reports_of(redis)]


def first_id(moment: datetime) -> UUID:
    """Return the smallest UUIDv7 of a moment: 48 bits of milliseconds stand in front."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)


def collectors_of(reports: Sequence[Report], now: datetime) -> list[CollectorState]:
    """Return each collector by its newest report, in the order of their names."""
    newest = {report.collector: report for report in sorted(reports, key=lambda report: report.at)}
    return [
        CollectorState(
            name=name,
            state="stopped" if report.is_final else "silent" if _is_silent(report, now) else "reporting",
            last_reported_at=datetime.fromtimestamp(report.at, UTC),
            losing=_losing(report),
        )
        for name, report in sorted(newest.items())
    ]


def are_all_heard(reports: Sequence[Report], now: datetime) -> bool:
    """Tell whether every run that ended said so, and every other was heard of just now."""
    return not any(not report.is_final and _is_silent(report, now) for report in reports)


def latency_of(reports: Sequence[Report], *, is_operator: bool) -> Latency | None:
    """Return the percentiles over all runs, or None before the first pixel. Volumes are for the operator only."""
    same = [
        report.latency_buckets for report in reports if len(report.latency_buckets) == len(PIXEL_BUCKETS_SECONDS) + 1
    ]
    counts = [sum(column) for column in zip(*same, strict=True)]
    within = share_within(PIXEL_BUCKETS_SECONDS, counts, TARGET_MS / 1000)
    if within is None:
        return None
    return Latency(
        since=began(reports),
        requests=sum(counts) if is_operator else None,
        p50_ms=_shown(percentile_ms(PIXEL_BUCKETS_SECONDS, counts, 0.50)),
        p95_ms=_shown(percentile_ms(PIXEL_BUCKETS_SECONDS, counts, 0.95)),
        p99_ms=_shown(percentile_ms(PIXEL_BUCKETS_SECONDS, counts, 0.99)),
        target_ms=TARGET_MS,
        within_target=int(within * 10_000) / 100,  # rounded down: 100 % is said only of all
    )


def _is_silent(report: Report, now: datetime) -> bool:
    return now.timestamp() - report.at > SILENT_AFTER_SECONDS


def _losing(report: Report) -> Losing | None:
    if report.losing_since is None or report.is_final:
        return None
    return Losing(
        since=datetime.fromtimestamp(report.losing_since, UTC), hits=report.losing_hits, why=report.losing_why
    )


def _shown(milliseconds: float | None) -> float | None:
    return None if milliseconds in (None, float("inf")) else round(milliseconds or 0, 2)
