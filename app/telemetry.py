"""Logs without anything personal in them, and the metrics registry, for every process alike."""

import logging
import math
import sys
import time
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, GCCollector, Info, ProcessCollector
from prometheus_client import generate_latest as _generate_latest

from app.redaction import REDACTED, redact, redact_event
from app.settings import Settings

__all__ = ["REDACTED", "configure_logging", "new_registry", "redact", "render_metrics"]

_TALKATIVE = ("faust", "mode", "aiokafka", "alembic")
REPEAT_SECONDS = 60.0


def _redact_event(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Redact all that was logged; the level, the logger's name and the time are ours and stay."""
    kept = {key: event[key] for key in ("timestamp", "level", "logger") if key in event}
    return redact_event(event) | kept


def configure_logging(settings: Settings, *, process: str, stream: TextIO | None = None) -> None:
    """Send structlog and the standard library's loggers through one pipeline to `stream` (stderr by default).

    Tracebacks are rendered first, so what they quote is redacted too. Call once, in `main()`.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]
    is_json = settings.log_format == "json"
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer() if is_json else structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _name_process(process),
                _redact_event,
                renderer,
            ],
        )
    )
    if settings.log_level != "debug":
        handler.addFilter(_Seldom())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    for name in _TALKATIVE:  # they report each step of a start as news; with `debug` somebody wants to know
        logging.getLogger(name).setLevel(logging.NOTSET if settings.log_level == "debug" else logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


class _Seldom(logging.Filter):
    """Lets a sentence of a talkative library through once a minute: while a broker is away, it says it each second."""

    def __init__(self) -> None:
        super().__init__()
        self._said_at: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if not record.name.startswith(_TALKATIVE):
            return True
        sentence, now = record.getMessage(), time.monotonic()
        if now - self._said_at.get(sentence, -math.inf) < REPEAT_SECONDS:
            return False
        self._said_at = {said: at for said, at in self._said_at.items() if now - at < REPEAT_SECONDS} | {sentence: now}
        return True


def _name_process(process: str) -> structlog.typing.Processor:
    def add(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        event["process"] = process
        return event

    return add


def new_registry(process: str) -> CollectorRegistry:
    """Return a registry with the process's own figures (CPU, memory, open files) and its name."""
    registry = CollectorRegistry(auto_describe=True)
    ProcessCollector(registry=registry)
    GCCollector(registry=registry)
    Info("heliograph", "Which of our processes this is", registry=registry).info({"process": process})
    return registry


def render_metrics(registry: CollectorRegistry) -> tuple[bytes, str]:
    """Return the registry in Prometheus's text format, and its content type."""
    return _generate_latest(registry), CONTENT_TYPE_LATEST
