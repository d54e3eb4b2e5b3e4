"""Signatures and their template on the wire."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from app.signatures.placeholders import MOST_DEFAULT_CHARACTERS
from app.signatures.sanitise import MOST_CHARACTERS, Kind, Why
from schemas.base import Schema

Html = Annotated[str, StringConstraints(max_length=MOST_CHARACTERS)]
DefaultName = Literal["name", "job_title", "department", "organisation", "phone", "email"]
Default = Annotated[str, StringConstraints(max_length=MOST_DEFAULT_CHARACTERS)]


class RemovedView(Schema):
    """Something the template may not hold, and that was left out."""

    kind: Kind
    name: str = Field(description="The tag, attribute, property or character.")
    why: Why
    line: int
    column: int


class TemplateWarning(Schema):
    """Something that is safe, but will look wrong in some mail programs."""

    code: Literal[
        "image_without_alt",
        "image_without_width",
        "image_too_wide",
        "image_in_html",
        "image_not_https",
        "image_without_ground",
        "not_in_outlook",
        "too_large",
    ]
    name: str = Field(description="The image's address, the property, or the number of characters.")
    line: int
    column: int


class TemplateView(Schema):
    """The organisation's template."""

    html: str
    defaults: dict[str, str] = Field(description="Placeholder → text for people who have no value of their own.")
    version: int = Field(description="Counts changes; send it back with a change.")
    is_built_in: bool = Field(description="True: the organisation has none of its own.")
    placeholders: list[str] = Field(description="Names that may stand in `{{…}}`.")
    updated_at: datetime | None
    updated_by: str | None = Field(description="Name of who saved it; null for the built-in one, or if they are gone.")


class TemplateSaved(TemplateView):
    """The template as it was stored."""

    removed: list[RemovedView] = Field(description="What was left out, in the order of the source.")


class TemplateChange(Schema):
    """A template as it should be, and the version it is a change of."""

    html: Html
    defaults: dict[DefaultName, Default] = Field(default_factory=dict)
    version: int = Field(ge=0, strict=True, description="`version` as it was read; 409 if it has changed since.")


class PreviewRequest(Schema):
    """A template that is being edited, and whose data to show in it."""

    html: Html
    defaults: dict[DefaultName, Default] = Field(default_factory=dict)
    user_id: UUID | None = Field(None, description="A person of the organisation; absent: the caller.")


class Preview(Schema):
    """The template with a real person's data, without pixels: looking at it counts nothing."""

    html: str
    plain_text: str
    removed: list[RemovedView]
    warnings: list[TemplateWarning]


class CampaignPixelView(Schema):
    """The pixel of an active campaign in a signature."""

    campaign_id: UUID
    name: str
    pixel_url: str


class MySignature(Schema):
    """A person's signature, ready to paste into a mail program."""

    html: str
    plain_text: str
    pixel_url: str | None = Field(description="The pixel in it; null while user tracking is off.")
    is_tracking_on: bool
    campaign_pixels: list[CampaignPixelView] = Field(description="Of campaigns that are active now; empty otherwise.")


class PersonSignature(MySignature):
    """Somebody's signature."""

    user_id: UUID
    name: str
    email: str
