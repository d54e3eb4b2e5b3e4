"""Starts the programs that are measured, on a core of their own, and takes their CPU time and memory."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]
PYTHON = sys.executable


class BenchmarkError(Exception):
    """A benchmark cannot run; the message says what is missing or what went wrong."""


def need(program: str, package: str) -> str:
    """Return the program's path; `BenchmarkError` says which Debian package has it."""
    path = shutil.which(program)
    if path is None:
        raise BenchmarkError(f"{program} is not installed: apt-get install {package}")
    return path


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def running(
    command: Sequence[str], *, log: Path, core: int | None = None, env: Mapping[str, str] | None = None
) -> Iterator[psutil.Process]:
    """Run a program for the length of the `with` block, on one core if asked; ends it and its children."""
    with log.open("ab") as output:
        child = subprocess.Popen(
            list(command), stdout=output, stderr=output, env=os.environ | dict(env or {}), cwd=ROOT
        )
    process = psutil.Process(child.pid)
    if core is not None:
        pin(process, core)
    try:
        yield process
    finally:
        family = [*process.children(recursive=True), process] if process.is_running() else []
        child.terminate()
        try:
            child.wait(timeout=20)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        for left in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                left.kill()


def pin(process: psutil.Process, core: int) -> None:
    """Put all threads of a process on one core, where the platform can and has more than one."""
    if hasattr(process, "cpu_affinity") and (os.cpu_count() or 1) > 1:
        for thread in process.threads():
            psutil.Process(thread.id).cpu_affinity([core])


def wait_until_answers(url: str, *, seconds: float = 60) -> None:
    """Wait for any HTTP answer below 500."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except urllib.error.HTTPError as error:
            if error.code < 500:
                return
        except OSError:
            pass
        time.sleep(0.05)
    raise BenchmarkError(f"{url} did not answer within {seconds:.0f} s")


def cpu_seconds(processes: Sequence[psutil.Process]) -> float:
    """User and system time that these processes have taken so far."""
    times = [process.cpu_times() for process in processes]
    return sum(one.user + one.system for one in times)


def memory_mb(processes: Sequence[psutil.Process]) -> float:
    """Memory of these processes in MB, pages they share counted once (PSS where the platform has it)."""
    total = 0
    for process in processes:
        info = process.memory_full_info()
        total += getattr(info, "pss", info.uss)
    return total / 2**20
