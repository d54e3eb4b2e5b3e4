import asyncio
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, select, text

import app.audit.models
import app.campaigns.models
import app.identity.models
import app.signatures.models
import app.store.models
import app.tracking.models  # noqa: F401
from app.audit.models import AuditEntry
from app.errors import UnavailableError
from app.store.base import Base
from app.store.database import Database
from app.store.migrate import current_revision, downgrade_database, upgrade_database

POSTGRESQL = os.environ.get("DATABASE_URL", "")
STORES = ["sqlite"]
if POSTGRESQL.startswith("postgresql"):
    STORES.append("postgresql")


@pytest.fixture(params=STORES)
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path}/100% new/heliograph.db"
        return
    await downgrade_database(POSTGRESQL, "base")
    yield POSTGRESQL
    await downgrade_database(POSTGRESQL, "base")


async def tables(url: str) -> set[str]:
    database = Database(url)
    async with database.engine.connect() as connection:
        names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    await database.dispose()
    return set(names) - {"alembic_version"}


async def test_up_down_and_up_again_gives_the_same_tables(url: str) -> None:
    await upgrade_database(url)
    first = await tables(url)
    assert first == set(Base.metadata.tables)
    await downgrade_database(url, "base")
    assert await tables(url) == set()
    assert await current_revision(url) is None
    await upgrade_database(url)
    assert await tables(url) == first


async def test_migrations_make_exactly_what_the_models_say(url: str) -> None:
    await upgrade_database(url)
    database = Database(url)
    async with database.engine.connect() as connection:
        differences = await connection.run_sync(
            lambda sync: compare_metadata(MigrationContext.configure(sync), Base.metadata)
        )
    await database.dispose()
    assert differences == []


async def test_upgrading_twice_changes_nothing(url: str) -> None:
    await upgrade_database(url)
    at = await current_revision(url)
    await upgrade_database(url)
    assert await current_revision(url) == at


async def test_processes_that_migrate_at_once_wait_for_each_other(url: str) -> None:
    await asyncio.gather(*(upgrade_database(url) for _ in range(4)))
    assert await tables(url) == set(Base.metadata.tables)


async def test_a_store_that_is_away_is_said_to_be_away() -> None:
    with pytest.raises(UnavailableError, match="relational store"):
        await upgrade_database("postgresql+asyncpg://nobody:nothing@127.0.0.1:1/none")


async def test_a_failed_migration_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/heliograph.db"
    database = Database(url)
    async with database.session() as session:
        await session.execute(text("CREATE TABLE salts (day DATE)"))  # in the way of the migration
    await database.dispose()
    with pytest.raises(UnavailableError, match="already exists"):
        await upgrade_database(url)
    assert await tables(url) == {"salts"}


FORMER = {
    "nfd": ("ada@bu\u0308cher.example", "ada@bücher.example"),
    "ascii": ("ben@xn--bcher-kva.example", "ben@bücher.example"),
    "plain": ("cleo@acme.test", "cleo@acme.test"),
}


async def _insert(url: str, people: list[tuple[str, str, bool]]) -> None:
    database = Database(url)
    async with database.session() as session:
        await session.execute(
            text(
                "INSERT INTO organisations (id, name, time_zone, locale, created_at) "
                "VALUES (:id, 'A', 'UTC', 'en', :at)"
            ),
            {"id": _uuid(database, 1), "at": _at(database, 0)},
        )
        for number, (name, email, is_active) in enumerate(people, 1):
            await session.execute(
                text(
                    "INSERT INTO users (id, organisation_id, email, name, job_title, phone, time_zone, locale, role, "
                    "is_active, created_at) VALUES (:id, :organisation, :email, :name, '', '', 'UTC', 'en', 'member', "
                    ":is_active, :at)"
                ),
                {
                    "id": _uuid(database, 100 + number),
                    "organisation": _uuid(database, 1),
                    "email": email,
                    "name": name,
                    "is_active": is_active,
                    "at": _at(database, number),
                },
            )
    await database.dispose()


def _uuid(database: Database, number: int) -> object:
    return UUID(int=number).hex if database.is_sqlite else UUID(int=number)


def _at(database: Database, minute: int) -> object:
    at = datetime(2026, 1, 1, 0, minute, tzinfo=UTC)
    return at.strftime("%Y-%m-%d %H:%M:%S.%f") if database.is_sqlite else at


async def _emails(url: str) -> dict[str, str]:
    database = Database(url)
    async with database.reading() as session:
        rows = await session.execute(text("SELECT name, email FROM users"))
        found = {name: email for name, email in rows}  # noqa: C416 - a row is no tuple to mypy
    await database.dispose()
    return found


async def test_addresses_are_brought_into_their_canonical_form_and_back(url: str) -> None:
    await upgrade_database(url, "0004")
    await _insert(url, [(name, before, True) for name, (before, _) in FORMER.items()])
    await upgrade_database(url)
    assert await _emails(url) == {name: after for name, (_, after) in FORMER.items()}
    await downgrade_database(url, "0004")
    assert await _emails(url) == {name: before for name, (before, _) in FORMER.items()}
    await upgrade_database(url)
    assert await _emails(url) == {name: after for name, (_, after) in FORMER.items()}


async def test_people_whose_addresses_turn_out_to_be_one_are_told_and_not_merged(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    await upgrade_database(url, "0004")
    await _insert(
        url,
        [
            ("gone", "ada@bu\u0308cher.example", False),
            ("present", "ada@xn--bcher-kva.example", True),
            ("so already", "ben@bücher.example", False),
            ("late", "ben@xn--bcher-kva.example", True),
        ],
    )
    with caplog.at_level("WARNING", "heliograph.migrate"):
        await upgrade_database(url)
    assert await _emails(url) == {
        "gone": "ada@bu\u0308cher.example",
        "present": "ada@bücher.example",
        "so already": "ben@bücher.example",
        "late": "ben@xn--bcher-kva.example",
    }
    assert len(caplog.records) == 2
    database = Database(url)
    async with database.reading() as session:
        rows = await session.execute(select(AuditEntry.action, AuditEntry.subject, AuditEntry.after))
        noted = {(row.action, row.subject, (row.after or {}).get("belongsTo")) for row in rows}
    await database.dispose()
    assert noted == {
        ("person_address_unified", "present", None),
        ("person_address_collides", "gone", "present"),
        ("person_address_collides", "late", "so already"),
    }
