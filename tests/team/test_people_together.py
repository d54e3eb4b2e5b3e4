import asyncio
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import delete, insert, update

from app.identity.models import User
from app.store.database import Database
from app.team.people import PeopleTogether
from tests.fixtures.api import Api


async def test_who_asks_at_the_same_time_shares_a_reading_and_who_asks_later_sees_what_changed(api: Api) -> None:
    owner, other = await api.owner(), await api.owner("Other", email="owner@other.test")
    people = PeopleTogether(api.database)
    ours, same, theirs = await asyncio.gather(
        people.of(owner.organisation_id), people.of(owner.organisation_id), people.of(other.organisation_id)
    )
    assert ours is same
    assert (set(ours.by_id), set(theirs.by_id)) == ({owner.id}, {other.id})
    async with api.database.session() as session:
        await session.execute(update(User).where(User.id == owner.id).values(department="Sales"))
    assert (await people.of(owner.organisation_id)).by_id[owner.id].department == "Sales"


async def test_the_same_people_are_the_same_object_until_anything_about_them_changed_by_whatever_means(
    api: Api,
) -> None:
    owner = await api.owner()
    member = await api.member(owner.organisation_id)
    other = await api.owner("Other", email="owner@other.test")
    people = PeopleTogether(api.database)
    elsewhere = Database(api.settings.database_url.get_secret_value())  # as another process, or the command line
    seen = [await people.of(owner.organisation_id)]
    for change in (
        update(User).where(User.id == member.id).values(name="Another"),
        update(User).where(User.id == member.id).values(department="Sales"),
        update(User).where(User.id == member.id).values(is_active=False),
        update(User).where(User.id == member.id).values(created_at=api.clock.now - timedelta(days=1)),
        insert(User).values(id=uuid4(), organisation_id=owner.organisation_id, email="new@acme.test", name="New"),
        delete(User).where(User.id == member.id),
    ):
        async with elsewhere.session() as session:
            await session.execute(change)
        seen.append(await people.of(owner.organisation_id))
    assert len({it.state for it in seen}) == len(seen)
    async with elsewhere.session() as session:
        await session.execute(update(User).where(User.id == owner.id).values(last_seen_at=api.clock.now))
        await session.execute(update(User).where(User.id == other.id).values(name="Somebody else's"))
    assert await people.of(owner.organisation_id) is seen[-1]
    await elsewhere.dispose()
