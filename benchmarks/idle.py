"""What the whole product takes while nobody uses it."""

import time
from pathlib import Path

from benchmarks.processes import cpu_seconds, memory_mb
from benchmarks.product import environment_without_services, product
from benchmarks.report import Report


def run(report: Report, work: Path) -> None:
    """Let it settle, then watch; add the rows."""
    settle, watch = (5, 10) if report.is_quick else (60, 120)
    with product(work, env=environment_without_services()) as running:
        time.sleep(settle)
        processes = running.processes()
        names = {pid: name for name, pid in running.ready["pids"].items()} | {running.launcher.pid: "launcher"}
        before = {one.pid: cpu_seconds([one]) for one in processes}
        started = time.monotonic()
        time.sleep(watch)
        elapsed = time.monotonic() - started
        share = {one.pid: (cpu_seconds([one]) - before[one.pid]) / elapsed for one in processes}
        memory = {one.pid: memory_mb([one]) for one in processes}
    parts: dict[str, tuple[float, float]] = {}
    for pid, core in share.items():
        name = names.get(pid, "other")
        was = parts.get(name, (0.0, 0.0))
        parts[name] = (was[0] + memory[pid], was[1] + core)
    report.trials["parts"] = [{"name": name, "mb": mb, "core": core} for name, (mb, core) in parts.items()]
    total_mb, total_core = sum(memory.values()), sum(share.values())
    each = ", ".join(f"{name} {mb:.0f} MB / {core:.1%}" for name, (mb, core) in sorted(parts.items()))
    report.add(
        "memory of the idle product", f"{total_mb:.0f} MB", target="< 1,000 MB", beside=each, met=total_mb < 1000
    )
    report.add("CPU of the idle product", f"{total_core:.1%} of a core", target="< 5 %", met=total_core < 0.05)
