"""Backup and restore of PostgreSQL, by the commands of docs/operations.md."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from app.store.migrate import upgrade_database
from tests.fixtures.printed import printed

pytestmark = pytest.mark.services

NAMES = ("backed_up", "restored")


@pytest.fixture
async def addresses() -> AsyncIterator[tuple[str, str]]:
    """Two empty databases, as plain URLs."""
    server = os.environ["DATABASE_URL"].replace("+asyncpg", "").rpartition("/")[0]
    connection = await asyncpg.connect(f"{server}/postgres")
    try:
        for name in NAMES:
            await connection.execute(f"CREATE DATABASE {name}")
        yield f"{server}/{NAMES[0]}", f"{server}/{NAMES[1]}"
    finally:
        for name in NAMES:
            await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await connection.close()


async def tables_of(connection: asyncpg.Connection) -> list[str]:
    rows = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    return [row["tablename"] for row in rows]


async def test_everything_but_the_salts_is_back_after_a_restore(addresses: tuple[str, str], tmp_path: Path) -> None:
    first, second = addresses
    dump, restore = printed("operations.md", "Services of your own")
    await upgrade_database(first.replace("postgresql://", "postgresql+asyncpg://"))
    connection = await asyncpg.connect(first)
    tables = await tables_of(connection)
    assert "salts" in tables
    await connection.execute("INSERT INTO salts VALUES ('2026-12-01', decode('00', 'hex'), now())")
    await connection.execute("INSERT INTO watermarks (name) VALUES ('kept')")
    await connection.close()
    for command, url in ((dump, first), (restore, second)):
        variables = os.environ | {"POSTGRES": url, "BACKUP": str(tmp_path)}
        await asyncio.to_thread(subprocess.run, ["bash", "-euc", command], env=variables, check=True)
    connection = await asyncpg.connect(second)
    try:
        assert await tables_of(connection) == tables
        assert await connection.fetchval("SELECT count(*) FROM salts") == 0
        assert await connection.fetchval("SELECT count(*) FROM watermarks") == 1
    finally:
        await connection.close()
