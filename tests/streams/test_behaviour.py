"""The look across hits, from the log to the correction: found once, by one worker, whatever is in the way."""

import asyncio
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest

from app.errors import UnavailableError
from app.store.database import Database
from app.store.watermarks import forget, lease, note, noted
from clickhouse.client import ClickHouse
from clickhouse.errors import ClickHouseUnavailableError
from clickhouse.verify import verify
from schemas.frame import decode
from streams import behaviour, visitors
from streams.behaviour import JOB, BehaviourJudge
from streams.spans import FOR_EVER, HOUR, LATE_HOUR, OVERLAP, QUARTER, Span, hour_of, spans
from streams.state import WorkerState
from streams.store import Stored
from streams.visitors import thresholds_of
from tests.fixtures.log import Open, no_hold, store
from tests.streams.test_store import Harness

NOW = datetime(2025, 11, 20, 12, 0, 3, tzinfo=UTC)
ORGANISATION, OTHER = UUID(int=1), UUID(int=2)
MACHINE, READER = b"m" * 16, b"r" * 16


class Bench:
    """A judge whose frames go to a real store, on a clock that the test sets."""

    def __init__(self, log: ClickHouse, database: Database, owner: str = "one") -> None:
        self.log, self.now = log, NOW
        self.harness, self.offset = Harness(log, database, owner=owner), 0
        self.is_storing = True
        self.sent = 0
        self.state = WorkerState()
        self.judge = BehaviourJudge(
            database,
            self._connected,
            self._send,
            owner=owner,
            thresholds=thresholds_of(),
            state=self.state,
            clock=lambda: self.now,
        )

    async def _connected(self) -> ClickHouse:
        return self.log

    async def _send(self, frames: Sequence[tuple[int, bytes]]) -> None:
        for partition, value in frames:
            self.sent += 1
            if self.is_storing:
                await self.harness.store.handle([(partition, Stored(self.offset, decode(value), lambda: None))])
                self.offset += 1

    async def found(self) -> list[tuple[UUID, bytes, str, int, int]]:
        rows = await self.log.select(
            "SELECT organisation_id, visitor, rule, tokens, opens FROM reclassifications ORDER BY ALL"
        )
        return [tuple(row.values()) for row in rows]  # type: ignore[misc]


@pytest.fixture
def bench(event_log: ClickHouse, database: Database) -> Bench:
    return Bench(event_log, database)


def walk(
    people: int,
    *,
    begin: datetime = NOW - timedelta(minutes=1),
    every_ms: int = 300,
    visitor: bytes = MACHINE,
    organisation: UUID = ORGANISATION,
    **more: object,
) -> list[Open]:
    """Return the opens of a visitor that goes from signature to signature."""
    return [
        Open(
            at=begin + timedelta(milliseconds=number * every_ms),
            organisation_id=organisation,
            user_id=UUID(int=100 + number),
            token=f"{number:024}",
            visitor=visitor,
            block=secrets.token_hex(4),
            **more,  # type: ignore[arg-type]
        )
        for number in range(people)
    ]


async def test_a_machine_is_found_and_a_thread_is_not(bench: Bench) -> None:
    await store(bench.log, walk(30))
    await store(bench.log, walk(12, visitor=READER, every_ms=1))
    await store(bench.log, [Open(at=NOW, organisation_id=OTHER, user_id=UUID(int=9), visitor=MACHINE)])
    assert await bench.judge.look()
    assert await bench.found() == [(ORGANISATION, MACHINE, "many_tokens", 30, 30)]
    assert (bench.state.behaviour_runs, bench.state.reclassified) == (1, {"many_tokens": 1})
    assert len(bench.harness.corrected) == 1, "open pages hear of it"
    assert (await verify(bench.log, hold=no_hold())).drifts == []


async def test_one_signature_again_and_again_is_a_burst(bench: Bench) -> None:
    times = [NOW + timedelta(milliseconds=400 * number) for number in range(25)]
    await store(
        bench.log, [Open(at=at, organisation_id=ORGANISATION, user_id=UUID(int=9), visitor=MACHINE) for at in times]
    )
    assert await bench.judge.look()
    assert await bench.found() == [(ORGANISATION, MACHINE, "burst", 1, 25)]


