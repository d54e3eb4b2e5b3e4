"""What a statement is: a question with an answer, an insert with data behind it, or a command."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from app.embedded.clickhouse_server.errors import not_implemented, syntax_error
from app.embedded.clickhouse_server.tokens import Token, tokens

Kind = Literal["question", "insert", "command"]

_SELECTS = (b"SELECT", b"WITH", b"FROM")
_QUESTIONS = (b"SHOW", b"DESCRIBE", b"DESC", b"EXPLAIN", b"EXISTS", b"KILL", b"CHECK")

# Formats in which one block after the other is again the format: no head, no foot, no numbering.
_STREAMABLE = frozenset(
    {
        "Native", "TabSeparated", "TSV", "TabSeparatedRaw", "TSVRaw", "Raw", "CSV", "RowBinary", "JSONEachRow",
        "JSONLines", "NDJSON", "JSONCompactEachRow", "JSONStringsEachRow", "MsgPack", "LineAsString", "RawBLOB", "TSKV",
    }
)  # fmt: skip

# The query id of a request, kept by the engine as the first line of the setting log_comment (see session.py).
_QUERY_ID = b"if(Settings['log_comment'] = '', query_id, splitByChar('\\n', Settings['log_comment'])[1])"
_PROCESSES = (
    b"(SELECT * REPLACE (" + _QUERY_ID + b" AS query_id, " + _QUERY_ID + b" AS initial_query_id) FROM system.processes)"
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement ready for the engine.

    `format` is the output format it names itself, or for an insert the format of `data`; None if it names none.
    The `sql` of an insert ends after table and columns; its SETTINGS are in `clauses`.
    `is_control` statements look at or end running queries and must not wait behind them.
    """

    kind: Kind
    sql: str
    format: str | None
    data: bytes | memoryview = b""
    clauses: str = ""
    is_control: bool = False
    is_select: bool = False
    has_totals: bool = False

    def can_stream(self, output_format: str) -> bool:
        """Say whether the answer may be sent block by block in this format."""
        return self.is_select and output_format in _STREAMABLE and not self.has_totals


_REMEMBERED_BYTES = 16_384


def parse(body: bytes) -> Statement:
    """Read one statement and find the data behind it; a question that was asked before is remembered.

    Raises `ClickHouseError`: an empty statement, several statements, statements that name files of this machine.
    """
    if len(body) <= _REMEMBERED_BYTES and body[:6].lstrip()[:4].upper() in (b"SELE", b"WITH"):
        return _remembered(body)  # the pages ask the same texts with other parameters, and reading one takes 2 ms
    return _parse(body)


@lru_cache(maxsize=256)
def _remembered(body: bytes) -> Statement:
    return _parse(body)


def _parse(body: bytes) -> Statement:
    # Inserts are recognised by their head alone: megabytes of data follow, and they are no SQL.
    stream = tokens(body)
    first = next(stream, None)
    if first is None:
        raise syntax_error("Empty query")
    if first.is_word(b"INSERT"):
        insert = _parse_insert(body)
        if insert is not None:
            return insert
    return _parse_other(body, first)


def _parse_insert(body: bytes) -> Statement | None:
    """Return an insert that brings its data, None for one that selects it."""
    before: Token | None = None
    settings: Token | None = None
    for token in tokens(body):
        if token.depth == 0 and token.is_word(b"SELECT", b"WITH", b"WATCH"):
            return None
        if before is not None and before.is_word(b"FROM") and token.is_word(b"INFILE"):
            raise not_implemented("FROM INFILE")
        if before is not None and before.depth == 0 and before.is_word(b"FORMAT") and token.kind == "word":
            return _insert(body, settings, before.start, token.text.decode(), _skip_to_data(body, token.end))
        if token.depth == 0 and before is not None and not before.is_word(b"INTO", b"TABLE"):
            if token.is_word(b"VALUES"):
                return _insert(body, settings, token.start, "Values", token.end)
            if token.is_word(b"SETTINGS"):
                settings = token
        before = token
    raise syntax_error("INSERT names neither VALUES nor FORMAT nor SELECT")


def _insert(body: bytes, settings: Token | None, head_end: int, form: str, data_at: int) -> Statement:
    target_end = head_end if settings is None else settings.start
    return Statement(
        "insert",
        _text(body[:target_end]),
        form,
        memoryview(body)[data_at:],
        _text(body[target_end:head_end]),
    )


def _skip_to_data(body: bytes, position: int) -> int:
    """Data begins after the format's name, blanks and at most one line break: Native data may begin with any byte."""
    while position < len(body) and body[position] in b" \t":
        position += 1
    if body[position : position + 2] == b"\r\n":
        return position + 2
    return position + 1 if body[position : position + 1] in (b"\n", b";") else position


def _parse_other(body: bytes, first: Token) -> Statement:
    is_select = first.is_word(*_SELECTS) or first.text == b"("
    kind: Kind = "question" if is_select or first.is_word(*_QUESTIONS) else "command"
    is_kill, is_control = first.is_word(b"KILL"), first.is_word(b"KILL")
    form: str | None = None
    totals = False
    replaced: list[tuple[int, int, bytes]] = []
    end: int | None = None
    before: list[Token] = []  # the last three
    for token in tokens(body):
        if end is not None:
            raise syntax_error("Multi-statements are not allowed")
        if token.depth == 0 and token.text == b";":
            end = token.start
            continue
        last = before[-1] if before else None
        if last is not None and last.is_word(b"INTO") and token.is_word(b"OUTFILE"):
            raise not_implemented("INTO OUTFILE")
        if last is not None and last.is_word(b"FORMAT") and last.depth == 0 and token.kind == "word":
            form = token.text.decode()
        totals = totals or token.is_word(b"TOTALS")
        if is_kill and token.is_word(b"QUERY_ID", b"INITIAL_QUERY_ID"):
            replaced.append((token.start, token.end, b"(" + _QUERY_ID + b")"))
        if _is_processes(before, token):
            is_control = True
            if before[-3].is_word(b"FROM", b"JOIN"):
                replaced.append((before[-2].start, token.end, _PROCESSES))
        before = [*before[-2:], token]
    sql = body if end is None else body[:end]
    for start, stop, text in reversed(replaced):
        sql = sql[:start] + text + sql[stop:]
    return Statement(kind, _text(sql), form, is_control=is_control, is_select=is_select, has_totals=totals)


def _is_processes(before: list[Token], token: Token) -> bool:
    return (
        token.is_word(b"PROCESSES")
        and len(before) == 3
        and before[-1].text == b"."
        and before[-2].is_word(b"SYSTEM")
    )  # fmt: skip


def _text(sql: bytes) -> str:
    try:
        return sql.decode()
    except UnicodeDecodeError as error:
        raise syntax_error(f"The statement is not UTF-8 at byte {error.start}") from None
