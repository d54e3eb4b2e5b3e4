"""Relational table of the audit log."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.store.base import Base, utc_now


class AuditEntry(Base):
    """One change, written in the transaction that made it. Never updated.

    Actors are no foreign keys: an entry outlives the person or key it names. Neither actor: the product itself.
    """

    __tablename__ = "audit_log"
    __table_args__ = (Index("ix_audit_log_organisation_id_at_id", "organisation_id", "at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"))
    actor_user_id: Mapped[UUID | None]
    actor_key_id: Mapped[UUID | None]
    at: Mapped[datetime] = mapped_column(default=utc_now)
    action: Mapped[str] = mapped_column(String(64))
    """What was done, past tense: `tracking_settings_changed`."""
    subject: Mapped[str] = mapped_column(String(200))
    """What it was done to, as people name it, or its id."""
    subject_id: Mapped[UUID | None]
    """Id of what it was done to, for links and filters; None where it has none. No foreign key either."""
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)