async def test_found_again_it_is_not_even_sent_again(bench: Bench, event_log: ClickHouse, database: Database) -> None:
    await store(bench.log, walk(30))
    another = Bench(event_log, database, owner="two")
    for judge in (bench.judge, bench.judge, another.judge):
        assert await judge.look()
    assert (bench.sent, another.sent) == (1, 0)
    assert len(await bench.found()) == 1


async def test_two_that_found_the_same_at_the_same_time_write_it_once(bench: Bench) -> None:
    await store(bench.log, walk(30))
    thresholds = thresholds_of()
    span = Span(NOW - HOUR, NOW + HOUR)
    twice = [[e async for e in visitors.find_visitors(bench.log, span, thresholds, now=NOW)] for _ in range(2)]
    assert twice[0] == twice[1]
    for found in twice:
        await bench._send([(0, behaviour._frame(found))])
    assert len(await bench.found()) == 1
    assert bench.harness.state.duplicate_events == 1


@pytest.mark.parametrize(
    "opens",
    [
        walk(30, open_class="image_proxy"),
        walk(30, open_class="self"),
        walk(30, networks=("google",)),
        walk(30, networks=("shared-university",)),
        walk(30, every_ms=2_000),
        [hit for organisation in (ORGANISATION, OTHER) for hit in walk(20, organisation=organisation)],
    ],
    ids=["proxy", "self", "google", "shared", "slow", "two-organisations"],
)
async def test_who_is_exempt_or_slow_or_of_another_organisation_is_not_found(bench: Bench, opens: list[Open]) -> None:
    await store(bench.log, opens)
    assert await bench.judge.look()
    assert await bench.found() == []


@pytest.mark.parametrize("edge", ["2025-11-20T12:00:00", "2025-11-20T11:45:00", "2025-11-20T11:40:03"])
async def test_ten_seconds_across_the_edge_of_a_quarter_or_of_a_span_are_seen_whole(bench: Bench, edge: str) -> None:
    middle = datetime.fromisoformat(edge).replace(tzinfo=UTC)
    await store(bench.log, walk(30, begin=middle - timedelta(seconds=4.5)))
    bench.now = NOW + timedelta(minutes=5)
    assert await bench.judge.look()
    assert len(await bench.found()) == 1


async def test_the_second_half_of_a_walk_that_comes_an_hour_late_is_found_by_its_note(
    bench: Bench, database: Database
) -> None:
    hits = walk(30, begin=NOW - timedelta(hours=5))
    await store(bench.log, hits[:15])
    assert await bench.judge.look()
    await store(bench.log, hits[15:])
    assert await bench.judge.look()
    assert await bench.found() == [], "nobody looks at hours ago without a reason"
    await note(database, [f"{LATE_HOUR}{int(hits[15].at.timestamp()) // 3600}"])
    assert await bench.judge.look()
    assert len(await bench.found()) == 1
    assert await noted(database, LATE_HOUR) == {}


async def test_what_was_stored_while_no_worker_ran_is_found_from_the_watermark_on(bench: Bench) -> None:
    assert await bench.judge.look()
    await store(bench.log, walk(30, begin=NOW + timedelta(hours=3, seconds=1)))
    bench.now = NOW + timedelta(hours=9)
    assert await bench.judge.look()
    assert len(await bench.found()) == 1


async def test_another_worker_that_looks_is_left_to_it(bench: Bench, database: Database) -> None:
    await store(bench.log, walk(30))
    held = await lease(database, JOB, owner="another", lifetime=timedelta(minutes=5))
    assert held is not None
    assert not await bench.judge.look()
    await held.give_back()
    assert await bench.judge.look()
    assert len(await bench.found()) == 1


