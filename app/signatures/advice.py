"""What will look wrong in mail programs although it is safe: told to the person who edits the template."""

import re
from collections.abc import Iterator

from app.signatures.places import Places
from app.signatures.schemas import TemplateWarning
from app.signatures.tokens import VOID_TAGS, Token, tokens

GMAIL_CHARACTERS = 10_000
"""Gmail takes signatures of at most so many characters, HTML included (its help page "Create a Gmail signature")."""
WIDEST_IMAGE = 600
_NOT_IN_OUTLOOK = re.compile(
    r"(?:^|;)(border-radius|max-width|min-width|max-height|[a-z-]+-inline-(?:start|end)|display):"
)
_COLOURED = re.compile(r"(?:^|;)background(?:-color)?:")


def warnings_of(html: str, rendered: str) -> list[TemplateWarning]:
    """Return what to look at in a cleaned template, in the order of its lines; the size is that of the rendered one."""
    found = list(_of_template(html))
    if len(rendered) > GMAIL_CHARACTERS:
        found.append(TemplateWarning(code="too_large", name=f"{len(rendered):,}", line=1, column=1))
    return found[:50]


def _of_template(html: str) -> Iterator[TemplateWarning]:
    grounds: list[bool] = []
    told: set[str] = set()
    places = Places(html)
    for token in tokens(html):
        values = {attribute.name: attribute.value for attribute in token.attributes}
        line, column = places.of(token.start)
        if token.kind == "end" and grounds:
            grounds.pop()
        if token.kind != "start":
            continue
        has_ground = "bgcolor" in values or _COLOURED.search(values.get("style", "")) is not None
        if token.name not in VOID_TAGS:
            grounds.append(has_ground)
        for name in _NOT_IN_OUTLOOK.findall(values.get("style", "")):
            if name not in told:
                told.add(name)
                yield TemplateWarning(code="not_in_outlook", name=name, line=line, column=column)
        if token.name == "img":
            for code, what in _of_image(token, is_on_ground=has_ground or any(grounds)):
                yield TemplateWarning.model_validate({"code": code, "name": what, "line": line, "column": column})


def _of_image(token: Token, *, is_on_ground: bool) -> Iterator[tuple[str, str]]:
    values = {attribute.name: attribute.value for attribute in token.attributes}
    source, width = values.get("src", ""), values.get("width", "")
    if not values.get("alt", "").strip():
        yield "image_without_alt", source[:80]
    if not width:
        yield "image_without_width", source[:80]
    elif width.removesuffix("px").isdigit() and int(width.removesuffix("px")) > WIDEST_IMAGE:
        yield "image_too_wide", width
    if source.startswith("data:"):
        yield "image_in_html", source[:22]
    elif source.lower().startswith("http:"):
        yield "image_not_https", source[:80]
    if not is_on_ground:
        yield "image_without_ground", source[:80]
