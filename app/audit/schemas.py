"""What the API says about changes."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from schemas.base import Schema


class AuditActor(Schema):
    """Who made a change."""

    kind: Literal["user", "key", "system"] = Field(description="A person, a person's API key, or the product itself.")
    user_id: UUID | None = Field(description="The person, also behind a key.")
    name: str | None = Field(description="Their present name; null if they are gone, or for the product itself.")
    key_name: str | None = Field(description="Name of the API key; null without one.")


class AuditItem(Schema):
    """One change. `before` and `after` hold what changed, in the API's own names."""

    id: UUID
    at: datetime
    actor: AuditActor
    action: str = Field(description="What was done, in the past tense, such as `tracking_settings_changed`.")
    subject: str
    subject_id: UUID | None = Field(description="Id of what was changed, if it has one.")
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class AuditPage(Schema):
    """Changes, newest first."""

    data: list[AuditItem]
    next_cursor: str | None = Field(description="Send it as `cursor` for what is older; null at the end.")
