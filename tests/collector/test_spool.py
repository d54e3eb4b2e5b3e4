"""The spool: what was appended is read again, whatever happened to the file in between."""

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.collector import segment
from app.collector.spool import Spool, SpoolError
from schemas.receipts import Range

LINE = b'{"n":%d}\n'


def make(directory: Path, **options: object) -> Spool:
    return Spool(directory, source="test", **options)  # type: ignore[arg-type]


def read_all(spool: Spool, *, max_lines: int = 500) -> list[bytes]:
    lines: list[bytes] = []
    for number in sorted(spool.segments):
        at, size = 0, spool.segments[number].size
        while (part := spool.read(Range(number, at, size), max_lines=max_lines)) is not None:
            assert part.count == part.payload.count(b"\n")
            assert part.count <= max_lines
            lines += part.payload.splitlines(keepends=True)
            at = part.end
    return lines


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 700), min_size=1, max_size=12), st.integers(500, 5000))
def test_everything_appended_is_read_once_and_in_order(
    tmp_path_factory: pytest.TempPathFactory, groups: list[int], segment_bytes: int
) -> None:
    spool = make(tmp_path_factory.mktemp("spool"), segment_bytes=segment_bytes)
    expected = []
    for size in groups:
        lines = [LINE % (len(expected) + n) for n in range(size)]
        assert spool.append(lines)
        expected += lines
    assert read_all(spool) == expected
    spool.close()


def test_a_slice_never_crosses_a_stripe(tmp_path: Path) -> None:
    spool = make(tmp_path, segment_bytes=4 * 2**20)
    line = b"x" * 1000 + b"\n"
    for _ in range(1000):
        spool.append([line])
    (number,) = spool.segments
    at, size = 0, spool.segments[number].size
    starts: dict[int, int] = {}
    while (part := spool.read(Range(number, at, size))) is not None:
        starts.setdefault(part.stripe, part.start)
        last_record = part.end - len(line) - segment.HEAD.size
        assert last_record // segment.STRIPE == part.stripe
        at = part.end
    assert len(starts) == 1 + (size - 1) // segment.STRIPE


def test_a_restart_reads_what_was_there_and_appends_to_a_new_file(tmp_path: Path) -> None:
    first = make(tmp_path)
    first.append([LINE % 1])
    first.close()
    second = make(tmp_path)
    second.append([LINE % 2])
    assert len(second.segments) == 2
    assert read_all(second) == [LINE % 1, LINE % 2]


@pytest.mark.parametrize("cut", [1, 5, 12, 13])
def test_a_record_cut_by_a_crash_is_left_out_and_the_rest_stays(tmp_path: Path, cut: int) -> None:
    first = make(tmp_path)
    first.append([LINE % 1])
    first.append([LINE % 2])
    (found,) = first.segments.values()
    first.close()
    os.truncate(found.path, found.size - cut)
    second = make(tmp_path)
    assert read_all(second) == [LINE % 1]


@given(position=st.integers(0, 10_000), flip=st.integers(1, 255))
@settings(max_examples=60, deadline=None)
def test_damage_in_the_middle_costs_one_record_only(
    tmp_path_factory: pytest.TempPathFactory, position: int, flip: int
) -> None:
    directory = tmp_path_factory.mktemp("spool")
    first = make(directory)
    lines = [LINE % n for n in range(40)]
    for line in lines:
        first.append([line])
    (found,) = first.segments.values()
    first.close()
    data = bytearray(found.path.read_bytes())
    data[position % len(data)] ^= flip
    found.path.write_bytes(data)
    second = make(directory)
    left = read_all(second)
    assert len(left) >= len(lines) - 1
    assert [line for line in lines if line in left] == left
    second.close()


def test_a_segment_is_deleted_only_when_every_byte_has_a_receipt_and_the_horizon_passed(tmp_path: Path) -> None:
    now = [0.0]
    spool = make(tmp_path, segment_seconds=1, clock=lambda: now[0])
    spool.append([LINE % 1])
    spool.append([LINE % 2])
    (found,) = spool.segments.values()
    now[0] = 2.0
    spool.rotate_if_old()
    spool.confirm(Range(found.number, 0, found.size - 1))
    assert spool.delete_stored(older_than=0) == 0
    assert spool.unconfirmed() == [Range(found.number, found.size - 1, found.size)]
    spool.confirm(Range(found.number, found.size - 1, found.size))
    assert spool.delete_stored(older_than=10) == 0
    now[0] = 13.0
    assert spool.delete_stored(older_than=10) == found.size
    assert not list(tmp_path.glob("*.seg"))
    assert spool.total_bytes == 0


