"""Whom the provider's claims mean: linked by (issuer, subject), the first time found by verified address."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.audit.service import Actor, record
from app.identity import invitations
from app.identity.email_addresses import canonical_domain, canonical_email
from app.identity.models import OidcIdentity, Organisation, User
from app.identity.oidc.errors import OidcError
from app.identity.service import create_user
from app.people.texts import clean_text
from app.settings import Settings


async def person_of(session: AsyncSession, claims: Mapping[str, Any], settings: Settings, *, now: datetime) -> User:
    """Return the person, linked now if this is their first sign-in this way; notes a new link in the audit log.

    Raises `OidcError` for somebody unknown, deactivated or linked to another identity of the same provider, and for an
    address the provider does not vouch for: whoever can choose an address there must not become its owner here.
    """
    key = (settings.oidc_issuer, claims["sub"])
    identity = await session.get(OidcIdentity, key)
    if identity is not None:
        identity.last_used_at = now
        user = await session.get_one(User, identity.user_id)
        if not user.is_active:
            raise OidcError("oidcUnknown", "the person is deactivated")
        if settings.oidc_allowed_domains:
            _check_domain(canonical_email(str(claims.get("email", user.email))), settings)
        return user
    email = _vouched_address(claims, settings)
    user = await _by_address(session, email, settings) or await _made(session, email, claims, settings, now)
    taken = select(OidcIdentity.subject).where(OidcIdentity.user_id == user.id, OidcIdentity.issuer == key[0])
    if await session.scalar(taken) is not None:
        raise OidcError("oidcOther", "another identity of this provider is linked to the person")
    session.add(OidcIdentity(issuer=key[0], subject=key[1], user_id=user.id, created_at=now, last_used_at=now))
    await invitations.accept_any(session, user, now=now)
    record(
        session,
        organisation_id=user.organisation_id,
        actor=Actor(user.id),
        at=now,
        action="identity_linked",
        subject=user.email,
        subject_id=user.id,
        after={"issuer": key[0], "subject": key[1]},
    )
    return user


def _vouched_address(claims: Mapping[str, Any], settings: Settings) -> str:
    email, is_verified = claims.get("email"), is_vouched(claims.get("email_verified"))
    if not isinstance(email, str) or "@" not in email or len(email) > 320:
        raise OidcError("oidcUnverified", "the provider names no address; is `email` among OIDC_SCOPES?")
    is_trusted = is_verified is None and settings.oidc_trust_email
    if not is_verified and not is_trusted:
        raise OidcError("oidcUnverified", "the provider does not say that the address is verified")
    address = canonical_email(email)
    _check_domain(address, settings)
    return address


def is_vouched(said: object) -> bool | None:
    """Return what `email_verified` means: some providers write it as text. None: nothing was said; all else is no."""
    if said is None or isinstance(said, bool):
        return said
    return isinstance(said, str) and said.lower() == "true"


def completed(token: Mapping[str, Any], userinfo: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the claims of the ID token with those that only userinfo has.

    `email_verified` is about the address it stands beside: userinfo vouches for its own, and for the token's if it is
    the same. What either denies is denied.
    """
    claims = {**userinfo, **token}
    said = [is_vouched(each.get("email_verified")) for each in (token, userinfo)]
    if "email" not in token:
        vouched = said[1]
    elif canonical_email(str(userinfo.get("email", ""))) == canonical_email(str(token["email"])):
        vouched = said[0] if said[0] is not None else said[1]
    else:
        vouched = said[0]
    return claims | {"email_verified": False if said[0] is False else vouched}


def _check_domain(address: str, settings: Settings) -> None:
    allowed = {canonical_domain(domain) for domain in settings.oidc_allowed_domains.split(",") if domain.strip()}
    if allowed and address.rpartition("@")[2] not in allowed:
        raise OidcError("oidcUnverified", "the address is in none of OIDC_ALLOWED_DOMAINS")


async def _by_address(session: AsyncSession, email: str, settings: Settings) -> User | None:
    statement = select(User).where(User.email == email)
    if settings.oidc_organisation:
        named = select(Organisation.id).where(Organisation.name == settings.oidc_organisation)
        statement = statement.where(User.organisation_id.in_(named))
    found = (await session.scalars(statement)).all()
    active = [user for user in found if user.is_active]
    if len(active) > 1:
        raise OidcError("oidcSeveral", "several organisations have the address; set OIDC_ORGANISATION")
    if found and not active:
        raise OidcError("oidcUnknown", "the person is deactivated")
    return active[0] if active else None


async def _made(
    session: AsyncSession, email: str, claims: Mapping[str, Any], settings: Settings, now: datetime
) -> User:
    if not settings.oidc_create_people:
        raise OidcError("oidcUnknown", "nobody has the address, and OIDC_CREATE_PEOPLE is off")
    statement = select(Organisation.id)
    if settings.oidc_organisation:
        statement = statement.where(Organisation.name == settings.oidc_organisation)
    organisations = (await session.scalars(statement)).all()
    if len(organisations) != 1:
        raise OidcError("oidcSeveral", "which organisation is not clear; set OIDC_ORGANISATION")
    try:
        name = clean_text(str(claims.get("name", "")))[:200]
    except ValueError:  # a control character: whoever keeps the provider's directory does not sit at this browser
        name = ""
    name = name or email.partition("@")[0]
    user = await create_user(session, organisation_id=organisations[0], email=email, name=name)
    record(
        session,
        organisation_id=user.organisation_id,
        actor=Actor(),
        at=now,
        action="person_added",
        subject=user.email,
        subject_id=user.id,
        after={"email": email, "name": name, "role": user.role, "by": settings.oidc_issuer},
    )
    await session.execute(update(User).where(User.id == user.id).values(created_at=now))
    return user
