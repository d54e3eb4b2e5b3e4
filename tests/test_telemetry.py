import io
import json
import logging

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from app import telemetry
from app.settings import Settings
from app.telemetry import REDACTED, configure_logging, new_registry, redact, render_metrics


@pytest.fixture
def stream() -> io.StringIO:
    stream = io.StringIO()
    configure_logging(Settings(log_format="json"), process="test", stream=stream)
    return stream


def logged(stream: io.StringIO) -> dict[str, object]:
    line: dict[str, object] = json.loads(stream.getvalue().splitlines()[-1])
    return line


def test_both_kinds_of_logger_write_the_same_shape(stream: io.StringIO) -> None:
    structlog.stdlib.get_logger("one").info("hello", number=1)
    first = logged(stream)
    logging.getLogger("two").warning("hello %s", "there", extra={"number": 2})
    second = logged(stream)
    assert first | {"event": "hello", "level": "info", "logger": "one", "process": "test", "number": 1} == first
    assert second | {"event": "hello there", "level": "warning", "logger": "two", "number": 2} == second
    assert "timestamp" in first
    assert "timestamp" in second


@pytest.mark.parametrize(
    "personal",
    [
        "olga.owner+x@mail.example.org",
        "203.0.113.7",
        "2001:db8:85a3::8a2e:370:7334",
        "2001:0db8:85a3:0000:0000:8a2e:0370:7334",
        "hg_c2VjcmV0c2VjcmV0",
        "https://x.test/signin/c2VjcmV0c2VjcmV0",
        "https://x.test/invitation/c2VjcmV0c2VjcmV0",
        "/api/t/u/tG3kAbCdEfGhIjKlMnOpQrSt.gif",
        "postgresql+asyncpg://app:hunter2hunter2@db/heliograph",
        "redis://:hunter2hunter2@127.0.0.1:6379/0",
    ],
)
def test_nothing_personal_or_secret_reaches_the_log(stream: io.StringIO, personal: str) -> None:
    log = structlog.stdlib.get_logger("x")
    log.info(f"said {personal}", detail=personal, nested={"deep": [personal]})
    try:
        raise ValueError(f"about {personal}")
    except ValueError:
        log.exception("failed")
    secret = personal.rpartition("/")[2] if personal.startswith(("http", "/api")) else personal
    for part in (personal, secret.removesuffix(".gif"), "hunter2"):
        assert part not in stream.getvalue()
    assert REDACTED in stream.getvalue()


@given(
    st.sampled_from(["password", "email", "Authorization", "csrf_token", "user_agent", "apiKey", "client_ip"]),
    st.text(min_size=1),
)
def test_values_under_personal_names_are_never_shown(name: str, value: str) -> None:
    assert redact({"a": [{name: value}]}) == {"a": [{name: REDACTED}]}


@pytest.mark.parametrize(
    "plain", ["events.raw partition 3 offset 12:30:45", "127.0.0.1:9092 refused", "1.5.2", "app::main", ""]
)
def test_what_is_not_personal_stays_readable(plain: str) -> None:
    assert redact(plain) == plain


def test_the_registry_names_the_process() -> None:
    body, content_type = render_metrics(new_registry("worker"))
    assert b'heliograph_info{process="worker"} 1.0' in body
    assert content_type.startswith("text/plain")


def test_a_library_that_repeats_itself_is_heard_once_a_minute(
    stream: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def heard() -> list[str]:
        for _ in range(3):
            logging.getLogger("aiokafka.client").error("Unable to connect to %s", "127.0.0.1:9")
            logging.getLogger("heliograph.forwarder").warning("the broker is away")
        logging.getLogger("aiokafka").error("another sentence")
        events = [json.loads(line)["event"] for line in stream.getvalue().splitlines()]
        stream.truncate(0)
        stream.seek(0)
        return sorted(events)

    ours = ["the broker is away"] * 3
    assert heard() == ["Unable to connect to 127.0.0.1:9", "another sentence", *ours]
    assert heard() == ours
    monkeypatch.setattr(telemetry, "REPEAT_SECONDS", 0.0)
    assert heard() == ["Unable to connect to 127.0.0.1:9"] * 3 + ["another sentence", *ours]
