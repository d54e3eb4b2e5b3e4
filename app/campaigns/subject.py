"""What the statistics of a campaign are of: who has its pixels, when it ran, and how much the asking role may see."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.campaigns import present
from app.campaigns.models import Campaign, CampaignPixel, CampaignRun
from app.campaigns.windows import Windows, around, whole_buckets, windows
from app.store.json_rows import JsonRows, moment
from app.team.people import People
from app.tracking.zone_data import zone as zone_of
from clickhouse.closed_parts import Stretch

MOST_CHARACTERS = 50_000_000
"""Of the pixels of all campaigns together, at about 80 a pixel; what is made of them is three times as large."""


class Pixel(NamedTuple):
    """Who has a pixel of a campaign, in which department they were then, and since when."""

    user_id: UUID
    department: str | None
    since: datetime


class Pixels:
    """All pixels of one campaign; the same object for as long as none is added."""

    def __init__(self, text: str) -> None:
        self.state: Hashable = object()
        """Names what was made of these pixels: equal for as long as they are the same, and never again."""
        self.of: Sequence[Pixel] = [
            Pixel(UUID(user_id), department, moment(since)) for user_id, department, since in orjson.loads(text)
        ]


class Member(NamedTuple):
    """Somebody with a pixel of the campaign."""

    user_id: UUID
    name: str
    department: str | None
    is_active: bool
    is_compared: bool
    """Could be opened in all of both periods: neither a newcomer nor somebody who has left."""


@dataclass(frozen=True)
class Subject:
    """What the statistics are of, as the relational store has it."""

    campaign: Campaign
    pixels: Pixels
    people: People
    runs: Sequence[CampaignRun]
    windows: Windows | None
    zone: ZoneInfo
    exclude_bots: bool
    retention_days: int
    min_people: int | None
    """None: everybody by name; else departments only, from so many people."""

    @cached_property
    def members(self) -> Sequence[Member]:
        """Everybody with a pixel who is still known."""
        known = self.people.by_id
        found = ((pixel, known[pixel.user_id]) for pixel in self.pixels.of if pixel.user_id in known)
        if self.windows is None:
            return [Member(pixel.user_id, who.name, pixel.department, who.is_active, False) for pixel, who in found]
        joined_by, reached_by = self.windows.before[0].start, self.windows.during[0].start
        return [
            Member(
                pixel.user_id,
                who.name,
                pixel.department,
                who.is_active,
                who.is_active and who.joined_at <= joined_by and pixel.since <= reached_by,
            )
            for pixel, who in found
        ]

    @property
    def is_of_everybody(self) -> bool:
        """Tell whether everybody of the organisation has a pixel, also who has left."""
        return bool(self.members) and len(self.members) == len(self.people.by_id)

    @property
    def asked_about(self) -> Hashable:
        """All that the counts depend on, but the log."""
        stretches = stretches_of(self.windows) if self.windows else ([], [])
        return self.campaign.id, str(self.zone), self.exclude_bots, self.pixels.state, *map(tuple, stretches)

    @property
    def shown(self) -> Hashable:
        """All that the statistics depend on, but the log and the present moment."""
        runs = tuple((run.started_at, run.ended_at) for run in self.runs)
        campaign = (self.campaign.state, self.campaign.ends_at, runs)
        return self.asked_about, campaign, self.people.state, self.retention_days, self.min_people


def stretches_of(compared: Windows) -> tuple[list[Stretch], list[Stretch]]:
    """Return the time around all of the campaign's runs, and what is compared: before, then during."""
    span = around(compared.during)
    return [Stretch.of(span.start, span.end)], whole_buckets([*compared.before, *compared.during])


_CAMPAIGN = select(
    Campaign,
    select(JsonRows(CampaignPixel.user_id, CampaignPixel.department, CampaignPixel.created_at))
    .where(CampaignPixel.campaign_id == Campaign.id)
    .scalar_subquery(),
).where(Campaign.id == bindparam("campaign_id"), Campaign.organisation_id == bindparam("organisation_id"))
_RUNS = select(CampaignRun).where(CampaignRun.campaign_id == bindparam("campaign_id")).order_by(CampaignRun.started_at)


class Read(NamedTuple):
    """A campaign, when it ran, and its pixels as `Pixels` takes them."""

    campaign: Campaign
    runs: Sequence[CampaignRun]
    pixels: str


async def read(session: AsyncSession, organisation_id: UUID, campaign_id: UUID) -> Read:
    """Read a campaign of this organisation. Raises `NotFoundError` for any other."""
    asked = {"campaign_id": campaign_id, "organisation_id": organisation_id}
    row = (await session.execute(_CAMPAIGN, asked)).one_or_none()
    if row is None:
        raise present.unknown()
    return Read(row[0], (await session.scalars(_RUNS, asked)).all(), row[1])


def subject(
    found: Read,
    pixels: Pixels,
    people: People,
    *,
    time_zone: str,
    exclude_bots: bool,
    retention_days: int,
    min_people: int | None,
    now: datetime,
) -> Subject:
    """Put together what was read; the people must have been read after the pixels."""
    zone = zone_of(time_zone)
    compared = windows(found.runs, ends_at=found.campaign.ends_at, now=now, zone=zone)
    return Subject(found.campaign, pixels, people, found.runs, compared, zone, exclude_bots, retention_days, min_people)
