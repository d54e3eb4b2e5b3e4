"""A service: the command that starts it on its data, and a question that tells whether it is ready."""

import asyncio
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psutil

STOP_SECONDS = 15


class MissingPartError(Exception):
    """A program or package of a service is not installed; the message says how to get it."""


class ServiceDidNotStartError(Exception):
    """The program ended, or did not get ready in time; the message carries the end of its log."""


@dataclass(slots=True)
class Service:
    """One service as the state file holds it: everything that is needed to kill it and to start it again."""

    name: str
    command: list[str]
    log: str
    port: int
    url: str
    user: str | None = None
    environment: dict[str, str] = field(default_factory=dict)
    ready_seconds: float = 60
    stop_signal: int = signal.SIGTERM
    pid: int = 0
    started_at: float = 0

    def as_dict(self) -> dict[str, Any]:
        """Return the fields, ready for JSON."""
        return asdict(self)


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start(service: Service, is_ready: Callable[[Service], Any]) -> None:
    """Start the program on its data and wait until `is_ready` (a coroutine function) returns without an error.

    A program that ends early is started again until `ready_seconds` are over: PostgreSQL refuses to start while
    children of a killed postmaster still hold its memory. Raises `ServiceDidNotStartError`.
    """
    deadline = time.monotonic() + service.ready_seconds
    process: subprocess.Popen[bytes] | None = None
    while time.monotonic() < deadline:
        if process is None or process.poll() is not None:
            process = _spawn(service)
        try:
            asyncio.run(asyncio.wait_for(is_ready(service), timeout=5))
        except (OSError, TimeoutError, ConnectionError, RuntimeError):
            time.sleep(0.1)
        else:
            service.pid, service.started_at = process.pid, psutil.Process(process.pid).create_time()
            return
    if process is not None and process.poll() is None:
        process.kill()
    tail = "\n".join(Path(service.log).read_text(errors="replace").splitlines()[-20:])
    raise ServiceDidNotStartError(
        f"{service.name} was not ready after {service.ready_seconds:.0f} s. End of {service.log}:\n{tail}"
    )


def _spawn(service: Service) -> subprocess.Popen[bytes]:
    with Path(service.log).open("ab") as log:
        process = subprocess.Popen(
            service.command,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            env=os.environ | service.environment,
            user=service.user,
            group=service.user,
            extra_groups=[] if service.user else None,
            start_new_session=True,
        )
    # A killed child that nobody waits for stays a zombie, and PostgreSQL takes its pid for a live postmaster.
    threading.Thread(target=process.wait, daemon=True).start()
    return process


def is_running(service: Service) -> bool:
    """Tell whether the very process that we started is alive (not merely another one with its pid)."""
    try:
        process = psutil.Process(service.pid)
        return process.create_time() == service.started_at and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def stop(service: Service) -> None:
    """Stop the process in order, after `STOP_SECONDS` without mercy; nothing of it is left running."""
    if not is_running(service):
        return
    process = psutil.Process(service.pid)
    family = [process, *process.children(recursive=True)]
    process.send_signal(service.stop_signal)
    _, alive = psutil.wait_procs(family, timeout=STOP_SECONDS)
    for left in alive:
        left.kill()
    psutil.wait_procs(alive, timeout=5)
