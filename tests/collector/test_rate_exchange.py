"""Two collectors limit together through a real Redis protocol, and each for itself without."""

import asyncio
import contextlib
from pathlib import Path

import orjson
import redis as blocking_redis

from app.collector.hit import HitMaker
from app.collector.rate_exchange import RateExchange, connect
from app.collector.rate_limit import RateLimiter
from app.collector.salts import Salts
from tests.fixtures.valkey import Valkey

ADDRESS, TOKEN, LIMIT = "203.0.113.77", "t" * 24, 20
NOON_NS = 1_763_769_600_000_000_000


class Collector:
    """What makes lines, with a limiter that exchanges; all collectors share one file of salts, as they share days."""

    def __init__(self, folder: Path, url: str) -> None:
        salts = Salts(folder / "salts.json")
        self.limiter = RateLimiter(LIMIT)
        self.hits = HitMaker(salts, limiter=self.limiter, clock_ns=lambda: NOON_NS)
        self.redis = connect(url)
        self.exchange = RateExchange(self.limiter, self.redis, salts, every_seconds=0.01)

    def hit(self, count: int = 1) -> list[bool]:
        """Make hits; say of each whether it is flagged."""
        lines = [
            self.hits.line(tracking="user", token=TOKEN, address=ADDRESS, user_agent=b"UA", method="GET", purpose=b"")
            for _ in range(count)
        ]
        return [orjson.loads(line).get("isOverLimit", False) for line in lines]


@contextlib.asynccontextmanager
async def collectors(folder: Path, valkey: Valkey):
    pair = [Collector(folder, valkey.url)]
    pair[0].hit(0)
    pair[0].hits._salts.at(NOON_NS // 1_000_000)  # the day's salt is in the file before the second one starts
    pair.append(Collector(folder, valkey.url))
    yield pair
    for collector in pair:
        await collector.redis.aclose()


async def test_what_one_collector_saw_counts_at_the_other(tmp_path: Path, valkey: Valkey) -> None:
    async with collectors(tmp_path, valkey) as (first, second):
        assert first.hit(LIMIT) == [False] * LIMIT
        await first.exchange.exchange()
        assert second.hit(first.limiter.floor) == [False] * first.limiter.floor  # not known there yet
        await second.exchange.exchange()
        assert second.hit() == [True]
        assert first.hit() == [True]


async def test_nothing_is_said_to_redis_while_no_pair_is_heavy(tmp_path: Path, valkey: Valkey) -> None:
    async with collectors(tmp_path, valkey) as (first, _):
        first.hit()
        await first.exchange.exchange()
        with blocking_redis.Redis.from_url(valkey.url) as client:
            assert client.keys() == []


async def test_no_address_and_no_token_is_in_redis_and_nothing_stays_there(tmp_path: Path, valkey: Valkey) -> None:
    async with collectors(tmp_path, valkey) as (first, _):
        first.hit(LIMIT)
        await first.exchange.exchange()
        with blocking_redis.Redis.from_url(valkey.url) as client:
            [key] = client.keys()
            [field] = client.hkeys(key)
            assert 0 < client.ttl(key) <= 120
        assert len(field) == 16
        assert ADDRESS.encode() not in key + field
        assert TOKEN.encode() not in key + field


async def test_without_redis_each_collector_limits_by_what_it_sees_and_together_again_after(
    tmp_path: Path, own_valkey: Valkey
) -> None:
    own_valkey.stop()
    async with collectors(tmp_path, own_valkey) as (first, second):
        running = [asyncio.create_task(collector.exchange.run()) for collector in (first, second)]
        assert first.hit(LIMIT + 1) == [False] * LIMIT + [True]
        assert second.hit(LIMIT // 2) == [False] * (LIMIT // 2)
        await until(lambda: first.exchange.is_alone and second.exchange.is_alone)
        assert second.hit(LIMIT // 2 + 1) == [False] * (LIMIT // 2) + [True]
        own_valkey.start()
        await until(lambda: not first.exchange.is_alone and not second.exchange.is_alone)
        assert first.hit() == second.hit() == [True]
        for task in running:
            assert not task.done()
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def until(says) -> None:
    async with asyncio.timeout(30):
        while not says():
            await asyncio.sleep(0.01)
