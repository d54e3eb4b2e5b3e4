"""What each directory of tests costs, in CPU seconds of every process it started, against a budget.

CPU seconds, because a machine that is shared makes everything take longer, but hardly cost more. They are taken
between files: what a session shares is paid by the file that asks first.
"""

import json
import time
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import psutil
import pytest

from tests.plugins.order import DURATIONS, ROOT, file_of

BUDGETS = ROOT / "tests" / "budgets.toml"
TOO_MUCH = 2.0
"""Times the budget at which the run fails; before it warns. Processors differ by less than that."""
_SHORT_SECONDS = 1.0


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--costs` and `--record-durations`."""
    parser.addoption("--costs", action="store_true", help="compare what each directory costs with tests/budgets.toml")
    parser.addoption("--record-durations", action="store_true", help="write tests/durations.json, for the order")


def pytest_configure(config: pytest.Config) -> None:
    """Measure in this process; the controller of workers hears of theirs."""
    config.pluginmanager.register(Costs(config), "heliograph-costs")


def cpu_seconds() -> float:
    """Return what this process, all below it, and all of those that have ended took until now."""
    me = psutil.Process()
    return sum(_seconds_of(process) for process in (me, *me.children(recursive=True)))


def _seconds_of(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.Error:  # it ended meanwhile; whoever waited for it has its seconds
        return 0.0
    return times.user + times.system + times.children_user + times.children_system


class Costs:
    """CPU and wall seconds by file, of this process or, in a controller, of all its workers."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._cpu: dict[str, float] = defaultdict(float)
        self._wall: dict[str, float] = defaultdict(float)
        self._file = ""
        self._since = (0.0, 0.0)

    # -- measuring -----------------------------------------------------------------------------------------

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Begin another account where a file ends."""
        if (file := file_of(item)) != self._file:
            self._turn_to(file)
        return (yield)

    def _turn_to(self, file: str) -> None:
        now = (cpu_seconds(), time.monotonic())
        if self._file:
            self._cpu[self._file] += max(0.0, now[0] - self._since[0])
            self._wall[self._file] += now[1] - self._since[1]
        self._file, self._since = file, now

    # -- from workers --------------------------------------------------------------------------------------

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Add what a worker measured; one that crashed says nothing."""
        for account, told in zip(
            (self._cpu, self._wall), getattr(node, "workeroutput", {}).get("costs", ()), strict=False
        ):
            for file, seconds in told.items():
                account[file] += seconds

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Close the last account; hand it on, or judge."""
        self._turn_to("")
        if hasattr(self._config, "workeroutput"):
            self._config.workeroutput["costs"] = (dict(self._cpu), dict(self._wall))
            return
        if self._config.option.record_durations:
            self._record()
        if self._config.option.costs and any(self._is_far_over(name) for name in self._by_directory()):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _record(self) -> None:
        known = json.loads(DURATIONS.read_text()) if DURATIONS.exists() else {}
        known = {file: seconds for file, seconds in known.items() if (ROOT / file).exists()} | self._wall
        long = {file: round(known[file]) for file in sorted(known) if known[file] >= _SHORT_SECONDS}
        DURATIONS.write_text(json.dumps(long, indent=2) + "\n")

    # -- judging -------------------------------------------------------------------------------------------

    def _by_directory(self) -> dict[str, float]:
        costs: dict[str, float] = defaultdict(float)
        for file, seconds in self._cpu.items():
            costs["/".join(file.split("/")[:-1][:2])] += seconds
        return dict(sorted(costs.items(), key=lambda cost: -cost[1]))

    def _budget(self, directory: str) -> float:
        deep = self._config.option.depth == "full"
        budgets: Mapping[str, float] = tomllib.loads(BUDGETS.read_text())["deep" if deep else "quick"]
        return budgets.get(directory, budgets["tests"])

    def _is_far_over(self, directory: str) -> bool:
        return self._by_directory()[directory] > TOO_MUCH * self._budget(directory)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print what each directory cost, the dearest first."""
        if not self._config.option.costs:
            return
        costs = self._by_directory()
        terminalreporter.section(f"CPU seconds: {sum(costs.values()):.0f}")
        for directory, seconds in costs.items():
            budget = self._budget(directory)
            said = f"{directory:<30}{seconds:>7.1f} of {budget:.0f}"
            if seconds > TOO_MUCH * budget:
                terminalreporter.line(f"{said}  far over its budget: see docs/testing.md", red=True)
            elif seconds > budget:
                terminalreporter.line(f"{said}  over its budget", yellow=True)
            elif seconds >= _SHORT_SECONDS:
                terminalreporter.line(said)
