"""The requests the demo makes itself: those of people who are there, and no reason to fail."""

from app.demo.knock import knock
from app.identity.service import bootstrap_organisation
from app.settings import Settings
from app.store.database import Database


async def test_a_collector_that_is_away_is_no_reason_to_fail(database: Database) -> None:
    async with database.session() as session:
        organisation = await bootstrap_organisation(
            session, name="Acme", owner_email="o@acme.test", owner_name="Olga", time_zone="UTC"
        )
    nowhere = Settings(collector_public_url="http://127.0.0.1:9")  # discard: nobody listens
    async with database.reading() as session:
        assert await knock(session, organisation.id, nowhere) == 0
