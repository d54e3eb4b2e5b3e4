"""What troubles act on: the running product, its processes by name, the load, and the clock of our processes."""

import json
import os
import signal
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Literal

import psutil

from tests.fixtures.stack import Stack
from tests.siege.clock import Clock

StackKind = Literal["embedded", "services"]
ENDPOINTS = ("collector", "worker", "api")
"""Processes that say whether they are ready."""


@dataclass
class Ground:
    """One running product under siege."""

    stack: Stack
    kind: StackKind
    clock: Clock | None
    """None where there is no C compiler to make it with."""
    blasts: list[float] = field(default_factory=list)
    """Hits for each second that are asked for on top of the steady load, while a trouble wants them."""

    def family(self, name: str) -> list[psutil.Process]:
        """Return a process of the product, or of the service that stands in for it, and all it has started."""
        process = psutil.Process(self.stack.pid_of(name))
        return [process, *process.children(recursive=True)]

    def signal(self, name: str, number: signal.Signals) -> None:
        """Send a signal to such a family; who has ended meanwhile is left out."""
        for process in self.family(name):
            try:
                os.kill(process.pid, number)
            except ProcessLookupError:
                continue

    def addresses(self) -> dict[str, tuple[int, str]]:
        """Return port and path of each readiness endpoint on 127.0.0.1."""
        port = self.stack.port
        return {
            "collector": (port + 1, "/api/t/health/ready"),
            "worker": (port + 2, "/health/ready"),
            "api": (port, "/api/health/ready"),
        }

    def lost(self) -> int:
        """Return how many answered hits the present collector says it has lost. Raises `OSError` if it is silent."""
        port, path = self.addresses()["collector"]
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
                status = json.load(answer)
        except urllib.error.HTTPError as error:
            status = json.load(error)
        return int(status["hits"]["lost"])
