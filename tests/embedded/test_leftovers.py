import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.embedded.leftovers import end_leftovers, forget, remember
from tests.embedded.dummies import OBEDIENT, is_alive


@pytest.fixture
def process() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-c", OBEDIENT], stdout=subprocess.DEVNULL) as process:
        yield process
        process.kill()


def test_a_process_that_lost_its_launcher_is_ended(tmp_path: Path, process: subprocess.Popen[bytes]) -> None:
    remember(tmp_path, "worker", process.pid)
    assert end_leftovers(tmp_path) == ["worker"]
    assert not is_alive(process.pid)
    assert not list(tmp_path.glob("*.pid"))


@pytest.mark.parametrize("change", [{"command": ["another", "program"]}, {"created_at": 1.0}])
def test_a_pid_that_belongs_to_somebody_else_by_now_is_left_alone(
    tmp_path: Path, process: subprocess.Popen[bytes], change: dict[str, object]
) -> None:
    remember(tmp_path, "worker", process.pid)
    file = tmp_path / "worker.pid"
    file.write_text(json.dumps(json.loads(file.read_text()) | change))
    assert end_leftovers(tmp_path) == []
    assert is_alive(process.pid)


def test_a_damaged_pid_file_is_removed(tmp_path: Path) -> None:
    (tmp_path / "worker.pid").write_text("{")
    assert end_leftovers(tmp_path) == []
    assert not list(tmp_path.iterdir())


def test_a_process_that_was_stopped_is_forgotten(tmp_path: Path, process: subprocess.Popen[bytes]) -> None:
    remember(tmp_path, "worker", process.pid)
    forget(tmp_path, "worker")
    assert end_leftovers(tmp_path) == []
