"""The placeholders of templates: which there are, how they are written, and what is said about a mistake."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from app.errors import BadInputError
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


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with a template, and where (from 1)."""

    message: str
    line: int
    column: int
    name: str | None = None
    nearest: str | None = None


def parsed(source: str) -> Placeholder | None:
    """Return what `{{…}}` says, or None if it is not written as placeholders are."""
    found = _PARTS.fullmatch(source)
    return Placeholder(found[1], found[2], found[3].strip() if found[3] is not None else None) if found else None


def refuse(mistakes: list[Mistake]) -> None:
    """Raise `BadInputError` with all mistakes, the first of them in words; do nothing without one."""
    if not mistakes:
        return
    first = mistakes[0]
    raise BadInputError(
        f"html, line {first.line}, column {first.column}: {first.message}",
        field="html",
        errors=[
            {
                "field": "html",
                "message": mistake.message,
                "line": mistake.line,
                "column": mistake.column,
                "name": mistake.name,
                "nearest": mistake.nearest,
            }
            for mistake in mistakes[:20]
        ],
    )


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
            yield Mistake(
                f"`{source[:40]}` is no placeholder; write `{{{{name}}}}` or `{{{{phone|a default}}}}`, no < or >.",
                *place,
            )
            continue
        count += 1
        pixels += found.name == "pixel"
        if found.name not in NAMES:
            yield _unknown(found.name, place)
            continue
        wrong = _misplaced(found, attribute)
        if wrong is not None:
            yield Mistake(wrong, *place, name=found.name)
        elif found.name == "pixel" and pixels > 1:
            yield Mistake("there is one pixel, so `{{pixel}}` may stand once.", *place, name="pixel")
        elif found.sign in {"#", "^"}:
            open_sections.append((found.name, at))
            if len(open_sections) > MOST_DEPTH:
                yield Mistake(
                    f"sections may stand at most {MOST_DEPTH} deep within each other.", *place, name=found.name
                )
                return
        elif found.sign == "/":
            if not open_sections or open_sections[-1][0] != found.name:
                yield Mistake(f"`{source}` ends a section that is not the last one begun.", *place, name=found.name)
                return
            open_sections.pop()
    for name, at in open_sections:
        yield Mistake(
            f"the section `{name}` is never ended; write `{{{{/{name}}}}}`.", *line_and_column(html, at), name=name
        )
    if count > MOST_PLACEHOLDERS:
        yield Mistake(f"at most {MOST_PLACEHOLDERS} placeholders.", 1, 1)


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


def _misplaced(found: Placeholder, attribute: str | None) -> str | None:  # noqa: PLR0911 - one rule a line
    if found.sign and attribute is not None:
        return "a section stands around tags, not within one."
    if found.sign == "/" and found.default is not None:
        return "the end of a section has no default."
    if found.default is not None and (found.name not in FROM_PERSON or found.sign):
        return f"`{found.name}` has no default here."
    if found.default is not None and len(found.default) > MOST_DEFAULT_CHARACTERS:
        return f"a default has at most {MOST_DEFAULT_CHARACTERS} characters."
    if found.name == "direction":
        return None if attribute == "dir" and not found.sign else 'write `dir="{{direction}}"`; it stands nowhere else.'
    if found.name in {"pixel", "campaign_banner"} and attribute is not None:
        return f"`{found.name}` stands between tags, not within one."
    if found.name == "pixel" and found.sign:
        return "the pixel cannot be a section: it is there exactly while tracking is on."
    if attribute is not None and (attribute not in _SUBJECTS or attribute == "dir"):
        return f"a placeholder may stand in texts and in href, src, alt and title, not in {attribute or 'a tag'}."
    return None


def _unknown(name: str, place: tuple[int, int]) -> Mistake:
    close = get_close_matches(name.lower().replace(" ", "_").replace("-", "_"), NAMES, n=1, cutoff=0.5)
    nearest = close[0] if close else None
    advice = f"did you mean `{{{{{nearest}}}}}`?" if nearest else f"there are {', '.join(NAMES)}."
    return Mistake(f"there is no placeholder `{name}`; {advice}", *place, name=name, nearest=nearest)
