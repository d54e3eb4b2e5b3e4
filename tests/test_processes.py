"""Each process and command by itself: a setting it cannot use ends it with code 1 and one sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    "command",
    [
        ["collector"],
        ["worker"],
        ["api"],
        ["migrate"],
        ["sql", "SELECT 1"],
        ["demo"],
        ["users", "list"],
    ],
)
def test_a_process_whose_settings_are_wrong_says_so_in_one_sentence_and_ends(
    command: list[str], tmp_path: Path
) -> None:
    nowhere = {"KAFKA_URL": "kafka://127.0.0.1:9", "DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path}/none.db"}
    ended = subprocess.run(
        [sys.executable, "-m", "app.cli", *command],
        env=os.environ | nowhere | {"SPOOL_SYNC": "foo"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "SPOOL_SYNC is 'foo'; write 'os' or 'disk', or leave it out for os." in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1
    assert ended.stdout == ""
    assert not list(tmp_path.iterdir())
