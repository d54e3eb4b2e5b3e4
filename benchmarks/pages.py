"""T10: the pages in a real browser: largest paint, layout shifts, answer to a click, bytes of the first load.

The product is filled as `heliograph demo` does, and each page is loaded with an empty cache, over loopback. The scripts
are measured with the browser, the API and all services on the same cores.
"""

import json
import os
import subprocess
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx

from benchmarks.processes import PYTHON, ROOT, BenchmarkError
from benchmarks.product import Product, product
from benchmarks.report import Report, median

UI = ROOT / "app" / "ui"
BUDGET_BYTES = 250_000


def run(report: Report, work: Path) -> None:
    """Fill a product, load every page in turn, add the rows."""
    if not (UI / "dist" / "index.html").is_file():
        raise BenchmarkError("the interface is not built: make ui")
    with product(work) as running:
        people, days = ("12", "30") if report.is_quick else ("50", "90")
        _heliograph(running, "demo", "--people", people, "--days", days, "--seed", "7", "--yes")
        running.wait_stored()
        found = _measure(running, work, rounds=1 if report.is_quick else 5)
    report.trials["pages"] = found
    paint, shift, click = (_by_page(found, name) for name in ("paint_ms", "shift", "click_ms"))
    for what, by_page, unit, target in (
        ("largest paint of a first load, slowest page", paint, "ms", 1_000.0),
        ("answer to a click until the next frame, slowest page", click, "ms", 100.0),
        ("layout shift while a page loads, worst page", shift, "", 0.05),
    ):
        page, value = max(by_page.items(), key=lambda item: item[1])
        report.add(
            what,
            f"{value:.0f} ms" if unit else f"{value:.3f}",
            target=f"< {target:,.0f} ms" if unit else f"< {target}",
            beside=f"{page}; "
            + ", ".join(_short(name, other, unit) for name, other in by_page.items() if name != page),
            met=value < target,
        )
    weight = _weight()
    report.add(
        "scripts and styles of the first load, gzipped",
        f"{weight / 1000:.0f} kB",
        target=f"< {BUDGET_BYTES // 1000} kB",
        beside="with the page's own chunk, font and data over the wire: "
        + ", ".join(f"{page} {size / 1000:.0f} kB" for page, size in _by_page(found, "bytes").items()),
        met=weight < BUDGET_BYTES,
    )


def _short(page: str, value: float, unit: str) -> str:
    return f"{page} {value:.0f}" if unit else f"{page} {value:.3f}"


def _by_page(found: Sequence[dict[str, Any]], name: str) -> dict[str, float]:
    """Return each page's median of one measure."""
    values: dict[str, list[float]] = defaultdict(list)
    for trial in found:
        values[trial["path"]].append(trial[name])
    return {page: median(each) for page, each in values.items()}


def _measure(running: Product, work: Path, *, rounds: int) -> list[dict[str, Any]]:
    link = _heliograph(running, "users", "signin-link", _owner(running)).strip()
    ready = work / "data" / "ready.json"
    command = ["node", "scripts/measure-pages.mjs", str(ready), link, str(rounds)]
    found: list[dict[str, Any]] = json.loads(_output(command, UI, {}))
    return found


def _weight() -> int:
    """Return the bytes of the first load as the budget counts them; its line names the total first."""
    lines = _output(["node", "scripts/check-size.mjs"], UI, {}).splitlines()
    return int(next(line for line in lines if "first load" in line).split()[0])


def _owner(running: Product) -> str:
    answer = httpx.get(f"{running.ready['api_url']}/api/me", headers=running.user_agent_headers, timeout=10)
    return str(answer.json()["user"]["email"])


def _heliograph(running: Product, *arguments: str) -> str:
    urls = {name: running.ready[name.lower()] for name in ("KAFKA_URL", "CLICKHOUSE_URL", "REDIS_URL", "DATABASE_URL")}
    addresses = {
        "PUBLIC_URL": running.ready["api_url"],
        "COLLECTOR_PUBLIC_URL": running.ready["collector_url"],
    }
    data = Path(running.ready["database_url"].removeprefix("sqlite+aiosqlite:///")).parent
    return _output([PYTHON, "-m", "app.cli", "--data", str(data), *arguments], ROOT, urls | addresses)


def _output(command: list[str], folder: Path, environment: dict[str, str]) -> str:
    done = subprocess.run(
        command, cwd=folder, env=os.environ | environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BenchmarkError(f"{' '.join(command)} failed:\n{done.stdout[-1500:]}{done.stderr[-1500:]}")
    return done.stdout
