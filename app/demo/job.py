"""One filling of one organisation, and how far it has come; what makes a second run harmless.

The events lie in a spool of their own, `DIR/spool/demo-XXXX`. It is made under another name and renamed when it is
whole, so there is no half of it: killed before, it is made afresh; killed after, the next run sends what it holds.
"""

import secrets
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

import orjson
from pydantic import BaseModel, ConfigDict, Field

from app.collector.fsync import sync_directory
from app.collector.spool import Spool

_BATCH = 500


class Job(BaseModel):
    """What `DIR/demo/{organisation}.json` remembers. `state` is `sending`, or `done` when every event is stored."""

    model_config = ConfigDict(frozen=True)

    source: str
    people: int
    days: int
    seed: int
    events: int
    state: str = "sending"
    made_at: float = Field(default_factory=time.time)
    """Seconds of the epoch, before the first id was made."""


def load_job(data: Path, organisation_id: str) -> Job | None:
    """Return the organisation's last filling, or None if there was none."""
    try:
        return Job.model_validate_json(_file(data, organisation_id).read_bytes())
    except (OSError, ValueError):
        return None


def save_job(data: Path, organisation_id: str, job: Job) -> None:
    """Remember it, all or nothing."""
    file = _file(data, organisation_id)
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_suffix(".tmp")
    temporary.write_bytes(orjson.dumps(job.model_dump(), option=orjson.OPT_INDENT_2))
    temporary.replace(file)


def new_source() -> str:
    """Return the name of a new spool; no other collector has it."""
    return f"demo-{secrets.token_hex(4)}"


def spool_of(data: Path, source: str) -> Path:
    """Return the directory of a filling's spool."""
    return data / "spool" / source


def make_spool(data: Path, source: str, lines: Iterable[bytes], *, on_made: Callable[[int], None]) -> int:
    """Write the whole spool, then give it its name; return how many events. Raises `OSError` when the disk is full."""
    for leftover in (data / "spool").glob("demo-*.making"):
        shutil.rmtree(leftover)
    making = spool_of(data, f"{source}.making")
    spool = Spool(making, source=source, quota_bytes=2**40)
    made = 0
    try:
        for batch in _batches(lines):
            if not spool.append(batch):
                raise OSError(f"the demo's events cannot be kept: {spool.failure}")
            made += len(batch)
            on_made(made)
        spool.sync()
    finally:
        spool.close()
    making.rename(spool_of(data, source))
    sync_directory(data / "spool")
    return made


def remove_spool(data: Path, source: str) -> None:
    """Remove a spool whose every event is stored."""
    shutil.rmtree(spool_of(data, source), ignore_errors=True)


def _batches(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    rest = iter(lines)
    while batch := list(islice(rest, _BATCH)):
        yield batch


def _file(data: Path, organisation_id: str) -> Path:
    return data / "demo" / f"{organisation_id}.json"
