"""Loads of signatures whose token has ended: kept as drops with the person, and shown."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from app.people.schemas import OldSignatures
from app.resources import ClickHouseDoor

OLD_SIGNATURE_DAYS = 30
"""How far back they are counted: long enough for signatures in mail that is still being read."""


async def old_signatures(
    clickhouse: ClickHouseDoor, organisation_id: UUID, user_ids: Iterable[UUID], *, now: datetime
) -> dict[UUID, OldSignatures]:
    """Count them for each of these people. Raises `ClickHouseError` while ClickHouse does not answer."""
    ids = list(user_ids)
    if not ids:
        return {}
    asked = {
        "organisation_id": organisation_id,
        "user_ids": ids,
        "from_at": now - timedelta(days=OLD_SIGNATURE_DAYS),
        "until_at": now,
    }
    rows = await (await clickhouse.get()).query("drops_by_user", asked)
    found = {id_: OldSignatures(rotated=0, deactivated=0) for id_ in ids}
    for row in rows:
        name = "rotated" if row["reason"] == "token_rotated" else "deactivated"
        found[row["user_id"]] = found[row["user_id"]].model_copy(update={name: row["drops"]})
    return found
