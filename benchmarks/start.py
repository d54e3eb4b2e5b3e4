"""T6: a fresh clone to a ready product, and the second start.

The clone gets what `make install` installs with empty caches of pip and npm, so most of the time is download and
depends on the network; beside it stands the same with the machine's caches.
"""

import os
import subprocess
import time
from pathlib import Path

from benchmarks.processes import ROOT, BenchmarkError
from benchmarks.product import environment_without_services, product
from benchmarks.report import Report, median


def run(report: Report, work: Path) -> None:
    """Clone, install, start, start again; add the rows."""
    if report.is_quick:
        _starts(report, work, str(ROOT / ".venv" / "bin" / "heliograph"), trials=1)
        return
    clone = work / "clone"
    _do(["git", "clone", "--quiet", str(ROOT), str(clone)], {})
    cold = {"PIP_NO_CACHE_DIR": "1", "npm_config_cache": str(work / "npm-cache")}
    started = time.monotonic()
    _do(["make", "-C", str(clone), "install"], cold)
    installed = time.monotonic() - started
    first = _starts(report, work, str(clone / ".venv" / "bin" / "heliograph"), trials=3)
    again = time.monotonic()
    other = work / "clone-with-caches"
    _do(["git", "clone", "--quiet", str(ROOT), str(other)], {})
    _do(["make", "-C", str(other), "install"], {})
    report.add(
        "`make up` in a fresh clone, empty caches, to ready",
        f"{installed + first:.0f} s",
        target="< 180 s",
        beside=f"of that {installed:.0f} s installing; with pip's and npm's caches {time.monotonic() - again:.0f} s",
        met=installed + first < 180,
    )


def _starts(report: Report, work: Path, program: str, *, trials: int) -> float:
    """Start on fresh data and again on the same data; add the rows and return the median of the first starts."""
    first: list[float] = []
    second: list[float] = []
    for trial in range(trials):
        folder = work / f"start-{trial}"
        folder.mkdir()
        for seconds in (first, second):
            with product(folder, program=program, env=environment_without_services()) as running:
                seconds.append(running.ready_seconds)
    report.trials["first_start"], report.trials["second_start"] = first, second
    report.add(
        "`heliograph up` on its data, to ready",
        f"{median(second):.1f} s",
        target="< 15 s",
        beside=f"on an empty directory {median(first):.1f} s",
        met=median(second) < 15,
    )
    return median(first)


def _do(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BenchmarkError(f"{' '.join(command)} failed:\n{done.stdout[-1500:]}{done.stderr[-1500:]}")
