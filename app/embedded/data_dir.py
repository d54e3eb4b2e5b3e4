"""The data directory of `heliograph up`: what lies where, and who may read it."""

import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.embedded.errors import StartError
from app.private_files import make_private


@dataclass(frozen=True)
class DataDir:
    """Paths below `root` (absolute). All the product remembers is here; deleting it is a clean start."""

    root: Path

    @classmethod
    def of(cls, path: Path) -> "DataDir":
        """Return the paths below `path`; nothing is made yet."""
        return cls(path.expanduser().resolve())

    @classmethod
    def at(cls, path: Path) -> "DataDir":
        """Return the paths below `path`, made. Raises `StartError` where that is not possible."""
        data = cls.of(path)
        data.make()
        return data

    def make(self) -> None:
        """Make the directory and its fixed folders, readable by their owner only, as is all that we left in it.

        Raises `StartError` where that is not possible.
        """
        if "?" in str(self.root):  # ClickHouse's engine takes what follows for settings, and writes elsewhere
            raise StartError(f"{self.root} cannot hold the data: its name has a `?`. Choose another one: --data DIR")
        try:
            for folder in (self.root, self.clickhouse, self.spool, self.run, self.logs):
                folder.mkdir(parents=True, exist_ok=True)
            self.root.chmod(0o700)
            ours = (self.salts, self.credentials, self.ready, self.lock, *self.root.glob(f"{self.database.name}*"))
            make_private(*ours, self.spool, self.run, self.logs)
        except OSError as error:
            reason = f"{self.root} cannot hold the data: {error.strerror}"
            raise StartError(f"{reason}. Choose a directory of your own: --data DIR") from error

    @property
    def clickhouse(self) -> Path:
        """ClickHouse's own files; one process owns them."""
        return self.root / "clickhouse"

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.root / "heliograph.db"

    @property
    def spool(self) -> Path:
        """The collector's spool: accepted hits the store has not confirmed yet, or only just."""
        return self.root / "spool" / "collector-1"

    @property
    def salts(self) -> Path:
        """The collector's copy of the day salts."""
        return self.root / "salts.json"

    @property
    def run(self) -> Path:
        """Pid files and the hold file."""
        return self.root / "run"

    @property
    def hold(self) -> Path:
        """While this file exists the collector sends nothing on."""
        return self.run / "hold"

    @property
    def logs(self) -> Path:
        """One rotating log for each process."""
        return self.root / "logs"

    @property
    def credentials(self) -> Path:
        """Passwords of the embedded services and the owner's read key, mode 0600."""
        return self.root / "secrets.json"

    @property
    def ready(self) -> Path:
        """What scripts need to talk to the running product; exists only while it is ready."""
        return self.root / "ready.json"

    @property
    def lock(self) -> Path:
        """Locked by the running launcher; holds its pid and URL."""
        return self.root / "heliograph.lock"


def write_private_json(path: Path, value: dict[str, Any]) -> None:
    """Replace `path` atomically by `value` as JSON, mode 0600: a reader sees the old file or the new one."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mkstemp makes 0600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(value, file, indent=2)
            file.write("\n")
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
