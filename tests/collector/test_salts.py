"""Salts: secret, shared, made ahead, and gone when the day is over."""

import json
import stat
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.collector.salts import DAYS_AHEAD, Salts, utc_day
from app.errors import UnavailableError
from app.store.base import Base
from app.store.database import Database
from app.store.models import Salt

TODAY = date(2026, 11, 21)
AT = (TODAY - date(1970, 1, 1)).days * 86_400_000


@pytest.fixture
async def database(tmp_path: Path):
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/salts.db")
    async with database.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield database
    await database.dispose()


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    Salts(tmp_path / "salts.json").prepare(TODAY)
    assert stat.S_IMODE((tmp_path / "salts.json").stat().st_mode) == 0o600


def test_a_restart_goes_on_with_the_same_salt(tmp_path: Path) -> None:
    path = tmp_path / "salts.json"
    assert Salts(path).at(AT) == Salts(path).at(AT)


def test_a_past_days_salt_is_gone_from_the_file(tmp_path: Path) -> None:
    path = tmp_path / "salts.json"
    salts = Salts(path)
    salts.prepare(TODAY)
    old = salts.at(AT)
    salts.prepare(TODAY + timedelta(days=1))
    assert old.hex() not in path.read_text()
    assert min(json.loads(path.read_text())) == "2026-11-22"


async def test_collectors_agree_through_the_store(tmp_path: Path, database: Database) -> None:
    first, second = Salts(tmp_path / "a.json"), Salts(tmp_path / "b.json")
    assert first.at(AT) != second.at(AT)
    await first.agree(database, TODAY)
    await second.agree(database, TODAY)
    assert first.at(AT) == second.at(AT)
    for ahead in range(DAYS_AHEAD + 1):
        assert first.at(AT + ahead * 86_400_000) == second.at(AT + ahead * 86_400_000)


async def test_a_past_days_salt_leaves_no_bytes_in_the_file_of_the_store(tmp_path: Path, database: Database) -> None:
    salts = Salts(tmp_path / "salts.json")
    await salts.agree(database, TODAY)
    old = salts.at(AT)
    await salts.agree(database, TODAY + timedelta(days=1))
    await database.dispose()  # the last connection puts the write-ahead log into the file
    assert salts.at(AT + 86_400_000) in (tmp_path / "salts.db").read_bytes()
    assert old not in (tmp_path / "salts.db").read_bytes()


async def test_past_days_are_destroyed_in_the_store(tmp_path: Path, database: Database) -> None:
    salts = Salts(tmp_path / "a.json")
    await salts.agree(database, TODAY)
    await salts.agree(database, TODAY + timedelta(days=2))
    async with database.reading() as session:
        assert min(await session.scalars(select(Salt.day))) == TODAY + timedelta(days=2)


async def test_without_the_store_the_file_goes_on_working(tmp_path: Path) -> None:
    salts = Salts(tmp_path / "a.json")
    broken = Database(f"sqlite+aiosqlite:///{tmp_path}/no-tables.db")
    before = salts.at(AT)
    with pytest.raises(UnavailableError):
        await salts.agree(broken, TODAY)
    assert salts.at(AT) == before
    await broken.dispose()


def test_a_damaged_file_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "salts.json"
    path.write_text("{not json")
    salt = Salts(path).at(AT)
    assert Salts(path).at(AT) == salt


def test_a_clock_that_jumps_finds_a_salt_for_any_day(tmp_path: Path) -> None:
    salts = Salts(tmp_path / "salts.json")
    seen = {salts.at(AT + jump * 86_400_000) for jump in (0, 4000, -4000, 0)}
    assert len(seen) == 3
    assert utc_day(AT) == TODAY
