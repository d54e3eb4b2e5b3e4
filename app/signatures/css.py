"""Inline styles, property by property: what is allowed is written anew, everything else is named and left out."""

import re
from collections.abc import Iterable
from typing import Any

import tinycss2

from app.signatures.allowed import DISPLAYS, FUNCTIONS, PROPERTIES, UNITS

MOST_CHARACTERS = 4_000
"""Of one style; a longer one is left out whole. Python reads no number of more digits than these anyway."""
MOST_NUMBER = 2000
"""Nothing in a signature is larger, in any unit."""
_WORD = re.compile(r"-?[a-zA-Z][a-zA-Z0-9-]*")
_FONT_NAME = re.compile(r"[\w .-]{1,60}")
_HEX = re.compile(r"[0-9a-fA-F]{3,8}")
_NEVER = re.compile(r"expression|script|behaviou?r|binding|url", re.IGNORECASE)


def clean_style(style: str) -> tuple[str, list[str]]:
    """Return the allowed declarations as `name:value;name:value`, and the names of those left out.

    Doing it again changes nothing. Values are rebuilt from their tokens, so that no escape, comment or broken string
    survives for another parser to read differently.
    """
    if len(style) > MOST_CHARACTERS:
        return "", ["style"]
    kept: list[str] = []
    removed: list[str] = []
    for node in tinycss2.parse_blocks_contents(style, skip_comments=True, skip_whitespace=True):
        if node.type != "declaration":
            removed.append(getattr(node, "at_keyword", None) or "?")
            continue
        name = str(node.lower_name)
        value = _value(name, node.value) if name in PROPERTIES else None
        if value is None:
            removed.append(name)
        else:
            kept.append(f"{name}:{value}{' !important' if node.important else ''}")
    return ";".join(kept), removed


def _value(name: str, nodes: Iterable[Any]) -> str | None:
    parts = [_token(name, node) for node in nodes if node.type != "comment"]
    if any(part is None for part in parts):
        return None
    value = re.sub(r"\s+", " ", "".join(part for part in parts if part is not None)).strip()
    if not value or (name == "display" and value.lower() not in DISPLAYS):
        return None
    return value


def _token(name: str, node: Any) -> str | None:  # noqa: PLR0911 - one line for each kind of token
    match node.type:
        case "whitespace":
            return " "
        case "literal" if node.value in {",", "/"}:
            return str(node.value)
        case "ident" if _WORD.fullmatch(node.value) and not _NEVER.search(node.value):
            return str(node.value)
        case "string" if name in {"font", "font-family"} and _FONT_NAME.fullmatch(node.value):
            return None if _NEVER.search(node.value) else f"'{node.value}'"
        case "hash" if _HEX.fullmatch(node.value):
            return f"#{node.value}"
        case "number" | "percentage" | "dimension":
            return _number(node)
        case "function" if node.lower_name in FUNCTIONS:
            arguments = [
                _token("", argument)
                for argument in node.arguments
                if argument.type not in {"ident", "function", "hash"}
            ]
            is_whole = len(arguments) == len(node.arguments) and None not in arguments
            return f"{node.lower_name}({''.join(part or '' for part in arguments).strip()})" if is_whole else None
    return None


def _number(node: Any) -> str | None:
    if not 0 <= node.value <= MOST_NUMBER:
        return None  # negative lengths lay things over other things
    number = f"{node.value:g}" if node.value < 1000 else str(round(node.value))
    if node.type == "percentage":
        return f"{number}%"
    if node.type == "dimension":
        unit = str(node.lower_unit)
        return f"{number}{unit}" if unit in UNITS else None
    return number