def test_over_the_quota_the_newest_are_refused_and_the_reason_is_told(tmp_path: Path) -> None:
    spool = make(tmp_path, quota_bytes=200)
    kept = 0
    while spool.append([LINE % kept]):
        kept += 1
    assert "SPOOL_QUOTA_BYTES" in str(spool.failure)
    assert len(read_all(spool)) == kept
    assert spool.total_bytes <= 200


def test_over_the_quota_confirmed_segments_give_way_before_their_horizon(tmp_path: Path) -> None:
    spool = make(tmp_path, quota_bytes=400, segment_bytes=60)
    for n in range(60):
        assert spool.append([LINE % n]), spool.failure
        for found in list(spool.segments.values()):
            spool.confirm(Range(found.number, 0, found.size))
    assert spool.total_bytes <= 400


def test_a_full_disk_refuses_the_hit_and_leaves_no_half_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = make(tmp_path)
    assert spool.append([LINE % 1])
    real_write = os.write

    def half_a_write(fd: int, data: bytes) -> int:
        return real_write(fd, data[: len(data) // 2])

    monkeypatch.setattr(os, "write", half_a_write)
    assert not spool.append([LINE % 2])
    assert "full" in str(spool.failure)
    monkeypatch.undo()
    assert spool.append([LINE % 3])
    assert spool.failure is None
    assert read_all(spool) == [LINE % 1, LINE % 3]


def test_two_processes_cannot_share_a_spool(tmp_path: Path) -> None:
    spool = make(tmp_path)
    with pytest.raises(SpoolError, match="SPOOL_DIR"):
        make(tmp_path)
    spool.close()
    make(tmp_path).close()


def test_segment_numbers_grow_when_the_clock_goes_back(tmp_path: Path) -> None:
    wall = [2_000_000.0]
    spool = make(tmp_path, segment_bytes=1, wall_clock=lambda: wall[0])
    spool.append([LINE % 1])
    wall[0] = 1_000_000.0
    spool.append([LINE % 2])
    assert read_all(spool) == [LINE % 1, LINE % 2]


def test_an_old_receipt_confirms_nothing_it_does_not_name(tmp_path: Path) -> None:
    spool = make(tmp_path)
    spool.append([LINE % 1])
    (found,) = spool.segments.values()
    spool.confirm(Range(found.number - 1, 0, 10))
    spool.confirm(Range(found.number, 0, found.size + 1))
    assert spool.unconfirmed_bytes() == found.size


def test_a_segment_that_cannot_be_removed_refuses_the_hit_and_still_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = make(tmp_path, quota_bytes=100, segment_bytes=30)
    while spool.append([LINE % 1]):
        pass
    before = spool.total_bytes
    for found in spool.segments.values():
        spool.confirm(Range(found.number, 0, found.size))

    def read_only(_path: Path, *, missing_ok: bool = False) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", read_only)
        assert not spool.append([LINE % 2])
    assert os.strerror(errno.EROFS) in str(spool.failure)
    assert spool.total_bytes == before == sum(path.stat().st_size for path in tmp_path.glob("*.seg"))
    assert spool.append([LINE % 3])


def test_a_stored_segment_that_cannot_be_removed_keeps_no_other_and_raises_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = make(tmp_path, segment_bytes=30)
    for number in range(4):
        spool.append([LINE % number])
    for found in spool.segments.values():
        spool.confirm(Range(found.number, 0, found.size))
        found.is_open = False
    stuck = min(spool.segments)
    unlink = Path.unlink

    def refuse_one(path: Path, *, missing_ok: bool = False) -> None:
        if path == spool.segments[stuck].path:
            raise OSError(errno.EPERM, os.strerror(errno.EPERM))
        unlink(path, missing_ok=missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refuse_one)
        assert spool.delete_stored(older_than=0) > 0
        assert set(spool.segments) == {stuck}
    assert spool.delete_stored(older_than=0) > 0, "tried again"
