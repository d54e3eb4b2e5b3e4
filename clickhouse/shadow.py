"""The shadow of the log: a database beside the live one, in which history is judged anew, month by month.

It holds the log's double, the views' doubles (fed by the same definitions), the verdict of every distinct request, and
how far each month is. All of it survives being killed: a month that was being filled is begun again, one that is
done is only brought up to date. Live data are touched by `swap` alone.
"""

import asyncio
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from clickhouse.client import MAINTENANCE_SECONDS, ClickHouse
from clickhouse.errors import ClickHouseError
from clickhouse.rebuild import rebuild_month
from clickhouse.sql_files import read_command
from clickhouse.views import View

FILLING, DONE, SWAPPING, SWAPPED = "filling", "done", "swapping", "swapped"
_REQUESTS_AT_ONCE = 20_000
_MODEST: Mapping[str, object] = {
    "insert_deduplicate": 0,  # two equal blocks of one replay are two blocks
    "max_block_size": 32_768,
    "min_insert_block_size_rows": 262_144,  # with every column and three views at once, a million rows take 1 GB
    "min_insert_block_size_bytes": 0,
}
ANY_SIZE: Mapping[str, object] = {"max_table_size_to_drop": 0, "max_partition_size_to_drop": 0}


class Asked(NamedTuple):
    """What a judgement depends on: one distinct request."""

    user_agent: str
    method: str
    purpose: str
    networks: tuple[str, ...]


class Verdict(NamedTuple):
    """The derived columns of every open with that request."""

    open_class: str
    confidence: float
    reasons: tuple[str, ...]
    device: str
    is_mail_proxy: bool


Judge = Callable[[Sequence[Asked]], Sequence[Verdict]]
"""Judges requests, in order; runs in a thread."""


class ReplayError(ClickHouseError):
    """The shadow cannot be made or used; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the log: like 202511, its rows, the fingerprint of its parts."""

    month: int
    rows: int
    parts: int


