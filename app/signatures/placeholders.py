"""The placeholders of templates: which there are, how they are written, and what is said about a mistake."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice

from app.signatures.mistakes import Mistake, refuse
from app.signatures.places import Places
from app.signatures.tokens import Token, tokens

FROM_PERSON = ("name", "job_title", "department", "organisation", "phone", "email")
"""Those that stand for a text, and may have a default."""
NAMES = (*FROM_PERSON, "campaign_banner", "pixel", "direction")
MOST_DEPTH = 8
MOST_PLACEHOLDERS = 300
MOST_DEFAULT_CHARACTERS = 200
_MOST_SHOWN = 40
_MOST_LOOKED_AT = 1_000
"""Mistakes of which the first by line and column are told."""

FOUND = re.compile(r"\{\{[^{}<>]*\}\}")
_NAME = re.compile(r"[A-Za-z_][\w .-]*+")
_BRACES = re.compile(r"\{\{|\}\}")
_SIGNS = frozenset("#^/")
_SUBJECTS = frozenset({"href", "src", "alt", "title", "dir"})


@dataclass(frozen=True, slots=True)
class Placeholder:
    """`{{name|default}}`, or the beginning (`#`, `^`: only if it is empty) or end (`/`) of a section."""

    sign: str
    name: str
    default: str | None


def parsed(source: str) -> Placeholder | None:
    """Return what `{{…}}` says, or None if it is not written as placeholders are."""
    if FOUND.fullmatch(source) is None:
        return None
    inner = source[2:-2].lstrip()
    sign = inner[:1] if inner[:1] in _SIGNS else ""
    name, bar, default = inner[len(sign) :].partition("|")
    name = name.strip()
    return Placeholder(sign, name, default.strip() if bar else None) if _NAME.fullmatch(name) else None


def check_placeholders(html: str) -> None:
    """Refuse what no rendering could understand. Raises `BadInputError`, which names line, column and nearest name.

    How many there are is looked at before any of them.
    """
    if sum(1 for token in tokens(html) for _ in _wholes(html, token)) > MOST_PLACEHOLDERS:
        refuse([Mistake("too_many", 1, 1, values={"most": str(MOST_PLACEHOLDERS)})])
    refuse(sorted(islice(_mistakes(html), _MOST_LOOKED_AT), key=lambda mistake: (mistake.line, mistake.column)))


def _mistakes(html: str) -> Iterator[Mistake]:
    open_sections: list[tuple[str, int]] = []
    pixels = 0
    places = Places(html)
    for at, source, attribute in _spots(html):
        place = places.of(at)
        found = parsed(source)
        if found is None:
            examples = {"example": "{{name}}", "with_default": "{{phone|a default}}"}
            yield Mistake("not_a_placeholder", *place, values={"source": source[:_MOST_SHOWN]} | examples)
            continue
        pixels += found.name == "pixel"
        if found.name not in NAMES:
            yield _unknown(found.name, place)
            continue
        wrong = _misplaced(found, attribute)
        if wrong is not None:
            yield Mistake(wrong[0], *place, name=found.name, values=wrong[1])
        elif found.name == "pixel" and pixels > 1:
            yield Mistake("pixel_twice", *place, name="pixel", values={"pixel": "{{pixel}}"})
        elif found.sign in {"#", "^"}:
            open_sections.append((found.name, at))
            if len(open_sections) > MOST_DEPTH:
                yield Mistake("too_deep", *place, name=found.name, values={"most": str(MOST_DEPTH)})
                return
        elif found.sign == "/":
            if not open_sections or open_sections[-1][0] != found.name:
                yield Mistake("wrong_end", *place, name=found.name, values={"source": source[:_MOST_SHOWN]})
                return
            open_sections.pop()
    for name, at in open_sections:
        values = {"name": name, "end": f"{{{{/{name}}}}}"}
        yield Mistake("never_ended", *places.of(at), name=name, values=values)


def _spots(html: str) -> Iterator[tuple[int, str, str | None]]:
    """Yield every `{{…}}` and stray brace pair: position, source, and the attribute it stands in (None: in a text)."""
    for token in tokens(html):
        if token.kind == "comment":
            continue
        wholes = list(_wholes(html, token))
        for found in [*wholes, *_strays(html, token, wholes)]:
            at = found.start()
            text = found[0] if len(found[0]) > 2 else html[at : min(at + 20, token.end)]
            if token.kind == "text":
                yield at, text, None
            else:
                attribute = token.attribute_at(at)
                yield at, text, attribute.name if attribute else ""


def _wholes(html: str, token: Token) -> Iterator[re.Match[str]]:
    """Yield every `{{…}}` of a token; there are none in comments."""
    return iter(()) if token.kind == "comment" else FOUND.finditer(html, token.start, token.end)


def _strays(html: str, token: Token, wholes: Sequence[re.Match[str]]) -> Iterator[re.Match[str]]:
    """Yield the brace pairs of a token that belong to none of its whole placeholders, which are in order."""
    number = 0
    for brace in _BRACES.finditer(html, token.start, token.end):
        while number < len(wholes) and wholes[number].end() <= brace.start():
            number += 1
        if number == len(wholes) or brace.start() < wholes[number].start():
            yield brace


def _misplaced(found: Placeholder, attribute: str | None) -> tuple[str, dict[str, str]] | None:  # noqa: PLR0911 - one rule a line
    """Return code and values of the rule that a known placeholder breaks, or None."""
    name = {"name": found.name}
    if found.sign and attribute is not None:
        return "section_in_tag", {}
    if found.sign == "/" and found.default is not None:
        return "end_with_default", {}
    if found.default is not None and (found.name not in FROM_PERSON or found.sign):
        return "no_default", name
    if found.default is not None and len(found.default) > MOST_DEFAULT_CHARACTERS:
        return "long_default", {"most": str(MOST_DEFAULT_CHARACTERS)}
    if found.name == "direction":
        return None if attribute == "dir" and not found.sign else ("direction", {"example": 'dir="{{direction}}"'})
    if found.name in {"pixel", "campaign_banner"} and attribute is not None:
        return "between_tags", name
    if found.name == "pixel" and found.sign:
        return "pixel_section", {}
    if attribute is not None and (attribute not in _SUBJECTS or attribute == "dir"):
        return ("not_in_attribute", {"attribute": attribute}) if attribute else ("not_in_tag", {})
    return None


def _unknown(name: str, place: tuple[int, int]) -> Mistake:
    name = name[:_MOST_SHOWN]
    close = get_close_matches(name.lower().replace(" ", "_").replace("-", "_"), NAMES, n=1, cutoff=0.5)
    if not close:
        return Mistake("unknown", *place, name=name, values={"name": name, "names": ", ".join(NAMES)})
    values = {"name": name, "nearest": f"{{{{{close[0]}}}}}"}
    return Mistake("misspelt", *place, name=name, nearest=close[0], values=values)
