"""All rows of a question as one text, on either store."""

from datetime import UTC, datetime
from uuid import UUID

import orjson
from sqlalchemy import select

from app.identity.models import Organisation, User
from app.store.database import Database
from app.store.json_rows import JsonRows

JOINED = datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC)


async def test_every_value_comes_back(database: Database) -> None:
    async with database.session() as session:
        organisation = Organisation(name="Acme")
        session.add(organisation)
        await session.flush()
        names = {f"{number}@acme.test": name for number, name in enumerate(("ok", 'say "hi"\\', "سارة\n🙂"))}
        people = [
            User(
                organisation_id=organisation.id,
                email=email,
                name=name,
                department=None if email.startswith("0") else "Sales",
                is_active=email.startswith("0"),
                created_at=JOINED,
            )
            for email, name in names.items()
        ]
        session.add_all(people)
    async with database.reading() as session:
        text = await session.scalar(
            select(JsonRows(User.id, User.email, User.name, User.department, User.is_active, User.created_at))
        )
    found = {email: (UUID(id_), name, *rest) for id_, email, name, *rest in orjson.loads(text or "")}
    assert {email: name for email, (_, name, *_) in found.items()} == names
    assert {values[0] for values in found.values()} == {person.id for person in people}
    for email, (_, _, department, is_active, created_at) in found.items():
        is_first = email.startswith("0")
        assert (department, bool(is_active)) == (None if is_first else "Sales", is_first)
        moment = datetime.fromisoformat(created_at)
        assert (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) == JOINED


async def test_no_rows_are_an_empty_list(database: Database) -> None:
    async with database.reading() as session:
        assert await session.scalar(select(JsonRows(User.id, User.name))) == "[]"
