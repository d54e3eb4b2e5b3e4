"""What can be wrong with a template: a code for each, the sentence of the API, and where it is said."""

from dataclasses import dataclass, field

from app.errors import BadInputError

MESSAGES = {
    "not_a_placeholder": "`{source}` is no placeholder; write `{example}` or `{with_default}`, no < or >.",
    "unknown": "there is no placeholder `{name}`; there are {names}.",
    "misspelt": "there is no placeholder `{name}`; did you mean `{nearest}`?",
    "pixel_twice": "there is one pixel, so `{pixel}` may stand once.",
    "pixel_section": "the pixel cannot be a section: it is there exactly while tracking is on.",
    "too_deep": "sections may stand at most {most} deep within each other.",
    "too_many": "at most {most} placeholders.",
    "wrong_end": "`{source}` ends a section that is not the last one begun.",
    "never_ended": "the section `{name}` is never ended; write `{end}`.",
    "section_in_tag": "a section stands around tags, not within one.",
    "section_leaves_tag": "a section begins within a tag and ends outside of it.",
    "section_enters_tag": "this section begins outside of a tag and ends within it.",
    "end_with_default": "the end of a section has no default.",
    "no_default": "`{name}` has no default here.",
    "long_default": "a default has at most {most} characters.",
    "direction": "write `{example}`; it stands nowhere else.",
    "between_tags": "`{name}` stands between tags, not within one.",
    "not_in_attribute": "a placeholder may stand in texts and in href, src, alt and title, not in {attribute}.",
    "not_in_tag": "a placeholder may stand in texts and in href, src, alt and title, not in a tag.",
    "between_cells": "`{source}` stands right within <{tag}>; put it into a cell.",
}
"""The interface has the same codes in its catalogues, in every language."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with a template, and where (from 1). `values` fill the gaps of the sentence."""

    code: str
    line: int
    column: int
    name: str | None = None
    nearest: str | None = None
    values: dict[str, str] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """Return the sentence."""
        return MESSAGES[self.code].format(**self.values)


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
                "code": mistake.code,
                "values": mistake.values,
                "message": mistake.message,
                "line": mistake.line,
                "column": mistake.column,
                "name": mistake.name,
                "nearest": mistake.nearest,
            }
            for mistake in mistakes[:20]
        ],
    )
