"""Whatever a process of ours writes is for its owner alone, also where the shell says otherwise."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from app.embedded.data_dir import DataDir
from app.private_files import make_private


def open_to_others(folder: Path) -> list[str]:
    """Return what somebody else could read below a folder."""
    found = [path for path in folder.rglob("*") if not path.is_symlink() and path.lstat().st_mode & 0o077]
    return [f"{stat.filemode(path.lstat().st_mode)} {path}" for path in found]


def run(*arguments: str, folder: Path, **more: str) -> None:
    env = os.environ | {"DATABASE_URL": f"sqlite+aiosqlite:///{folder}/store/heliograph.db"} | more
    command = [sys.executable, "-c", "import os, runpy, sys; os.umask(0o022); sys.argv = sys.argv[1:]; " + arguments[0]]
    subprocess.run([*command, "heliograph", *arguments[1:]], env=env, capture_output=True, timeout=120, check=False)


@pytest.mark.parametrize("arguments", [("users", "list"), ("migrate",)])
def test_a_command_that_makes_the_store_keeps_it_private(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    run("runpy.run_module('app.cli', run_name='__main__')", *arguments, folder=tmp_path)
    assert (tmp_path / "store" / "heliograph.db").exists()
    assert open_to_others(tmp_path) == []


def test_what_an_earlier_version_left_is_closed_at_the_next_start(tmp_path: Path) -> None:
    root = tmp_path / "data"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("not ours")
    for name in ("heliograph.db", "heliograph.db-wal", "logs/api.log", "spool/collector-1/1.seg", "run/api.pid"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("people")
        path.chmod(0o644)
    (root / "logs" / "link").symlink_to(elsewhere)
    elsewhere.chmod(0o644)
    DataDir.at(root)
    left = [line for line in open_to_others(root) if stat.S_ISREG(Path(line.split()[1]).stat().st_mode)]
    assert left == []
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o644, "a link leads out of the folder"
    make_private(root / "gone")  # is no error
