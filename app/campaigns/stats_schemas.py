"""What the API says about the opens of a campaign."""

import datetime as dt
from typing import Literal
from uuid import UUID

from pydantic import Field

from app.campaigns.lifecycle import State
from app.campaigns.uncertainty import TooFewBecause
from app.team.schemas import Department
from schemas.base import Schema


class BandView(Schema):
    """An estimate with the range in which the truth lies in 95 of 100 such cases."""

    value: float
    low: float
    high: float


class Enough(Schema):
    """How much there is, or has to be, before anything is said."""

    people: int
    opens: int = Field(description="On the side that has fewer.")
    days: float


class Comparison(Schema):
    """Opens per person and day of the same people, set against their everyday opens before the campaign."""

    too_few: bool = Field(description="True: there is too little to say anything; `reason` says what is missing.")
    reason: TooFewBecause | None = Field(
        description="`few_people`, `few_opens`, `short`, `one_person` (one has all), `deleted` (by retention)."
    )
    minimum: Enough
    found: Enough
    rate: float | None = Field(description="Opens per person and day; null if there is nothing to divide by.")
    rate_before: float | None = Field(description="The same of their own pixels in the weeks before.")
    difference: float | None = Field(description="`rate` less `rateBefore`; null while too few.")
    ratio: BandView | None = Field(description="`rate` over `rateBefore` with its 95 % band; null while too few.")
    verdict: Literal["higher", "lower", "no_clear_difference"] | None = Field(
        description="Higher or lower only if the whole band is; null while too few."
    )


class Baseline(Schema):
    """What the campaign is compared with."""

    first_at: dt.datetime
    until_at: dt.datetime
    weeks_before: int = Field(description="The same weekdays and times of day, so many whole weeks earlier.")
    days: float = Field(description="Pauses left out; as many as the campaign was active.")
    people: int = Field(description="People compared: in the campaign since its start, here since before the baseline.")


class CampaignDay(Schema):
    """One local day of the campaign."""

    date: dt.date
    opens: int = Field(description="Counted opens of campaign pixels.")
    unique: int = Field(description="Different visitors, each once a UTC day and person.")
    everyday: int = Field(description="Opens of the same people's own pixels while the campaign was active that day.")
    before: int = Field(description="The same on the day it is compared with, `weeksBefore` earlier.")
    active: float = Field(description="For which share of the day the campaign was active, 0 to 1.")


class CampaignPerson(Schema):
    """One person of the campaign."""

    user_id: UUID
    name: str
    department: str | None = Field(description="When the campaign reached them.")
    opens: int
    unique: int
    everyday: int = Field(description="Opens of their own pixel while the campaign was active.")
    before: int = Field(description="The same in the weeks before.")
    is_active: bool = Field(description="False: has left.")


class DroppedHits(Schema):
    """Hits of the campaign's pixels that were not stored."""

    reason: str
    hits: int


class CampaignStats(Schema):
    """How often a campaign was opened, by whom it was sent, and against the same people's everyday opens."""

    campaign_id: UUID
    state: State
    opens: int = Field(description="Counted opens of campaign pixels, by people as far as can be known.")
    unique: int = Field(description="Different visitors, each once a UTC day and person.")
    active_people: int = Field(description="People with at least one counted open.")
    people: int = Field(description="People with a pixel; the denominator of activePeople.")
    not_counted: int = Field(description="Stored, and not counted: machines, or over the rate limit.")
    dropped: list[DroppedHits] = Field(description="Not stored, such as hits while the campaign was paused.")
    active_days: float = Field(description="Days for which the campaign was active, pauses left out.")
    baseline: Baseline | None = Field(description="Null before the start.")
    campaign_against_before: Comparison = Field(
        description="Opens of the campaign's pixels against everyday opens before. The campaign's pixel is only in "
        "mail sent since the start, everyday opens are also of older mail: 1 is more than it looks."
    )
    everyday_against_before: Comparison = Field(
        description="Everyday opens while the campaign ran against those before: like with like."
    )
    daily: list[CampaignDay] = Field(description="Every local day from the start on.")
    by_department: list[Department] = Field(description="Departments as they were, most opens first, `other` last.")
    by_person: list[CampaignPerson] = Field(description="Most opens first; empty for roles that see no people.")
    are_people_shown: bool
    department_min_people: int | None = Field(
        description="Smaller ones are shown together; null for roles that see all."
    )
    time_zone: str = Field(description="The organisation's zone, in which days are cut.")
    as_of: dt.datetime
