"""What the API says and hears about the people of an organisation."""

from datetime import datetime
from hashlib import blake2b
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, Field
from sqlalchemy import Row

from app.identity.email_addresses import canonical_email
from app.identity.models import User
from app.identity.roles import Locale, Role
from app.people.texts import clean_text, clean_zone, is_address
from schemas.base import Schema

State = Literal["active", "inactive", "invited", "never_signed_in"]
Sort = Literal["name", "email", "department", "role", "lastSeen", "joined"]
Direction = Literal["ascending", "descending"]

CHANGEABLE = ("name", "job_title", "phone", "department", "time_zone", "locale", "role")
"""What administrators change of a person; the address is who they are."""


def _address(text: str) -> str:
    address = canonical_email(text)
    if not is_address(address):
        raise ValueError("this is no e-mail address; it looks like name@example.com")
    return address


Line = Annotated[str, AfterValidator(clean_text)]
Address = Annotated[str, Field(min_length=3, max_length=320), AfterValidator(_address)]
Name = Annotated[Line, Field(min_length=1, max_length=200)]
ShortText = Annotated[Line, Field(max_length=200)]
Phone = Annotated[Line, Field(max_length=64)]
Zone = Annotated[str, Field(max_length=64), AfterValidator(clean_zone)]


class PersonNew(Schema):
    """Somebody to add; what is left out is as the organisation has it."""

    email: Address = Field(description="Unique in the organisation; who the person is.")
    name: Name = Field(description="Shown in the signature.")
    role: Role = "member"
    job_title: ShortText = ""
    phone: Phone = ""
    department: ShortText | None = None
    time_zone: Zone | None = Field(None, description="IANA name; the organisation's if left out.")
    locale: Locale | None = Field(None, description="The organisation's if left out.")


class PersonChange(Schema):
    """What to change; what is left out stays."""

    version: str = Field(min_length=1, max_length=64, description="`version` as it was read; 409 if it has changed.")
    name: Name | None = None
    job_title: ShortText | None = None
    phone: Phone | None = None
    department: ShortText | None = Field(None, description="Null or empty for none.")
    time_zone: Zone | None = Field(None, description="IANA name.")
    locale: Locale | None = None
    role: Role | None = None


class TokenView(Schema):
    """The token in a person's signature, without the token itself."""

    state: Literal["active", "deactivated"]
    since: datetime | None = Field(description="When it was made, or deactivated; null if there never was one.")
    rotated: int = Field(description="How many tokens before it were rotated away.")


class OldSignatures(Schema):
    """Loads of a person's signatures whose token has ended: not stored as opens, counted here so that they are seen."""

    rotated: int = Field(description="With a token that was rotated away.")
    deactivated: int = Field(description="With a token that is deactivated.")


class PersonItem(Schema):
    """A person of the organisation."""

    id: UUID
    name: str
    email: str
    role: Role
    department: str | None
    job_title: str
    phone: str
    time_zone: str
    locale: Locale
    state: State = Field(description="`invited`: an invitation is open; `never_signed_in`: none is.")
    is_active: bool
    joined_at: datetime
    last_seen_at: datetime | None = Field(description="Last use of a session, to five minutes; null if never.")
    token: TokenView
    old_signatures: OldSignatures | None = Field(
        description="In the last `oldSignatureDays` days, by anybody and anything; null while ClickHouse is away."
    )
    version: str = Field(description="Changes with what can be changed; send it back with a change.")


class PeoplePage(Schema):
    """People, in the order asked for."""

    data: list[PersonItem]
    total: int = Field(description="How many fit search and filters, on all pages.")
    next_cursor: str | None = Field(description="Send it as `cursor` for the next page; null at the end.")
    old_signature_days: int = Field(description="How many days back `oldSignatures` looks.")


class DepartmentItem(Schema):
    """A department, by the spelling that is used most."""

    department: str | None = Field(description="Null: people without one.")
    people: int
    spellings: list[str] = Field(description="All ways it is written; more than one is worth mending.")


class Departments(Schema):
    """Departments of the organisation, by name; people without one last."""

    data: list[DepartmentItem]


def version_of(user: User | Row[Any]) -> str:
    """Return a short digest of what can be changed about a person: every change changes it, whoever makes it."""
    values = [getattr(user, name) for name in CHANGEABLE] + [user.is_active]
    return blake2b(repr(values).encode(), digest_size=9).hexdigest()
