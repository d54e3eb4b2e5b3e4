"""Addresses of people in their canonical form: composed, in lower case, the domain in letters.

Of several people of one organisation whose addresses turn out to be one, nobody is merged: one has it (who is so
already, else the active and oldest), the others keep theirs, which no look-up finds any more. The log of the migration
and the audit log name them. The audit log also has what each address was, and the way down takes it from there.

Revision: 0005. Imports nothing of the product: a migration tells what was true when it was written.
"""

import logging
import unicodedata
from collections import defaultdict
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import idna
import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

CHANGED, COLLIDES = "person_address_unified", "person_address_collides"
log = logging.getLogger("heliograph.migrate")

users = sa.table(
    "users",
    sa.column("id", sa.Uuid()),
    sa.column("organisation_id", sa.Uuid()),
    sa.column("email", sa.String()),
    sa.column("name", sa.String()),
    sa.column("is_active", sa.Boolean()),
    sa.column("created_at", sa.DateTime(timezone=True)),
)
audit_log = sa.table(
    "audit_log",
    sa.column("id", sa.Uuid()),
    sa.column("organisation_id", sa.Uuid()),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("action", sa.String()),
    sa.column("subject", sa.String()),
    sa.column("subject_id", sa.Uuid()),
    sa.column("before", sa.JSON()),
    sa.column("after", sa.JSON()),
)


def upgrade() -> None:
    store = op.get_bind()
    groups: dict[tuple[UUID, str], list[Any]] = defaultdict(list)
    for row in store.execute(sa.select(users).execution_options(yield_per=1000)):
        if not row.email.isascii() or "xn--" in row.email.lower():
            groups[row.organisation_id, canonical(row.email)].append(row)
    for (organisation_id, email), rows in groups.items():
        there = store.execute(
            sa.select(users).where(users.c.organisation_id == organisation_id, users.c.email == email)
        ).one_or_none()
        keeper = there or min(rows, key=lambda row: (not row.is_active, row.created_at, str(row.id)))
        if there is None:
            store.execute(sa.update(users).where(users.c.id == keeper.id).values(email=email))
            _note(store, CHANGED, keeper, before={"email": keeper.email}, after={"email": email})
        for row in rows:
            if row.id != keeper.id:
                log.warning(
                    "people %s and %s of organisation %s have one address; the first keeps a spelling that no look-up "
                    "finds: deactivate one of them (the audit log has their names)",
                    *(row.id, keeper.id, organisation_id),
                )
                _note(store, COLLIDES, row, before={"email": row.email}, after={"belongsTo": keeper.name})


def downgrade() -> None:
    store = op.get_bind()
    for entry in store.execute(sa.select(audit_log).where(audit_log.c.action == CHANGED)).all():
        is_so = (users.c.id == entry.subject_id) & (users.c.email == entry.after["email"])
        store.execute(sa.update(users).where(is_so).values(email=entry.before["email"]))
    store.execute(sa.delete(audit_log).where(audit_log.c.action.in_([CHANGED, COLLIDES])))


def _note(store: sa.Connection, action: str, row: Any, *, before: dict[str, str], after: dict[str, str]) -> None:
    at = datetime.now(UTC)
    entry = {
        "id": uuid4(),
        "organisation_id": row.organisation_id,
        "at": at.replace(tzinfo=None) if store.dialect.name == "sqlite" else at,
        "action": action,
        "subject": row.name,
        "subject_id": row.id,
        "before": before,
        "after": after,
    }
    store.execute(sa.insert(audit_log).values(entry))


def canonical(address: str) -> str:
    local, at, domain = composed(address.strip()).rpartition("@")
    with suppress(idna.IDNAError):
        domain = idna.uts46_remap(domain, std3_rules=False)
    return f"{local}{at}{'.'.join(map(label_of, domain.split('.')))}"


def label_of(label: str) -> str:
    try:
        return idna.ulabel(label) if not label.isascii() or label.startswith("xn--") else label
    except (idna.IDNAError, UnicodeError):
        return label if label.isascii() else f"xn--{label.encode('punycode').decode()}"


def composed(text: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).lower())
