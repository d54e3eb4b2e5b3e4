"""Pid files, and the end of processes that an earlier launcher could not take with it."""

import contextlib
import json
from pathlib import Path

import psutil

from app.embedded.data_dir import write_private_json

_SAME_TIME_SECONDS = 2.0  # creation times are computed from the clock at boot, which may have been corrected since
_GRACE_SECONDS = 3.0


def remember(run: Path, name: str, pid: int) -> None:
    """Write `run/{name}.pid`: pid, creation time and command line, which together name one process for ever."""
    with contextlib.suppress(psutil.Error):  # it ended already: nothing to remember
        process = psutil.Process(pid)
        write_private_json(
            run / f"{name}.pid",
            {"pid": pid, "created_at": process.create_time(), "command": process.cmdline()},
        )


def forget(run: Path, name: str) -> None:
    """Remove `run/{name}.pid`."""
    (run / f"{name}.pid").unlink(missing_ok=True)


def end_leftovers(run: Path) -> list[str]:
    """End every process the pid files in `run` name that is still the same one; return their names.

    A pid that belongs to another program by now is left alone. Must be called with the directory's lock held: then
    whatever still runs has lost its launcher.
    """
    left: dict[str, psutil.Process] = {}
    for file in sorted(run.glob("*.pid")):
        process = _same_process(file)
        if process is not None:
            left[file.stem] = process
            with contextlib.suppress(psutil.Error):
                process.terminate()
    _, alive = psutil.wait_procs(list(left.values()), timeout=_GRACE_SECONDS)
    for process in alive:
        with contextlib.suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(alive, timeout=_GRACE_SECONDS)
    for file in run.glob("*.pid"):
        file.unlink(missing_ok=True)
    return list(left)


def _same_process(file: Path) -> psutil.Process | None:
    """Return the process a pid file names if it still is the one that was started."""
    try:
        noted = json.loads(file.read_text())
        process = psutil.Process(int(noted["pid"]))
        is_same = (
            abs(process.create_time() - float(noted["created_at"])) < _SAME_TIME_SECONDS
            and process.cmdline() == noted["command"]
        )
    except (OSError, ValueError, KeyError, TypeError, psutil.Error):
        return None
    return process if is_same else None
