"""What of a log event is shown: nothing personal, nothing endless, nothing that passes for another line."""

import io
import json
import logging

import pytest
import structlog

from app.redaction import MOST_CHARACTERS, MOST_ITEMS, MOST_TRACEBACK_CHARACTERS, redact
from app.settings import Settings
from app.telemetry import REDACTED, configure_logging

OUTSIDE = "/%00\x00\n2026-12-01T00:00:00Z [error] forged\r\x1b[2J\x9b31m\u2028\u202egnp\ud800"


def logging_as(log_format: str) -> io.StringIO:
    stream = io.StringIO()
    configure_logging(Settings.model_validate({"log_format": log_format}), process="test", stream=stream)
    return stream


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_an_event_is_one_line_whatever_it_quotes(log_format: str) -> None:
    stream = logging_as(log_format)
    structlog.stdlib.get_logger("x").warning(OUTSIDE, path=OUTSIDE, deep={"a": [OUTSIDE]}, **{OUTSIDE: 1})
    logging.getLogger("y").warning("said %s", OUTSIDE, extra={"said": OUTSIDE, "cause": ValueError(OUTSIDE)})
    written = stream.getvalue()
    assert len(written.split("\n")) == 3
    assert written.replace("\n", "").isprintable()
    assert "forged" in written


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_no_line_of_a_traceback_passes_for_an_event(log_format: str) -> None:
    stream = logging_as(log_format)
    try:
        raise ValueError(OUTSIDE)
    except ValueError:
        structlog.stdlib.get_logger("x").exception("failed")
    written = stream.getvalue()
    assert written.replace("\n", "").isprintable()
    lines = [line for line in written.split("\n") if line]
    assert [line for line in lines if not line.startswith("  ")] == lines[:1]
    shown = written if log_format == "text" else json.loads(written)["exception"]
    assert "Traceback (most recent call last):" in shown
    assert "ValueError" in shown


def test_long_text_is_cut_in_the_middle_and_says_how_much_went() -> None:
    shown = redact("begin " + "a " * 100_000 + "the end")
    assert len(shown) <= MOST_CHARACTERS + 50
    assert shown.startswith("begin a a")
    assert shown.endswith("a the end")
    assert "characters left out" in shown


def test_a_traceback_is_cut_later_than_other_text() -> None:
    stream = logging_as("json")
    try:
        raise ValueError("x\n" * 100_000 + "a" * 64_000)
    except ValueError:
        logging.getLogger("x").exception("failed %s", "b" * 64_000)
    line = json.loads(stream.getvalue())
    assert MOST_TRACEBACK_CHARACTERS / 2 < len(line["exception"]) <= MOST_TRACEBACK_CHARACTERS + 50
    assert len(line["event"]) <= MOST_CHARACTERS + 50


@pytest.mark.parametrize("shift", range(0, 40, 3))
def test_a_cut_shows_no_half_of_an_address(shift: int) -> None:
    text = "x" * shift + " ada.lovelace@mail.example.org" * 1_000
    words = set(redact(text).split()) - {REDACTED, "…", "characters", "left", "out", "x" * shift}
    assert [word for word in words if not word.replace(",", "").isdigit()] == []
    one = "y" * (MOST_CHARACTERS // 2 - shift) + "ada.lovelace@mail.example.org" + "z" * 5_000
    assert "lovelace" not in redact(one)


def test_many_items_are_cut_too() -> None:
    assert len(redact(list(range(100_000)))) == MOST_ITEMS + 1
    assert len(redact({str(number): number for number in range(100_000)})) == MOST_ITEMS + 1


def test_an_address_of_a_query_string_is_one_too() -> None:
    assert redact("GET /x?email=ada%40mail.example.org&y=1") == f"GET /x?email={REDACTED}&y=1"


def test_numbers_stay_numbers() -> None:
    assert redact({"a": 1, "b": 2.5, "c": None, "d": True}) == {"a": 1, "b": 2.5, "c": None, "d": True}


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("https://u:p@ss@h.example/x", "ss@h"),
        ("//api//t//u//" + "T" * 24, "T" * 24),
        ("/API/T/U/" + "T" * 24 + ".gif", "T" * 24),
        ("/invitation//" + "T" * 43, "T" * 43),
        ("/x?token=" + "T" * 24, "T" * 24),
        ("ada@localhost is away", "ada@"),
        ("ada%2540b.example", "ada"),
        ("ada＠mail.example", "ada"),
    ],
)
def test_a_secret_is_redacted_however_it_is_written(text: str, secret: str) -> None:
    assert secret not in redact(text)
