"""`SPOOL_SYNC=disk`: a hit is answered after the bytes it stands in were synced, and after no others."""

import asyncio
import errno
import fcntl
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.collector.commit import GroupCommit
from app.collector.spool import Spool
from schemas.receipts import Range

LINE = b'{"n":%d}\n'


class FakeDisk:
    """Stands in for `fdatasync` and `fsync`: notes which file was asked for, waits while held, fails when told to."""

    def __init__(self) -> None:
        self.asked: list[tuple[Path, int]] = []
        """Each file or directory that was synced, with the size it had."""
        self.let_go = threading.Event()
        self.let_go.set()
        self.entered = threading.Event()
        self.failure: Callable[[Path], OSError | None] = lambda _path: None

    def sync(self, fd: int) -> None:
        path = _path_of(fd)
        self.entered.set()
        assert self.let_go.wait(30)
        error = self.failure(path)
        if error is not None:
            raise error
        self.asked.append((path, os.fstat(fd).st_size))

    def files(self) -> list[Path]:
        return [path for path, _ in self.asked if path.suffix == ".seg"]


def _path_of(fd: int) -> Path:
    proc = Path(f"/proc/self/fd/{fd}")
    if proc.exists():
        return proc.readlink()
    return Path(fcntl.fcntl(fd, fcntl.F_GETPATH, b"\0" * 1024).rstrip(b"\0").decode())  # macOS


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> FakeDisk:
    fake = FakeDisk()
    monkeypatch.delattr(fcntl, "F_FULLFSYNC", raising=False)  # macOS's own way
    monkeypatch.setattr(os, "fdatasync", fake.sync, raising=False)
    monkeypatch.setattr(os, "fsync", fake.sync)
    return fake


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    opened = Spool(tmp_path / "spool", source="c1", segment_bytes=60)
    yield opened
    opened.close()


@pytest.fixture
def commit(spool: Spool) -> Iterator[GroupCommit]:
    made = GroupCommit(spool, sync_to_disk=True)
    yield made
    made.close()


async def held(disk: FakeDisk) -> None:
    assert await asyncio.to_thread(disk.entered.wait, 30)


def paths(spool: Spool) -> list[Path]:
    return [found.path for _, found in sorted(spool.segments.items())]


def readable(spool: Spool) -> list[bytes]:
    lines: list[bytes] = []
    for number, found in sorted(spool.segments.items()):
        at = 0
        while (part := spool.read(Range(number, at, found.size))) is not None:
            lines += part.payload.splitlines(keepends=True)
            at = part.end
    return lines


async def test_a_hit_is_answered_only_after_its_own_segment_was_synced_with_its_bytes(
    disk: FakeDisk, spool: Spool, commit: GroupCommit
) -> None:
    disk.let_go.clear()
    answer = commit.add(LINE % 1)
    await held(disk)
    assert not answer.done()
    disk.let_go.set()
    assert await answer
    [path] = paths(spool)
    assert (path, path.stat().st_size) in disk.asked


async def test_a_segment_that_ends_before_its_sync_is_the_one_that_is_synced(
    disk: FakeDisk, spool: Spool, commit: GroupCommit
) -> None:
    disk.let_go.clear()
    first = commit.add(LINE % 1)
    await held(disk)
    second = commit.add(LINE % 2)
    await asyncio.sleep(0)  # the group of the second is written
    assert spool.append([b"x" * 60 + b"\n"]), "too large for the open segment, so this ends it"
    disk.let_go.set()
    assert await first
    assert await second
    ended = paths(spool)[0]
    assert disk.asked.count((ended, ended.stat().st_size)) >= 1, "synced with the bytes of the second"


async def test_a_segment_that_ended_by_age_while_its_sync_ran_loses_nothing(disk: FakeDisk, tmp_path: Path) -> None:
    spool = Spool(tmp_path / "old", source="c1", segment_seconds=0)
    commit = GroupCommit(spool, sync_to_disk=True)
    disk.let_go.clear()
    answer = commit.add(LINE % 1)
    await held(disk)
    spool.rotate_if_old()
    spool.delete_stored(older_than=0)
    disk.let_go.set()
    assert await answer
    assert readable(spool) == [LINE % 1]
    commit.close()


async def test_the_directory_entry_of_a_new_segment_is_synced_before_the_answer(
    disk: FakeDisk, spool: Spool, commit: GroupCommit
) -> None:
    assert await commit.add(LINE % 1)
    asked = [path for path, _ in disk.asked]
    assert spool.directory in asked
    assert spool.directory.parent in asked, "the directory itself was new"
    disk.asked.clear()
    assert await commit.add(LINE % 2)
    assert [path for path, _ in disk.asked] == paths(spool), "nothing but the file is new"
    disk.asked.clear()
    assert await commit.add(b"x" * 60 + b"\n")
    assert {path for path, _ in disk.asked} == {paths(spool)[1], spool.directory}


async def test_groups_that_gather_while_a_sync_runs_share_the_next(disk: FakeDisk, tmp_path: Path) -> None:
    spool = Spool(tmp_path / "one", source="c1")
    commit = GroupCommit(spool, sync_to_disk=True)
    disk.let_go.clear()
    answers = [commit.add(LINE % 0)]
    await held(disk)
    for n in range(1, 10):
        answers.append(commit.add(LINE % n))
        await asyncio.sleep(0)
    disk.let_go.set()
    assert await asyncio.gather(*answers) == [True] * 10
    assert len(disk.files()) == 2
    commit.close()


async def test_bytes_are_not_handed_out_before_they_are_synced(
    disk: FakeDisk, spool: Spool, commit: GroupCommit
) -> None:
    disk.let_go.clear()
    answer = commit.add(LINE % 1)
    await held(disk)
    assert readable(spool) == []
    disk.let_go.set()
    assert await answer
    assert readable(spool) == [LINE % 1]


@pytest.mark.parametrize("fails", [".seg", "directory"])
async def test_hits_whose_sync_failed_are_not_kept_and_the_next_go_to_a_new_segment(
    disk: FakeDisk, spool: Spool, commit: GroupCommit, fails: str
) -> None:
    assert await commit.add(LINE % 1)
    disk.failure = lambda path: OSError(errno.EIO, os.strerror(errno.EIO))
    if fails == "directory":
        spool.rotate_if_old()
        spool._close(next(iter(spool.segments.values())))
        disk.failure = lambda path: OSError(errno.EIO, os.strerror(errno.EIO)) if path == spool.directory else None
    disk.let_go.clear()
    lost = [commit.add(LINE % 2)]
    await held(disk)
    await asyncio.sleep(0)
    lost.append(commit.add(LINE % 3))  # written behind those whose sync fails
    await asyncio.sleep(0)
    disk.let_go.set()
    assert await asyncio.gather(*lost) == [False, False]
    assert os.strerror(errno.EIO) in str(spool.failure)
    assert readable(spool) == [LINE % 1]
    before = set(spool.segments)
    disk.failure = lambda _path: None
    assert await commit.add(LINE % 4)
    assert spool.failure is None
    assert readable(spool) == [LINE % 1, LINE % 4]
    assert len(set(spool.segments) - before) == 1, "pages of a failed sync may be marked clean: that file takes no more"


async def test_without_disk_sync_nothing_is_synced(disk: FakeDisk, spool: Spool) -> None:
    assert await GroupCommit(spool).add(LINE % 1)
    assert disk.asked == []
