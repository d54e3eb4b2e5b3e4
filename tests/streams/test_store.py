"""The store against the real engine and a real ledger: exactly once, whoever dies when."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.errors import UnavailableError
from app.store.base import utc_now
from app.store.database import Database
from app.store.holds import hold_store
from app.store.ledger import BlockLedger, LostPartitionError
from app.store.models import STORE, BlockLedgerEntry, MaintenanceHold
from app.store.watermarks import noted
from clickhouse.client import ClickHouse
from clickhouse.errors import ClickHouseUnavailableError, QueryKilledError
from clickhouse.rebuild import repair_block
from schemas.events import SignatureOpened, VisitorReclassified
from schemas.frame import Frame
from schemas.receipts import Range
from streams import store as store_module
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
        self.paused: set[int] = set()
        self.repairs: set[asyncio.Task[None]] = set()

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
            hold=lambda: hold_store(database, only_life=life, wait_seconds=2),
            spawn=self._spawn,
            pause=self.paused.add,
            resume=self.paused.discard,
        )

    async def handle(self, *frames: tuple[int, Frame], partition: int = 0) -> None:
        await self.store.handle(
            (partition, Stored(offset, frame, self._acknowledge(offset))) for offset, frame in frames
        )

    async def repaired(self) -> None:
        """Wait until every repair has ended."""
        while self.repairs:
            await asyncio.gather(*self.repairs)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self.repairs.add(task)
        task.add_done_callback(self.repairs.discard)

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
    await second.repaired()
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
    assert harness.state.waits.troubles() == {}
    assert (await harness.counts())["events"] == 1


async def test_a_hold_keeps_the_store_from_beginning_a_block_and_readiness_says_so(
    harness: Harness, database: Database
) -> None:
    async with database.session() as session:
        session.add(MaintenanceHold(name=STORE, owner="test", expires_at=utc_now() + timedelta(minutes=5)))
    task = asyncio.create_task(harness.handle((0, frame_of(clean_line()))))
    await until(lambda: "the store waits for" in str(harness.state.readiness()))
    assert not task.done()
    assert (await harness.counts())["events"] == 0
    async with database.session() as session:
        held = await session.get(MaintenanceHold, STORE)
        assert held is not None
        await session.delete(held)
    await task
    assert harness.acknowledged == [0]
    assert harness.state.waits.troubles() == {}


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
    await second.repaired()
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
    monkeypatch.setattr("streams.repair.repair_block", repair_block)
    storing = asyncio.create_task(harness.handle((0, frame_of(clean_line()))))
    await is_inserting.wait()
    await harness.store.claim(1)
    for _ in range(20):
        await asyncio.sleep(0.01)
    may_insert.set()
    await storing
    await harness.repaired()
    assert steps == ["inserted", "repaired life-0:1:0-0"]


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.02)


async def left_open(database: Database, partition: int, *, life: str, first: int = 0, last: int = 0) -> None:
    """Leave a block in the ledger as a worker does that is killed in an insert."""
    ended = BlockLedger(database, owner="w0")
    token = f"{life}:{TOPIC}:{partition}:{first}-{last}"
    entry = await ended.claim(TOPIC, partition)
    await ended.open(entry, life=life, first_offset=first, last_offset=last, token=token)


async def test_a_partition_goes_on_while_another_one_waits_for_its_repair(
    event_log: ClickHouse, database: Database
) -> None:
    await left_open(database, 1, life="life-0")
    await left_open(database, 0, life="life-1", last=1)
    harness = Harness(event_log, database)
    claiming = asyncio.create_task(harness.store.claim(1))
    await asyncio.sleep(0.5)  # the repair waits for the open block of partition 0
    frames = [(n, frame_of(clean_line(), start=n * 1000)) for n in range(3)]
    async with asyncio.timeout(8):
        await harness.handle(*frames)
        await claiming
        await harness.repaired()
    assert harness.acknowledged == [0, 1, 2]
    assert (harness.state.repeated_blocks, harness.state.repaired_blocks) == (1, 1)


async def test_a_repair_that_fails_lets_go_of_the_store_and_is_tried_again_in_the_background(
    event_log: ClickHouse, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await left_open(database, 1, life="life-0")
    harness = Harness(event_log, database)
    is_well = asyncio.Event()

    async def repair_block(_clickhouse: ClickHouse, _token: str) -> list[int]:
        if not is_well.is_set():
            raise ClickHouseUnavailableError("no space left on device")
        return []

    monkeypatch.setattr("streams.repair.repair_block", repair_block)
    await harness.handle((7, frame_of(clean_line(), start=7000)), partition=1)
    for n in range(3):
        await harness.handle((n, frame_of(clean_line(), start=n * 1000)))
    assert harness.acknowledged == [0, 1, 2], "the other partition goes on"
    await until(lambda: "no space left" in str(harness.state.readiness()))
    [reason] = [reason for reason in harness.state.readiness()[1]["reasons"] if "repair" in reason]  # type: ignore[attr-defined]
    assert reason.startswith("repair of events.clean[1] waits for ")
    assert harness.paused == {1}, "no more of its frames are wanted in memory"
    is_well.set()
    await harness.repaired()
    assert harness.acknowledged == [0, 1, 2, 7], "what waited is stored, though no further frame came"
    assert harness.paused == set()
    assert "repair" not in str(harness.state.readiness())


async def test_a_repair_that_is_stopped_ends_its_statements_before_the_store_is_let_go(
    event_log: ClickHouse, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await left_open(database, 1, life="life-0")
    harness = Harness(event_log, database)
    is_under_way = asyncio.Event()
    killed: list[tuple[str, bool]] = []

    async def repair_block(_clickhouse: ClickHouse, _token: str) -> None:
        is_under_way.set()
        await asyncio.Event().wait()

    async def kill(prefix: str) -> None:
        async with database.reading() as session:
            killed.append((prefix, await session.get(MaintenanceHold, STORE) is not None))

    await harness.store.claim(1)
    monkeypatch.setattr("streams.repair.repair_block", repair_block)
    monkeypatch.setattr(event_log, "kill", kill)
    await is_under_way.wait()
    [repair] = harness.repairs
    repair.cancel()
    await asyncio.gather(repair, return_exceptions=True)
    assert killed == [("repair:events.clean:1:", True)], "while the store was held"
    async with database.reading() as session:
        assert await session.get(MaintenanceHold, STORE) is None


async def test_a_partition_that_is_revoked_while_it_is_repaired_is_left_to_the_new_owner(
    event_log: ClickHouse, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = clean_line()
    with pytest.raises(CrashError):
        crashing = Harness(event_log, database, life="life-0", owner="w0")
        crash_instead(crashing, monkeypatch, after=True)
        await crashing.handle((5, frame_of(line)))
    monkeypatch.undo()
    old, new = Harness(event_log, database, owner="old"), Harness(event_log, database, owner="new")
    is_under_way, may_go_on = asyncio.Event(), asyncio.Event()

    async def repair_slowly(clickhouse: ClickHouse, token: str) -> list[int]:
        is_under_way.set()
        await may_go_on.wait()
        return await repair_block(clickhouse, token)

    monkeypatch.setattr("streams.repair.repair_block", repair_slowly)
    await old.handle((0, frame_of(line, clean_line())))
    await is_under_way.wait()
    old.store.assign(())
    await new.handle((0, frame_of(line, clean_line())))
    may_go_on.set()
    await old.repaired()
    await new.repaired()
    assert (old.acknowledged, new.acknowledged) == ([], [0])
    assert (await new.counts())["events"] == await new.total("opens_15m") == 2


async def test_an_insert_that_the_new_owner_has_ended_is_not_sent_again(
    event_log: ClickHouse, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = Harness(event_log, database, owner="old"), Harness(event_log, database, owner="new")
    sent = 0

    async def insert(*_args: Any, **_kwargs: Any) -> None:
        nonlocal sent
        sent += 1
        await new.store.claim(0)
        raise QueryKilledError("killed by the new owner", code=394, name="QUERY_WAS_CANCELLED")

    monkeypatch.setattr(event_log, "insert", insert)
    async with asyncio.timeout(20):
        await old.handle((0, frame_of(clean_line())))
    assert (sent, old.acknowledged) == (1, [])


async def test_an_insert_is_not_sent_if_the_partition_was_claimed_while_known_ids_were_asked_for(
    event_log: ClickHouse, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = Harness(event_log, database, owner="old"), Harness(event_log, database, owner="new")
    real, sent = store_module.find_known_ids, 0

    async def claim_meanwhile(*arguments: Any, **more: Any) -> set[str]:
        known: set[str] = await real(*arguments, **more)
        await new.store.claim(0)  # the worker was frozen for that long
        return known

    async def insert(*_args: Any, **_kwargs: Any) -> None:
        nonlocal sent
        sent += 1

    monkeypatch.setattr(store_module, "find_known_ids", claim_meanwhile)
    monkeypatch.setattr(event_log, "insert", insert)
    await old.handle((0, frame_of(clean_line())))
    assert (sent, old.acknowledged) == (0, [])


async def test_frames_of_a_partition_that_is_lost_are_left_alone_until_it_is_assigned_again(
    event_log: ClickHouse, database: Database
) -> None:
    old, new = Harness(event_log, database, owner="old"), Harness(event_log, database, owner="new")
    await old.handle((0, frame_of(clean_line())))
    await new.store.claim(0)
    await old.handle((1, frame_of(clean_line(), start=1000)))
    assert "events.clean[0] was claimed by another worker" in str(old.state.readiness())
    await old.handle((2, frame_of(clean_line(), start=2000)))  # taking it back would pass over the frame before
    await new.handle((1, frame_of(clean_line(), start=1000)))
    assert (old.acknowledged, new.acknowledged) == ([0], [1])
    old.store.assign((0,))
    await old.handle((2, frame_of(clean_line(), start=2000)))
    assert old.acknowledged == [0, 2]
    assert "claimed" not in str(old.state.readiness())


async def test_a_partition_that_is_not_assigned_is_not_claimed_from_its_owner(
    event_log: ClickHouse, database: Database
) -> None:
    old, new = Harness(event_log, database, owner="old"), Harness(event_log, database, owner="new")
    old.store.assign((0,))
    await old.handle((0, frame_of(clean_line())))
    old.store.assign(())
    await new.handle((0, frame_of()))
    await old.handle((1, frame_of(clean_line(), start=1000)))  # was on its way when the partition was revoked
    await new.handle((1, frame_of(clean_line(), start=1000)))
    assert (old.acknowledged, new.acknowledged) == ([0], [0, 1])


async def test_a_claim_that_waits_for_the_database_is_given_up_when_the_partition_is_revoked(
    event_log: ClickHouse, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness, real = Harness(event_log, database), BlockLedger.claim
    is_back = asyncio.Event()

    async def claim(self: BlockLedger, topic: str, partition: int) -> Any:
        if not is_back.is_set():
            raise UnavailableError("away", service="database")
        return await real(self, topic, partition)

    monkeypatch.setattr(BlockLedger, "claim", claim)
    harness.store.assign((0,))
    claiming = asyncio.create_task(harness.store.claim(0))
    await until(lambda: "database is away" in str(harness.state.readiness()))
    harness.store.assign(())
    is_back.set()
    with pytest.raises(LostPartitionError):
        await claiming
    async with database.reading() as session:
        assert await session.get(BlockLedgerEntry, (TOPIC, 0)) is None, "nobody was fenced"


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
