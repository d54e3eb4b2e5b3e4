"""`heliograph classify`: asks the rules why, for any user agent, without any service running."""

import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated, NamedTuple

import orjson
import typer
from rich.console import Console
from rich.table import Table

from app.classification.lines import LineError, read_facts, read_line, read_visit
from app.classification.model import Classification, HitFacts, Ruleset

if TYPE_CHECKING:
    from app.classification.behaviour.across import Visit
    from app.settings import Settings


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

    echo '{"user_agent": "Mozilla/5.0", "address": "17.58.63.10"}' | heliograph classify

    Fields: user_agent, and optionally method, headers (an object), address, at and sent_at (ISO 8601 or epoch), token.
    Classes: human and image_proxy count; privacy_prefetch, scanner, link_preview, crawler, script and self do not.
    A line that does not fit gets a line with `error`; the command goes on, and ends with exit code 1.
    """
    from app.classification.classifier import classifier
    from app.classification.networks import NetworkTable
    from app.classification.ruleset import RULESET, RULESETS
    from app.read_settings import SettingsError, read_settings

    number = RULESET if ruleset is None else ruleset
    if number not in RULESETS:
        known = ", ".join(map(str, sorted(RULESETS)))
        raise typer.BadParameter(f"there is no ruleset {number}; choose from {known}", param_hint="--ruleset")
    try:
        settings = read_settings()
    except SettingsError as error:
        typer.echo(f"heliograph: {error}", err=True)
        raise typer.Exit(2) from error
    networks = NetworkTable(settings.known_networks)
    judge = classifier(number)
    if sys.stdin.isatty():
        typer.echo('Write a line such as {"user_agent": "Mozilla/5.0"}; end with Ctrl-D. --help tells more.', err=True)
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
    for position, line in _numbered_lines():
        try:
            given = read_line(line)
            facts = read_facts(given, names)
            visit = read_visit(given, facts) if is_visit_read else None
        except LineError as error:
            yield Answer(position, None, None, None, str(error))
            continue
        yield Answer(position, facts, classify(facts), visit)


def _numbered_lines() -> Iterator[tuple[int, bytes]]:
    """Yield the lines of standard input from 1 on; blank ones behind the last are no lines."""
    blank: list[tuple[int, bytes]] = []
    for numbered in enumerate(sys.stdin.buffer, 1):
        if numbered[1].strip():
            yield from [*blank, numbered]
            blank.clear()
        else:
            blank.append(numbered)


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


def _write(answer: dict[str, object]) -> None:
    """Write a line and flush, so that a program at the other end of a pipe can ask and read in turn."""
    sys.stdout.buffer.write(orjson.dumps(answer, option=orjson.OPT_APPEND_NEWLINE))
    sys.stdout.buffer.flush()
