"""In which order files are run, and which of them by the same worker process.

The longest begin first, so that no worker is left alone with one at the end. What is long was recorded once, by
`--record-durations`, and is checked in: the order is the same on every machine.
"""

import json
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).parents[2]
DURATIONS = ROOT / "tests" / "durations.json"
"""File → seconds; files of less than a second are left out."""

TOGETHER: dict[str, tuple[str, ...]] = {
    "stack": (
        "tests/pipeline/test_campaigns.py",  # counts from nothing, so it comes first
        "tests/pipeline/test_bad_input.py",
        "tests/replay/test_command.py",
    ),
    "stack that looks for behaviour": ("tests/pipeline/test_behaviour.py", "tests/kill/test_kill_each.py"),
}
"""Name → files that one worker runs, in this order, because they share what is dear to start."""

_GROUPS = {file: name for name, files in TOGETHER.items() for file in files}
_PLACES = {file: place for files in TOGETHER.values() for place, file in enumerate(files)}


def file_of(item: pytest.Item) -> str:
    """Return the path of a test's file below the root."""
    return item.path.relative_to(ROOT).as_posix()


def group_of(file: str) -> str:
    """Return the name under which a file is handed to a worker."""
    return _GROUPS.get(file, file)


def is_last_of_group(file: str) -> bool:
    """Tell whether what a group shares is of no more use after this file."""
    return TOGETHER.get(group_of(file), (file,))[-1] == file


@cache
def _seconds() -> dict[str, float]:
    """Return how long each group takes."""
    seconds: dict[str, float] = defaultdict(float)
    if DURATIONS.exists():
        for file, taken in json.loads(DURATIONS.read_text()).items():
            seconds[group_of(file)] += taken
    return seconds


def _key(item: pytest.Item) -> tuple[float, str, int]:
    file = file_of(item)
    group = group_of(file)
    return (-_seconds().get(group, 0.0), group, _PLACES.get(file, 0))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest groups first; the tests of a file keep their order."""
    items.sort(key=_key)


class _Groups(LoadScopeScheduling):
    """Hands a whole group to a worker."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid.split("::", 1)[0])


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Any:
    """Replace the scheduler of xdist by one that keeps groups together and their order."""
    config.option.loadscopereorder = False
    return _Groups(config, log)
