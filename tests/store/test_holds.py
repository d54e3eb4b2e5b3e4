import asyncio
from datetime import timedelta

import pytest

from app.errors import ConflictError, UnavailableError
from app.store import holds
from app.store.base import utc_now
from app.store.database import Database
from app.store.holds import hold_store, maintenance
from app.store.ledger import BlockLedger
from app.store.models import MAINTENANCE, STORE, MaintenanceHold


@pytest.fixture
async def database(sqlite_url: str):
    database = Database(sqlite_url)
    yield database
    await database.dispose()


@pytest.fixture
def ledger(database: Database) -> BlockLedger:
    return BlockLedger(database, owner="worker-1")


async def _open_block(ledger: BlockLedger, partition: int, life: str):
    entry = await ledger.claim("events.clean", partition)
    return await ledger.open(entry, life=life, first_offset=0, last_offset=9, token=f"{life}:{partition}")


async def test_store_sees_the_hold_for_as_long_as_it_lasts(database, ledger):
    assert not await ledger.is_held()
    async with hold_store(database):
        assert await ledger.is_held()
    assert not await ledger.is_held()


async def test_hold_ends_with_an_error_in_the_body(database, ledger):
    with pytest.raises(ZeroDivisionError):
        async with hold_store(database):
            raise ZeroDivisionError
    assert not await ledger.is_held()


async def test_open_block_is_waited_for(database, ledger):
    opened = await _open_block(ledger, 0, "life-1")
    entered = asyncio.Event()

    async def maintain() -> None:
        async with hold_store(database):
            entered.set()

    maintaining = asyncio.create_task(maintain())
    while not await ledger.is_held():
        await asyncio.sleep(0.01)
    assert not entered.is_set()
    await ledger.done(opened)
    await maintaining
    assert entered.is_set()


async def test_block_that_stays_open_is_a_conflict_that_says_what_to_do(database, ledger):
    await _open_block(ledger, 0, "life-1")
    with pytest.raises(ConflictError, match="start one"):
        async with hold_store(database, wait_seconds=0):
            pass
    assert not await ledger.is_held()


async def test_repair_does_not_wait_for_blocks_of_dead_lives(database, ledger):
    await _open_block(ledger, 0, "life-1")
    async with hold_store(database, wait_seconds=0, only_life="life-2"):
        assert await ledger.is_held()
    await _open_block(ledger, 1, "life-2")
    with pytest.raises(ConflictError):
        async with hold_store(database, wait_seconds=0, only_life="life-2"):
            pass


async def test_two_holds_exclude_each_other(database):
    async with hold_store(database):
        with pytest.raises(ConflictError, match="another process"):
            async with hold_store(database, wait_seconds=0):
                pass


async def test_maintenance_excludes_other_maintenance_and_not_the_store(database, ledger):
    async with maintenance(database) as mine:
        assert not await ledger.is_held()
        await _open_block(ledger, 0, "life-1")  # goes on as ever, and is not waited for
        for other in (hold_store, maintenance):
            with pytest.raises(ConflictError, match="another process"):
                async with other(database, wait_seconds=0):
                    pass
        with pytest.raises(ConflictError, match="still being stored"):
            async with mine.holding_store(wait_seconds=0):
                pass
        assert not await ledger.is_held()


async def test_the_store_is_held_for_a_part_of_the_maintenance(database, ledger):
    async with maintenance(database) as mine:
        for _ in range(2):
            async with mine.holding_store():
                assert await ledger.is_held()
            assert not await ledger.is_held()
    async with hold_store(database, wait_seconds=0):
        pass


async def test_hold_of_a_process_that_was_killed_expires(database, ledger):
    async with database.session() as session:
        for name in (MAINTENANCE, STORE):
            session.add(MaintenanceHold(name=name, owner="killed", expires_at=utc_now() - timedelta(seconds=1)))
    assert not await ledger.is_held()
    async with hold_store(database, wait_seconds=0):
        assert await ledger.is_held()


async def test_hold_is_renewed_while_the_body_runs(database, ledger, monkeypatch):
    monkeypatch.setattr(holds, "LIFETIME", timedelta(seconds=1))
    monkeypatch.setattr(holds, "_RENEW_SECONDS", 0.1)
    async with hold_store(database):
        await asyncio.sleep(1.5)
        assert await ledger.is_held()
        with pytest.raises(ConflictError):
            async with maintenance(database, wait_seconds=0):
                pass


@pytest.mark.parametrize("name", [MAINTENANCE, STORE])
async def test_body_is_stopped_when_the_hold_was_lost(database, monkeypatch, name):
    monkeypatch.setattr(holds, "_RENEW_SECONDS", 0.05)
    with pytest.raises(UnavailableError, match="was lost"):
        async with hold_store(database):
            async with database.session() as session:
                hold = await session.get(MaintenanceHold, name)
                await session.delete(hold)
            await asyncio.Event().wait()
