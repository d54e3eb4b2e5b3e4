"""`heliograph classify`: asks the rules why, for any user agent, without any service running."""

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import orjson
import typer
from rich.console import Console
from rich.table import Table

from app.classification.model import Classification, HitFacts, Ruleset

if TYPE_CHECKING:
    from app.classification.behaviour.across import Visit
    from app.settings import Settings

_PURPOSE_HEADERS = ("sec-purpose", "purpose", "x-purpose", "x-moz")
_SECONDS_BELOW = 10**11
"""A number below this is seconds since 1970 (until the year 5138), above it milliseconds (since March 1973)."""


class LineError(ValueError):
    """A line of the input does not fit; the message names the field and says what is expected."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("classify")(classify_lines)


def classify_lines(
    explain: Annotated[bool, typer.Option("--explain", help="A table for people instead of JSON lines.")] = False,
    ruleset: Annotated[int | None, typer.Option(help="Number of the ruleset; the present one if not given.")] = None,
    across: Annotated[
        bool, typer.Option("--across", help="Read all lines first and judge them together; uses at, address, token.")
    ] = False,
) -> None:
    """Read JSON lines on standard input, write one JSON line each: class, is_counted, device, confidence, reasons.

    Fields: user_agent, and optionally method, headers (an object), address, at and sent_at (ISO 8601 or epoch), token.
    A line that does not fit gets a line with `error`; the command goes on, and ends with exit code 1.
    """
    from app.classification.classifier import classifier
    from app.classification.networks import NetworkSpecError, NetworkTable
    from app.classification.ruleset import RULESET, RULESETS
    from app.settings import Settings

    number = RULESET if ruleset is None else ruleset
    if number not in RULESETS:
        known = ", ".join(map(str, sorted(RULESETS)))
        raise typer.BadParameter(f"there is no ruleset {number}; choose from {known}", param_hint="--ruleset")
    settings = Settings()
    try:
        networks = NetworkTable(settings.known_networks)
    except NetworkSpecError as error:
        typer.echo(f"heliograph: {error}", err=True)
        raise typer.Exit(2) from error
    judge = classifier(number)
    answers = _judged(judge.classify, networks.names, is_visit_read=across)
    if across:
        answers = _judged_across(answers, settings)
    failed = _print_table(answers, judge.ruleset) if explain else _print_lines(answers)
    if failed:
        raise typer.Exit(1)


class Answer(NamedTuple):
    """One line of the input: where it stood, and what it was judged to be, or the error."""

    position: int
    facts: HitFacts | None
    found: Classification | None
    visit: "Visit | None"
    error: str = ""


def _judged(
    classify: Callable[[HitFacts], Classification],
    names: Callable[[str], tuple[str, ...]],
    *,
    is_visit_read: bool,
) -> Iterator[Answer]:
    for position, line in _lines():
        try:
            facts = read_facts(line, names)
            visit = read_visit(line, facts) if is_visit_read else None
        except LineError as error:
            yield Answer(position, None, None, None, str(error))
            continue
        yield Answer(position, facts, classify(facts), visit)


def _judged_across(answers: Iterator[Answer], settings: "Settings") -> Iterator[Answer]:
    """Judge all lines together, then yield them in order."""
    from app.classification.behaviour.across import Judged, correct

    every = list(answers)
    hits = [
        Judged(answer.visit, answer.found, answer.facts.networks) for answer in every if answer.found and answer.facts
    ]
    thresholds = {"many_tokens": settings.behaviour_many_tokens, "burst": settings.behaviour_burst}
    classes = iter(correct(hits, thresholds))
    for answer in every:
        yield answer._replace(found=next(classes)) if answer.found else answer


def _print_lines(answers: Iterator[Answer]) -> bool:
    """Write JSON lines; tell whether one did not fit."""
    failed = False
    for answer in answers:
        failed = failed or answer.found is None
        if answer.found is None:
            _write({"error": answer.error, "line": answer.position})
        else:
            _write(as_json(answer.found))
    return failed


def _print_table(answers: Iterator[Answer], ruleset: Ruleset) -> bool:
    """Print a table with the reasons in words; tell whether a line did not fit."""
    from app.classification.behaviour.ruleset import sentences

    across = sentences()
    failed = False
    table = Table("Line", "Class", "Counts", "Device", "Sure", "Why", "User agent", show_lines=True)
    for position, facts, found, _, error in answers:
        if found is None or facts is None:
            failed = True
            table.add_row(str(position), "error", "", "", "", error, "")
            continue
        why = "\n".join(across.get(code) or ruleset.says(code) for code in found.reasons)
        counts = "yes" if found.is_counted else "no"
        sure = f"{found.confidence:.0%}"
        table.add_row(str(position), found.open_class, counts, found.device, sure, why, facts.user_agent[:200])
    Console().print(table)
    return failed


def read_facts(line: bytes, names: Callable[[str], tuple[str, ...]]) -> HitFacts:
    """Read one line; `names` looks an address up (`NetworkTable.names`). Raises `LineError`; ignores unknown fields.

    A user agent of null is a request without that header. Without `at`, `sent_at` says nothing.
    """
    try:
        given = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise LineError(f"not JSON: {error}") from error
    if not isinstance(given, dict):
        raise LineError('a line must be an object, such as {"user_agent": "Mozilla/5.0"}')
    headers = _headers(given.get("headers"))
    if "user_agent" not in given and "user-agent" not in headers:
        raise LineError("user_agent is missing; an empty one is written as an empty string")
    agent = _text(given, "user_agent", headers.get("user-agent", "")) or ""
    address = _text(given, "address", "") or ""
    purpose = next((headers[name] for name in _PURPOSE_HEADERS if name in headers), "")
    at, sent_at = _time(given, "at"), _time(given, "sent_at")
    return HitFacts(
        user_agent=agent,
        method=(_text(given, "method", "GET") or "GET").upper(),
        purpose=purpose,
        networks=names(address) if address else (),
        at=at or 0,
        sent_at=sent_at if at is not None else None,
    )


def read_visit(line: bytes, facts: HitFacts) -> "Visit | None":
    """Read what a line says of its visitor; None unless it has `at`, `address` and `token`. Raises `LineError`."""
    from app.classification.behaviour.across import Visit

    given = orjson.loads(line)
    at, address, token = _time(given, "at"), _text(given, "address", ""), _text(given, "token", "")
    return Visit(at, address, facts.user_agent, token) if at is not None and address and token else None


def as_json(found: Classification) -> dict[str, object]:
    """Return the fields of an answer line."""
    return {
        "class": found.open_class,
        "is_counted": found.is_counted,
        "device": found.device,
        "confidence": found.confidence,
        "reasons": found.reasons,
        "ruleset": found.ruleset,
    }


def _lines() -> Iterator[tuple[int, bytes]]:
    """Yield (number, line) of standard input; blank lines are left out, a byte order mark too."""
    for number, line in enumerate(sys.stdin.buffer, 1):
        text = line.removeprefix(b"\xef\xbb\xbf").strip()
        if text:
            yield number, text


def _write(answer: dict[str, object]) -> None:
    """Write a line and flush, so that a program at the other end of a pipe can ask and read in turn."""
    sys.stdout.buffer.write(orjson.dumps(answer, option=orjson.OPT_APPEND_NEWLINE))
    sys.stdout.buffer.flush()


def _headers(given: object) -> dict[str, str]:
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise LineError('headers must be an object, such as {"Purpose": "prefetch"}')
    return {name.lower(): str(value) for name, value in given.items()}


def _text(given: dict[str, Any], name: str, default: str | None) -> str | None:
    value = given.get(name)
    if value is None:
        return default
    if not isinstance(value, str):
        raise LineError(f"{name} must be text, not {type(value).__name__}")
    return value


def _time(given: dict[str, Any], name: str) -> int | None:
    """Return ms since epoch. A time without a zone is UTC."""
    value = given.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return int(value * 1000) if abs(value) < _SECONDS_BELOW else int(value)
    try:
        parsed = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise LineError(f"{name} must be ISO 8601 or seconds or milliseconds since 1970, not {value!r}") from error
    return int((parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp() * 1000)
