"""Slows down guessing: failed sign-ins per (address, account) and per address, in this process's memory.

Neither addresses nor accounts are kept: keys are HMACs under a secret that dies with the process.
"""

import hashlib
import hmac
import secrets
from collections import OrderedDict, deque
from collections.abc import Callable

from app.errors import TooManyRequestsError

WINDOW_SECONDS = 15 * 60
FAILURES_PER_ACCOUNT = 5
"""Failures of one address on one account within the window, before it has to wait."""
FAILURES_PER_ADDRESS = 50
"""Failures of one address on any account: an office behind one address makes a few, a spray makes many."""
MAX_KEYS = 20_000
"""Keys remembered; the one that was quiet longest is forgotten first, so memory stays flat."""


class SigninThrottle:
    """Counts attempts before they are checked, so that many at once cannot slip through together."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._secret = secrets.token_bytes(32)
        self._attempts: OrderedDict[bytes, deque[float]] = OrderedDict()

    def begin(self, *, address: str, account: str) -> None:
        """Note an attempt; raises `TooManyRequestsError` (with `retryAfter`, seconds) if there were too many."""
        now = self._clock()
        limits = (
            (self._key(address, account), FAILURES_PER_ACCOUNT),
            (self._key(address), FAILURES_PER_ADDRESS),
        )
        recent = [(self._recent(key, now), limit) for key, limit in limits]
        for attempts, limit in recent:
            if len(attempts) >= limit:
                wait = max(1, int(attempts[-limit] + WINDOW_SECONDS - now) + 1)
                raise TooManyRequestsError(
                    f"Too many failed sign-ins; wait {wait} seconds, or use a sign-in link.", retryAfter=wait
                )
        for attempts, _ in recent:
            attempts.append(now)

    def succeeded(self, *, address: str, account: str) -> None:
        """Take back the attempt that was noted: only failures count."""
        self._attempts.pop(self._key(address, account), None)
        by_address = self._attempts.get(self._key(address))
        if by_address:
            by_address.pop()

    def _recent(self, key: bytes, now: float) -> deque[float]:
        attempts = self._attempts.setdefault(key, deque())
        self._attempts.move_to_end(key)
        while attempts and attempts[0] <= now - WINDOW_SECONDS:
            attempts.popleft()
        while len(self._attempts) > MAX_KEYS:
            self._attempts.popitem(last=False)
        return attempts

    def _key(self, *parts: str) -> bytes:
        return hmac.digest(self._secret, "\0".join(parts).encode(), hashlib.sha256)
