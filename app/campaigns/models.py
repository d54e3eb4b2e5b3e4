"""Relational tables of campaigns: what runs, for whom, with which pixels, and when it ran."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.store.base import Base, utc_now
from app.tracking.models import new_token


class Campaign(Base):
    """A signature campaign. `version` counts changes; times are planned, `campaign_runs` says what happened."""

    __tablename__ = "campaigns"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'active', 'paused', 'ended')", name="state"),
        CheckConstraint("audience IN ('everybody', 'departments', 'people')", name="audience"),
        Index("ix_campaigns_organisation_id_created_at", "organisation_id", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(8), default="draft")
    starts_at: Mapped[datetime | None]
    """Planned start; None: started by hand."""
    ends_at: Mapped[datetime | None]
    """Planned end; None: ended by hand."""
    audience: Mapped[str] = mapped_column(String(16), default="everybody")
    audience_members: Mapped[list[Any]] = mapped_column(JSON, default=list)
    """Names of departments, or ids of people as text; empty for everybody. Resolved when the campaign starts."""
    banner_html: Mapped[str] = mapped_column(Text, default="")
    """Sanitised HTML that the signature shows at `{{campaign_banner}}` while the campaign is active."""
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now)
    version: Mapped[int] = mapped_column(default=1)


class CampaignPixel(Base):
    """The pixel of one person in one campaign. Made when the campaign starts, kept as long as it."""

    __tablename__ = "campaign_pixels"
    __table_args__ = (UniqueConstraint("campaign_id", "user_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"), index=True)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token: Mapped[str] = mapped_column(String(64), unique=True, default=new_token)
    department: Mapped[str | None] = mapped_column(String(200))
    """The person's department when the campaign reached them: renaming it later does not change a campaign's past."""
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class CampaignRun(Base):
    """One stretch of time in which a campaign was active; `ended_at` is None while it is."""

    __tablename__ = "campaign_runs"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"), index=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
