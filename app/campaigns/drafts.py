"""Making, changing, copying and deleting campaigns; two people who save at once both learn of it."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from pydantic.alias_generators import to_camel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.audit.models import AuditEntry
from app.audit.service import Actor, record
from app.campaigns import audience, lifecycle, present
from app.campaigns.models import Campaign
from app.campaigns.schemas import CampaignChange, CampaignDraft
from app.errors import BadInputError, ConflictError
from app.identity.models import User
from app.signatures.sanitise import clean_html

NAMES = {name: to_camel(name) for name in CampaignDraft.model_fields}
_REMEMBERED = 20
"""Changes looked through to tell who was faster."""


async def create(
    session: AsyncSession, organisation_id: UUID, wanted: CampaignDraft, *, actor: Actor, now: datetime
) -> Campaign:
    """Make a draft. Raises `BadInputError` naming the field that does not fit."""
    campaign = Campaign(organisation_id=organisation_id, created_by=actor.user_id, created_at=now, updated_at=now)
    await _check(session, organisation_id, wanted, now=now, changed=set(NAMES))
    _write(campaign, wanted, await _clean(wanted.banner_html))
    session.add(campaign)
    await session.flush()
    _note(session, campaign, "campaign_created", after=_values(campaign), actor=actor, now=now)
    return campaign


async def change(
    session: AsyncSession, campaign: Campaign, wanted: CampaignChange, *, actor: Actor, now: datetime
) -> bool:
    """Make a campaign, locked in this session, what is wanted; tell whether that changed anything.

    Raises `ConflictError` with `current` and `changes` if it changed after `wanted.version`; `BadInputError` naming a
    field that does not fit, or can no longer be changed. What is as wanted already is no conflict.
    """
    before = _values(campaign)
    banner_html = await _clean(wanted.banner_html)
    after = _wanted(wanted, banner_html)
    changed = {name for name in NAMES if before[name] != after[name]}
    if not changed:
        return False
    await check_version(session, campaign, wanted.version)
    lifecycle.check_changeable(campaign.state, changed, NAMES)  # type: ignore[arg-type]  # the table holds no other
    await _check(session, campaign.organisation_id, wanted, now=now, changed=changed)
    _write(campaign, wanted, banner_html)
    campaign.version, campaign.updated_at = campaign.version + 1, now
    _note(
        session,
        campaign,
        "campaign_changed",
        before={name: before[name] for name in changed} | {"version": campaign.version - 1},
        after={name: after[name] for name in changed} | {"version": campaign.version},
        actor=actor,
        now=now,
    )
    return True


async def duplicate(session: AsyncSession, campaign: Campaign, *, name: str, actor: Actor, now: datetime) -> Campaign:
    """Make a draft of the same audience and banner, without times: those of the original are its own."""
    copy = Campaign(
        organisation_id=campaign.organisation_id,
        name=name,
        description=campaign.description,
        audience=campaign.audience,
        audience_members=list(campaign.audience_members),
        banner_html=campaign.banner_html,
        created_by=actor.user_id,
        created_at=now,
        updated_at=now,
    )
    session.add(copy)
    await session.flush()
    after = {"name": name, "copy_of": str(campaign.id), "copy_of_name": campaign.name}
    _note(session, copy, "campaign_created", after=after, actor=actor, now=now)
    return copy


async def delete(session: AsyncSession, campaign: Campaign, *, actor: Actor, now: datetime) -> None:
    """Delete a draft. Raises `ConflictError` for anything that ran."""
    lifecycle.check_deletable(campaign.state)  # type: ignore[arg-type]  # the table holds no other
    _note(session, campaign, "campaign_deleted", before=_values(campaign), actor=actor, now=now)
    await session.delete(campaign)


async def check_version(session: AsyncSession, campaign: Campaign, version: int | None) -> None:
    """Raise `ConflictError` if the campaign changed after `version` (None: whatever it is now)."""
    if version is None or version == campaign.version:
        return
    statement = (
        select(AuditEntry, User.name)
        .outerjoin(User, User.id == AuditEntry.actor_user_id)
        .where(AuditEntry.organisation_id == campaign.organisation_id, AuditEntry.subject_id == campaign.id)
        .order_by(AuditEntry.at.desc())
        .limit(_REMEMBERED)
    )
    later = [
        {"by": name, "at": entry.at.isoformat().replace("+00:00", "Z"), "action": entry.action}
        for entry, name in await session.execute(statement)
        if (entry.after or {}).get("version", 0) > version
    ]
    people = ", ".join(dict.fromkeys(str(change["by"] or "the timer") for change in later)) or "somebody"
    current = await present.view(session, campaign, are_people_shown=True)
    raise ConflictError(
        f"version: {people} changed this campaign after you read it (version {version}, now {campaign.version}). "
        "Nothing of yours was saved or lost: look at `current`, then send yours again with its version.",
        field="version",
        current=current.model_dump(mode="json", by_alias=True),
        changes=later,
    )


async def _check(
    session: AsyncSession, organisation_id: UUID, wanted: CampaignDraft, *, now: datetime, changed: set[str]
) -> None:
    start, end = wanted.starts_at, wanted.ends_at
    if "starts_at" in changed and start is not None and start <= now:
        raise BadInputError(
            "startsAt: this has passed; choose a later time, or leave it empty and start by hand.", field="startsAt"
        )
    if "ends_at" in changed and end is not None and end <= now:
        raise BadInputError(
            "endsAt: this has passed; choose a later time, or end the campaign by hand.", field="endsAt"
        )
    if changed & {"starts_at", "ends_at"} and start is not None and end is not None and end <= start:
        raise BadInputError("endsAt: a campaign has to end after it starts.", field="endsAt")
    if "audience" in changed:
        await audience.check(session, organisation_id, wanted.audience)


def _write(campaign: Campaign, wanted: CampaignDraft, banner_html: str) -> None:
    campaign.name, campaign.description = wanted.name, wanted.description
    campaign.starts_at, campaign.ends_at = _utc(wanted.starts_at), _utc(wanted.ends_at)
    campaign.audience, campaign.audience_members = wanted.audience.kind, audience.stored(wanted.audience)
    campaign.banner_html = banner_html


async def _clean(banner_html: str) -> str:
    """Return the banner made safe, beside the loop: the largest takes a fifth of a second."""
    try:
        return (await asyncio.to_thread(clean_html, banner_html)).html if banner_html.strip() else ""
    except BadInputError as error:
        why = error.extensions.get("reason")
        raise BadInputError(f"bannerHtml: {error.detail}", field="bannerHtml", reason=why) from error


def _wanted(wanted: CampaignDraft, banner_html: str) -> dict[str, Any]:
    """Return what is wanted as `_values` says it, with the cleaned banner."""
    campaign = Campaign()
    _write(campaign, wanted, banner_html)
    return _values(campaign)


def _values(campaign: Campaign) -> dict[str, Any]:
    """Return a campaign's own fields as JSON of the audit log."""
    return {
        "name": campaign.name,
        "description": campaign.description,
        "starts_at": _text(campaign.starts_at),
        "ends_at": _text(campaign.ends_at),
        "audience": {"kind": campaign.audience, "members": list(campaign.audience_members)},
        "banner_html": campaign.banner_html,
    }


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment is not None else None


def _utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC) if moment is not None else None


def _note(
    session: AsyncSession,
    campaign: Campaign,
    action: str,
    *,
    actor: Actor,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    record(
        session,
        organisation_id=campaign.organisation_id,
        actor=actor,
        at=now,
        action=action,
        subject=campaign.name,
        subject_id=campaign.id,
        before=_named(before),
        after=_named(after),
    )


def _named(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if values is None else {to_camel(name): value for name, value in values.items()}
