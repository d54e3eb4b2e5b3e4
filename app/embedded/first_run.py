"""The first organisation and its owner, the owner's read key, and a fresh sign-in link at every start."""

from dataclasses import asdict, dataclass

from sqlalchemy import func, select

from app.identity.models import Organisation, User
from app.identity.service import (
    bootstrap_organisation,
    create_api_key,
    create_signin_link,
    ensure_token,
    verify_api_key,
)
from app.settings import Settings
from app.store.database import Database

ORGANISATION, OWNER_EMAIL, OWNER_NAME = "Example", "you@example.com", "You"
_KEY_NAME = "heliograph up"


@dataclass(frozen=True)
class People:
    """Who the launcher tells about; the keys of `ready.json`."""

    organisation_id: str
    user_pixel_url: str
    signin_url: str
    api_key: str

    def as_dict(self) -> dict[str, str]:
        """Return the keys and values as they stand in `ready.json`."""
        return asdict(self)


async def greet(database: Database, settings: Settings, *, time_zone: str, known_key: str | None) -> People:
    """Make sure somebody can sign in.

    An empty store gets the organisation Example with its owner; otherwise the oldest organisation's first owner is
    meant. `known_key` is kept while it still verifies, so that scripts survive a restart.
    """
    async with database.session() as session:
        organisation = await session.scalar(select(Organisation).order_by(Organisation.created_at).limit(1))
        if organisation is None:
            organisation = await bootstrap_organisation(
                session, name=ORGANISATION, owner_email=OWNER_EMAIL, owner_name=OWNER_NAME, time_zone=time_zone
            )
        owner = await session.scalar(
            select(User)
            .where(User.organisation_id == organisation.id, User.is_active.is_(True))
            .order_by(func.coalesce(User.role == "owner", False).desc(), User.created_at)
            .limit(1)
        )
        if owner is None:
            raise RuntimeError(
                f"The organisation {organisation.name} has no active user: add one with `heliograph users`."
            )
        token = await ensure_token(session, owner)
        link = await create_signin_link(session, owner, minutes=settings.signin_link_minutes)
        key = await verify_api_key(session, known_key) if known_key else None
        api_key = known_key if known_key and key is not None and key.user_id == owner.id else None
        return People(
            organisation_id=str(organisation.id),
            user_pixel_url=f"{settings.collector_public_url}/api/t/u/{token.token}.gif",
            signin_url=f"{settings.public_url}/signin/{link}",
            api_key=api_key or await create_api_key(session, owner, _KEY_NAME),
        )
