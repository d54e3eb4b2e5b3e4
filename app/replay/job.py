"""The steps of a replay: judge beside the live data, show the difference, swap it in or forget it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

from app.classification.classifier import Classifier, classifier
from app.classification.mail_proxies import is_mail_proxy
from app.classification.model import HitFacts
from app.classification.ruleset import RULESETS
from app.errors import BadInputError, ConflictError
from app.replay.report import Report
from clickhouse.client import ClickHouse
from clickhouse.closed_days import rewriting
from clickhouse.rebuild import rebuild_month
from clickhouse.schema_lock import SchemaLockedError, schema_lock
from clickhouse.shadow import Asked, Shadow, Verdict
from clickhouse.shadow_database import open_shadow

_LOCK_SECONDS = 15.0
_STATEMENT_SECONDS = 60.0

Hold = Callable[[], AbstractAsyncContextManager[None]]


@dataclass(frozen=True, slots=True)
class Step:
    """What is being done: `done` of `total` rows are judged."""

    what: str
    done: int
    total: int


def judge_by(number: int) -> Callable[[Sequence[Asked]], list[Verdict]]:
    """Return what judges requests by a ruleset. Raises `BadInputError` for a number that does not exist."""
    if number not in RULESETS:
        known = ", ".join(map(str, sorted(RULESETS)))
        raise BadInputError(f"There is no ruleset {number}; there is {known}.")
    judging: Classifier = classifier(number)

    def judge(requests: Sequence[Asked]) -> list[Verdict]:
        return [_verdict(judging, request) for request in requests]

    return judge


def _verdict(judging: Classifier, request: Asked) -> Verdict:
    # Of a signature nobody knows when it was sent, so a judgement depends on the request alone.
    found = judging.classify(HitFacts(request.user_agent, request.method, request.purpose, request.networks))
    is_exempt = is_mail_proxy(found, request.networks)
    return Verdict(found.open_class, found.confidence, found.reasons, found.device, is_exempt)


async def replay(
    url: str, *, ruleset: int, hold: Hold, swap: bool, on_step: Callable[[Step], None] = lambda step: None
) -> Report:
    """Judge the whole log by a ruleset beside the live data; with `swap`, put it in their place.

    Killed anywhere, live data are whole months, old or new, and the next run goes on where this one was. Ingest goes
    on, but for the moment of the swap. Raises `ConflictError` while another replay or a migration is at work.
    """
    async with _shadow(url, ruleset) as shadow:
        report = Report(ruleset)
        months = await shadow.refresh()
        total, done = sum(month.rows for month in months), 0
        for month in months:
            on_step(Step(str(month.month), done, total))
            await shadow.bring_up_to_date(month.month)
            for row in await shadow.changes(month.month):
                report.add(row)
            done += month.rows
        on_step(Step("judged", total, total))
        await shadow.thaw()
        if swap:
            # once more without the hold, so that what is left to do under it is only what came meanwhile
            await _catch_up(shadow)
            on_step(Step("waiting for the store to finish its block", total, total))
            async with hold(), rewriting(shadow.live):
                await _catch_up(shadow)
                for month in await shadow.months():
                    on_step(Step(f"swapping {month.month}", total, total))
                    await shadow.swap(month.month)
            report.is_swapped = True
            await shadow.drop()
        return report


async def discard(url: str, *, ruleset: int, hold: Hold) -> None:
    """Forget what a replay has made. Months whose swap was interrupted are made whole first: views from the log."""
    async with _shadow(url, ruleset) as shadow:
        if interrupted := await shadow.interrupted():
            async with hold(), rewriting(shadow.live):
                for month in interrupted:
                    for view in (*shadow.views, *shadow.mixed_views):
                        await rebuild_month(shadow.live, view, month)
        await shadow.drop()


async def _catch_up(shadow: Shadow) -> None:
    """Judge what came since the last look; months of which no part has changed are not read."""
    if stale := await shadow.stale():
        await shadow.refresh()
        for month in stale:
            await shadow.bring_up_to_date(month.month)


@asynccontextmanager
async def _shadow(url: str, ruleset: int) -> AsyncIterator[Shadow]:
    judge = judge_by(ruleset)
    clickhouse = await ClickHouse.open(url, timeout_seconds=_STATEMENT_SECONDS)
    try:
        async with (
            schema_lock(clickhouse, wait_seconds=_LOCK_SECONDS),
            open_shadow(url, ruleset=ruleset, judge=judge, timeout_seconds=_STATEMENT_SECONDS) as shadow,
        ):
            yield shadow
    except SchemaLockedError as error:
        raise ConflictError("Another replay or a migration is at work; try again when it has ended.") from error
    finally:
        await asyncio.shield(clickhouse.close())
