"""Cuts HTML into texts, tags and comments as browsers do, keeping where each stood.

Nothing is decided by this: `sanitise` decides by a real parser. It finds placeholders, says where something was
removed, and reads HTML that `sanitise` has written.
"""

import html as standard
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

RAW_TEXT_TAGS = frozenset(
    {"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript", "plaintext"}
)
VOID_TAGS = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})
_NAME_END = re.compile(r"[\s/>]|\Z")
_ATTRIBUTE_NAME_END = re.compile(r"[\s/>=]|\Z")
_UNQUOTED_END = re.compile(r"[\s>]|\Z")
_COMMENT_END = re.compile(r"--!?>|\Z")
_SPACE = re.compile(r"\s*")
_ZEROS = re.compile(r"&#0{2,}+")
_NO_LETTER = re.compile(r"&#[0-9]{8,}+;?")
"""A decimal reference beyond all of Unicode. Python refuses to read a number of more than 4,300 digits."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute: name in lower case, value with its entities resolved, and where the value's source begins."""

    name: str
    value: str
    start: int


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the source from `start` to `end`. `name` is that of the tag, in lower case."""

    kind: Literal["text", "start", "end", "comment"]
    start: int
    end: int
    name: str = ""
    attributes: list[Attribute] = field(default_factory=list)

    def attribute_at(self, at: int) -> Attribute | None:
        """Return the last attribute that begins at or before a position of the source."""
        number = bisect_right(self.attributes, at, key=lambda attribute: attribute.start)
        return self.attributes[number - 1] if number else None


def tokens(html: str) -> Iterator[Token]:
    """Yield the pieces in order; every character belongs to exactly one. The content of `script` and its like is one
    comment: nobody reads it as HTML."""
    at = text_from = 0
    while (at := html.find("<", at)) != -1:
        token = _markup(html, at)
        if token is None:
            at += 1
            continue
        if text_from < at:
            yield Token("text", text_from, at)
        yield token
        at = text_from = token.end
        if token.kind == "start" and token.name in RAW_TEXT_TAGS:
            closing = re.compile(rf"</{token.name}[\s/>]", re.IGNORECASE).search(html, at)
            end = closing.start() if closing and token.name != "plaintext" else len(html)
            if at < end:
                yield Token("comment", at, end)
            at = text_from = end
    if text_from < len(html):
        yield Token("text", text_from, len(html))


def unescape(text: str) -> str:
    """Return the text with its character references resolved, as browsers do, however long they are written."""
    return standard.unescape(_NO_LETTER.sub("\ufffd", _ZEROS.sub("&#0", text)) if "&#" in text else text)


def _markup(html: str, at: int) -> Token | None:
    following = html[at + 1 : at + 2]
    if html.startswith("<!--", at):
        if (short := re.compile(r"-?>").match(html, at + 4)) is not None:
            return Token("comment", at, short.end())
        closing = _COMMENT_END.search(html, at + 4)
        return Token("comment", at, closing.end() if closing else len(html))
    if following in {"!", "?"} or (following == "/" and not html[at + 2 : at + 3].isalpha()):
        closing_at = html.find(">", at)
        return Token("comment", at, len(html) if closing_at == -1 else closing_at + 1)
    is_end = following == "/"
    name_at = at + 2 if is_end else at + 1
    if not (html[name_at : name_at + 1].isascii() and html[name_at : name_at + 1].isalpha()):
        return None
    name_end = _NAME_END.search(html, name_at)
    assert name_end is not None  # \Z always matches
    attributes, end = _attributes(html, name_end.start())
    return Token("end" if is_end else "start", at, end, html[name_at : name_end.start()].lower(), attributes)


def _attributes(html: str, at: int) -> tuple[list[Attribute], int]:
    found: list[Attribute] = []
    while at < len(html):
        if html[at] == ">":
            return found, at + 1
        if html[at].isspace() or html[at] == "/":
            at += 1
            continue
        name_end = _ATTRIBUTE_NAME_END.search(html, at + 1)  # a name may begin with "="
        assert name_end is not None
        name, at = html[at : name_end.start()].lower(), _skip_space(html, name_end.start())
        start, value = at, ""
        if html.startswith("=", at):
            start, value, at = _value(html, _skip_space(html, at + 1))
        found.append(Attribute(name, unescape(value), start))
    return found, at


def _value(html: str, at: int) -> tuple[int, str, int]:
    quote = html[at : at + 1]
    if quote in {'"', "'"}:
        end = html.find(quote, at + 1)
        return (at + 1, html[at + 1 :], len(html)) if end == -1 else (at + 1, html[at + 1 : end], end + 1)
    end_match = _UNQUOTED_END.search(html, at)
    assert end_match is not None
    return at, html[at : end_match.start()], end_match.start()


def _skip_space(html: str, at: int) -> int:
    match = _SPACE.match(html, at)
    return match.end() if match else at
