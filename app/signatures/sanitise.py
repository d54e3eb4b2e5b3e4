"""HTML that people wrote or pasted, made safe for mail: only what `allowed` names survives, and what went is told."""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal

import nh3

from app.errors import BadInputError
from app.signatures.addresses import clean_image, clean_link
from app.signatures.allowed import ATTRIBUTES, EVERYWHERE, WITH_CONTENT
from app.signatures.css import clean_style
from app.signatures.places import Places
from app.signatures.tokens import VOID_TAGS, Token, tokens

MOST_CHARACTERS = 60_000
MOST_TAGS = 4_000
MOST_DEPTH = 100
MOST_ATTRIBUTES = 100
"""Of one tag. A parser compares each with all before it."""
MOST_REMARKS = 100
_ROUNDS = 8

Kind = Literal["element", "attribute", "style", "link", "image", "comment", "character"]
Why = Literal["not_allowed", "unsafe_address", "unsafe_value", "too_large", "tracker"]

INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]")
"""Control characters, and those that turn the direction of what follows: `moc.elgoog` reads as something else."""
PLACEHOLDER = re.compile(r"\{\{[^{}<>]*\}\}")
_STAND_IN = re.compile(r'<input(?: type="hidden")?(?: value="([^"]*)")?>')
_NUMBER = re.compile(r"(\d{1,4})(?:\.\d{1,20})?\s*(px|%)?")
_WORDS = re.compile(r"[\w .,#'+-]{0,100}")
_ATTRIBUTES = {tag: names | EVERYWHERE for tag, names in ATTRIBUTES.items()}
_DATA = frozenset(name for name in WITH_CONTENT if name == "xml" or ":" in name)
_SILENT = frozenset({"html", "head", "body"})
_DIRECTIONS = frozenset({"ltr", "rtl", "auto", "{{direction}}"})


@dataclass(frozen=True, slots=True)
class Removed:
    """Something that was left out: what (`name` is a tag, attribute or property), why, and where (from 1)."""

    kind: Kind
    name: str
    why: Why
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class CleanHtml:
    """The safe HTML, and what was left out, in the order of the source; at most `MOST_REMARKS` of it."""

    html: str
    removed: list[Removed]


def clean_html(html: str) -> CleanHtml:
    """Return the HTML with nothing in it but what a mail signature may hold. Cleaning again changes nothing.

    Placeholders `{{…}}` in texts, also between the rows of a table, and in addresses and titles are kept as they are.
    Raises `BadInputError` for what `check_size` refuses, and for HTML that parsers understand differently each time
    they read what they wrote: nobody could say what a mail program makes of it.
    """
    check_size(html)
    removed = list(islice(_removed(html), MOST_REMARKS))
    now = html.replace("\r\n", "\n").replace("\r", "\n")
    for _ in range(_ROUNDS):
        before, now = now, _once(now)
        if now == before:
            check_size(now)
            return CleanHtml(now, removed)
    raise BadInputError(
        "html: tags are nested in a way no two programs read alike; simplify it.", field="html", reason="unreadable"
    )


def check_size(html: str) -> None:
    """Refuse what is larger or deeper than any signature, as it came and as it is stored; before any other work.

    Raises `BadInputError` for more than `MOST_CHARACTERS`, `MOST_TAGS`, `MOST_DEPTH` or `MOST_ATTRIBUTES`.
    """
    if len(html) > MOST_CHARACTERS or html.count("<") > MOST_TAGS or not _is_flat(html):
        raise BadInputError(
            f"html: at most {MOST_CHARACTERS:,} characters, {MOST_TAGS:,} tags, {MOST_DEPTH} tags within each "
            f"other and {MOST_ATTRIBUTES} attributes of a tag; a signature is much smaller. Images belong on a web "
            "server, not into the HTML.",
            field="html",
            reason="too_large",
        )


def _is_flat(html: str) -> bool:
    depth = 0
    for token in tokens(html):
        if token.kind == "start" and token.name not in VOID_TAGS:
            depth += 1
        elif token.kind == "end":
            depth = max(0, depth - 1)
        if depth > MOST_DEPTH or len(token.attributes) > MOST_ATTRIBUTES:
            return False
    return True


def clean_attribute(tag: str, name: str, value: str) -> tuple[str | None, Why]:  # noqa: PLR0911 - one rule a line
    """Return the value an attribute may have, or None and why not."""
    if name not in _ATTRIBUTES.get(tag, EVERYWHERE):
        return None, "not_allowed"
    match name:
        case "style":
            return clean_style(value)[0] or None, "unsafe_value"
        case "href":
            return clean_link(value)
        case "src":
            return clean_image(value)
        case "alt" | "title":
            return INVISIBLE.sub("", value)[:500], "unsafe_value"
        case "dir":
            direction = value.strip().lower()
            return (direction if direction in _DIRECTIONS else None), "unsafe_value"
        case "role":
            role = value.strip().lower()
            return (role if role in {"presentation", "none"} else None), "unsafe_value"
        case "width" | "height" | "border" | "cellpadding" | "cellspacing" | "colspan" | "rowspan" | "size":
            number = _NUMBER.fullmatch(value.strip())
            return (f"{number[1]}{number[2] or ''}" if number else None), "unsafe_value"
    return (value if _WORDS.fullmatch(value) else None), "unsafe_value"


