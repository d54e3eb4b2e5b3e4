"""One siege from start to verdict: the product under load, a trouble after the other, then the accounts."""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from clickhouse_connect.driver.exceptions import Error as ClickHouseClientError

from tests.siege import accounts
from tests.siege.ground import Ground
from tests.siege.judge import LIMIT_SECONDS, lies
from tests.siege.load import SiegeLoad, Window
from tests.siege.plan import Step
from tests.siege.watch import Watch

STACK_ENV = {
    # small, so that a quota is reached by some thousand hits and given back at once
    "SPOOL_QUOTA_BYTES": str(4 * 2**20),
    "SPOOL_SEGMENT_BYTES": str(128 * 2**10),
    "SPOOL_HORIZON_SECONDS": "1",
    "SPOOL_SEGMENT_SECONDS": "5",
    # acks that died with a broker are asked for again after this; in production there is no hurry
    "SPOOL_RESEND_SECONDS": "4",
}
_GIVE_UP_SECONDS = 120
_SETTLE_SECONDS = 180
_STEADY_SECONDS = 3.0


@dataclass
class Done:
    """What happened in one step."""

    step: Step
    at_seconds: float
    healed_seconds: float
    """From its end until everything was ready."""
    wrongs: list[str] = field(default_factory=list)


@dataclass
class Verdict:
    """All steps, what was wrong at the end, and how many hits were answered."""

    steps: list[Done] = field(default_factory=list)
    wrongs: list[str] = field(default_factory=list)
    answered: int = 0
    lost: int = 0

    @property
    def is_clean(self) -> bool:
        """Whether nothing was wrong anywhere."""
        return not self.wrongs and not any(done.wrongs for done in self.steps)


class Siege:
    """Besieges a product that runs. `say` is told of each step."""

    def __init__(self, ground: Ground, plan: Iterator[Step], *, per_second: float, say: Callable[[Done], None]) -> None:
        self._ground, self._plan, self._per_second, self._say = ground, plan, per_second, say

    async def run(self, seconds: float) -> Verdict:
        """Go on until `seconds` are over and the step under way has healed; then settle and count."""
        stack, verdict = self._ground.stack, Verdict()
        load = await asyncio.to_thread(SiegeLoad, stack, per_second=self._per_second)
        started = time.monotonic()
        async with load, Watch(self._ground.addresses()) as watch:
            await self._until_green(watch)
            for step in self._plan:
                done = await self._step(step, watch, load, started)
                verdict.steps.append(done)
                self._say(done)
                if time.monotonic() - started >= seconds or done.healed_seconds >= _GIVE_UP_SECONDS:
                    break
        try:
            await asyncio.to_thread(stack.wait_settled, _SETTLE_SECONDS)
        except AssertionError as error:
            verdict.wrongs.append(f"it did not settle: {str(error)[:2000]}")
        try:
            verdict.wrongs += await asyncio.to_thread(lambda: list(accounts.wrongs(stack, load)))
        except (ClickHouseClientError, OSError) as error:
            verdict.wrongs.append(f"the accounts cannot be made: {error}")
        verdict.answered = sum(len(one.answered) for one in load.all)
        verdict.lost = sum(window.lost for window in load.windows)
        return verdict

    async def _step(self, step: Step, watch: Watch, load: SiegeLoad, started: float) -> Done:
        ground, trouble = self._ground, step.trouble
        await asyncio.sleep(step.rest_seconds)
        window = await self._window(load) if trouble.is_lossy else None
        is_over = asyncio.Event()
        begin = time.monotonic()
        blasts: list[asyncio.Task[None]] = []
        try:
            await asyncio.to_thread(trouble.begin, ground)
            begun = time.monotonic()
            blasts = [asyncio.create_task(load.blast(rate, is_over)) for rate in ground.blasts]
            await asyncio.sleep(step.hold_seconds)
        finally:
            await asyncio.to_thread(trouble.end, ground)
            end = time.monotonic()
            is_over.set()
            await asyncio.gather(*blasts)
        healed = await self._until_green(watch)
        if window is not None:
            load.close_window(window[0], lost=await asyncio.to_thread(ground.lost) - window[1])
        next_begin = time.monotonic()
        told = list(lies(trouble, watch.timelines, begin=begun, end=end, next_begin=next_begin))
        if healed is None:
            told.append(f"not everything was ready {_GIVE_UP_SECONDS} s after its end")
        return Done(step, begin - started, (healed or float("inf")) - end, told)

    async def _window(self, load: SiegeLoad) -> tuple[Window, int]:
        lost = await asyncio.to_thread(self._ground.lost)
        return load.open_window(), lost

    async def _until_green(self, watch: Watch) -> float | None:
        """Wait until everything has been ready for a while; return since when, or None if that did not come.

        It has to be so at the end of a wait that is longer than readiness may take to notice what happened.
        """
        asked_at = time.monotonic()
        while (now := time.monotonic()) < asked_at + _GIVE_UP_SECONDS:
            since = watch.green_since()
            if since is not None and now - since >= _STEADY_SECONDS and now - asked_at >= LIMIT_SECONDS:
                return max(since, asked_at)
            await asyncio.sleep(0.1)
        return None
