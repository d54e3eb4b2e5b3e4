"""One running launcher for each data directory."""

import fcntl
import json
import os
from types import TracebackType
from typing import Self

from app.embedded.data_dir import DataDir
from app.embedded.errors import AlreadyRunningError


class DirectoryLock:
    """Hold the data directory while the block runs.

    Raises `AlreadyRunningError`, which names pid and URL, when another launcher holds it. The kernel drops the lock
    with the process, so a launcher that was killed leaves nothing to clean up.
    """

    def __init__(self, data: DataDir, *, url: str) -> None:
        self._data, self._url = data, url
        self._descriptor = -1

    def __enter__(self) -> Self:
        self._descriptor = os.open(self._data.lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = _owner(os.read(self._descriptor, 4096))
            os.close(self._descriptor)
            raise AlreadyRunningError(
                f"Heliograph already runs on {self._data.root}{owner}.\n"
                "Use that one, stop it with Ctrl-C, or start another one with --data DIR --port N."
            ) from None
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, json.dumps({"pid": os.getpid(), "url": self._url}).encode(), 0)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.ftruncate(self._descriptor, 0)
        os.close(self._descriptor)


def _owner(content: bytes) -> str:
    """Say who holds the lock, as far as the file tells: it is empty for a moment while the owner starts."""
    try:
        owner = json.loads(content)
        return f": pid {owner['pid']}, {owner['url']}"
    except (ValueError, KeyError, TypeError):
        return ""
