"""The placeholders of templates: which there are, how they are written, and what is said about a mistake."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from app.signatures.mistakes import Mistake, refuse
from app.signatures.tokens import line_and_column, tokens

FROM_PERSON = ("name", "job_title", "department", "organisation", "phone", "email")
"""Those that stand for a text, and may have a default."""
NAMES = (*FROM_PERSON, "campaign_banner", "pixel", "direction")
MOST_DEPTH = 8
MOST_PLACEHOLDERS = 300
MOST_DEFAULT_CHARACTERS = 200

FOUND = re.compile(r"\{\{[^{}<>]*\}\}")
_PARTS = re.compile(r"\{\{\s*([#^/]?)\s*([A-Za-z_][\w .-]*?)\s*(?:\|([^{}<>]*))?\}\}")
_BRACES = re.compile(r"\{\{|\}\}")
_SUBJECTS = frozenset({"href", "src", "alt", "title", "dir"})


@dataclass(frozen=True, slots=True)
class Placeholder:
    """`{{name|default}}`, or the beginning (`#`, `^`: only if it is empty) or end (`/`) of a section."""

    sign: str
    name: str
    default: str | None


def parsed(source: str) -> Placeholder | None:
    """Return what `{{…}}` says, or None if it is not written as placeholders are."""
    found = _PARTS.fullmatch(source)
    return Placeholder(found[1], found[2], found[3].strip() if found[3] is not None else None) if found else None


def check_placeholders(html: str) -> None:
    """Refuse what no rendering could understand. Raises `BadInputError`, which names line, column and nearest name."""
    refuse(sorted(_mistakes(html), key=lambda mistake: (mistake.line, mistake.column)))


def _mistakes(html: str) -> Iterator[Mistake]:
    open_sections: list[tuple[str, int]] = []
    count = 0
    pixels = 0
    for at, source, attribute in _spots(html):
        place = line_and_column(html, at)
        found = parsed(source)
        if found is None:
            examples = {"example": "{{name}}", "with_default": "{{phone|a default}}"}
            yield Mistake("not_a_placeholder", *place, values={"source": source[:40]} | examples)
            continue
        count += 1
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
                yield Mistake("wrong_end", *place, name=found.name, values={"source": source})
                return
            open_sections.pop()
    for name, at in open_sections:
        values = {"name": name, "end": f"{{{{/{name}}}}}"}
        yield Mistake("never_ended", *line_and_column(html, at), name=name, values=values)
    if count > MOST_PLACEHOLDERS:
        yield Mistake("too_many", 1, 1, values={"most": str(MOST_PLACEHOLDERS)})


def _spots(html: str) -> Iterator[tuple[int, str, str | None]]:
    """Yield every `{{…}}` and stray brace pair: position, source, and the attribute it stands in (None: in a text)."""
    for token in tokens(html):
        if token.kind == "comment":
            continue
        source = html[token.start : token.end]
        whole = list(FOUND.finditer(source))
        inside = [range(found.start(), found.end()) for found in whole]
        for found in [*whole, *(one for one in _BRACES.finditer(source) if not any(one.start() in r for r in inside))]:
            at = token.start + found.start()
            text = found[0] if len(found[0]) > 2 else source[found.start() : found.start() + 20]
            if token.kind == "text":
                yield at, text, None
            else:
                before = [attribute for attribute in token.attributes if attribute.start <= at]
                yield at, text, before[-1].name if before else ""


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
    close = get_close_matches(name.lower().replace(" ", "_").replace("-", "_"), NAMES, n=1, cutoff=0.5)
    if not close:
        return Mistake("unknown", *place, name=name, values={"name": name, "names": ", ".join(NAMES)})
    values = {"name": name, "nearest": f"{{{{{close[0]}}}}}"}
    return Mistake("misspelt", *place, name=name, nearest=close[0], values=values)
