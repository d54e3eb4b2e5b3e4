"""Collectors tell what they counted through a real Redis protocol; restarts and silence are told apart."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from redis.asyncio import Redis

from app.collector.losses import Losses
from app.collector.metrics import HitCounters
from app.collector.rate_exchange import connect
from app.collector.reports import KEEP_SECONDS, REPORTS, Reporter
from app.collector.spool import Spool
from app.success.reported import are_all_heard, collectors_of, latency_of, reports_of
from tests.fixtures.valkey import Valkey

NOW = 1_768_478_400.0  # noon, 15 January 2026


@pytest.fixture
async def redis(valkey: Valkey) -> AsyncIterator[Redis]:
    client = connect(valkey.url)
    await client.delete(REPORTS)
    yield client
    await client.aclose()


def reporter(redis: Redis, name: str, recorded: int, *, at: float = NOW, seconds: float = 0.002) -> Reporter:
    counters = HitCounters()
    counters.recorded = recorded
    for _ in range(recorded):
        counters.observe(seconds)
    return Reporter(redis, counters, collector=name, waiting_bytes=lambda: 7, clock=lambda: at)


def moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


async def test_counters_of_a_restarted_collector_add_up(redis: Redis) -> None:
    await reporter(redis, "one", 5, at=NOW - 100).report(is_final=True)
    again = reporter(redis, "one", 3)
    await again.report()
    await again.report()  # a report replaces the one before of its run
    await reporter(redis, "two", 4).report()
    reports = await reports_of(redis)
    assert sum(report.recorded for report in reports) == 12
    assert [(it.name, it.state) for it in collectors_of(reports, moment(NOW + 1))] == [
        ("one", "reporting"),
        ("two", "reporting"),
    ]
    assert are_all_heard(reports, moment(NOW + 1))


async def test_a_run_that_ended_without_a_word_is_seen(redis: Redis) -> None:
    await reporter(redis, "one", 5, at=NOW - 100).report()
    await reporter(redis, "one", 3).report()
    await reporter(redis, "two", 3, at=NOW - 31).report()
    await reporter(redis, "three", 3, at=NOW - 500).report(is_final=True)
    reports = await reports_of(redis)
    assert [(it.name, it.state) for it in collectors_of(reports, moment(NOW))] == [
        ("one", "reporting"),
        ("three", "stopped"),
        ("two", "silent"),
    ]
    assert not are_all_heard(reports, moment(NOW))


async def test_percentiles_are_those_of_all_collectors_together(redis: Redis) -> None:
    await reporter(redis, "fast", 95, seconds=0.001).report()
    await reporter(redis, "slow", 5, seconds=0.2).report()
    found = latency_of(await reports_of(redis), is_operator=True)
    assert found is not None
    assert (found.requests, found.within_target) == (100, 95.0)
    assert found.p50_ms is not None and 0.5 <= found.p50_ms <= 1
    assert found.p99_ms is not None and 100 <= found.p99_ms <= 250
    hidden = latency_of(await reports_of(redis), is_operator=False)
    assert hidden is not None and hidden.requests is None


async def test_runs_of_long_ago_and_of_other_versions_are_forgotten(redis: Redis) -> None:
    await reporter(redis, "old", 1, at=NOW - KEEP_SECONDS - 1).report()
    await redis.hset(REPORTS, "other/version", b'{"x": 1}')
    assert [it.collector for it in await reports_of(redis)] == ["old"]
    await reporter(redis, "new", 1).forget_old()
    assert await redis.hgetall(REPORTS) == {}


async def test_without_redis_nothing_is_reported() -> None:
    client = connect("redis://127.0.0.1:1/0")
    assert await reports_of(client) == []
    assert latency_of([], is_operator=True) is None
    await client.aclose()


async def test_a_collector_that_loses_hits_says_so_until_it_keeps_them_or_ends(redis: Redis, tmp_path: Path) -> None:
    spool = Spool(tmp_path, source="one")
    losses = Losses(spool, clock=lambda: NOW - 60)
    counters = HitCounters()
    told = Reporter(redis, counters, collector="one", waiting_bytes=lambda: 7, losses=losses, clock=lambda: NOW)
    losses.count(5, "the disk of /spool is full")
    await told.report()
    [state] = collectors_of(await reports_of(redis), moment(NOW))
    assert state.losing is not None
    assert (state.losing.since, state.losing.hits, state.losing.why) == (
        moment(NOW - 60),
        5,
        "the disk of /spool is full",
    )
    await told.report(is_final=True)
    [state] = collectors_of(await reports_of(redis), moment(NOW))
    assert state.losing is None
    spool.close()


async def test_a_report_of_a_version_that_knew_of_no_losses_is_read(redis: Redis) -> None:
    await reporter(redis, "one", 5).report()
    [(field, value)] = (await redis.hgetall(REPORTS)).items()
    known = {name: it for name, it in orjson.loads(value).items() if not name.startswith("losing")}
    await redis.hset(REPORTS, field, orjson.dumps(known))
    await reporter(redis, "one", 3).forget_old()
    assert [report.recorded for report in await reports_of(redis)] == [5]
