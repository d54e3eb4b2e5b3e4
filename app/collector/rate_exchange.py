"""Collectors tell each other, through Redis, about the pairs of address and token that come often.

Nothing is asked on the way of a hit. Twice a second each collector adds what is new of its heavy pairs to a hash of
the minute, and the answers are the sums over all collectors. Fields are HMACs under the day's salt, which collectors
share, and the hash ends two minutes later: no address leaves the collector. While Redis is away each collector
limits by what it sees itself.
"""

import asyncio
import hmac
import logging

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from app.collector.rate_limit import WINDOW_MS, Heavy, Pair, RateLimiter
from app.collector.salts import Salts
from app.outage import Outage

log = logging.getLogger("heliograph.rate_limit")

KEEP_SECONDS = 120
"""Life of a minute's hash, longer than the minute by what clocks of collectors may differ."""
MAX_PAIRS_AT_ONCE = 1000
_LONGEST_WAIT_SECONDS = 5.0


def connect(url: str) -> Redis:
    """Return a client that never sends a command twice by itself: a sum added twice would limit too early."""
    return Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1, retry=Retry(NoBackoff(), 0))


def field_of(salt: bytes, pair: Pair) -> bytes:
    """Return the name of a pair in Redis: 16 bytes from which nobody without the day's salt learns the address."""
    return hmac.digest(salt, b"rate\0" + "\0".join(pair).encode(), "sha256")[:16]


class RateExchange:
    """Keeps a limiter in step with those of the other collectors."""

    def __init__(self, limiter: RateLimiter, redis: Redis, salts: Salts, *, every_seconds: float) -> None:
        self._limiter, self._redis, self._salts, self._every_seconds = limiter, redis, salts, every_seconds
        self._outage = Outage(log, "Redis", meanwhile="each collector limits by what it sees itself")

    @property
    def is_alone(self) -> bool:
        """Whether the last exchange failed: then this collector limits by what it sees itself."""
        return self._outage.lasts

    async def run(self) -> None:
        """Exchange until cancelled; while Redis is away, ask less and less often."""
        wait = self._every_seconds
        while True:
            await asyncio.sleep(wait)
            try:
                await self.exchange()
            except (RedisError, OSError, TimeoutError) as error:
                self._outage.begin(error)
                wait = min(wait * 2, max(_LONGEST_WAIT_SECONDS, self._every_seconds))
            else:
                self._outage.end()
                wait = self._every_seconds

    async def exchange(self) -> None:
        """Tell what is new, learn the sums. Says nothing to Redis when no pair is heavy, which is nearly always.

        Raises `RedisError` or `OSError`; what was to be told is then held for told, so that nothing is added twice.
        """
        window = self._limiter.window
        untold = self._limiter.untold()
        for first in range(0, len(untold), MAX_PAIRS_AT_ONCE):
            await self._tell(window, untold[first : first + MAX_PAIRS_AT_ONCE])

    async def _tell(self, window: int, part: list[Heavy]) -> None:
        salt = self._salts.at(window * WINDOW_MS)
        key = f"rate:{window}"
        async with self._redis.pipeline(transaction=False) as pipe:
            for heavy in part:
                pipe.hincrby(key, field_of(salt, heavy.pair), heavy.hits)
            pipe.expire(key, KEEP_SECONDS)
            *totals, _ = await pipe.execute()
        self._limiter.learn(window, [(heavy.pair, total) for heavy, total in zip(part, totals, strict=True)])
