"""Processes that do as they are told, to supervise."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import psutil

from app.embedded.console import Console
from app.embedded.data_dir import DataDir
from app.embedded.probes import Health, Probe
from app.embedded.supervisor import Supervisor
from app.embedded.unit import Spec

OBEDIENT = "import time\nprint('hello', flush=True)\ntime.sleep(600)"
STUBBORN = (
    "import pathlib, signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "print('deaf', flush=True)\npathlib.Path({flag!r}).touch()\ntime.sleep(600)"
)
FAILING = "import sys; sys.exit('cannot open the door')"


def spec(
    name: str,
    code: str = OBEDIENT,
    *,
    needs: tuple[str, ...] = (),
    probe: Probe | None = None,
    after_probe: Callable[[], Awaitable[None]] | None = None,
    stop_seconds: float = 2.0,
) -> Spec:
    return Spec(
        name=name,
        argv=lambda: (sys.executable, "-c", code),
        env=dict(os.environ),
        probe=probe or _always,
        after_probe=after_probe,
        needs=needs,
        stop_seconds=stop_seconds,
    )


async def _always() -> Health:
    return Health(True)


class House:
    """A supervisor on a directory of its own, and how often it said that pids changed."""

    def __init__(self, root: Path) -> None:
        self.data = DataDir.at(root)
        self.changes = 0
        self.console = Console(self.data.logs)
        self.supervisor = Supervisor(self.data, self.console, on_start=self._changed)

    def _changed(self) -> None:
        self.changes += 1

    def pid(self, name: str) -> int:
        return self.supervisor.pids[name]

    async def wait_new_pid(self, name: str, old: int) -> int:
        await until(lambda: self.pid(name) != old and self.supervisor.units[name].up.is_set())
        return self.pid(name)


async def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for something that must happen; how fast is not what the test is about."""
    async with asyncio.timeout(seconds):
        while not condition():  # the condition is the world outside
            await asyncio.sleep(0.02)


def is_alive(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False
