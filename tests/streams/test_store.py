"""The store against the real engine and a real ledger: exactly once, whoever dies when."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.store.base import utc_now
from app.store.database import Database
from app.store.holds import hold_store
from app.store.ledger import BlockLedger
from app.store.models import STORE, MaintenanceHold
from app.store.watermarks import noted
from clickhouse.client import ClickHouse
from clickhouse.errors import ClickHouseUnavailableError
from schemas.events import SignatureOpened, VisitorReclassified
from schemas.frame import Frame
from schemas.receipts import Range
from streams.spans import LATE_HOUR, late_noter
from streams.state import WorkerState
from streams.store import Store, Stored
from tests.streams.events import (
    NOW,
    NOW_MS,
    ORGANISATION,
    clean_line,
    dropped_line,
    frame_of,
    ours,
    reclassified_line,
)

TOPIC = "events.clean"


class Harness:
    """A store with its outside: what was acknowledged, receipted and announced."""

    def __init__(self, log: ClickHouse, database: Database, *, life: str = "life-1", owner: str = "w1") -> None:
        self.log = log
        self.acknowledged: list[int] = []
        self.receipts: list[tuple[str, Sequence[Range]]] = []
        self.announced: list[SignatureOpened] = []
        self.corrected: list[VisitorReclassified] = []
        self.state = WorkerState()

        async def send_receipt(source: str, stored: Sequence[Range]) -> None:
            self.receipts.append((source, stored))

        def announce(opened: Iterable[SignatureOpened], reclassified: Iterable[VisitorReclassified]) -> None:
            self.announced += opened
            self.corrected += reclassified

        self.store = Store(
            topic=TOPIC,
            life=life,
            clickhouse=log,
            ledger=BlockLedger(database, owner=owner),
            state=self.state,
            max_block_events=10_000,
            send_receipt=send_receipt,
            announce=announce,
            note_late=late_noter(database, lambda: NOW),
            hold=lambda: hold_store(database, only_life=life, wait_seconds=10),
        )

    async def handle(self, *frames: tuple[int, Frame], partition: int = 0) -> None:
        await self.store.handle(
            (partition, Stored(offset, frame, self._acknowledge(offset))) for offset, frame in frames
        )

    def _acknowledge(self, offset: int) -> Callable[[], None]:
        return lambda: self.acknowledged.append(offset)

    async def counts(self) -> dict[str, Any]:
        (row,) = await self.log.query("stored_counts")
        return row

    async def total(self, view: str) -> int:
        (row,) = await self.log.select(f"SELECT sum(opens) AS n FROM {view}")
        return int(row["n"])


@pytest.fixture
def harness(event_log: ClickHouse, database: Database) -> Harness:
    return Harness(event_log, database)


class CrashError(BaseException):
    """Stands for kill -9: nothing handles it."""


def crash_instead(harness: Harness, monkeypatch: pytest.MonkeyPatch, *, after: bool) -> None:
    """Let the next insert crash the worker, before or after ClickHouse has taken it."""
    real = harness.log.insert

    async def insert(*args: Any, **kwargs: Any) -> None:
        if after:
            await real(*args, **kwargs)
        raise CrashError

    monkeypatch.setattr(harness.log, "insert", insert)


async def test_frames_are_stored_acknowledged_receipted_and_announced(harness: Harness) -> None:
    await harness.handle((0, frame_of(clean_line(), clean_line(), dropped_line())), (1, frame_of(clean_line())))
    assert await harness.counts() == {"events": 3, "drops": 1, "reclassifications": 0, "event_ids": 4}
    assert harness.acknowledged == [0, 1]
    assert [source for source, _ in harness.receipts] == ["c1"]
    assert len(harness.announced) == 3
    assert await harness.total("opens_15m") == 3


async def test_a_drop_says_whose_pixel_it_was_where_that_is_known(harness: Harness) -> None:
    ids = {"organisationId": str(UUID(int=1)), "userId": str(UUID(int=2)), "campaignId": str(UUID(int=3))}
    named = dropped_line(tracking="campaign", reason="campaign_not_active", **ids)
    await harness.handle((0, frame_of(named, dropped_line())))
    rows = await harness.log.select("SELECT reason, organisation_id, user_id, campaign_id FROM drops ORDER BY reason")
    assert [tuple(row.values()) for row in rows] == [
        ("campaign_not_active", UUID(int=1), UUID(int=2), UUID(int=3)),
        ("unknown_token", None, None, None),
    ]


async def test_an_event_sent_again_in_another_frame_counts_once(harness: Harness) -> None:
    line, other = clean_line(), clean_line()
    await harness.handle((0, frame_of(line, line)))
    await harness.handle((1, frame_of(line, other)))
    assert (await harness.counts())["events"] == 2
    assert await harness.total("opens_15m") == 2
    assert harness.acknowledged == [0, 1]


@pytest.mark.parametrize("after", [False, True])
async def test_a_crash_around_the_insert_loses_and_doubles_nothing(
    event_log: ClickHouse, database: Database, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    frames = [(n, frame_of(clean_line(), clean_line(), start=n * 1000)) for n in range(6)]
    first = Harness(event_log, database)
    crash_instead(first, monkeypatch, after=after)
    with pytest.raises(CrashError):
        await first.handle(*frames[:4])
    assert first.acknowledged == []
    monkeypatch.undo()
    second = Harness(event_log, database, owner="w2")
    await second.handle(*frames[:2])  # the block was longer: it waits for the rest
    assert second.acknowledged == []
    await second.handle(*frames[2:])
    assert second.acknowledged == list(range(6))
    assert second.state.repeated_blocks == 1
    assert (await second.counts())["events"] == 12
    for view in ("opens_15m", "visits_15m", "organisation_opens_15m"):
        assert await second.total(view) == 12


async def test_what_was_stored_before_the_crash_is_only_acknowledged_again(
    event_log: ClickHouse, database: Database
) -> None:
    frames = [(n, frame_of(clean_line(), start=n * 1000)) for n in range(3)]
    await Harness(event_log, database).handle(*frames)
    second = Harness(event_log, database, owner="w2")
    await second.handle(*frames)
    assert second.acknowledged == [0, 1, 2]
    assert second.receipts
    assert (await second.counts())["events"] == 3


async def test_an_owner_that_lost_its_partition_stores_and_acknowledges_nothing_more(
    event_log: ClickHouse, database: Database
) -> None:
    old, new = Harness(event_log, database, owner="old"), Harness(event_log, database, owner="new")
    await old.handle((0, frame_of(clean_line())))
    await new.store.claim(0)
    await old.handle((1, frame_of(clean_line(), start=1000)))
    assert old.acknowledged == [0]
    assert (await old.counts())["events"] == 1


async def test_a_block_of_an_ended_life_is_repaired_and_its_events_do_not_count_twice(
    event_log: ClickHouse, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [clean_line() for _ in range(5)]
    first = Harness(event_log, database, life="life-1")
    crash_instead(first, monkeypatch, after=True)
    with pytest.raises(CrashError):
        await first.handle((700, frame_of(*lines)))
    monkeypatch.undo()
    for target in ("opens_15m", "event_ids"):  # as if the engine had died between the log and its views
        await event_log.command(f"TRUNCATE TABLE {target}")
    second = Harness(event_log, database, life="life-2", owner="w2")
    await second.store.claim(0)
    assert second.state.repaired_blocks == 1
    assert await second.total("opens_15m") == 5
    await second.handle((0, frame_of(*lines, clean_line())))
    assert (await second.counts()) == {"events": 6, "drops": 0, "reclassifications": 0, "event_ids": 6}
    assert await second.total("opens_15m") == 6
    assert await second.total("visits_15m") == 6


async def test_while_clickhouse_is_away_nothing_is_acknowledged_and_then_everything_is_stored(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, attempts = harness.log.insert, 0

    async def refuse(*args: Any, **kwargs: Any) -> None:
        nonlocal attempts
        attempts += 1
        if attempts < 4:
            assert harness.acknowledged == []
            raise ClickHouseUnavailableError("connection refused")
        await real(*args, **kwargs)

    monkeypatch.setattr(harness.log, "insert", refuse)
    await harness.handle((0, frame_of(clean_line())))
    assert attempts == 4
    assert harness.acknowledged == [0]
    assert harness.state.trouble == {}
    assert (await harness.counts())["events"] == 1


async def test_a_hold_keeps_the_store_from_beginning_a_block(harness: Harness, database: Database) -> None:
    async with database.session() as session:
        session.add(MaintenanceHold(name=STORE, owner="test", expires_at=utc_now() + timedelta(minutes=5)))
    task = asyncio.create_task(harness.handle((0, frame_of(clean_line()))))
    await asyncio.sleep(0.6)
    assert not task.done()
    assert (await harness.counts())["events"] == 0
    async with database.session() as session:
        held = await session.get(MaintenanceHold, STORE)
        assert held is not None
        await session.delete(held)
    await task
    assert harness.acknowledged == [0]


async def test_a_block_whose_first_frames_kafka_has_deleted_is_repaired_and_the_rest_is_stored(
    event_log: ClickHouse, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    frames = [(n, frame_of(clean_line(), clean_line(), start=n * 1000)) for n in range(3)]
    first = Harness(event_log, database)
    crash_instead(first, monkeypatch, after=True)
    with pytest.raises(CrashError):
        await first.handle(*frames)
    monkeypatch.undo()
    second = Harness(event_log, database, owner="w2")
    await second.handle(*frames[1:], (3, frame_of(clean_line(), start=3000)))
    assert second.acknowledged == [1, 2, 3]
    assert second.state.repaired_blocks == 1
    assert await second.counts() == {"events": 7, "drops": 0, "reclassifications": 0, "event_ids": 7}
    assert await second.total("opens_15m") == 7


async def test_frames_without_events_are_receipted_too(harness: Harness) -> None:
    await harness.handle((0, frame_of()))
    assert harness.acknowledged == [0]
    assert (await harness.counts())["events"] == 0


async def test_a_repair_waits_for_the_insert_under_way_because_it_exchanges_whole_months(
    event_log: ClickHouse, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = BlockLedger(database, owner="w0")
    entry = await ended.claim(TOPIC, 1)
    await ended.open(entry, life="life-0", first_offset=0, last_offset=0, token="life-0:1:0-0")
    harness = Harness(event_log, database)
    steps: list[str] = []
    is_inserting, may_insert = asyncio.Event(), asyncio.Event()
    real = event_log.insert

    async def insert(*args: Any, **kwargs: Any) -> None:
        is_inserting.set()
        await may_insert.wait()
        await real(*args, **kwargs)
        steps.append("inserted")

    async def repair_block(_clickhouse: ClickHouse, token: str) -> list[int]:
        steps.append(f"repaired {token}")
        return []

    monkeypatch.setattr(event_log, "insert", insert)
    monkeypatch.setattr("streams.store.repair_block", repair_block)
    storing = asyncio.create_task(harness.handle((0, frame_of(clean_line()))))
    await is_inserting.wait()
    claiming = asyncio.create_task(harness.store.claim(1))
    for _ in range(20):
        await asyncio.sleep(0.01)
    may_insert.set()
    await asyncio.gather(storing, claiming)
    assert steps == ["inserted", "repaired life-0:1:0-0"]


async def test_a_corrected_visitor_is_stored_once_announced_to_all_and_needs_no_receipt(harness: Harness) -> None:
    line = reclassified_line()
    await harness.handle((0, ours(line)))
    await harness.handle((1, ours(line, reclassified_line())))
    assert await harness.counts() == {"events": 0, "drops": 0, "reclassifications": 2, "event_ids": 2}
    assert (harness.acknowledged, harness.receipts, len(harness.corrected)) == ([0, 1], [], 2)
    assert (harness.state.stored_events, harness.state.duplicate_events) == (2, 1)
    rows = await harness.log.select("SELECT * EXCEPT (id, block, visitor, decided_at, at) FROM reclassifications")
    assert rows[0] == {
        "organisation_id": ORGANISATION,
        "open_date": NOW.date(),
        "open_class": "scanner",
        "confidence": 0.75,
        "reasons": ["behaviour_many_tokens"],
        "rule": "many_tokens",
        "ruleset": 1,
        "tokens": 30,
        "opens": 31,
    }


@pytest.mark.parametrize("after", [False, True])
async def test_a_crash_around_the_insert_of_a_correction_loses_and_doubles_nothing(
    event_log: ClickHouse, database: Database, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    frame = ours(reclassified_line())
    first = Harness(event_log, database)
    crash_instead(first, monkeypatch, after=after)
    with pytest.raises(CrashError):
        await first.handle((0, frame))
    monkeypatch.undo()
    second = Harness(event_log, database, owner="w2")
    await second.handle((0, frame), (1, frame))
    assert await second.counts() == {"events": 0, "drops": 0, "reclassifications": 1, "event_ids": 1}
    assert len(second.corrected) == 1


async def test_hours_to_which_something_came_late_are_written_down_before_the_block_is_closed(
    event_log: ClickHouse, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    hour = NOW_MS // 3_600_000
    late = [clean_line(at=(hour - back) * 3_600_000 + 5) for back in (30, 30, 2)]
    first = Harness(event_log, database)
    real = BlockLedger.done

    async def die(*_: object) -> None:
        raise CrashError

    monkeypatch.setattr(BlockLedger, "done", die)
    with pytest.raises(CrashError):
        await first.handle((0, frame_of(*late, clean_line())))
    monkeypatch.setattr(BlockLedger, "done", real)
    names = {f"{LATE_HOUR}{hour - 30}", f"{LATE_HOUR}{hour - 2}"}
    assert set(await noted(database, LATE_HOUR)) == names


async def test_what_is_not_late_writes_nothing_down(harness: Harness, database: Database) -> None:
    await harness.handle((0, frame_of(clean_line(), clean_line(at=NOW_MS + 10**9), dropped_line(at=1))))
    assert await noted(database, LATE_HOUR) == {}
