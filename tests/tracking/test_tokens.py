"""Who a token belongs to: cached, forgotten on demand, and never wrong for long."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import event

from app.errors import UnavailableError
from app.identity.service import bootstrap_organisation
from app.store.database import Database
from app.store.migrate import upgrade_database
from app.tracking.models import OrganisationSettings, UserToken
from app.tracking.tokens import KNOWN_SECONDS, UNKNOWN_SECONDS, TokenDirectory


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    url = f"sqlite+aiosqlite:///{tmp_path}/test.db"
    await upgrade_database(url)
    database = Database(url)
    yield database
    await database.dispose()


async def token_of_new_organisation(database: Database) -> UserToken:
    async with database.session() as session:
        await bootstrap_organisation(
            session, name="Example", owner_email="you@example.com", owner_name="You", time_zone="UTC"
        )
    async with database.reading() as session:
        from sqlalchemy import select

        return (await session.scalars(select(UserToken))).one()


class Statements:
    """Counts the SELECTs an engine runs."""

    def __init__(self, database: Database) -> None:
        self.count = 0
        event.listen(database.engine.sync_engine, "before_cursor_execute", self._seen)

    def _seen(self, _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        self.count += statement.startswith("SELECT")


async def test_known_tokens_are_asked_for_once_and_unknown_ones_again_soon(database: Database) -> None:
    token = await token_of_new_organisation(database)
    now = [0.0]
    directory = TokenDirectory(database, clock=lambda: now[0])
    statements = Statements(database)
    owners = await directory.owners([token.token, "nobody"])
    assert owners[token.token].user_id == token.user_id
    assert "nobody" not in owners
    await directory.owners([token.token, "nobody"])
    assert statements.count == 1
    now[0] += UNKNOWN_SECONDS + 0.1
    await directory.owners([token.token, "nobody"])
    assert statements.count == 2
    now[0] += KNOWN_SECONDS + 0.1
    await directory.owners([token.token])
    assert statements.count == 3


async def test_a_frame_of_many_unknown_tokens_costs_a_few_queries(database: Database) -> None:
    await token_of_new_organisation(database)
    directory = TokenDirectory(database)
    statements = Statements(database)
    await directory.owners([f"token-{n}" for n in range(1200)])
    assert statements.count == 3


async def test_a_change_is_seen_after_forgetting(database: Database) -> None:
    token = await token_of_new_organisation(database)
    directory = TokenDirectory(database)
    assert (await directory.owners([token.token]))[token.token].is_tracking_on
    async with database.session() as session:
        settings = await session.get(OrganisationSettings, token.organisation_id)
        assert settings is not None
        settings.user_tracking_enabled = False
    directory.forget()
    assert not (await directory.owners([token.token]))[token.token].is_tracking_on


async def test_a_store_that_is_away_is_an_error_and_no_unknown_token(tmp_path: Path) -> None:
    broken = Database(f"sqlite+aiosqlite:///{tmp_path}/empty.db")
    with pytest.raises(UnavailableError):
        await TokenDirectory(broken).owners(["a"])
    await broken.dispose()
