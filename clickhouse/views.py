"""The materialised views, as `views/*.sql` defines them: the target's table, and each SELECT that fills it."""

import re
from dataclasses import dataclass
from pathlib import Path

from clickhouse.sql_files import VIEWS, BadSqlFileError, checksum, statements

_MATERIALIZED = re.compile(
    r"(?:\s|--[^\n]*+)*+CREATE\s++MATERIALIZED\s++VIEW\s++(?P<name>\w++)\s++TO\s++(?P<target>\w++)\s++AS\s++"
    r"(?P<select>SELECT\b.*\bFROM\s++(?P<source>\w++).*)",
    re.DOTALL,
)
_TABLE = re.compile(r"(?:\s|--[^\n]*+)*+CREATE\s++TABLE\s++(?P<name>\w++)")


@dataclass(frozen=True, slots=True)
class Feed:
    """One materialised view: it turns rows of `source` into rows of the target by `select`."""

    name: str
    source: str
    select: str
    create: str


@dataclass(frozen=True, slots=True)
class View:
    """One file: a target with what feeds it. The target is named as the file and partitioned by month,
    unless `create_table` is None: then a migration made it and its rows have no time (`event_ids`)."""

    name: str
    create_table: str | None
    feeds: tuple[Feed, ...]
    checksum: str

    @property
    def is_partitioned(self) -> bool:
        """Whether a month of it can be remade and exchanged."""
        return self.create_table is not None


def read_view(path: Path) -> View:
    """Read one definition. Raises `BadSqlFileError` for anything but one optional table and its views."""
    text = path.read_text(encoding="utf-8")
    table: str | None = None
    feeds: list[Feed] = []
    for statement in statements(text):
        if found := _MATERIALIZED.match(statement):
            if found["target"] != path.stem:
                raise BadSqlFileError(f"{path.name}: {found['name']} fills {found['target']}, not {path.stem}")
            feeds.append(Feed(found["name"], found["source"], found["select"], statement))
        elif (found := _TABLE.match(statement)) and found["name"] == path.stem and table is None:
            table = statement
        else:
            raise BadSqlFileError(f"{path.name}: {statement[:60]!r} is neither its table nor a view that fills it")
    if not feeds:
        raise BadSqlFileError(f"{path.name}: defines no materialised view")
    return View(path.stem, table, tuple(feeds), checksum(text))


def read_views(folder: Path = VIEWS) -> dict[str, View]:
    """Read every view, by name."""
    return {path.stem: read_view(path) for path in sorted(folder.glob("*.sql"))}
