"""Memory of each process over minutes of load: does anything grow that should not?

The whole product, with the worker storing everything; the broker keeps every record by nature, and the launcher
recycles it at its limit, which is part of what is measured.
"""

import threading
import time
from pathlib import Path

import psutil

from benchmarks import wrk
from benchmarks.processes import memory_mb
from benchmarks.product import Product, product
from benchmarks.report import Report

RATE = 5_000
"""Hits/s: what two cores carry besides wrk itself with everything on, for minutes."""


def run(report: Report, work: Path) -> None:
    """Load for five minutes (quick: 15 s) and add the rows."""
    seconds = 15.0 if report.is_quick else 300.0
    with product(work) as running:
        samples: list[dict[str, float]] = []
        over = threading.Event()
        watcher = threading.Thread(target=_watch, args=(running, samples, over))
        watcher.start()
        before = running.stored()
        load = wrk.drive(running.ready["collector_url"], seconds=seconds, per_second=RATE, token=running.token)
        over.set()
        watcher.join()
        running.wait_stored(seconds=300)
        stored = running.stored() - before
    report.trials["samples"] = samples
    report.trials["load"] = [load.__dict__]
    fifth = max(1, len(samples) // 5)
    early, late = samples[fifth : 2 * fifth], samples[-fifth:]
    for name in ("collector", "worker", "api", "clickhouse", "broker"):
        first = sum(one[name] for one in early) / len(early)
        last = sum(one[name] for one in late) / len(late)
        highest = max(one[name] for one in samples)
        met = last < 1.1 * first + 10 if name in ("collector", "api") else None
        report.add(
            f"memory of {name}, {seconds / 60:.1f} min at {load.per_second:,.0f} hits/s: second fifth → last fifth",
            f"{first:.0f} → {last:.0f} MB (highest {highest:.0f})",
            target="flat" if met is not None else "",
            met=met,
        )
    report.add(
        "answered during these minutes → stored",
        f"{load.requests:,} → {stored:,}",
        beside=f"p99 of the pixel meanwhile {load.p99_ms:.1f} ms",
        met=stored >= load.requests,
    )


def _watch(running: Product, samples: list[dict[str, float]], over: threading.Event) -> None:
    started = time.monotonic()
    names = dict(running.ready["pids"])
    while not over.wait(2):
        sample = {"at": time.monotonic() - started}
        for process in running.processes():
            name = next((name for name, pid in names.items() if pid == process.pid), None)
            if name is None:
                name = _name_of(process)
            try:
                sample[name] = sample.get(name, 0.0) + memory_mb([process])
            except psutil.NoSuchProcess:
                continue
        for name in ("collector", "worker", "api", "clickhouse", "broker"):
            sample.setdefault(name, 0.0)
        samples.append(sample)


def _name_of(process: psutil.Process) -> str:
    """Name a process that was started again after `ready.json` was read."""
    command = " ".join(process.cmdline())
    signs = {
        "app.collector.server": "collector",
        "streams.worker": "worker",
        "app.main": "api",
        "app.embedded.clickhouse": "clickhouse",
        "tansu": "broker",
    }
    return next((name for sign, name in signs.items() if sign in command), "other")
