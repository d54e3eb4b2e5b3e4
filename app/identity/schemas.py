"""What the API says and hears about people."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from app.identity.caller import Caller
from app.identity.roles import Locale, Role
from schemas.base import Schema

Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


class SigninLinkUse(Schema):
    """A one-time link, as the page at `/signin/{token}` posts it."""

    token: str = Field(min_length=1, max_length=200, description="The part of the link after `/signin/`.")


class PasswordSignin(Schema):
    """E-mail address and password."""

    email: str = Field(min_length=3, max_length=320, description="The address the account was made with.")
    password: str = Field(min_length=1, max_length=1024, description="The password, as typed.")


class PasswordChange(Schema):
    """A new password, and the present one if there is one."""

    current: str | None = Field(None, max_length=1024, description="The present password; needed if there is one.")
    new: str = Field(max_length=1024, description="12 to 256 characters.")


class ProfileChange(Schema):
    """What people may change about themselves; what is left out stays."""

    name: Annotated[Text, Field(min_length=1)] | None = Field(None, description="Shown in the signature.")
    job_title: Text | None = Field(None, description="Shown in the signature; empty to leave it out.")
    phone: Annotated[Text, Field(max_length=64)] | None = Field(None, description="Shown in the signature.")
    department: Text | None = Field(None, description="Empty for none.")
    time_zone: Annotated[str, Field(max_length=64)] | None = Field(
        None, description="IANA name; days and weeks are counted in it."
    )
    locale: Locale | None = Field(None, description="Language of the pages; decides the first day of the week too.")


class UserView(Schema):
    """The signed-in person."""

    id: UUID
    name: str
    email: str
    role: Role
    department: str | None
    job_title: str
    phone: str
    time_zone: str
    locale: Locale
    has_password: bool = Field(description="False until the person sets one; sign-in is by link until then.")


class OrganisationView(Schema):
    """The person's organisation."""

    id: UUID
    name: str
    time_zone: str
    locale: str


class SettingsView(Schema):
    """What the organisation decided about tracking, as far as everybody should know it."""

    retention_days: int = Field(description="Opens older than this many days are deleted.")
    exclude_bots: bool = Field(description="True: only opens by people and image proxies count.")
    user_tracking_enabled: bool = Field(description="False: no pixel in signatures, hits are not stored.")
    show_user_dashboard: bool


class Me(Schema):
    """Who is signed in, and what every page needs to know."""

    user: UserView
    organisation: OrganisationView
    settings: SettingsView
    csrf_token: str | None = Field(description="Send it as X-CSRF-Token with every change; null with an API key.")

    @classmethod
    def of(cls, caller: Caller) -> "Me":
        """Describe a caller to themselves."""
        user, organisation, settings = caller.user, caller.organisation, caller.settings
        return cls.model_validate(
            {
                "user": {name: getattr(user, name) for name in UserView.model_fields if name != "has_password"}
                | {"has_password": user.password_hash is not None},
                "organisation": {name: getattr(organisation, name) for name in OrganisationView.model_fields},
                "settings": {name: getattr(settings, name) for name in SettingsView.model_fields},
                "csrf_token": caller.csrf_token,
            }
        )
