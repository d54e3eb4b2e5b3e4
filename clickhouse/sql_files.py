"""Reading the `.sql` files: their header, their statements, their checksum. All SQL of the product lives in them."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
QUERIES = HERE / "queries"
COMMANDS = HERE / "commands"
CHECKS = HERE / "checks"
VIEWS = HERE / "views"
MIGRATIONS = HERE / "migrations"

HEADER = ("answers", "parameters", "one row is")

# what a statement may hold that a semicolon inside of does not end it
_TOKEN = re.compile(
    r"""(?P<skip>--[^\n]*|\#\![^\n]*|/\*.*?\*/|'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`(?:[^`\\]|\\.|``)*`)|(?P<end>;)""",
    re.DOTALL,
)
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """One file of `queries/`: its name, the three lines of its header, and the statement."""

    name: str
    answers: str
    parameters: str
    one_row_is: str
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


def checksum(text: str) -> str:
    """Return the SHA-256 of the text, in hex; line ends do not matter."""
    return hashlib.sha256(text.replace("\r\n", "\n").encode()).hexdigest()


def read_query(path: Path) -> NamedQuery:
    """Read one named query. Raises `BadSqlFileError` where the header or the statement is not as it must be."""
    text = path.read_text(encoding="utf-8")
    head: dict[str, list[str]] = {}
    current = ""
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        content = line.removeprefix("--").strip()
        key, colon, value = content.partition(":")
        if colon and key in HEADER:
            current = key
            head[current] = [value.strip()]
        elif current:
            head[current].append(content)
    if missing := [key for key in HEADER if not " ".join(head.get(key, [])).strip()]:
        raise BadSqlFileError(f"{path.name}: the header lacks `-- {missing[0]}: …`")
    found = statements(text)
    if len(found) != 1:
        raise BadSqlFileError(f"{path.name}: holds {len(found)} statements, a named query is exactly one")
    answers, parameters, one_row_is = (" ".join(head[key]) for key in HEADER)
    return NamedQuery(path.stem, answers, parameters, one_row_is, found[0])


def read_queries(folder: Path = QUERIES) -> dict[str, NamedQuery]:
    """Read every named query of a folder, by name."""
    return {path.stem: read_query(path) for path in sorted(folder.glob("*.sql"))}


def read_command(name: str) -> str:
    """Read one statement of `commands/`, without its comments' influence on anything."""
    return (COMMANDS / f"{name}.sql").read_text(encoding="utf-8").strip().rstrip(";")
