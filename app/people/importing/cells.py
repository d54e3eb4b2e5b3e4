"""The cells of one row → what it says of a person, or what is wrong with it and what to do. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from app.identity.email_addresses import canonical_email
from app.identity.roles import LOCALES, ROLES
from app.people.importing.columns import FIELDS
from app.people.texts import clean_text, clean_zone, is_address

MOST_CHARACTERS = {"name": 200, "department": 200, "jobTitle": 200, "phone": 64}
ATTRIBUTES = {
    "name": "name",
    "department": "department",
    "jobTitle": "job_title",
    "phone": "phone",
    "timeZone": "time_zone",
    "locale": "locale",
    "role": "role",
}
"""Field of a file → attribute of a person."""
CLEARED: Mapping[str, str | None] = {"department": None, "job_title": "", "phone": ""}
"""What an empty cell makes of these, if empty cells are to erase; the others cannot be empty."""

_LOCALES = {"english": "en", "الإنجليزية": "en", "الانجليزية": "en", "انجليزي": "en", "إنجليزي": "en"} | {
    "arabic": "ar",
    "العربية": "ar",
    "عربي": "ar",
}
_ROLES = {role: role for role in ROLES} | {
    "user": "member",
    "administrator": "admin",
    "عضو": "member",
    "محلل": "analyst",
    "مدير": "admin",
    "مشرف": "admin",
    "مالك": "owner",
}


@dataclass(frozen=True, slots=True)
class RowError:
    """Something wrong with a row: where, and what to do."""

    line: int
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Row:
    """What one row says of the person with this address; attributes that it does not name stay."""

    line: int
    email: str
    values: dict[str, str | None] = field(default_factory=dict)
    unspoken: str = ""
    """The language of the file, if the product does not speak it."""


def checked_row(line: int, cells: Mapping[str, str], *, clears_empty: bool) -> tuple[Row | None, list[RowError]]:
    """Return the row, or all that is wrong with it."""
    errors: list[RowError] = []
    email = canonical_email(cells.get("email", ""))
    if not is_address(email):
        said = f"{repr(email)[1:-1][:100]} is no e-mail address" if email else "is empty"
        errors.append(RowError(line, "email", f"{said}; it has to look like name@example.com."))
    values: dict[str, str | None] = {}
    for name, cell in _whole_name(cells).items():
        if name == "email":
            continue
        attribute = ATTRIBUTES[name]
        try:
            value = _CHECKS[name](cell)
        except ValueError as error:
            errors.append(RowError(line, name, f"{error}."))
            continue
        if value:
            values[attribute] = value
        elif clears_empty and attribute in CLEARED:
            values[attribute] = CLEARED[attribute]
    if errors:
        return None, errors
    language = cells.get("locale", "").strip()
    return Row(line, email, values, "" if "locale" in values else language[:40]), []


def _whole_name(cells: Mapping[str, str]) -> dict[str, str]:
    """Put first and last name together where the file has no whole one."""
    found = {name: cell for name, cell in cells.items() if name in FIELDS}
    parts = [cells[part].strip() for part in ("firstName", "lastName") if cells.get(part, "").strip()]
    if parts and not found.get("name", "").strip():
        found["name"] = " ".join(parts)
    return found


def _text(name: str) -> Callable[[str], str]:
    most = MOST_CHARACTERS[name]

    def check(cell: str) -> str:
        text = clean_text(cell)
        if len(text) > most:
            raise ValueError(f"has {len(text)} characters; {most} are possible")
        return text

    return check


def _zone(cell: str) -> str:
    return clean_zone(cell) if cell.strip() else ""


def _locale(cell: str) -> str:
    """Return the language, empty for one that the product does not speak: that is remarked, and keeps nobody out."""
    text = cell.strip().lower()
    found = _LOCALES.get(text, text[:2] if text[2:3] in ("", "-", "_") else "")
    return found if found in LOCALES else ""


def _role(cell: str) -> str:
    text = cell.strip().lower()
    if text and text not in _ROLES:
        raise ValueError(f"{cell.strip()[:40]!r} is not a role; use {', '.join(ROLES)}")
    return _ROLES.get(text, "")


_CHECKS: Mapping[str, Callable[[str], str]] = {name: _text(name) for name in MOST_CHARACTERS} | {
    "timeZone": _zone,
    "locale": _locale,
    "role": _role,
}
