"""What the API says and hears about campaigns."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

from app.campaigns.lifecycle import State, Step
from app.people.texts import clean_text
from schemas.base import Schema

AudienceKind = Literal["everybody", "departments", "people"]
MOST_PEOPLE = 10_000
"""In a list; more are a department, or everybody."""


def _possible_year(moment: datetime) -> datetime:
    if not 2000 <= moment.year <= 2200:
        raise ValueError("years 2000 to 2200 are possible")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_possible_year)]


def _printable(text: str) -> str:
    """Refuse what no text has and a store may not take: control characters but line breaks and tabs."""
    if any(character < " " and character not in "\n\r\t" for character in text):
        raise ValueError("has a control character; remove it")
    return text


Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(clean_text),
    Field(min_length=1),
]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000), AfterValidator(_printable)]
Html = Annotated[str, StringConstraints(max_length=20_000), AfterValidator(_printable)]


class Audience(Schema):
    """Whose signatures carry the campaign."""

    kind: AudienceKind = "everybody"
    departments: list[Name] = Field([], max_length=500, description="For `departments`: their names.")
    people: list[UUID] = Field([], max_length=MOST_PEOPLE, description="For `people`: their ids.")


class CampaignDraft(Schema):
    """Everything an administrator decides about a campaign."""

    name: Name
    description: Text = Field("", description="For colleagues; never shown in a signature.")
    starts_at: Moment | None = Field(None, description="It starts by itself at this moment; null: by hand.")
    ends_at: Moment | None = Field(None, description="It ends by itself at this moment; null: by hand.")
    audience: Audience = Audience()
    banner_html: Html = Field(
        "", description="HTML that signatures show at `{{campaign_banner}}` while the campaign is active."
    )


class CampaignChange(CampaignDraft):
    """The campaign as it should be, and the version it was read at."""

    version: int = Field(ge=1, strict=True, description="`version` as it was read; 409 if it has changed since.")


class CampaignStep(Schema):
    """What was read before the button was pressed."""

    version: int | None = Field(None, ge=1, strict=True, description="If sent: 409 if it has changed since.")


class CampaignCopy(Schema):
    """What the copy is called."""

    name: Name | None = Field(None, description="The original's name with an addition if left out.")


class Run(Schema):
    """One stretch of time in which the campaign was active."""

    started_at: datetime
    ended_at: datetime | None = Field(description="Null while it is.")


class AudiencePerson(Schema):
    """Somebody named in an audience."""

    id: UUID
    name: str
    department: str | None
    is_active: bool = Field(description="False: has left, and gets no pixel.")


class CampaignItem(Schema):
    """A campaign in a list."""

    id: UUID
    name: str
    state: State
    starts_at: datetime | None
    ends_at: datetime | None
    started_at: datetime | None = Field(description="When it really started first; null for drafts.")
    ended_at: datetime | None = Field(description="When it really ended; null until it has.")
    audience_kind: AudienceKind
    departments: list[str]
    people: int = Field(description="People with a pixel; for a draft those who would get one now.")
    updated_at: datetime


class CampaignView(CampaignItem):
    """A campaign, all of it."""

    description: str
    audience: Audience = Field(description="`people` is empty for roles that see no people.")
    audience_people: list[AudiencePerson] = Field(description="Who `audience.people` are; empty for analysts.")
    banner_html: str
    runs: list[Run] = Field(description="Oldest first; pauses are the gaps between them.")
    steps: list[Step] = Field(description="What can be done in this state.")
    is_tracking_on: bool = Field(description="False: campaign tracking is off, so nothing is counted.")
    created_at: datetime
    created_by: str | None = Field(description="Their name; null if they are gone, and for analysts.")
    version: int = Field(description="Counts changes; send it back with a change.")


class CampaignPage(Schema):
    """Campaigns, newest first."""

    data: list[CampaignItem]
    next_cursor: str | None = Field(description="Send it as `cursor` for what is older; null at the end.")
    counts: dict[State, int] = Field(description="Campaigns that match the search, by state.")
