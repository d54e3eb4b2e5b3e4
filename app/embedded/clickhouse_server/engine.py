"""The engine of this process and its data directory."""

import fcntl
import os
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

from app.embedded.errors import StartError

# Sized for a machine that runs everything else, too. Server settings can only be given with the first handle.
_SERVER_SETTINGS = {
    "max_server_memory_usage_to_ram_ratio": "0.5",
    "mark_cache_size": str(64 << 20),
    "index_mark_cache_size": str(16 << 20),
    "primary_index_cache_size": str(64 << 20),
    "uncompressed_cache_size": "0",
    "query_condition_cache_size": str(16 << 20),
    "background_pool_size": "2",
    "background_schedule_pool_size": "2",
    "max_thread_pool_free_size": "16",
}


class Engine:
    """chDB opened on one directory. One process per directory, one engine per process.

    Handles are cheap (0.3 ms) and independent: settings given on one are unknown to the others, and queries on
    different ones run side by side. The engine stays open as long as one handle does, hence `_first`.
    """

    def __init__(self, directory: Path) -> None:
        """Open the data. Raises `StartError` when another process holds the directory."""
        self._directory = directory
        directory.mkdir(parents=True, exist_ok=True)
        self._lock = _lock(directory)
        os.environ["TZ"] = "UTC"  # read by the engine when it opens: times are UTC wherever the machine stands
        # half a second and 250 MB, so only for who opens an engine; chDB's stub does not know `connect`
        self._chdb: Any = import_module("chdb._chdb")
        self._first = self._chdb.connect(f"{directory / 'data'}?{urlencode(_SERVER_SETTINGS)}")
        version, self.timezone = (
            self._first.query("SELECT version(), timezone()", "TabSeparated").bytes().decode().split()
        )
        self.version: str = version
        self._hide_files()

    def connect(self) -> Any:
        """Return a new handle with clean settings; close it after use."""
        return self._chdb.connect(str(self._directory / "data"))

    def _hide_files(self) -> None:
        """Make `default` a database like any other: chDB's shows every file of the machine as a table of its name.

        One that somebody keeps tables in stays as it is; ad-hoc queries may not name it then.
        """
        found = self._first.query(
            "SELECT engine = 'Overlay' AND (SELECT count() FROM system.tables WHERE database = 'default') = 0 "
            "FROM system.databases WHERE name = 'default'",
            "TabSeparated",
        )
        if found.bytes().strip() == b"1":
            self._first.query("DROP DATABASE default")
            self._first.query("CREATE DATABASE default ENGINE = Atomic")

    def close(self) -> None:
        """Close the data; handles must be closed before."""
        self._first.close()
        os.close(self._lock)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _lock(directory: Path) -> int:
    """Lock the directory for this process: the engine would open it twice and damage it."""
    descriptor = os.open(directory / "embedded.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        owner = os.read(descriptor, 32).decode(errors="replace").strip()
        os.close(descriptor)
        raise StartError(
            f"Another embedded ClickHouse{f' (pid {owner})' if owner else ''} uses {directory}. "
            "Stop it first, or choose another directory with --data."
        ) from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)
    return descriptor
