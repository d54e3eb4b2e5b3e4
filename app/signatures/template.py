"""A template, read once and rendered for many: values are escaped for where they stand, sections vanish when empty."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Literal
from urllib.parse import quote

from app.signatures.mistakes import Mistake, refuse
from app.signatures.placeholders import FOUND, Placeholder, check_placeholders, parsed
from app.signatures.places import Places
from app.signatures.sanitise import INVISIBLE
from app.signatures.tokens import VOID_TAGS, Token, tokens, unescape

MOST_VALUE_CHARACTERS = 500
_SPACE = re.compile(r"\s+")
_ONLY_ROWS = frozenset({"table", "thead", "tbody", "tfoot", "tr", "ul", "ol"})
_MARKUP = frozenset({"campaign_banner", "pixel"})

Context = Literal["text", "attribute", "tel", "mailto", "url"]


@dataclass(frozen=True, slots=True)
class Spot:
    """A placeholder and where it stands."""

    placeholder: Placeholder
    context: Context


@dataclass(frozen=True, slots=True)
class Template:
    """Texts and placeholders in order; `html` is what it was read from."""

    html: str
    parts: tuple[str | Spot, ...]

    def render(self, values: Mapping[str, str], markup: Mapping[str, str]) -> str:
        """Fill in one person's values. `markup` (pixel, campaign_banner) is ours and safe; it is put in as it is.

        The pixel is put in exactly once: where the template says, else, or if a section hid that, at the end.
        """
        written: list[str] = []
        shown: list[bool] = []
        is_pixel_in = False
        for part in self.parts:
            if isinstance(part, str):
                if all(shown):
                    written.append(part)
                continue
            name, sign = part.placeholder.name, part.placeholder.sign
            if sign == "/":
                shown.pop()
            elif sign:
                shown.append(bool(markup.get(name) or values.get(name)) == (sign == "#"))
            elif not all(shown):
                continue
            elif name in _MARKUP:
                if name != "pixel" or not is_pixel_in:
                    written.append(markup.get(name, ""))
                is_pixel_in |= name == "pixel"
            else:
                written.append(escaped(values.get(name) or part.placeholder.default or "", part.context))
        return "".join(written) + ("" if is_pixel_in else markup.get("pixel", ""))


def read_template(html: str) -> Template:
    """Read cleaned HTML. Raises `BadInputError` for placeholders that cannot be rendered (`check_placeholders`), for a
    section that begins and ends at different depths of the tags, and for a text right within a table or row."""
    check_placeholders(html)
    parts: list[str | Spot] = []
    for token in tokens(html):
        parts.extend(_parts(html, token))
    refuse(list(_crossings(html)))
    return Template(html, tuple(part for part in parts if part != ""))


def plain_value(text: str | None) -> str:
    """Return a person's text as one line without control characters and characters that turn directions."""
    return _SPACE.sub(" ", INVISIBLE.sub("", text or "")).strip()[:MOST_VALUE_CHARACTERS]


def escaped(value: str, context: Context) -> str:
    """Return a value so that it stays a value where it stands."""
    if context == "tel":
        return "".join(letter for letter in value if letter in "+0123456789")
    if context == "mailto":
        return quote(value, safe="@+")
    if context == "url":
        return quote(value, safe="")
    return escape(value, quote=context == "attribute")


def _parts(html: str, token: Token) -> Iterator[str | Spot]:
    at = token.start
    for found in FOUND.finditer(html, token.start, token.end):
        placeholder = parsed(found[0])
        if placeholder is None:  # `check_placeholders` has let pass only what can be parsed
            continue
        yield html[at : found.start()]
        default = None if placeholder.default is None else plain_value(unescape(placeholder.default))
        yield Spot(Placeholder(placeholder.sign, placeholder.name, default), _context(html, token, found.start()))
        at = found.end()
    yield html[at : token.end]


def _context(html: str, token: Token, at: int) -> Context:
    if token.kind == "text":
        return "text"
    attribute = token.attribute_at(at)
    if attribute is None or attribute.name not in {"href", "src"}:
        return "attribute"
    scheme = html[attribute.start : at].lstrip("\"'").partition(":")[0].lower()
    return (
        "tel"
        if scheme == "tel"
        else "mailto"
        if scheme == "mailto" and "?" not in html[attribute.start : at]
        else "url"
    )


def _crossings(html: str) -> Iterator[Mistake]:
    """Yield the places where leaving a section out would break the table around it."""
    elements: list[str] = []
    sections: list[int] = []
    places = Places(html)
    for token in tokens(html):
        if token.kind == "start" and token.name not in VOID_TAGS:
            elements.append(token.name)
        elif token.kind == "end" and elements:
            elements.pop()
            if sections and len(elements) < sections[-1]:
                yield Mistake("section_leaves_tag", *places.of(token.start))
                return
        elif token.kind == "text":
            for found in FOUND.finditer(html, token.start, token.end):
                placeholder = parsed(found[0])
                place = places.of(found.start())
                if placeholder is None:
                    continue
                if placeholder.sign == "/":
                    if sections.pop() != len(elements):
                        yield Mistake("section_enters_tag", *place)
                        return
                elif placeholder.sign:
                    sections.append(len(elements))
                elif elements and elements[-1] in _ONLY_ROWS:
                    values = {"source": found[0], "tag": elements[-1]}
                    yield Mistake("between_cells", *place, name=placeholder.name, values=values)
