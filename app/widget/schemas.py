"""What the widget is told: the numbers of one person, and no name, address or id of anybody."""

from datetime import datetime

from pydantic import Field

from app.identity.roles import Locale
from app.tracking.schemas import DayOpens, NotCounted, Opens, PeakHour
from schemas.base import Schema


class WidgetEngagement(Schema):
    """How often the signature of the key's owner was opened, in the owner's own days and weeks."""

    this_week: Opens
    last_week: Opens = Field(description="The whole of last week.")
    last_week_to_date: Opens = Field(description="Last week up to the same local weekday and time: the comparison.")
    daily: list[DayOpens] = Field(description="The last seven local days, oldest first, today last.")
    peak_hours: list[PeakHour] = Field(description="At most three, busiest first; empty: too few opens to say.")
    not_counted: NotCounted
    excludes_bots: bool = Field(description="False: machines are counted too.")
    is_tracking_on: bool = Field(description="False: new opens are not stored.")
    retention_days: int = Field(description="Opens older than this many days are deleted.")
    locale: Locale = Field(description="The person's language, where the page names none.")
    time_zone: str = Field(description="IANA zone in which days and weeks were cut.")
    week_starts_on: int = Field(ge=1, le=7, description="ISO weekday on which the week starts: 1 Monday, 7 Sunday.")
    as_of: datetime = Field(description="When this was counted, UTC.")
    last_open_at: datetime | None = Field(description="The newest open of any class; null if there was none yet.")
