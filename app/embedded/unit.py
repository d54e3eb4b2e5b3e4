"""One supervised process: what to start, when it counts as up, and the loop that keeps it running."""

import asyncio
import contextlib
import signal
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from app.embedded.backoff import Backoff
from app.embedded.child import Child
from app.embedded.console import Console
from app.embedded.probes import Health, Probe

_FIRST_POLL_SECONDS, _SLOWEST_POLL_SECONDS = 0.05, 1.0


@dataclass(frozen=True)
class Spec:
    """What a unit is. `argv` is asked at every start, because a broker gets a new life each time."""

    name: str
    argv: Callable[[], Sequence[str]]
    env: Mapping[str, str]
    probe: Probe
    """Says when it is up."""
    after_probe: Callable[[], Awaitable[None]] | None = None
    """Work that belongs to its start, before anybody who needs it; repeated until it succeeds."""
    needs: tuple[str, ...] = ()
    """Units that must be up before it starts, and with whose death it ends: one restart group."""
    is_service: bool = False
    """A service we only bring along: its own words go to its log file, not to the terminal."""
    stop_seconds: float = 2.0


@dataclass(eq=False)
class Unit:
    """The running side of a `Spec`. `on_start` is told of every new pid, `on_death` of every end."""

    spec: Spec
    console: Console
    on_start: Callable[["Unit"], None]
    on_death: Callable[["Unit"], None]
    needs: Sequence["Unit"] = ()
    up: asyncio.Event = field(default_factory=asyncio.Event)
    child: Child | None = None
    starts: int = 0
    deaths_in_a_row: int = 0
    """Unplanned deaths since it was up last."""
    reason: str = "not started yet"
    """Why it is not up."""
    _backoff: Backoff = field(default_factory=Backoff)
    _is_planned_end: bool = False
    _is_stopping: bool = False

    async def run(self) -> None:
        """Keep the process running until `stop`."""
        while not self._is_stopping:
            for needed in self.needs:
                await needed.up.wait()
            if any(not needed.up.is_set() for needed in self.needs):
                continue  # the first died while we waited for the second
            self._is_planned_end = False
            lives = [needed.starts for needed in self.needs]
            child = await Child.start(
                self.spec.argv(),
                env=self.spec.env,
                on_line=self.console.reader(self.spec.name, is_service=self.spec.is_service),
            )
            self.child = child
            self.starts += 1
            self.on_start(self)
            if self._is_stopping:
                return  # asked to stop while it was being born: `stop` ends it
            if lives != [needed.starts for needed in self.needs if needed.up.is_set()]:
                self.end()  # what it needs died meanwhile
            await self._live(child)

    async def _live(self, child: Child) -> None:
        """Watch one life of the process from its start to the wait after its end."""
        watch = asyncio.create_task(self._watch())
        code = await child.wait()
        watch.cancel()
        await asyncio.gather(watch, return_exceptions=True)
        was_up = self.up.is_set()
        self.up.clear()
        child.kill()  # whatever it started must not meet its successor
        if self._is_stopping:
            return
        self.on_death(self)
        if self._is_planned_end:
            self.reason = "restarts"
            return
        self.deaths_in_a_row = 1 if was_up else self.deaths_in_a_row + 1
        wait = self._backoff.after_run_of(time.monotonic() - child.started_at)
        self.reason = f"{_ending(code)}; starts again in {wait:.1f} s"
        self.console.note(self.spec.name, self.reason)
        await asyncio.sleep(wait)

    async def _watch(self) -> None:
        """Poll the probe until the process is up; then say so."""
        wait = _FIRST_POLL_SECONDS
        while True:
            health = await self._check()
            if health.is_ready:
                break
            self.reason = health.reason
            await asyncio.sleep(wait)
            wait = min(wait * 1.5, _SLOWEST_POLL_SECONDS)
        self.deaths_in_a_row, self.reason = 0, ""
        self.up.set()

    async def _check(self) -> Health:
        health = await self.spec.probe()
        if not health.is_ready or self.spec.after_probe is None:
            return health
        try:
            await self.spec.after_probe()
        except RuntimeError as error:
            return Health(False, str(error))
        return health

    def end(self) -> None:
        """End the process at once; it comes back without a wait, because it did nothing wrong."""
        self._is_planned_end = True
        self.up.clear()
        if self.child is not None and self.child.is_running:
            self.child.kill()

    async def end_gently(self, *, grace_seconds: float) -> None:
        """As `end`, but let it finish what it is doing."""
        self._is_planned_end = True
        self.up.clear()
        if self.child is not None:
            await self.child.stop(grace_seconds=grace_seconds)

    def kill(self) -> None:
        """End the process for good, at once; `stop` still has to wait for its end."""
        self._is_stopping = True
        self.up.clear()
        if self.child is not None:
            self.child.kill()

    async def stop(self) -> None:
        """End the process for good, orderly if it can."""
        self._is_stopping = True
        self.up.clear()
        if self.child is not None:
            await self.child.stop(grace_seconds=self.spec.stop_seconds)


def _ending(code: int) -> str:
    """Say in words how a process ended."""
    if code >= 0:
        return f"ended with code {code}"
    with contextlib.suppress(ValueError):
        return f"was killed by {signal.Signals(-code).name}"
    return f"was killed by signal {-code}"
