"""Kinds of changes, by how their names begin: a new action falls into its kind by itself."""

from typing import Literal, get_args

from sqlalchemy import ColumnElement, or_

from app.audit.models import AuditEntry

Kind = Literal["people", "imports", "access", "keys", "tokens", "settings", "campaigns", "signatures", "data"]

BEGINNINGS: dict[Kind, tuple[str, ...]] = {
    "people": ("person_", "people_"),
    "imports": ("people_imported", "person_added_by_import", "person_changed_by_import"),
    "access": ("password_", "session", "invitation_", "oidc_", "sign"),
    "keys": ("api_key_", "key_"),
    "tokens": ("token_",),
    "settings": ("tracking_settings_", "organisation_", "setting"),
    "campaigns": ("campaign_",),
    "signatures": ("signature",),
    "data": ("retention_", "replay_", "events_", "data_"),
}
EACH_OF_AN_IMPORT = ("person_added_by_import", "person_changed_by_import")
"""Thousands at once: shown when imports or a person are asked for; else their one summary stands for them."""
assert set(BEGINNINGS) == set(get_args(Kind))


def is_of_kind(kind: Kind) -> ColumnElement[bool]:
    """Return the condition of entries of one kind."""
    begins = [AuditEntry.action.startswith(beginning, autoescape=True) for beginning in BEGINNINGS[kind]]
    found = or_(*begins)
    if kind == "people":
        return found & is_no_detail()
    if kind == "access":
        return found & AuditEntry.action.not_like("signature%")
    return found


def is_no_detail() -> ColumnElement[bool]:
    """Return the condition that leaves out the many entries of an import."""
    return AuditEntry.action.not_in(EACH_OF_AN_IMPORT)
