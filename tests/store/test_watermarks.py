import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from app.store.database import Database
from app.store.watermarks import forget, lease, note, noted

LONG, OVER = timedelta(minutes=5), timedelta(seconds=-1)
NOON = datetime(2025, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    database = Database(sqlite_url)
    yield database
    await database.dispose()


async def test_one_process_has_the_job_until_it_gives_it_back(database: Database) -> None:
    first = await lease(database, "job", owner="one", lifetime=LONG)
    assert first is not None and first.done_until is None
    assert await lease(database, "job", owner="two", lifetime=LONG) is None
    assert await lease(database, "another job", owner="two", lifetime=LONG) is not None
    await first.give_back(done_until=NOON)
    second = await lease(database, "job", owner="two", lifetime=LONG)
    assert second is not None and second.done_until == NOON


async def test_of_many_who_ask_at_once_one_gets_it(database: Database) -> None:
    asked = [lease(database, "job", owner=str(number), lifetime=LONG) for number in range(8)]
    assert sum(taken is not None for taken in await asyncio.gather(*asked)) == 1


async def test_what_a_killed_process_had_ends_by_itself_and_its_watermark_stays(database: Database) -> None:
    before = await lease(database, "job", owner="one", lifetime=LONG)
    assert before is not None
    await before.give_back(done_until=NOON)
    killed = await lease(database, "job", owner="one", lifetime=OVER)
    taken = await lease(database, "job", owner="two", lifetime=LONG)
    assert killed is not None and taken is not None and taken.done_until == NOON
    await killed.give_back(done_until=NOON + LONG)  # it was not dead: it changes nothing any more
    assert await lease(database, "job", owner="three", lifetime=LONG) is None
    await taken.give_back()
    last = await lease(database, "job", owner="three", lifetime=LONG)
    assert last is not None and last.done_until == NOON


async def test_a_note_written_again_while_it_is_worked_on_stays(database: Database) -> None:
    await note(database, ["late:1", "late:2", "other:1"])
    read = await noted(database, "late:")
    assert set(read) == {"late:1", "late:2"}
    await note(database, ["late:2"])
    await forget(database, read)
    assert set(await noted(database, "late:")) == {"late:2"}
    assert set(await noted(database, "other:")) == {"other:1"}


async def test_a_prefix_is_meant_as_it_is_written(database: Database) -> None:
    await note(database, ["late:1"])
    assert await noted(database, "l%") == {}
    assert await noted(database, "late_") == {}


async def test_notes_written_and_crossed_out_at_the_same_time_are_not_lost(database: Database) -> None:
    async def write() -> None:
        for _ in range(10):
            await note(database, ["late:1"])

    async def cross_out() -> None:
        for _ in range(10):
            await forget(database, await noted(database, "late:"))

    await asyncio.gather(write(), cross_out())
    await note(database, ["late:1"])
    assert set(await noted(database, "late:")) == {"late:1"}


async def test_thousands_are_written_at_once(database: Database) -> None:
    names = [f"late:{number}" for number in range(12_345)]
    await note(database, names)
    await note(database, reversed(names))
    assert set(await noted(database, "late:")) == set(names)
