"""Who a token belongs to: cached, forgotten on demand, and never wrong for long."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event, select

from app.campaigns.models import Campaign, CampaignPixel, CampaignRun
from app.errors import UnavailableError
from app.identity.models import User
from app.identity.service import bootstrap_organisation
from app.store.database import Database
from app.tracking.models import OrganisationSettings, UserToken
from app.tracking.tokens import KNOWN_SECONDS, UNKNOWN_SECONDS, TokenDirectory


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    database = Database(sqlite_url)
    yield database
    await database.dispose()


async def token_of_new_organisation(database: Database) -> UserToken:
    async with database.session() as session:
        await bootstrap_organisation(
            session, name="Example", owner_email="you@example.com", owner_name="You", time_zone="UTC"
        )
    async with database.reading() as session:
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
    assert owners[token.token].user_id == str(token.user_id)
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


async def campaign_of(database: Database, token: UserToken) -> CampaignPixel:
    """A campaign that ran from 1 to 2 s after the epoch, and runs since 3 s."""
    campaign = Campaign(organisation_id=token.organisation_id, name="Autumn", state="active")
    async with database.session() as session:
        session.add(campaign)
        await session.flush()
        pixel = CampaignPixel(
            organisation_id=token.organisation_id, campaign_id=campaign.id, user_id=token.user_id, token="p" * 24
        )
        session.add(pixel)
        for start, end in ((1, 2), (3, None)):
            ended_at = None if end is None else datetime.fromtimestamp(end, UTC)
            started_at = datetime.fromtimestamp(start, UTC)
            session.add(CampaignRun(campaign_id=campaign.id, started_at=started_at, ended_at=ended_at))
    return pixel


async def test_a_campaigns_pixel_is_known_with_the_times_it_ran_and_only_as_such(database: Database) -> None:
    token = await token_of_new_organisation(database)
    pixel = await campaign_of(database, token)
    directory = TokenDirectory(database)
    assert await directory.owners([pixel.token]) == {}
    assert await directory.campaign_owners([token.token]) == {}
    owner = (await directory.campaign_owners([pixel.token]))[pixel.token]
    assert (owner.campaign_id, owner.user_id, owner.is_active) == (str(pixel.campaign_id), str(token.user_id), True)
    assert sorted(owner.runs) == [(1000, 2000), (3000, None)]
    assert (await directory.owners([token.token]))[token.token].campaign_id is None


async def test_a_campaigns_pixel_follows_the_switch_of_campaigns_and_ends_with_the_person(database: Database) -> None:
    token = await token_of_new_organisation(database)
    pixel = await campaign_of(database, token)
    async with database.session() as session:
        settings = await session.get_one(OrganisationSettings, token.organisation_id)
        settings.campaign_tracking_enabled = False
        (await session.get_one(User, token.user_id)).is_active = False
    directory = TokenDirectory(database)
    owner = (await directory.campaign_owners([pixel.token]))[pixel.token]
    assert (owner.is_tracking_on, owner.is_active, owner.ended_because) == (False, False, "deactivated")
    assert (await directory.owners([token.token]))[token.token].is_tracking_on


async def test_a_store_that_is_away_is_an_error_and_no_unknown_token(tmp_path: Path) -> None:
    broken = Database(f"sqlite+aiosqlite:///{tmp_path}/empty.db")
    with pytest.raises(UnavailableError):
        await TokenDirectory(broken).owners(["a"])
    await broken.dispose()
