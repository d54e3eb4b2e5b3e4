"""The organisation's tracking settings on the wire."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from schemas.base import Schema

MOST_RETENTION_DAYS = 3650
LEAST_DEPARTMENT_PEOPLE, MOST_DEPARTMENT_PEOPLE = 2, 1000
"""A department of one person is that person."""

RetentionDays = Annotated[int, Field(ge=1, le=MOST_RETENTION_DAYS, strict=True)]
DepartmentPeople = Annotated[int, Field(ge=LEAST_DEPARTMENT_PEOPLE, le=MOST_DEPARTMENT_PEOPLE, strict=True)]
Switch = Annotated[bool, Field(strict=True)]


class TrackingSwitches(Schema):
    """The six settings."""

    user_tracking_enabled: Switch = Field(description="False: no pixel in signatures, hits of old ones not stored.")
    campaign_tracking_enabled: Switch = Field(description="The same for the pixels of campaigns.")
    retention_days: RetentionDays = Field(description="Opens older than this many days are deleted, once a day.")
    show_user_dashboard: Switch = Field(description="False: only owners and admins see statistics of a person.")
    exclude_bots: Switch = Field(description="True: only opens by people and image proxies count.")
    record_country: Switch = Field(description="False: no country is stored with an open.")


class TrackingSettingsChange(TrackingSwitches):
    """All six settings as they should be, and the version they were read at."""

    department_min_people: DepartmentPeople | None = Field(
        None, description="Analysts see a department from so many people on; left out, it stays."
    )
    version: int = Field(ge=1, strict=True, description="`version` as it was read; 409 if it has changed since.")


class LastChange(Schema):
    """Who changed the settings last."""

    at: datetime
    by: str | None = Field(description="Name of the person; null if they are gone, or the product did it.")
    changed: list[str] = Field(description="Names of the settings that changed.")


class TrackingSettingsView(TrackingSwitches):
    """The six settings, their version, and who changed them last."""

    department_min_people: int = Field(
        description="Analysts see a department from so many people on; smaller ones are shown together."
    )
    version: int = Field(description="Counts changes; send it back with a change.")
    last_change: LastChange | None = Field(description="Null if nobody has changed them yet.")
