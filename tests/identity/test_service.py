import pytest
from sqlalchemy import select

from app.errors import BadInputError, ConflictError
from app.identity.models import Organisation, User
from app.identity.roles import checked_scopes
from app.identity.service import bootstrap_organisation, create_user, ensure_token
from app.store.database import Database
from app.tracking.models import OrganisationSettings, UserToken
from app.tracking.rotation import deactivate_token, rotate_token


async def bootstrap(database: Database, **more: str) -> Organisation:
    fields = {"name": "Acme", "owner_email": "Owner@Acme.test", "owner_name": "Olga", "time_zone": "Asia/Riyadh"}
    async with database.session() as session:
        return await bootstrap_organisation(session, **(fields | more))


async def test_bootstrapping_twice_gives_one_organisation_with_owner_token_and_settings(database: Database) -> None:
    first, second = await bootstrap(database), await bootstrap(database)
    assert first.id == second.id
    async with database.reading() as session:
        user = (await session.scalars(select(User))).one()
        token = (await session.scalars(select(UserToken))).one()
        settings = (await session.scalars(select(OrganisationSettings))).one()
    assert (user.email, user.role, user.time_zone) == ("owner@acme.test", "owner", "Asia/Riyadh")
    assert len(token.token) == 24
    assert (settings.retention_days, settings.exclude_bots) == (90, True)


async def test_an_unknown_time_zone_is_refused(database: Database) -> None:
    with pytest.raises(BadInputError, match="timeZone"):
        await bootstrap(database, time_zone="Mars/Base")


async def test_an_address_belongs_to_one_user_of_an_organisation_and_may_be_used_in_another(database: Database) -> None:
    acme, other = await bootstrap(database), await bootstrap(database, name="Other")
    with pytest.raises(ConflictError):
        async with database.session() as session:
            await create_user(session, organisation_id=acme.id, email="OWNER@acme.test ", name="Twin")
    async with database.session() as session:
        await create_user(session, organisation_id=other.id, email="new@acme.test", name="New")


async def test_rotating_leaves_one_active_token_and_remembers_the_old_one(database: Database) -> None:
    await bootstrap(database)
    async with database.session() as session:
        user = (await session.scalars(select(User))).one()
        old = await ensure_token(session, user)
        new = await rotate_token(session, user)
        assert (await ensure_token(session, user)).token == new.token != old.token
    async with database.reading() as session:
        tokens = {token.token: token.ended_because for token in await session.scalars(select(UserToken))}
    assert tokens == {old.token: "rotated", new.token: None}


async def test_a_deactivated_token_is_remembered_as_such_until_the_person_gets_a_new_one(database: Database) -> None:
    await bootstrap(database)
    async with database.session() as session:
        user = (await session.scalars(select(User))).one()
        old = await deactivate_token(session, user)
        assert old is not None
        assert (old.is_active, old.ended_because) == (False, "deactivated")
        assert await deactivate_token(session, user) is None
        assert (await rotate_token(session, user)).is_active


def test_scopes_are_checked() -> None:
    assert checked_scopes(["write", "read", "read"]) == ["read", "write"]
    for wrong in ([], ["admin"]):
        with pytest.raises(BadInputError, match="scopes"):
            checked_scopes(wrong)
