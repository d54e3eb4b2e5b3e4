"""Reading the `.sql` files: their header, their statements, their checksum. All SQL of the product lives in them."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType

HERE = Path(__file__).parent
QUERIES = HERE / "queries"
COMMANDS = HERE / "commands"
CHECKS = HERE / "checks"
VIEWS = HERE / "views"
MIGRATIONS = HERE / "migrations"

HEADER = ("answers", "parameters", "one row is")

# what a statement may hold that a semicolon inside of does not end it; what is never closed goes on to the end
_TOKEN = re.compile(
    r"""(?P<skip>--[^\n]*|\#\![^\n]*|/\*.*?(?:\*/|\Z)|'(?:[^'\\]|\\.|'')*+(?:'|\\?\Z)|"""
    r""""(?:[^"\\]|\\.|"")*+(?:"|\\?\Z)|`(?:[^`\\]|\\.|``)*+(?:`|\\?\Z))|(?P<end>;)""",
    re.DOTALL,
)
_PLACE = re.compile(r"\{(?P<name>\w+):(?P<kind>[^{}]+)\}")
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SPACE = re.compile(
    r"""(?P<quoted>'(?:[^'\\]|\\.|'')*+(?:'|\\?\Z)|"(?:[^"\\]|\\.|"")*+(?:"|\\?\Z)|`(?:[^`\\]|\\.|``)*+(?:`|\\?\Z))|"""
    r"""(?:\s|--[^\n]*+|/\*.*?(?:\*/|\Z))++""",
    re.DOTALL,
)
_COMMENT = re.compile(r"--[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """One file of `queries/`: its name, the three lines of its header, and the statement."""

    name: str
    answers: str
    parameters: str
    one_row_is: str
    sql: str
    """As it stands in the file, for reading."""
    statement: str
    """The same without comments and indentation, for asking: driver and server look at every word of it."""


@dataclass(frozen=True, slots=True)
class Check:
    """One file of `checks/`: what it finds, and whether it is run for each month or each slice of the ids."""

    name: str
    finds: str
    by: str
    sql: str


class BadSqlFileError(ValueError):
    """A file does not follow the rules; the message names the file and the rule."""


def statements(text: str) -> list[str]:
    """Cut a file into its statements at the semicolons that stand outside of strings, names and comments.

    Comments stay with the statement they precede; a piece that holds nothing but comments is left out.
    """
    pieces, start = [], 0
    for token in _TOKEN.finditer(text):
        if token["end"]:
            pieces.append(text[start : token.start()])
            start = token.end()
    pieces.append(text[start:])
    return [piece.strip() for piece in pieces if _COMMENT.sub("", piece).strip()]


def compact(sql: str) -> str:
    """Return a statement without comments and with single spaces; what stands in quotes stays as it is."""

    def shortened(token: re.Match[str]) -> str:
        if token["quoted"] is None:
            return " "
        return token["quoted"]

    return _SPACE.sub(shortened, sql).strip()


def without_quotes(sql: str) -> str:
    """Return a statement with every string, quoted name and comment replaced by a space, for looking at its words."""
    return _TOKEN.sub(lambda token: token[0] if token["end"] else " ", sql)


def without_strings(sql: str) -> str:
    """Return a statement with every string replaced by a space; names and comments stay."""
    return _TOKEN.sub(lambda token: " " if token[0].startswith("'") else token[0], sql)


def checksum(text: str) -> str:
    """Return the SHA-256 of the text, in hex; line ends do not matter."""
    return hashlib.sha256(text.replace("\r\n", "\n").encode()).hexdigest()


def _read_headed(path: Path, keys: tuple[str, ...]) -> tuple[list[str], str]:
    """Read a file of one statement with a header of `-- key: value` lines; a value may go on in the next line."""
    text = path.read_text(encoding="utf-8")
    head: dict[str, list[str]] = {}
    current = ""
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        content = line.removeprefix("--").strip()
        key, colon, value = content.partition(":")
        if colon and key in keys:
            current = key
            head[current] = [value.strip()]
        elif current:
            head[current].append(content)
    values = [" ".join(head.get(key, [])).strip() for key in keys]
    if "" in values:
        raise BadSqlFileError(f"{path.name}: the header lacks `-- {keys[values.index('')]}: …`")
    found = statements(text)
    if len(found) != 1:
        raise BadSqlFileError(f"{path.name}: holds {len(found)} statements, it must be exactly one")
    return values, found[0]


def read_query(path: Path) -> NamedQuery:
    """Read one named query. Raises `BadSqlFileError` where the header or the statement is not as it must be."""
    (answers, parameters, one_row_is), sql = _read_headed(path, HEADER)
    return NamedQuery(path.stem, answers, parameters, one_row_is, sql, compact(sql))


def read_check(path: Path) -> Check:
    """Read one check. Raises `BadSqlFileError` where the header or the statement is not as it must be."""
    (finds, by, _), sql = _read_headed(path, ("finds", "by", "one row is"))
    if by not in ("month", "slice"):
        raise BadSqlFileError(f"{path.name}: runs by {by!r}, it must be `month` or `slice`")
    return Check(path.stem, finds, by, sql)


@cache
def read_queries(folder: Path = QUERIES) -> Mapping[str, NamedQuery]:
    """Read every named query of a folder, by name; once a process."""
    return MappingProxyType({path.stem: read_query(path) for path in sorted(folder.glob("*.sql"))})


def read_command(name: str, **filled: str | int) -> str:
    """Read one statement of `commands/`, with the placeholders in `filled` written into the text (see `fill`)."""
    return fill(_read_text(COMMANDS / f"{name}.sql").strip().rstrip(";"), **filled)


def read_commands(name: str) -> list[str]:
    """Read a file of `commands/` that holds several statements."""
    return statements(_read_text(COMMANDS / f"{name}.sql"))


def fill(sql: str, **values: str | int) -> str:
    """Write values into the places of a statement where ClickHouse takes no parameters: names, settings, subqueries.

    Only for what comes from our own files and settings, never for what a person typed: an `Identifier` must be
    a plain name, a number an `int`, a `Statement` the text of a view. Raises `BadSqlFileError` otherwise.
    """

    def written(place: re.Match[str]) -> str:
        name, kind = place["name"], place["kind"]
        if name not in values:
            return place[0]
        value = values[name]
        if kind == "Statement":
            return str(value)
        if kind == "Identifier" and _IDENTIFIER.fullmatch(str(value)):
            return str(value)
        if kind.startswith("UInt") and isinstance(value, int) and value >= 0:
            return str(value)
        raise BadSqlFileError(f"{value!r} cannot stand for {{{name}:{kind}}}")

    return _PLACE.sub(written, sql)


@lru_cache(maxsize=128)
def _read_text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
