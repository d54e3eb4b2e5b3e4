"""Results: one JSON file per benchmark, and one table made of all of them for `docs/performance.md`."""

import json
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("results")
DOCUMENT = Path(__file__).parents[1] / "docs" / "performance.md"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"


@dataclass
class Row:
    """One line of the table. `beside` is the baseline of the same run, in words."""

    what: str
    measured: str
    target: str = ""
    beside: str = ""
    is_met: bool | None = None


@dataclass
class Report:
    """What one benchmark found: its rows, and every single trial behind the medians."""

    name: str
    command: str
    is_quick: bool
    rows: list[Row] = field(default_factory=list)
    trials: dict[str, list[Any]] = field(default_factory=dict)

    def add(self, what: str, measured: str, *, target: str = "", beside: str = "", met: bool | None = None) -> None:
        """Add a line and print it."""
        self.rows.append(Row(what, measured, target, beside, met))
        mark = {True: "  met", False: "  MISSED", None: ""}[met]
        print(f"{what}: {measured}{f' (target {target})' if target else ''}{f'; {beside}' if beside else ''}{mark}")

    def save(self) -> Path:
        """Write `results/{name}.json`; a quick run goes into `{name}.quick.json` and not into the table."""
        RESULTS.mkdir(exist_ok=True)
        path = RESULTS / f"{self.name}{'.quick' if self.is_quick else ''}.json"
        content = asdict(self) | {"at": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine()}
        path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")
        return path


def machine() -> dict[str, object]:
    """Return what the numbers depend on."""
    model = ""
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "")
    return {
        "cpu": model or platform.processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
    }


def median(values: Sequence[float]) -> float:
    """Return the median; of one value, that value."""
    return statistics.median(values)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that `share` (0 to 1) of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered) + 0.5) - 1))]


def write_table() -> None:
    """Put the table of all full results between the marks in `docs/performance.md`."""
    lines = ["| what | measured | target | beside it, in the same run | |", "| --- | --- | --- | --- | --- |"]
    footers = []
    for path in sorted(RESULTS.glob("*.json")):
        found = json.loads(path.read_text())
        if found["is_quick"]:
            continue
        for row in found["rows"]:
            mark = {True: "met", False: "**missed**", None: ""}[row["is_met"]]
            lines.append(f"| {row['what']} | {row['measured']} | {row['target']} | {row['beside']} | {mark} |")
        host = found["machine"]
        footers.append(f"- `{found['command']}`, {found['at'][:10]}, {host['cores']} cores, {host['cpu']}")
    text = DOCUMENT.read_text()
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    table = "\n".join([*lines, "", "Made by:", *footers])
    DOCUMENT.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}")
