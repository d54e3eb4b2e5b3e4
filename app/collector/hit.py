"""A request becomes a line of the spool: the only place that sees an address, and it does not keep it."""

import hmac
import random
import re
import time
from collections.abc import Callable

import iptocc
import orjson

from app.classification.model import MAX_PURPOSES
from app.collector.rate_limit import RateLimiter
from app.collector.salts import Salts

MAX_USER_AGENT = 1024
TOKEN = re.compile(r"[A-Za-z0-9_-]{24}")
"""24 characters of base64url (SPEC H1)."""

_random_bits = random.SystemRandom().getrandbits


class IdMaker:
    """Makes UUIDv7 (RFC 9562): 48 bits of milliseconds, then a 12-bit counter and 62 random bits.

    Never goes back and never repeats within a process, also when the clock does. The random bits are drawn once
    a millisecond and counted up, which is what RFC 9562 §6.2 (method 2) allows.
    """

    __slots__ = ("_counter", "_group", "_last_ms", "_prefix", "_tail")

    def __init__(self) -> None:
        self._last_ms = self._counter = 0
        self._start(0)

    def make(self, at_ms: int) -> str:
        """Return the next id as text."""
        if at_ms > self._last_ms:
            self._start(at_ms)
        elif self._counter == 0xFFF:
            self._start(self._last_ms + 1)
        else:
            self._counter += 1
        counter = self._counter
        return f"{self._prefix}{counter:03x}-{self._group}-{self._tail + counter:012x}"

    def _start(self, at_ms: int) -> None:
        """Begin a millisecond: what stays the same in it is made once."""
        self._last_ms, self._counter = at_ms, 0
        stamp = f"{at_ms:012x}"
        self._prefix = f"{stamp[:8]}-{stamp[8:]}-7"
        self._group = f"{0x8000 | _random_bits(14):04x}"
        self._tail = _random_bits(47)


def no_networks(_address: str) -> tuple[str, ...]:
    """Know no network."""
    return ()


class HitMaker:
    """Turns what the server knows of a request into one JSON line (`schemas.events.PixelRequested`)."""

    def __init__(
        self,
        salts: Salts,
        *,
        networks: Callable[[str], tuple[str, ...]] = no_networks,
        limiter: RateLimiter | None = None,
        clock_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        self._salts, self._networks, self._clock_ns = salts, networks, clock_ns
        self._limiter = limiter
        self.over_limit = 0
        """Hits beyond the limit of their address and token; recorded all the same."""
        self._ids = IdMaker()

    def line(self, *, tracking: str, token: str, address: str, user_agent: bytes, method: str, purpose: bytes) -> bytes:
        """Return the hit as a line. `address` is hashed and looked up here, and goes no further."""
        at = self._clock_ns() // 1_000_000
        agent = user_agent[: 4 * MAX_USER_AGENT].decode("utf-8", "replace")[:MAX_USER_AGENT]
        digest = hmac.digest(self._salts.at(at), f"{address}\0{agent}".encode(), "sha256")
        hit = {
            "type": "pixel_requested",
            "id": self._ids.make(at),
            "at": at,
            "tracking": tracking,
            "token": token,
            "visitor": digest[:16].hex(),
            "userAgent": agent,
            "method": method[:16],
            "purpose": purpose[:MAX_PURPOSES].decode("latin-1"),
            "networks": self._networks(address),
            "country": iptocc.country_code(address) or "",
        }
        if self._limiter is not None and self._limiter.is_over(address, token, at):
            hit["isOverLimit"] = True
            self.over_limit += 1
        return orjson.dumps(hit, option=orjson.OPT_APPEND_NEWLINE)
