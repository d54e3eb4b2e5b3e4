"""The statements behind the list of people, made once for each shape of a question; what is looked for are parameters.

Making one costs more than SQLite takes to answer it.
"""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, case, exists, func, literal, select, tuple_

from app.identity.models import Invitation, User
from app.people.rules import RANK
from app.people.schemas import Direction, Sort
from app.store.json_rows import JsonRows
from app.store.patterns import ESCAPE
from app.tracking.models import UserToken

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Shape(NamedTuple):
    """What a statement looks like, whatever is looked for."""

    words: int
    department: Literal["any", "none", "named"]
    is_role_asked: bool
    is_state_asked: bool
    sort: Sort
    direction: Direction
    is_after: bool
    """It begins behind a cursor."""


class Statements(NamedTuple):
    """How many there are in all, and those of one page."""

    total: Select[Any]
    page: Select[Any]


_IS_INVITED = exists().where(
    Invitation.user_id == User.id,
    Invitation.accepted_at.is_(None),
    Invitation.revoked_at.is_(None),
    Invitation.expires_at > bindparam("now"),
)
_STATE = case(
    (User.is_active.is_(False), "inactive"),
    (User.last_seen_at.is_not(None), "active"),
    (_IS_INVITED, "invited"),
    else_="never_signed_in",
)
_TOKENS = (
    select(JsonRows(UserToken.is_active, UserToken.created_at, UserToken.deactivated_at, UserToken.ended_because))
    .where(UserToken.user_id == User.id)
    .scalar_subquery()
)
_SHOWN = (
    User.id,
    User.name,
    User.email,
    User.role,
    User.department,
    User.job_title,
    User.phone,
    User.time_zone,
    User.locale,
    User.is_active,
    User.created_at,
    User.last_seen_at,
    _STATE.label("state"),
    _TOKENS.label("tokens"),
)
PERSON = select(*_SHOWN).where(User.id == bindparam("user_id"), User.organisation_id == bindparam("organisation_id"))
"""One person; `now` says which invitations are open."""


@lru_cache(maxsize=256)
def statements(shape: Shape) -> Statements:
    """Return both; their parameters are `organisation_id` and `now`, and those of what the shape asks for.

    `word_0` and so on (see `as_pattern`), `department`, `role`, `state`; of the page also `most` rows and, behind a
    cursor, `after` and `after_id`. A row has what is shown of a person, and `sort_key`.
    """
    conditions = _conditions(shape)
    total = select(func.count()).select_from(User).where(*conditions)
    key, is_up = _key(shape.sort), shape.direction == "ascending"
    page = select(*_SHOWN, key.label("sort_key")).where(*conditions).limit(bindparam("most"))
    page = page.order_by(key.asc() if is_up else key.desc(), User.id.asc() if is_up else User.id.desc())
    if shape.is_after:
        after = tuple_(bindparam("after", type_=key.type), bindparam("after_id", type_=User.id.type))
        here = tuple_(key, User.id)
        page = page.where(here > after if is_up else here < after)
    return Statements(total, page)


def _conditions(shape: Shape) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [User.organisation_id == bindparam("organisation_id")]
    for number in range(shape.words):
        word: BindParameter[str] = bindparam(f"word_{number}")
        found.append(User.name.icontains(word, escape=ESCAPE) | User.email.icontains(word, escape=ESCAPE))
    if shape.department == "none":
        found.append(func.coalesce(func.trim(User.department), "") == "")
    elif shape.department == "named":
        found.append(func.trim(User.department) == bindparam("department"))
    if shape.is_role_asked:
        found.append(User.role == bindparam("role"))
    if shape.is_state_asked:
        found.append(bindparam("state") == _STATE)
    return found


def _key(sort: Sort) -> ColumnElement[Any]:
    """Return what the order compares; never null, so that pages follow each other without gaps."""
    keys: dict[Sort, ColumnElement[Any]] = {
        "name": func.lower(User.name),
        "email": User.email.expression,
        "department": func.lower(func.coalesce(User.department, "")),
        "role": case(RANK, value=User.role),
        "lastSeen": func.coalesce(User.last_seen_at, literal(_NEVER, User.last_seen_at.type)),
        "joined": User.created_at.expression,
    }
    return keys[sort]
