"""What the API says about opens. Every number names what it counts; the descriptions become the UI's types."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from schemas.base import Schema
from schemas.events import Device, OpenClass

Weekday = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
WEEKDAYS: tuple[Weekday, ...] = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Opens(Schema):
    """Counted opens of one period."""

    opens: int = Field(description="Counted opens: by people and image proxies while the organisation excludes bots.")
    unique: int = Field(description="Different visitors within the period; a visitor counts once a UTC day.")


class Trend(Schema):
    """This week against last week up to the same local weekday and time (`lastWeekToDate`)."""

    direction: Literal["up", "down", "flat"]
    percentage: int | None = Field(
        description="Size of the change in percent of last week's opens, without sign; null if there were none."
    )


class PeakHour(Schema):
    """An hour of the week in which the signature is opened most."""

    hour: int = Field(ge=0, le=23, description="Local hour, 0 to 23.")
    day: Weekday
    avg_opens: float = Field(description="Mean of the last four complete weeks, one decimal.")


class ByDevice(Schema):
    """Whole percent of the counted opens of the last 30 local days with a known device; adds to 100, or all are 0."""

    desktop: int
    mobile: int
    tablet: int


class NotCounted(Schema):
    """Hits of this week that were stored but do not count."""

    opens: int
    by_reason: dict[str, int] = Field(description="By class of the open, or `rate_limited`; only what occurred.")


class MyStats(Schema):
    """How often a person's signature was opened, in the person's own days and weeks."""

    today: Opens
    today_date: date = Field(description="The person's local date: the last day of my-stats/daily.")
    this_week: Opens
    this_month: Opens
    trend: Trend
    peak_hours: list[PeakHour] = Field(
        description="At most three, busiest first, each of at least five opens in those weeks; empty: too few to say."
    )
    by_device: ByDevice
    last_week: Opens = Field(description="The whole of last week.")
    last_week_to_date: Opens = Field(description="Last week up to the same local weekday and time as now.")
    not_counted: NotCounted
    time_zone: str = Field(description="IANA zone in which days and weeks were cut.")
    week_starts_on: int = Field(ge=1, le=7, description="ISO weekday on which the week starts: 1 Monday, 7 Sunday.")
    as_of: datetime = Field(description="When this was counted, UTC.")
    last_open_at: datetime | None = Field(description="The newest open of any class; null if there was none yet.")


class DayOpens(Schema):
    """Counted opens of one local day."""

    date: date
    opens: int
    unique: int


class DailyOpens(Schema):
    """One item for each local day, oldest first, today last; days without opens are there with zeros."""

    data: list[DayOpens]
    time_zone: str


class RecentOpen(Schema):
    """One stored open, whatever its class. Whoever opened is not known, by design."""

    id: UUID
    at: datetime
    open_class: OpenClass
    is_counted: bool
    device: Device
    country: str | None = Field(description="ISO 3166-1 alpha-2; null if unknown or not recorded.")
    reasons: list[str] = Field(description="Codes of the rules that decided the class; `rate_limited` where it was.")
    confidence: float = Field(ge=0, le=1, description="How sure the rules are of the class.")


class RecentOpens(Schema):
    """The newest opens, newest first."""

    data: list[RecentOpen]


class ExplainedQuery(Schema):
    """One query behind the numbers, with this person's parameters filled in."""

    name: str
    answers: str
    parameters: dict[str, str]
    sql: str = Field(description="Can be pasted into `heliograph sql`.")


class Explanation(Schema):
    """The SQL behind each number of my-stats, its chart and the list of opens."""

    queries: list[ExplainedQuery]
