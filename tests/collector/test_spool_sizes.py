"""Whatever size lines have: what the spool takes is read back whole, in order, once; what it refuses is told."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.collector import segment
from app.collector.backlog import Backlog
from app.collector.commit import GroupCommit
from app.collector.segment import LineTooLargeError
from app.collector.spool import Spool, SpoolError
from schemas import frame
from schemas.receipts import Range

KAFKA_DEFAULT = 1_048_588
"""`message.max.bytes` of Apache Kafka: what any broker takes unless somebody lowered it."""

lines_of_a_group = st.lists(
    st.one_of(
        st.integers(0, 2_000),
        st.integers(0, 20_000),
        st.integers(segment.MAX_RECORD - 20, segment.MAX_RECORD + 20),
        st.integers(segment.MAX_LINE - 3, segment.MAX_LINE - 1),
    ),
    max_size=8,
)


def line(number: int, size: int) -> bytes:
    return (b"%d:" % number).ljust(size, b"x")[: max(size, 8)] + b"\n"


@settings(max_examples=40, deadline=None)
@given(
    groups=st.lists(st.tuples(lines_of_a_group, st.sampled_from([1, 1, 1, 600])), min_size=1, max_size=4),
    segment_bytes=st.sampled_from([1_000, 300_000, 16 * 2**20]),
    restarts=st.booleans(),
    resends=st.booleans(),
)
def test_any_lists_of_lines_are_sent_whole_in_order_and_once(
    tmp_path_factory: pytest.TempPathFactory,
    groups: list[tuple[list[int], int]],
    segment_bytes: int,
    restarts: bool,
    resends: bool,
) -> None:
    directory = tmp_path_factory.mktemp("spool")
    spool = Spool(directory, source="c1", segment_bytes=segment_bytes)
    expected: list[bytes] = []
    for sizes, times in groups:
        small = [size for size in sizes if size < 20_001] or [10]
        repeated = sizes if times == 1 else (small * times)[:times]
        lines = [line(len(expected) + n, size) for n, size in enumerate(repeated)]
        assert spool.append(lines), spool.failure
        expected += lines
        if restarts:
            spool.close()
            spool = Spool(directory, source="c1", segment_bytes=segment_bytes)
    backlog = Backlog(spool, max_lines=500)
    assert drain(backlog) == expected
    if resends:
        backlog.start_life("another")
        assert drain(backlog) == expected
    assert backlog.damaged_bytes == 0
    assert spool.unconfirmed_bytes() == spool.total_bytes, "nothing is confirmed that no receipt confirmed"
    spool.close()


def drain(backlog: Backlog) -> list[bytes]:
    lines: list[bytes] = []
    while (part := backlog.take()) is not None:
        origin = frame.Origin("c" * frame.MAX_SOURCE_BYTES, part.segment, part.start, part.end)
        assert len(frame.encode(origin, part.count, part.payload)) + 200 < KAFKA_DEFAULT
        assert part.count == part.payload.count(b"\n")
        lines += part.payload.splitlines(keepends=True)
    return lines


def test_five_hundred_lines_of_ten_thousand_bytes_come_back(tmp_path: Path) -> None:
    spool = Spool(tmp_path, source="c1")
    lines = [line(n, 10_000) for n in range(500)]
    assert spool.append(lines)
    backlog = Backlog(spool, max_lines=500)
    assert drain(backlog) == lines
    assert spool.unconfirmed_bytes() == sum(found.size for found in spool.segments.values())


def test_what_is_written_is_never_larger_than_what_is_read() -> None:
    assert segment.MAX_RECORD <= segment.MAX_LINE <= segment.MAX_PAYLOAD


def test_a_line_above_the_limit_is_refused_with_its_size_and_nothing_of_its_list_is_written(tmp_path: Path) -> None:
    spool = Spool(tmp_path, source="c1")
    with pytest.raises(LineTooLargeError, match=f"{segment.MAX_LINE + 1:,}.*{segment.MAX_LINE:,}"):
        spool.append([b"small\n", line(1, segment.MAX_LINE)])
    assert spool.total_bytes == 0
    assert spool.append([line(1, segment.MAX_LINE - 1)])


async def test_a_line_above_the_limit_does_not_take_its_group_along(tmp_path: Path) -> None:
    spool = Spool(tmp_path, source="c1")
    commit = GroupCommit(spool)
    answers = [commit.add(b"before\n"), commit.add(line(1, segment.MAX_LINE)), commit.add(b"after\n")]
    assert [await answer for answer in answers] == [True, False, True]
    (found,) = spool.segments.values()
    part = spool.read(Range(found.number, 0, found.size))
    assert part is not None
    assert part.payload == b"before\nafter\n"
    assert spool.failure is None, "the spool is well; the line was not"


def test_a_source_that_no_frame_can_name_is_refused_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(SpoolError, match="COLLECTOR_ID"):
        Spool(tmp_path, source="\N{GRINNING FACE}" * 64)
