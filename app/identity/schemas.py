"""What the API says and hears about people."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from app.identity.caller import Caller
from app.identity.roles import Locale, Role, Scope
from app.people.texts import clean_text
from schemas.base import Schema

Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Line = Annotated[str, AfterValidator(clean_text), Field(max_length=200)]
"""As an import of people takes it: what is exported comes back unchanged."""


class SigninLinkUse(Schema):
    """A one-time link, as the page at `/signin/{token}` posts it."""

    token: str = Field(min_length=1, max_length=200, description="The part of the link after `/signin/`.")


class PasswordSignin(Schema):
    """E-mail address and password."""

    email: str = Field(min_length=3, max_length=320, description="The address the account was made with.")
    password: str = Field(min_length=1, max_length=1024, description="The password, as typed.")


class InvitationUse(Schema):
    """An invitation, as the page at `/invitation/{token}` posts it."""

    token: str = Field(min_length=1, max_length=200, description="The part of the link after `/invitation/`.")
    password: str | None = Field(None, max_length=1024, description="12 to 256 characters; null to set none now.")


class InvitationView(Schema):
    """What somebody who holds an invitation may know before they accept it."""

    organisation: str
    name: str = Field(description="Who is invited.")


class InvitationMade(Schema):
    """A fresh invitation. The link is shown this once."""

    url: str = Field(description="Hand it to the person yourself; whoever opens it can sign in as them, once.")
    expires_at: datetime


class OidcMethod(Schema):
    """Sign-in through the organisation's own provider."""

    name: str = Field(description="What the button says.")
    start_url: str = Field(description="Where the browser goes; `?next=` takes a path of ours.")
    is_available: bool = Field(description="False while the provider does not answer.")


class ProviderAnswer(Schema):
    """What a provider adds to the callback's address. Nothing of it is believed before it is checked."""

    state: str = Field("", max_length=200)
    code: str = Field("", max_length=4000)
    error: str = Field("", max_length=4000)
    iss: str = Field("", max_length=1000)


class SigninMethods(Schema):
    """What the sign-in page offers."""

    password: bool = Field(description="Always true: it works while a provider is down.")
    oidc: OidcMethod | None = Field(description="Null unless OIDC_ISSUER is set.")


class PasswordChange(Schema):
    """A new password, and the present one if there is one."""

    current: str | None = Field(None, max_length=1024, description="The present password; needed if there is one.")
    new: str = Field(max_length=1024, description="12 to 256 characters.")
    keep_keys: bool = Field(
        False, description="True: API keys with `read` or `write` go on; else they end. Widget keys always go on."
    )


class ProfileChange(Schema):
    """What people may change about themselves; what is left out stays."""

    name: Annotated[Line, Field(min_length=1)] | None = Field(None, description="Shown in the signature.")
    job_title: Line | None = Field(None, description="Shown in the signature; empty to leave it out.")
    phone: Annotated[Line, Field(max_length=64)] | None = Field(None, description="Shown in the signature.")
    department: Line | None = Field(None, description="Empty for none.")
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


class SessionView(Schema):
    """A signed-in browser."""

    id: UUID
    created_at: datetime
    last_used_at: datetime = Field(description="To about five minutes.")
    browser: str | None = Field(description="Name and main version, from what the browser says of itself.")
    system: str | None
    is_current: bool = Field(description="True: the one that asks.")


class SessionList(Schema):
    """Signed-in browsers, the one used last first."""

    data: list[SessionView]


class SessionsEnded(Schema):
    """How many sessions ended; what ended with them stands in the audit log."""

    ended: int


class NewKey(Schema):
    """An API key to be made."""

    name: Annotated[Text, Field(min_length=1)] = Field(description="What it is for, so that you know it again.")
    scopes: list[Scope] = Field(
        min_length=1,
        max_length=3,
        description="`read`; `write` changes too; `widget` stands alone and reads your own figures only.",
    )
    expires_at: datetime | None = Field(None, description="Null: it works until it is revoked.")
    allowed_origins: list[Annotated[str, Field(max_length=300)]] = Field(
        default=[], description="For `widget`: sites that show it, like `https://intranet.example`."
    )


class KeyOwner(Schema):
    """Whom a key acts as."""

    id: UUID
    name: str


class KeyView(Schema):
    """An API key as it is listed; the key itself is nowhere."""

    id: UUID
    name: str
    prefix: str = Field(description="Its first characters.")
    scopes: list[Scope]
    allowed_origins: list[str]
    created_at: datetime
    last_used_at: datetime | None = Field(description="To about five minutes; null if it was never used.")
    expires_at: datetime | None
    owner: KeyOwner


class KeyList(Schema):
    """Keys, the newest first."""

    data: list[KeyView]


class KeyMade(Schema):
    """A fresh key. It is shown this once."""

    key: str = Field(description="Send it as `Authorization: Bearer hg_…`.")
    view: KeyView
