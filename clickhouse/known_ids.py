"""Asking which events are stored already, for any number of ids."""

import asyncio
from collections.abc import Iterable
from uuid import UUID

from clickhouse.client import ClickHouse

IDS_PER_QUERY = 2_500
"""An id takes 40 bytes of a parameter, and a parameter may have 128 KiB."""
_QUERIES_AT_ONCE = 4


async def find_known_ids(clickhouse: ClickHouse, ids: Iterable[UUID], *, block: str) -> set[UUID]:
    """Return those of `ids` that `event_ids` holds from a block other than `block`.

    Rows of this very block are left out, so that a block formed again keeps all its rows.
    """
    # neighbours in time are neighbours in the table: a sorted cut reads few granules
    ordered = sorted(set(ids))
    cuts = [ordered[start : start + IDS_PER_QUERY] for start in range(0, len(ordered), IDS_PER_QUERY)]
    gate = asyncio.Semaphore(_QUERIES_AT_ONCE)

    async def ask(cut: list[UUID]) -> list[UUID]:
        async with gate:
            rows = await clickhouse.query("known_ids", {"ids": cut, "block": block})
        return [row["id"] for row in rows]

    return {known for answer in await asyncio.gather(*map(ask, cuts)) for known in answer}
