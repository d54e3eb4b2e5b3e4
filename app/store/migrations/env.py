"""Alembic's entry: runs migrations on the connection it is handed, or on `DATABASE_URL` from the command line."""

import asyncio

from alembic import context
from sqlalchemy import Connection

import app.audit.models
import app.campaigns.models
import app.identity.models
import app.signatures.models
import app.store.models
import app.tracking.models  # noqa: F401  # importing them is what fills the metadata
from app.read_settings import read_settings
from app.store.base import Base
from app.store.database import Database


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",  # SQLite alters a table by copying it
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def run_from_command_line() -> None:
    database = Database(read_settings().database_url.get_secret_value())
    try:
        async with database.engine.begin() as connection:
            await connection.run_sync(run)
    finally:
        await database.dispose()


handed: Connection | None = context.config.attributes.get("connection")
if handed is not None:
    run(handed)
else:
    asyncio.run(run_from_command_line())