async def test_what_does_not_reach_the_log_is_found_again_and_the_watermark_stays(
    bench: Bench, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(behaviour, "STORED_SECONDS", 0.3)
    await store(bench.log, walk(30))
    await note(database, [f"{LATE_HOUR}1"])
    bench.is_storing = False  # the broker took it, and forgot it
    assert not await bench.judge.look()
    assert bench.state.reclassified == {}
    bench.is_storing, bench.now = True, NOW + timedelta(days=2)
    assert await bench.judge.look()
    assert len(await bench.found()) == 1
    assert await noted(database, LATE_HOUR) == {}


@pytest.mark.parametrize("error", [ClickHouseUnavailableError("refused"), UnavailableError("no database")])
async def test_a_service_that_is_away_makes_it_wait(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    await store(bench.log, walk(30))

    async def away() -> ClickHouse:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(bench.judge, "_clickhouse", away)
        assert not await bench.judge.look()
    assert await bench.judge.look()
    assert len(await bench.found()) == 1


async def test_more_hits_than_fit_in_memory_are_judged_page_by_page(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visitors, "HITS_AT_ONCE", 40)
    slow = walk(200, every_ms=500, begin=NOW - timedelta(minutes=4))  # a crowd behind one address: 20 in ten seconds
    await store(bench.log, slow)
    at_once = [Open(at=NOW, organisation_id=ORGANISATION, user_id=UUID(int=n % 3), visitor=READER) for n in range(19)]
    await store(bench.log, at_once)
    assert await bench.judge.look()
    assert await bench.found() == []
    await store(bench.log, walk(30, begin=NOW - timedelta(seconds=20)))
    assert await bench.judge.look()
    assert len(await bench.found()) == 1


async def test_a_page_of_one_moment_is_passed(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visitors, "HITS_AT_ONCE", 10)
    await store(bench.log, walk(24, every_ms=0))
    await store(bench.log, walk(24, every_ms=0, begin=NOW))
    await store(bench.log, walk(24, every_ms=0, begin=NOW - timedelta(seconds=30)))
    bench.judge._thresholds = {"many_tokens": 20, "burst": 0}
    async with asyncio.timeout(20):
        assert await bench.judge.look()


def test_spans_leave_no_gap_and_each_sees_its_neighbours() -> None:
    cut = spans(NOW - timedelta(hours=30), NOW)
    assert cut[0].from_at == NOW - timedelta(hours=30) - OVERLAP
    assert all(one.until_at == other.from_at for one, other in pairwise(cut))
    assert cut[-1].until_at == FOR_EVER
    assert all(span.until_at - span.from_at == HOUR for span in cut[:-1])
    late = hour_of(f"{LATE_HOUR}{int(NOW.timestamp()) // 3600}")
    assert late == Span(NOW.replace(second=0), NOW.replace(second=0) + HOUR)
    for span in (*cut, late):
        first, last = span.around
        assert first <= span.from_at - QUARTER
        assert last >= min(span.until_at + QUARTER, FOR_EVER)
        assert first.minute % 15 == first.second == first.microsecond == 0


def test_a_watermark_of_the_future_does_not_make_it_skip() -> None:
    [only] = spans(NOW + timedelta(days=3), NOW)
    assert only == Span(NOW - OVERLAP, FOR_EVER)


async def test_months_of_history_that_came_late_do_not_keep_the_present_waiting(
    bench: Bench, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(behaviour, "HOURS_AT_ONCE", 3)
    await store(bench.log, walk(30))
    hours = [int(NOW.timestamp()) // 3600 - 100 - number for number in range(5)]
    await note(database, [f"{LATE_HOUR}{hour}" for hour in hours])
    await store(bench.log, walk(30, begin=NOW - timedelta(hours=100), visitor=READER))
    assert await bench.judge.look()
    assert set(await noted(database, LATE_HOUR)) == {f"{LATE_HOUR}{hour}" for hour in hours[:2]}
    assert len(await bench.found()) == 1
    assert await bench.judge.look()
    assert await noted(database, LATE_HOUR) == {}
    assert len(await bench.found()) == 2


async def test_nothing_is_forgotten_that_was_written_down_meanwhile(database: Database) -> None:
    await note(database, [f"{LATE_HOUR}7"])
    read = await noted(database, LATE_HOUR)
    await note(database, [f"{LATE_HOUR}7"])
    await forget(database, read)
    assert set(await noted(database, LATE_HOUR)) == {f"{LATE_HOUR}7"}
