import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.audit.models import AuditEntry
from app.audit.service import SYSTEM
from app.errors import ConflictError, ForbiddenError, NotFoundError
from app.identity.invitations import accept, accept_any, forget_expired, invite, invited_person, look, pending, withdraw
from app.identity.models import Invitation, Organisation, User
from app.identity.service import bootstrap_organisation, create_user, find_user
from app.store.base import utc_now
from app.store.database import Database

NOW = utc_now()


async def people(database: Database) -> tuple[Organisation, User, User]:
    async with database.session() as session:
        acme = await bootstrap_organisation(
            session, name="Acme", owner_email="owner@acme.test", owner_name="Olga", time_zone="UTC"
        )
        owner = await find_user(session, organisation_id=acme.id, email="owner@acme.test")
        member = await create_user(session, organisation_id=acme.id, email="max@acme.test", name="Max")
        assert owner is not None
        return acme, owner, member


async def invitation_of(database: Database, user: User) -> str:
    async with database.session() as session:
        return (await invite(session, user, actor=SYSTEM, now=NOW)).token


async def test_an_invitation_lets_one_person_in_once(database: Database) -> None:
    acme, _, member = await people(database)
    token = await invitation_of(database, member)
    async with database.session() as session:
        assert list(await pending(session, acme.id, now=NOW)) == [member.id]
        assert (await look(session, token, now=NOW))[1].id == member.id
        assert (await accept(session, token, now=NOW)).id == member.id
    async with database.session() as session:
        assert not await pending(session, acme.id, now=NOW)
        with pytest.raises(NotFoundError, match="used already"):
            await accept(session, token, now=NOW)
        actions = await session.scalars(select(AuditEntry.action).where(AuditEntry.subject == "max@acme.test"))
        assert sorted(actions) == ["invitation_accepted", "invitation_created"]


async def test_of_many_who_accept_at_once_one_gets_in(database: Database) -> None:
    _, _, member = await people(database)
    token = await invitation_of(database, member)

    async def one() -> bool:
        try:
            async with database.session() as session:
                await accept(session, token, now=NOW)
        except NotFoundError:
            return False
        return True

    assert sum(await asyncio.gather(*(one() for _ in range(5)))) == 1


async def test_the_store_keeps_the_hash_of_an_invitation_only(database: Database) -> None:
    _, _, member = await people(database)
    token = await invitation_of(database, member)
    async with database.reading() as session:
        rows = [str(vars(row)) for row in await session.scalars(select(Invitation))]
        rows += [str(vars(row)) for row in await session.scalars(select(AuditEntry))]
    assert not any(token in row for row in rows)


async def test_a_new_invitation_ends_the_one_before_and_both_can_be_withdrawn(database: Database) -> None:
    acme, _, member = await people(database)
    first, second = await invitation_of(database, member), await invitation_of(database, member)
    async with database.session() as session:
        with pytest.raises(NotFoundError):
            await look(session, first, now=NOW)
        assert (await look(session, second, now=NOW))[2].id == acme.id
        await withdraw(session, member, actor=SYSTEM, now=NOW)
        with pytest.raises(NotFoundError):
            await look(session, second, now=NOW)
        with pytest.raises(NotFoundError, match="no open invitation"):
            await withdraw(session, member, actor=SYSTEM, now=NOW)


async def test_it_ends_after_seven_days_with_its_person_or_when_nobody_needs_it_any_more(database: Database) -> None:
    acme, _, member = await people(database)
    token = await invitation_of(database, member)
    late = NOW + timedelta(days=7)
    async with database.session() as session:
        await look(session, token, now=late - timedelta(seconds=1))
        with pytest.raises(NotFoundError):
            await look(session, token, now=late)
        await session.execute(update(User).where(User.id == member.id).values(is_active=False))
        with pytest.raises(NotFoundError):
            await look(session, token, now=NOW)
        await session.execute(update(User).where(User.id == member.id).values(is_active=True))
        await accept_any(session, member, now=NOW)
        assert not await pending(session, acme.id, now=NOW)
        await forget_expired(session, now=late)
        assert not (await session.scalars(select(Invitation))).all()


async def test_who_may_be_invited_by_whom(database: Database) -> None:
    acme, owner, member = await people(database)
    async with database.session() as session:
        other = await bootstrap_organisation(
            session, name="Other", owner_email="x@other.test", owner_name="Xena", time_zone="UTC"
        )
        assert (await invited_person(session, acme.id, member.id, by="admin")).id == member.id
        assert (await invited_person(session, acme.id, owner.id, by="owner")).id == owner.id
        with pytest.raises(ForbiddenError, match="Only an owner"):
            await invited_person(session, acme.id, owner.id, by="admin")
        with pytest.raises(NotFoundError):
            await invited_person(session, other.id, member.id, by="owner")
        gone = await create_user(session, organisation_id=acme.id, email="gone@acme.test", name="Gone")
        gone.is_active = False
        with pytest.raises(ConflictError, match="deactivated"):
            await invite(session, gone, actor=SYSTEM, now=NOW)
