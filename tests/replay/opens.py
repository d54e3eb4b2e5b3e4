"""Opens judged by ruleset 1, as the worker would have judged them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from app.classification.classifier import classifier
from app.classification.mail_proxies import is_mail_proxy
from app.classification.model import HitFacts
from clickhouse.client import ClickHouse
from tests.fixtures.log import Open, at

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
)
GMAIL = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"
CURL = "curl/8.5.0"
AGENTS = (CHROME, GMAIL, CURL)
MOMENTS = (at("2025-10-31T23:59:59.999"), at("2025-11-01T00:00:00"), at("2025-11-20T10:07:00"))


def judged(row: Open, ruleset: int = 1) -> dict[str, Any]:
    """Return the derived columns that a ruleset gives a row."""
    found = classifier(ruleset).classify(HitFacts(row.user_agent, row.method, row.purpose, row.networks))
    return {
        "open_class": found.open_class,
        "confidence": found.confidence,
        "reasons": found.reasons,
        "device": found.device,
        "ruleset": ruleset,
        "is_rate_limited": row.is_over_limit and not is_mail_proxy(found, row.networks),
    }


def made(
    count: int, *, block: str, moments: Sequence[datetime] = MOMENTS, agents: Sequence[str] = AGENTS
) -> list[Open]:
    """Return opens over all moments and agents, some over the limit, some from a mail proxy's network."""
    rows = []
    for n in range(count):
        row = Open(
            at=moments[n % len(moments)],
            organisation_id=UUID(int=1),
            user_id=UUID(int=n % 5),
            visitor=bytes([n % 50]) * 16,
            user_agent=agents[n // 2 % len(agents)],
            networks=("apple",) if n % 7 == 0 else (),
            is_over_limit=n % 4 == 0,
            block=block,
        )
        rows.append(with_verdict(row))
    return rows


def with_verdict(row: Open, ruleset: int = 1) -> Open:
    """Return the row as a ruleset judges it."""
    fields = {name: getattr(row, name) for name in row.__slots__}
    return Open(**(fields | judged(row, ruleset)))


async def log_of(clickhouse: ClickHouse) -> list[tuple[Any, ...]]:
    """Return every column that matters of every row, in order of the ids."""
    rows = await clickhouse.select(
        "SELECT id, at, user_id, user_agent, country, block, open_class, "
        "round(toFloat64(confidence), 3) AS confidence, reasons, device, ruleset, is_over_limit, "
        "is_rate_limited FROM events ORDER BY toUInt128(id)"
    )
    return [tuple(map(str, row.values())) for row in rows]


def expected(rows: Iterable[Open], ruleset: int) -> list[tuple[Any, ...]]:
    """Return what `log_of` must say when these rows were judged by a ruleset."""
    found = []
    for row in sorted(rows, key=lambda row: row.id.int):
        is_now = judged(row, ruleset)
        values = (
            row.id, row.at, row.user_id, row.user_agent, row.country, row.block, is_now["open_class"],
            round(is_now["confidence"], 3), list(is_now["reasons"]), is_now["device"], ruleset,
            row.is_over_limit, is_now["is_rate_limited"],
        )  # fmt: skip
        found.append(tuple(map(str, values)))
    return found
