"""Relational tables of tracking: the tokens in signatures, and what an organisation decided about it."""

import secrets
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.store.base import Base, utc_now


def new_token() -> str:
    """Return a fresh user token: 18 random bytes as 24 URL-safe characters (SPEC H1)."""
    return secrets.token_urlsafe(18)


class UserToken(Base):
    """The token in a user's signature pixel. A user has one active token; older ones stay, so that signatures
    already sent can be recognised as inactive."""

    __tablename__ = "user_tokens"
    __table_args__ = (
        Index(
            "uq_user_tokens_active_user",
            "user_id",
            unique=True,
            sqlite_where=text("is_active"),
            postgresql_where=text("is_active"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token: Mapped[str] = mapped_column(String(64), unique=True, default=new_token)
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    deactivated_at: Mapped[datetime | None]
    ended_because: Mapped[str | None] = mapped_column(String(16))
    """`rotated` or `deactivated`; None while active."""


class OrganisationSettings(Base):
    """What an organisation decided about tracking (SPEC H13). `version` counts changes."""

    __tablename__ = "organisation_settings"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True)
    user_tracking_enabled: Mapped[bool] = mapped_column(default=True)
    campaign_tracking_enabled: Mapped[bool] = mapped_column(default=True)
    retention_days: Mapped[int] = mapped_column(default=90)
    show_user_dashboard: Mapped[bool] = mapped_column(default=True)
    exclude_bots: Mapped[bool] = mapped_column(default=True)
    record_country: Mapped[bool] = mapped_column(default=True)
    department_min_people: Mapped[int] = mapped_column(default=5)
    """Roles that see no people see departments from this many people on."""
    version: Mapped[int] = mapped_column(default=1)
