"""Relational table of signature templates: one for each organisation, none while it uses the built-in one."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.store.base import Base, utc_now


class SignatureTemplate(Base):
    """An organisation's own template. `html` is sanitised before it is stored; `version` counts changes."""

    __tablename__ = "signature_templates"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True)
    html: Mapped[str] = mapped_column(Text)
    defaults: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Placeholder → text used where a person has no value of their own."""
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
