"""What the worker waits for, and since when: ClickHouse, the relational store, Kafka, the repair of a partition."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

log = logging.getLogger("heliograph.worker")

ANSWER_SECONDS = 3.0
"""A service that has not answered for so long is away. Readiness has to tell the truth within 5 s."""


@dataclass(slots=True, eq=False)
class Wait:
    """Something that is waited for: from the start of the first attempt until one has succeeded."""

    what: str
    since: float
    """Monotonic seconds."""
    why: str = ""
    """What is in the way, as the last attempt was told; empty while nobody has answered."""


class Waits:
    """The waits of this moment. A wait is trouble once it knows why it has to wait, or is `ANSWER_SECONDS` old."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._waits: set[Wait] = set()
        self._told: dict[str, Wait] = {}

    @contextmanager
    def on(self, what: str, why: str = "") -> Iterator[Wait]:
        """Wait for `what` in the body."""
        wait = Wait(what, self._clock(), why)
        self._waits.add(wait)
        try:
            yield wait
        finally:
            self._waits.discard(wait)

    def troubles(self) -> dict[str, Wait]:
        """Return by name what is in trouble: since its oldest wait, for the reason that somebody was told."""
        found: dict[str, Wait] = {}
        for wait in self._waits:
            if not wait.why and self._clock() - wait.since < ANSWER_SECONDS:
                continue
            other = found.get(wait.what, wait)
            found[wait.what] = Wait(wait.what, min(wait.since, other.since), wait.why or other.why)
        return dict(sorted(found.items()))

    def seconds(self, wait: Wait) -> float:
        """Return how long a wait lasts by now."""
        return self._clock() - wait.since

    def tell(self) -> None:
        """Log each trouble once when it has begun and once when it has ended; to be called every second."""
        troubles: Mapping[str, Wait] = self.troubles()
        for what, wait in troubles.items():
            if what not in self._told:
                log.warning("%s: %s; retrying", what, wait.why or "no answer")
        for what, wait in self._told.items():
            if what not in troubles:
                log.info("%s: well again after %.0f s", what, self.seconds(wait))
        self._told = dict(troubles)