@dataclass(slots=True)
class Shadow:
    """The shadow for one ruleset. Opened by `shadow_database.open_shadow`; one process at a time."""

    live: ClickHouse
    database: ClickHouse
    ruleset: int
    judge: Judge
    views: Sequence[View]
    """Views whose doubles the shadow holds."""
    mixed_views: Sequence[View]
    """Views that other tables feed too: remade from the log after a swap."""
    _cloned: dict[int, Month] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Name of the database."""
        return self.database.database

    # -- filling -------------------------------------------------------------------------------------------

    async def refresh(self) -> list[Month]:
        """Freeze the log as it is now, and return its months and those that only the shadow has."""
        # The fingerprints are taken first: what comes between is in the clone, and a later look finds it changed.
        months = await self.months()
        await self.thaw()
        await self.database.command(
            read_command("replay_clone", live=self.live.database), timeout_seconds=MAINTENANCE_SECONDS
        )
        self._cloned = {month.month: month for month in months}
        return months

    async def thaw(self) -> None:
        """Let the frozen log go: its clone keeps parts on disk that the log has merged since."""
        await self.database.command(read_command("drop_table", table="source"))

    async def stale(self) -> list[Month]:
        """Return the months that have changed since they were done, or never were."""
        known = {row["month"]: row for row in await self.database.select(read_command("replay_progress"))}
        return [
            month
            for month in await self.months()
            if (row := known.get(month.month)) is None or row["state"] == FILLING or row["parts"] != month.parts
        ]

    async def bring_up_to_date(self, month: int) -> None:
        """Make the shadow's month the frozen log's, judged by the ruleset. Call `refresh` first."""
        found = await self._differences(month)
        if await self._state(month) == FILLING or found["stale_blocks"]:
            await self._empty(month)
            found = await self._differences(month)
        if found["missing_blocks"]:
            await self._note(month, FILLING)
            await self._judge_month(month)
            await self.database.command(
                read_command("replay_fill"),
                {"month": month, "ruleset": self.ruleset},
                settings={**_MODEST, "query_id": self._query_id()},  # named, so that the next run can end it
                timeout_seconds=MAINTENANCE_SECONDS,
            )
            found = await self._differences(month)
            if found["missing_blocks"] or found["stale_blocks"]:
                raise ReplayError(f"the shadow of {month} is not what the log holds: {found}; run it again")
        await self._note(month, DONE)

    async def changes(self, month: int) -> list[dict[str, Any]]:
        """Return date, class_before, class_after and opens of the frozen log's month."""
        return await self.database.select(
            read_command("replay_changes"), {"month": month}, timeout_seconds=MAINTENANCE_SECONDS
        )

    async def _judge_month(self, month: int) -> None:
        while rows := await self.database.select(
            read_command("replay_unjudged"),
            {"month": month, "limit": _REQUESTS_AT_ONCE},
            timeout_seconds=MAINTENANCE_SECONDS,
        ):
            asked = [Asked(r["user_agent"], r["method"], r["purpose"], tuple(r["networks"])) for r in rows]
            verdicts = await asyncio.to_thread(self.judge, asked)
            await self.database.insert(
                "verdicts",
                {
                    "key": [row["key"] for row in rows],
                    "open_class": [verdict.open_class for verdict in verdicts],
                    "confidence": [verdict.confidence for verdict in verdicts],
                    "reasons": [list(verdict.reasons) for verdict in verdicts],
                    "device": [verdict.device for verdict in verdicts],
                    "is_mail_proxy": [verdict.is_mail_proxy for verdict in verdicts],
                },
                query_id=self._query_id(),
                token=None,
            )

    async def _differences(self, month: int) -> dict[str, int]:
        [found] = await self.database.select(
            read_command("replay_differences"), {"month": month}, timeout_seconds=MAINTENANCE_SECONDS
        )
        return found

    async def _empty(self, month: int) -> None:
        for table in self._tables():
            await self.database.command(read_command("replay_empty_month", table=table, month=month), settings=ANY_SIZE)

    # -- swapping ------------------------------------------------------------------------------------------

    async def swap(self, month: int) -> None:
        """Put the shadow's month in the place of the live one.

        The caller holds the store and has brought the month up to date under this hold.
        Killed in the middle, the log may be new and a view old: `bring_up_to_date` and `swap` again make it whole.
        """
        await self._note(month, SWAPPING)
        for table in self._tables():
            [counted] = await self.database.select(read_command("rows_of_month"), {"table": table, "month": month})
            command = (
                read_command("replay_swap", table=table, month=month, shadow=self.name)
                if counted["rows"]
                else read_command("replay_empty_month", table=table, month=month)  # replacing by nothing is not defined
            )
            await self.live.command(command, settings=ANY_SIZE, timeout_seconds=MAINTENANCE_SECONDS)
        for view in self.mixed_views:
            await rebuild_month(self.live, view, month)
        await self._note(month, SWAPPED)

    async def interrupted(self) -> list[int]:
        """Return the months whose swap was interrupted."""
        return [row["month"] for row in await self.database.select(read_command("replay_interrupted"))]

    async def drop(self) -> None:
        """Forget the shadow."""
        await self.live.command(
            read_command("drop_database", database=self.name), settings=ANY_SIZE, timeout_seconds=MAINTENANCE_SECONDS
        )

    # -- small things --------------------------------------------------------------------------------------

    def _tables(self) -> list[str]:
        return ["events", *(view.name for view in self.views)]

    async def months(self) -> list[Month]:
        """Return the months of the log as it is now, and those that only the shadow has."""
        rows = await self.database.select(read_command("replay_months"), {"live": self.live.database})
        return [Month(row["month"], row["rows"], row["parts"]) for row in rows]

    async def _state(self, month: int) -> str | None:
        rows = await self.database.select(read_command("replay_progress"))
        return next((row["state"] for row in rows if row["month"] == month), None)

    async def _note(self, month: int, state: str) -> None:
        rows = await self.database.select(read_command("replay_progress"))
        number = 1 + max((row["last_number"] for row in rows), default=0)
        parts = self._cloned[month].parts if month in self._cloned else 0
        await self.database.insert(
            "progress",
            {"month": [month], "state": [state], "parts": [parts], "number": [number]},
            query_id=self._query_id(),
            token=None,
        )

    def _query_id(self) -> str:
        return f"{self.name}:{secrets.token_hex(8)}"
