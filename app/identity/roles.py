"""What a person's role and a key's scopes may do."""

from collections.abc import Iterable
from typing import Literal, get_args

from app.errors import BadInputError

Role = Literal["owner", "admin", "member", "analyst"]
Scope = Literal["read", "write", "widget"]
Locale = Literal["en", "ar"]

ADMIN_ROLES = frozenset({"owner", "admin"})
"""Those who may change the organisation and see its people by name."""

ROLES: tuple[Role, ...] = get_args(Role)
LOCALES: tuple[Locale, ...] = get_args(Locale)
SCOPES: tuple[Scope, ...] = get_args(Scope)


def checked_scopes(scopes: Iterable[str]) -> list[str]:
    """Return the scopes sorted and without repetition.

    Raises `BadInputError` for an empty or unknown one, and for `widget` beside another: a page that shows a widget
    shows its key to everybody who looks, so that key must open nothing else.
    """
    wanted = sorted(set(scopes))
    unknown = [scope for scope in wanted if scope not in SCOPES]
    if unknown or not wanted:
        raise BadInputError(
            f"scopes: {', '.join(unknown) or 'nothing'} is not possible; choose from {', '.join(SCOPES)}.",
            field="scopes",
        )
    if "widget" in wanted and len(wanted) > 1:
        raise BadInputError("scopes: widget stands alone; make another key for the rest.", field="scopes")
    return wanted
