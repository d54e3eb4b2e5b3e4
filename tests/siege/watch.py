"""Watches readiness: asks every endpoint four times a second and keeps each change of what it says."""

import asyncio
import bisect
import json
import time
from dataclasses import dataclass, field

from app.embedded.probes import http_get
from tests.siege.ground import ENDPOINTS

_EVERY_SECONDS = 0.25
GREEN = "green"


@dataclass(frozen=True)
class Change:
    """From `at` (monotonic seconds) on the endpoint said this: `green`, or why not."""

    at: float
    says: str

    @property
    def is_green(self) -> bool:
        """Whether it said that it is ready."""
        return self.says == GREEN


@dataclass
class Timeline:
    """The changes of one endpoint, oldest first."""

    changes: list[Change] = field(default_factory=list)

    def add(self, at: float, says: str) -> None:
        """Note an answer; what repeats colour and first words is no change (`away for 3 s`, `away for 4 s`)."""
        is_new = not self.changes or self.changes[-1].is_green != (says == GREEN)
        if is_new:
            self.changes.append(Change(at, says))

    def at(self, moment: float) -> Change | None:
        """Return what it said at a moment; None before its first answer."""
        index = bisect.bisect_right(self.changes, moment, key=lambda change: change.at)
        return self.changes[index - 1] if index else None

    def between(self, begin: float, end: float) -> list[tuple[float, float, Change]]:
        """Return (from, to, what it said) for every stretch of a span, cut to the span."""
        found = []
        for index, change in enumerate(self.changes):
            until = self.changes[index + 1].at if index + 1 < len(self.changes) else float("inf")
            if until > begin and change.at < end:
                found.append((max(change.at, begin), min(until, end), change))
        return found


class Watch:
    """Asks until it is closed. An endpoint that does not answer in 3 s counts as not ready since it was asked."""

    def __init__(self, addresses: dict[str, tuple[int, str]]) -> None:
        self._addresses = addresses
        self.timelines = {name: Timeline() for name in ENDPOINTS}
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> "Watch":
        self._tasks = [asyncio.create_task(self._ask_for_ever(name)) for name in self._addresses]
        return self

    async def __aexit__(self, *_error: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def green_since(self) -> float | None:
        """Return since when every endpoint says that it is ready; None if one does not."""
        last = [one.changes[-1] if one.changes else None for one in self.timelines.values()]
        return max((one.at for one in last if one), default=0) if all(one and one.is_green for one in last) else None

    async def _ask_for_ever(self, name: str) -> None:
        port, path = self._addresses[name]
        while True:
            asked_at = time.monotonic()
            try:
                status, body = await http_get("127.0.0.1", port, path)
            except (OSError, TimeoutError, ValueError) as error:
                self.timelines[name].add(asked_at, f"no answer ({type(error).__name__})")
            else:
                self.timelines[name].add(time.monotonic(), GREEN if status == 200 else _reasons(body))
            await asyncio.sleep(_EVERY_SECONDS)


def _reasons(body: bytes) -> str:
    try:
        reasons = json.loads(body)["reasons"]
    except (ValueError, KeyError, TypeError):
        return "not ready, without a reason"
    return "; ".join(map(str, reasons)) or "not ready, without a reason"
