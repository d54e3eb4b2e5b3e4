"""Cut the head of a request body into ClickHouse's tokens: enough to see where SQL ends and data begins."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    rb"""
      (?P<space>\s+|--[^\n]*|\#[!\ ][^\n]*|/\*.*?(?:\*/|\Z))
    | (?P<string>'(?:[^'\\]|\\.|'')*+(?:'|\\?\Z))
    | (?P<quoted>`(?:[^`\\]|\\.|``)*+(?:`|\\?\Z)|"(?:[^"\\]|\\.|"")*+(?:"|\\?\Z))
    | (?P<heredoc>\$(?P<tag>\w*)\$.*?(?:\$(?P=tag)\$|\Z))
    | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<number>[0-9][A-Za-z0-9_.]*)
    | (?P<mark>.)
    """,
    re.DOTALL | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is one of the groups above except `space`; `start` and `end` are byte offsets."""

    kind: str
    text: bytes
    start: int
    end: int
    depth: int

    def is_word(self, *words: bytes) -> bool:
        """Say whether this is one of `words` (upper case), in any spelling."""
        return self.kind == "word" and self.text.upper() in words


def tokens(sql: bytes) -> Iterator[Token]:
    """Yield the tokens of `sql` without spaces and comments, lazily, with the depth of brackets each stands in.

    A closing bracket has the depth of its opening one. Never raises: what is not a token is a `mark` of one byte, and
    what is never closed goes on to the end.
    """
    position, depth = 0, 0
    while (found := _TOKEN.match(sql, position)) is not None:
        position = found.end()
        kind = found.lastgroup or ""
        if kind == "space":
            continue
        text = found.group()
        if text in (b")", b"]", b"}"):
            depth = max(0, depth - 1)
        yield Token(kind, text, found.start(), position, depth)
        if text in (b"(", b"[", b"{"):
            depth += 1