def _once(html: str) -> str:
    """Clean once. Placeholders in texts travel as hidden inputs, the one element every place in a table lets stand."""
    mark = f"hg{secrets.token_hex(8)}-"
    standing: list[str] = []

    def stand_in(found: re.Match[str]) -> str:
        standing.append(found[0])
        return f'<input type="hidden" value="{mark}{len(standing) - 1}">'

    parts = [
        PLACEHOLDER.sub(stand_in, html[token.start : token.end])
        if token.kind == "text"
        else html[token.start : token.end]
        for token in tokens(html)
        if not _is_empty_data(html, token)
    ]

    def attribute(tag: str, name: str, value: str) -> str | None:
        if tag == "input":
            is_ours = value == "hidden" if name == "type" else value.startswith(mark)
            return value if is_ours else None
        return clean_attribute(tag, name, value)[0]

    cleaned = nh3.clean(
        "".join(parts),
        tags=set(_ATTRIBUTES) | {"input"},
        clean_content_tags=set(WITH_CONTENT),
        attributes=_ATTRIBUTES | {"input": {"type", "value"}},
        attribute_filter=attribute,
        url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
        strip_comments=True,
        link_rel=None,
    )
    cleaned = _STAND_IN.sub(lambda found: _placeholder(found[1], mark, standing), cleaned).replace(mark, "")
    return INVISIBLE.sub("", _without_pixels(cleaned)).strip()


def _is_empty_data(html: str, token: Token) -> bool:
    """Tell whether this is `<xml …/>`: HTML knows no such ending, and would take all that follows for its content."""
    return token.kind == "start" and token.name in _DATA and html.endswith("/>", 0, token.end)


def _without_pixels(html: str) -> str:
    return "".join(
        html[token.start : token.end]
        for token in tokens(html)
        if token.kind != "start" or token.name != "img" or _is_picture(token)
    )


def _placeholder(value: str | None, mark: str, standing: list[str]) -> str:
    number = (value or "").removeprefix(mark)
    return standing[int(number)] if value and number.isdigit() and int(number) < len(standing) else ""


def _is_picture(image: Token) -> bool:
    """Tell whether an image is there to be seen: it has an address, and is not as small as somebody's pixel."""
    attributes = {attribute.name: attribute.value for attribute in image.attributes}
    return "src" in attributes and not is_pixel(attributes)


def is_pixel(attributes: dict[str, str]) -> bool:
    """Tell whether an image of this size counts opens rather than shows something: 2 × 2 pixels or less."""
    return _tiny("width", attributes) and _tiny("height", attributes)


def _tiny(name: str, attributes: dict[str, str]) -> bool:
    said = attributes.get(name, "").strip().removesuffix("px")
    styled = re.search(rf"(?:^|;)\s*{name}:\s*([\d.]+)(?:px|pt)?\s*(?:;|$|!)", attributes.get("style", ""))
    sizes = [float(size) for size in (said, styled[1] if styled else "") if re.fullmatch(r"\d+(\.\d+)?", size)]
    return bool(sizes) and min(sizes) <= 2


def _removed(html: str) -> Iterator[Removed]:
    places = Places(html)
    for found in INVISIBLE.finditer(html):
        yield Removed("character", f"U+{ord(found[0]):04X}", "not_allowed", *places.of(found.start()))
    inside: str | None = None
    for token in tokens(html):
        if inside is not None:
            inside = None if token.kind == "end" and token.name == inside else inside
            continue
        where = places.of(token.start)
        if token.kind == "comment":
            yield Removed("comment", html[token.start : token.start + 20], "not_allowed", *where)
        elif token.kind == "start" and token.name not in _ATTRIBUTES:
            if token.name in WITH_CONTENT and not _is_empty_data(html, token):
                inside = token.name
            if token.name not in _SILENT:
                yield Removed("element", token.name[:40], "not_allowed", *where)
        elif token.kind == "start":
            yield from _removed_attributes(token, places)


def _removed_attributes(token: Token, places: Places) -> Iterator[Removed]:
    if token.name == "img" and is_pixel({attribute.name: attribute.value for attribute in token.attributes}):
        yield Removed("image", "img", "tracker", *places.of(token.start))
        return
    for attribute in token.attributes:
        where = places.of(attribute.start)
        name = attribute.name[:40]
        if name == "style":
            for left_out in clean_style(attribute.value)[1]:
                yield Removed("style", left_out[:40], "not_allowed" if left_out else "unsafe_value", *where)
            continue
        value, why = clean_attribute(token.name, attribute.name, attribute.value)
        if value is None:
            kind: Kind = "link" if name == "href" else "image" if name == "src" else "attribute"
            yield Removed(kind, name, why, *where)
