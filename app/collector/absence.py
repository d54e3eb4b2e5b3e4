"""Whether the broker answers, and since when it does not."""

import logging
import time
from collections.abc import Callable

log = logging.getLogger("heliograph.forwarder")

ANSWER_SECONDS = 3.0
"""Without an answer for so long the broker is away: readiness has to tell the truth within 5 s."""


class BrokerAbsence:
    """Knows what the broker was asked. It is away once a question failed, or is `ANSWER_SECONDS` old."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._asked_at: float | None = None
        self._why = ""
        self._is_told = False

    @property
    def seconds(self) -> float | None:
        """Return how long the broker is away, from the first question it did not answer; None while it is not."""
        if self._asked_at is None:
            return None
        seconds = self._clock() - self._asked_at
        return seconds if self._why or seconds > ANSWER_SECONDS else None

    @property
    def reason(self) -> str:
        """Say why it is away; empty while it is not."""
        return "" if self.seconds is None else self._why or "no answer"

    def asked(self) -> None:
        """Note that an answer is waited for."""
        if self._asked_at is None:
            self._asked_at = self._clock()

    def failed(self, why: str, *, is_told: bool = True) -> None:
        """Note that an answer will not come; the first one of an absence is logged, unless it is no trouble."""
        self.asked()
        self._why = why
        if is_told and not self._is_told:
            self._is_told = True
            log.warning("the broker is away (%s); hits wait in the spool", why)

    def answered(self) -> None:
        """Note that the broker is well; the end of an absence that was logged is logged too."""
        if self._is_told and self._asked_at is not None:
            log.info("the broker is well again after %.0f s", self._clock() - self._asked_at)
        self._asked_at, self._why, self._is_told = None, "", False
