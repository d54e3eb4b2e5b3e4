import asyncio

from sqlalchemy import update

from app.identity.models import User
from app.team.people import PeopleTogether
from tests.fixtures.api import Api


async def test_who_asks_at_the_same_time_shares_a_reading_and_who_asks_later_sees_what_changed(api: Api) -> None:
    owner, other = await api.owner(), await api.owner("Other", email="owner@other.test")
    people = PeopleTogether(api.database)
    ours, same, theirs = await asyncio.gather(
        people.of(owner.organisation_id), people.of(owner.organisation_id), people.of(other.organisation_id)
    )
    assert ours is same
    assert (set(ours), set(theirs)) == ({owner.id}, {other.id})
    async with api.database.session() as session:
        await session.execute(update(User).where(User.id == owner.id).values(department="Sales"))
    assert (await people.of(owner.organisation_id))[owner.id].department == "Sales"
