"""Forcing files and directory entries through every cache, so that a power cut leaves them."""

import fcntl
import os
from pathlib import Path


def sync_file(fd: int) -> None:
    """Force a file's bytes to the disk; takes milliseconds. Raises `OSError`: then what was not synced is not kept.

    macOS has no `fdatasync`, and its `fsync` leaves the drive's own cache.
    """
    if hasattr(fcntl, "F_FULLFSYNC"):
        fcntl.fcntl(fd, fcntl.F_FULLFSYNC)
    else:
        os.fdatasync(fd)


def sync_directory(directory: Path) -> None:
    """Force the entries of a directory to the disk: a file that is new in it may be gone otherwise, bytes and all."""
    fd = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
