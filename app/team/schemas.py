"""What the API says about an organisation's opens. The customer's fields first, our additions after them."""

import datetime as dt
from uuid import UUID

from pydantic import Field

from app.team.departments import Kind
from app.tracking.schemas import MyStats
from schemas.base import Schema


class TopPerformer(Schema):
    """A person whose signature was opened most."""

    user_id: UUID
    name: str
    department: str | None
    opens: int = Field(description="Counted opens in the period.")
    unique: int = Field(description="Different visitors, each once a UTC day.")


class Department(Schema):
    """The people of one department, and the opens of their signatures."""

    department: str | None = Field(description="Null for people without one, and for small ones shown together.")
    opens: int = Field(description="Counted opens in the period.")
    users: int = Field(description="People of the department, with opens or without.")
    unique: int = Field(description="Different visitors, each once a UTC day and person.")
    active_users: int = Field(description="People with at least one counted open in the period.")
    kind: Kind = Field(description="`none`: people without a department; `other`: departments too small to be shown.")


class AskedPeriod(Schema):
    """Local days, both included."""

    first: dt.date = Field(alias="from")
    last: dt.date = Field(alias="to")
    days: int
    is_running: bool = Field(description="The last day is not over yet.")


class PreviousPeriod(Schema):
    """The same number of local days before; up to the same time of day while the period is running."""

    first: dt.date = Field(alias="from")
    last: dt.date = Field(alias="to")
    until: dt.datetime = Field(description="Moment up to which was counted, UTC.")
    total_opens: int


class OrganisationStats(Schema):
    """How often the signatures of an organisation were opened, in its own days."""

    total_opens: int = Field(description="Counted opens in the period, by people as far as can be known.")
    unique_opens: int = Field(description="Different visitors, each once a UTC day and person.")
    active_users: int = Field(description="People with at least one counted open in the period.")
    top_performers: list[TopPerformer] = Field(description="Most opens first; empty for roles that see no people.")
    by_department: list[Department] = Field(description="Most opens first, `other` last.")
    users: int = Field(description="People of the organisation; the denominator of activeUsers.")
    period: AskedPeriod
    previous: PreviousPeriod
    time_zone: str = Field(description="The organisation's zone, in which days are cut.")
    as_of: dt.datetime = Field(description="When this was counted, UTC.")
    are_people_shown: bool = Field(description="False: this role sees departments only.")
    department_min_people: int | None = Field(
        description="Departments of fewer people are shown together; null for roles that see all."
    )


class PersonView(Schema):
    """Whose statistics these are."""

    id: UUID
    name: str
    department: str | None
    is_active: bool


class PersonStats(MyStats):
    """The very figures the person sees, in the person's own days and weeks."""

    person: PersonView
