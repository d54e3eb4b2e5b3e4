"""Reading and changing an organisation's tracking settings; two people who save at once both learn of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic.alias_generators import to_camel
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from app.audit.schemas import AuditItem
from app.audit.service import Actor, Asked, item, newest, record
from app.errors import ConflictError
from app.store.database import Database
from app.tracking.models import OrganisationSettings
from app.tracking_settings.schemas import LastChange, TrackingSettingsChange, TrackingSettingsView, TrackingSwitches

ACTION = "tracking_settings_changed"
SUBJECT = "tracking settings"
NAMES = (*TrackingSwitches.model_fields, "department_min_people")
_REMEMBERED = 100
"""Changes looked through to tell what happened since an old version."""


async def present(session: AsyncSession, organisation_id: UUID) -> TrackingSettingsView:
    """Return the settings as they are, and who changed them last."""
    row = await session.get_one(OrganisationSettings, organisation_id, populate_existing=True)
    last = await newest(session, organisation_id, Asked(action=ACTION), limit=1)
    return TrackingSettingsView.model_validate(
        _values(row) | {"version": row.version, "last_change": _last_change(item(last[0])) if last else None}
    )


async def change(
    database: Database, organisation_id: UUID, wanted: TrackingSettingsChange, *, actor: Actor, now: datetime
) -> tuple[TrackingSettingsView, bool]:
    """Make the settings what is wanted; return them, and whether anything changed.

    Raises `ConflictError` if they changed after `wanted.version`: it carries `current`, the present settings, and
    `changes`, who changed what meanwhile. What is as wanted already is no change, and no conflict either.
    """
    async with database.session() as session:
        row = await session.get_one(OrganisationSettings, organisation_id, with_for_update=True)
        version = row.version
        before = _values(row)
        sent = {name: getattr(wanted, name) for name in NAMES}
        after = before | {name: value for name, value in sent.items() if value is not None}
        changed = [name for name in NAMES if before[name] != after[name]]
        if not changed:
            return await present(session, organisation_id), False
        if version != wanted.version:
            raise await _conflict(session, organisation_id, wanted.version)
        await session.execute(
            update(OrganisationSettings)
            .where(OrganisationSettings.organisation_id == organisation_id)
            .values(**after, version=version + 1)
        )
        record(
            session,
            organisation_id=organisation_id,
            actor=actor,
            at=now,
            action=ACTION,
            subject=SUBJECT,
            before=_json(before, changed) | {"version": version},
            after=_json(after, changed) | {"version": version + 1},
        )
        await session.flush()
        return await present(session, organisation_id), True


async def _conflict(session: AsyncSession, organisation_id: UUID, version: int) -> ConflictError:
    now = await present(session, organisation_id)
    rows = await newest(session, organisation_id, Asked(action=ACTION), limit=_REMEMBERED)
    later = [entry for entry in map(item, rows) if (entry.after or {}).get("version", 0) > version]
    people = ", ".join(dict.fromkeys(entry.actor.name or "somebody" for entry in later)) or "somebody"
    names = ", ".join(dict.fromkeys(name for entry in reversed(later) for name in _changed(entry))) or "something"
    return ConflictError(
        f"{people} changed {names} after you read these settings (version {version}, now {now.version}). Nothing of "
        "yours was saved or lost: look at `current`, then send your change again with its version.",
        current=now.model_dump(mode="json", by_alias=True),
        changes=[
            {
                "by": entry.actor.name,
                "at": entry.at.isoformat().replace("+00:00", "Z"),
                "changed": {name: [(entry.before or {})[name], (entry.after or {})[name]] for name in _changed(entry)},
            }
            for entry in later
        ],
    )


def _values(row: OrganisationSettings) -> dict[str, Any]:
    return {name: getattr(row, name) for name in NAMES}


def _json(values: Mapping[str, Any], names: list[str]) -> dict[str, Any]:
    return {to_camel(name): values[name] for name in names}


def _changed(entry: AuditItem) -> list[str]:
    return [name for name in entry.after or {} if name != "version"]


def _last_change(entry: AuditItem) -> LastChange:
    return LastChange(at=entry.at, by=entry.actor.name, changed=_changed(entry))
