"""Keeps a set of processes running: start order by readiness, restart groups, orderly stop."""

import asyncio
from collections.abc import Callable, Sequence

from app.embedded import leftovers
from app.embedded.console import Console
from app.embedded.data_dir import DataDir
from app.embedded.errors import StartError
from app.embedded.unit import Spec, Unit

_DEATHS_BEFORE_GIVING_UP = 5
_SAY_WHAT_WE_WAIT_FOR_SECONDS = 10.0


class Supervisor:
    """The units by name. A death is noticed at once (no polling); a unit that needs the dead one ends with it."""

    def __init__(self, data: DataDir, console: Console, *, on_start: Callable[[], None]) -> None:
        """`on_start` is called after every start or restart of a process: `pids` has changed."""
        self._data, self._console, self._on_start = data, console, on_start
        self.units: dict[str, Unit] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    @property
    def pids(self) -> dict[str, int]:
        """Process name → pid, of the last process started under that name."""
        return {name: unit.child.pid for name, unit in self.units.items() if unit.child is not None}

    def start(self, *specs: Spec) -> None:
        """Start units; one that needs others waits for them. What a spec needs must be started before it or with it."""
        for spec in specs:
            needs = [self.units[name] for name in spec.needs if name in self.units]
            unit = Unit(spec, self._console, self._started, self._died, needs)
            self.units[spec.name] = unit
            self._tasks[spec.name] = asyncio.create_task(unit.run(), name=spec.name)

    async def wait_up(self, *names: str) -> None:
        """Wait until these units are up; say each when it is.

        Raises `StartError`, with the last lines of its log, when one dies again and again without coming up.
        """
        waiting = list(names)
        silence = 0.0
        while waiting:
            for name in [name for name in waiting if self.units[name].up.is_set()]:
                waiting.remove(name)
                silence = 0.0
                self._console.progress(f"{name} is ready")
            for name in waiting:
                self._give_up_on_failing(name)
            await asyncio.sleep(0.05)
            silence += 0.05
            if waiting and silence >= _SAY_WHAT_WE_WAIT_FOR_SECONDS:
                silence = 0.0
                states = "; ".join(f"{name}: {self.units[name].reason}" for name in waiting)
                self._console.progress(f"still waiting ({states})")

    async def stop(self, *order: Sequence[str]) -> None:
        """Stop the units, one stage after the other, those of one stage side by side; nothing of them is left."""
        stages = [[name for name in stage if name in self.units] for stage in order]
        for stage in stages:
            await asyncio.gather(*(self.units[name].stop() for name in stage))
            for name in stage:
                self._tasks[name].cancel()
                await asyncio.gather(self._tasks[name], return_exceptions=True)
                await self.units[name].stop()  # a process born while we cancelled its task
                leftovers.forget(self._data.run, name)

    def kill_all(self) -> None:
        """End every process at once: somebody is in a hurry."""
        for unit in self.units.values():
            unit.kill()

    def _started(self, unit: Unit) -> None:
        assert unit.child is not None  # it has just been made
        leftovers.remember(self._data.run, unit.spec.name, unit.child.pid)
        self._on_start()

    def _died(self, unit: Unit) -> None:
        for other in self.units.values():
            if unit in other.needs:
                other.end()

    def _give_up_on_failing(self, name: str) -> None:
        task, unit = self._tasks[name], self.units[name]
        if task.done() and (error := task.exception()) is not None:
            raise StartError(f"{name} cannot be started: {error}") from error
        if unit.deaths_in_a_row >= _DEATHS_BEFORE_GIVING_UP:
            last = "\n".join(f"    {line}" for line in self._console.tail(name)[-15:])
            raise StartError(
                f"{name} ended {unit.deaths_in_a_row} times while starting. Its last lines:\n{last}\n"
                f"All of it: {self._data.logs / f'{name}.log'}"
            )
