"""Hits that cannot be kept: a line when it begins, reminders, and a line with the number when it is over."""

import errno
import logging
import os
from pathlib import Path

import pytest

from app.collector.commit import GroupCommit
from app.collector.losses import QUIET_SECONDS, REMIND_SECONDS, Losses
from app.collector.spool import Spool
from schemas.receipts import Range

LINE = b"x" * 99 + b"\n"
NOON = 1_768_478_400.0  # 15 January 2026, UTC


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        return self.now


class Collector:
    """A spool with a quota of about ten hits, or another, behind a group commit."""

    def __init__(self, directory: Path, *, quota_bytes: int = 1200) -> None:
        self.spool = Spool(directory, source="c1", segment_bytes=300, quota_bytes=quota_bytes)
        self.commit = GroupCommit(self.spool)
        self.clock = Clock()
        self.losses = self.commit.losses = Losses(self.spool, clock=self.clock)

    async def hit(self) -> bool:
        return await self.commit.add(LINE)

    def store_everything(self) -> None:
        for found in self.spool.segments.values():
            self.spool.confirm(Range(found.number, 0, found.size))


@pytest.fixture
def collector(tmp_path: Path) -> Collector:
    return Collector(tmp_path)


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]


async def test_a_loss_is_logged_when_it_begins_and_with_its_number_when_it_is_over(
    collector: Collector, caplog: pytest.LogCaptureFixture
) -> None:
    while await collector.hit():
        pass
    assert [await collector.hit() for _ in range(4)] == [False] * 4
    [began] = errors(caplog)
    assert "SPOOL_QUOTA_BYTES" in began
    assert "lost" in began
    collector.store_everything()
    collector.clock.now += QUIET_SECONDS
    await collector.losses.look()
    assert collector.losses.present is None
    [_, ended] = errors(caplog)
    assert "5 hits were lost from 2026-01-15 12:00:00 to 2026-01-15 12:00:00 UTC" in ended
    assert await collector.hit()


async def test_single_hits_that_find_room_do_not_end_a_loss(collector: Collector) -> None:
    while await collector.commit.add(LINE * 3):
        pass
    assert await collector.hit(), "a small one fits where a large one did not"
    collector.clock.now += QUIET_SECONDS / 2
    await collector.losses.look()
    assert collector.losses.present is not None
    while await collector.hit():
        pass
    collector.clock.now += 10 * QUIET_SECONDS
    await collector.losses.look()
    assert collector.losses.present is not None, "quiet, but without room: the next hit would be lost"


async def test_a_loss_without_a_further_hit_ends_when_there_is_room(collector: Collector) -> None:
    while await collector.hit():
        pass
    collector.store_everything()
    await collector.losses.look()
    assert collector.losses.present is not None, "only just"
    collector.clock.now += QUIET_SECONDS
    await collector.losses.look()
    assert collector.losses.present is None


async def test_a_full_disk_is_found_full_until_a_file_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    collector = Collector(tmp_path, quota_bytes=2**30)

    def full(_fd: int, _data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        assert not await collector.hit()
        collector.clock.now += QUIET_SECONDS
        await collector.losses.look()
        assert collector.losses.present is not None
        assert os.strerror(errno.ENOSPC) in collector.losses.present.why
    await collector.losses.look()
    assert collector.losses.present is None
    assert not (tmp_path / "room").exists(), "the file that was tried is gone"


async def test_a_loss_that_lasts_is_reminded_of_seldom(collector: Collector, caplog: pytest.LogCaptureFixture) -> None:
    while await collector.hit():
        pass
    for _ in range(100):
        collector.clock.now += REMIND_SECONDS / 50
        assert not await collector.hit()
        await collector.losses.look()
    assert len(errors(caplog)) == 3
    assert "still being lost" in errors(caplog)[-1]


async def test_a_loss_that_lasts_to_the_end_of_the_process_says_its_number(
    collector: Collector, caplog: pytest.LogCaptureFixture
) -> None:
    while await collector.hit():
        pass
    collector.commit.close()
    assert "the collector stops; 1 hits were lost" in errors(caplog)[-1]
