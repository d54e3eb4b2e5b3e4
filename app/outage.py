"""Services that are away: logged when it begins and when it is over, once each."""

import logging
import time
from collections.abc import Callable


class Outage:
    """Remembers whether a service is away. `meanwhile` says what that costs, in half a sentence."""

    def __init__(
        self,
        log: logging.Logger,
        service: str,
        *,
        meanwhile: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._log, self._service, self._meanwhile, self._clock = log, service, meanwhile, clock
        self._since: float | None = None

    @property
    def lasts(self) -> bool:
        """Whether the service was away when it was last asked."""
        return self._since is not None

    def begin(self, error: BaseException) -> None:
        """Say that it is away and why; nothing if that was said."""
        if self._since is None:
            self._since = self._clock()
            self._log.warning("%s is away (%r): %s", self._service, error, self._meanwhile)

    def end(self) -> None:
        """Say that it answers again, and how long it was away; nothing if it was not."""
        if self._since is not None:
            self._log.info("%s answers again after %.0f s", self._service, self._clock() - self._since)
            self._since = None
