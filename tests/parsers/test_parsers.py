"""Every parser of outside text is linear in its longest input, and none reads outside text unknown to this test."""

import ast
import gc
import re
from typing import Any

import is_bot
import pytest

from app.classification.classifier import MAX_USER_AGENT, classifier
from app.classification.tokens import Screened
from app.main import create_app
from app.settings import Settings
from tests.parsers.finding import sources
from tests.parsers.growth import Shape, check_growth, repeated
from tests.parsers.parsers import PARSERS
from tests.parsers.shapes import shapes_of

READERS = {
    # these look at one header or path as a whole: compared, hashed or counted, never cut up
    "app.middleware": "compares the path, reads the length of the body",
    "app.ready": "looks for `gzip` in Accept-Encoding",
    "app.collector.below": "takes the setting's path from the front",
    "app.live.stream": "headers of its own answer",
    "app.operators": "compares names of headers and the token",
    "app.slashes": "takes slashes from the end",
    "app.campaigns.routes": "headers of its own answer",
    "app.cli_demo": "whether somebody sits at the terminal",
    "app.people.importing.file": "headers of a table",
    "app.people.importing.importer": "headers of a table",
    "streams.worker": "headers of a dead letter, written by us",
}
"""Modules that touch what comes from outside and parse nothing, and what they do."""

UNBOUNDED = {
    "lastEventId": "Last-Event-ID",
    "last-event-id": "Last-Event-ID",
    "map": "mapping of columns",
    "accept": "Accept",
    "if-none-match": "If-None-Match",
}
"""Parameters of the API without a longest length: the server's own limit of a request line or header holds."""

_READ = frozenset({"headers", "cookies", "query_params", "path_params", "stdin"})
_SCOPE = frozenset({"headers", "path", "raw_path", "query_string"})


@pytest.mark.parametrize("name", PARSERS)
def test_a_parser_is_linear(name: str) -> None:
    parser = PARSERS[name]
    for shape in parser.shapes:
        check_growth(parser.run, shape, parser.longest, says=name)


def test_every_module_that_reads_outside_text_is_known() -> None:
    reading = {module for module, tree in sources().items() if any(map(_reads, ast.walk(tree)))}
    known = set(READERS) | {module for parser in PARSERS.values() for module in parser.reads}
    assert reading - known == set(), "name the parser in PARSERS (`reads`), or say in READERS why there is none"
    assert known - reading == set(), "these read nothing any more"


def _reads(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr in _READ
    return (
        isinstance(node, ast.Subscript)
        and isinstance(node.slice, ast.Constant)
        and node.slice.value in _SCOPE
        and "scope" in ast.unparse(node.value)
    )


def test_every_text_that_the_api_takes_has_a_longest_length_or_a_linear_parser() -> None:
    described = create_app(Settings()).openapi()
    unbounded = set()
    for operations in described["paths"].values():
        for operation in operations.values():
            unbounded |= {one["name"] for one in operation.get("parameters", ()) if not _is_bounded(one["schema"])}
            unbounded |= set(_fields(operation.get("requestBody", {}), described["components"]["schemas"], set()))
    assert unbounded == set(UNBOUNDED)
    assert set(UNBOUNDED.values()) <= set(PARSERS)


def _fields(node: Any, schemas: dict[str, Any], seen: set[str]) -> list[str]:
    """Return the unbounded texts of a body, through everything it refers to."""
    found: list[str] = []
    if isinstance(node, list):
        return [name for one in node for name in _fields(one, schemas, seen)]
    if not isinstance(node, dict):
        return found
    name = str(node.get("$ref", "")).rpartition("/")[2]
    if name and name not in seen:
        seen.add(name)
        schema = schemas[name]
        found += [f"{name}.{key}" for key, value in schema.get("properties", {}).items() if not _is_bounded(value)]
        found += _fields(schema, schemas, seen)
    return found + [one for value in node.values() for one in _fields(value, schemas, seen)]


def _is_bounded(schema: dict[str, Any]) -> bool:
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return all(map(_is_bounded, schema[several]))
    if schema.get("format") == "binary":
        return True  # a file, read as it comes
    match schema.get("type"):
        case "string":
            return bool({"maxLength", "enum", "const", "format", "pattern"} & schema.keys())
        case "array":
            return _is_bounded(schema.get("items", {}))
        case "object":
            more = schema.get("additionalProperties")
            return not isinstance(more, dict) or _is_bounded(more)
    return True


SCREENED = [one for one in gc.get_objects() if isinstance(one, Screened)]


def test_the_tables_of_tokens_are_found() -> None:
    rules = classifier().ruleset.rules
    assert len(SCREENED) >= 15
    assert len(rules) >= 15


@pytest.mark.parametrize("number", range(len(SCREENED)))
def test_every_table_of_tokens_is_linear(number: int) -> None:
    table = SCREENED[number]
    for shape in shapes_of(table._pattern.pattern, table._pattern.flags):
        check_growth(table.search, shape, MAX_USER_AGENT, says=table._pattern.pattern[:60])


def test_the_patterns_of_others_are_linear_for_the_longest_user_agent() -> None:
    judge = classifier()._judge_uncached
    for pattern in sorted(is_bot.Bots().patterns):
        for shape in _shapes_of_another_dialect(pattern):
            check_growth(lambda text: judge(text, "GET", "", ()), shape, MAX_USER_AGENT, says=pattern)


def _shapes_of_another_dialect(pattern: str) -> list[Shape]:
    try:
        return shapes_of(pattern)[:12]
    except re.error:  # written for another engine
        return [repeated(pattern), repeated(pattern[:3])]
