"""Deleting in the background: ClickHouse calls it a mutation, writes it down when it is asked for, and does it later.

A mutation deletes of the rows that were there when it was asked for, and none that came later; it goes on
after a restart. While one is under way its table holds neither what it did before nor what it will.
"""

import asyncio

from clickhouse.client import ClickHouse
from clickhouse.errors import ClickHouseError
from clickhouse.sql_files import read_command

_LOOK_SECONDS = 0.1


class MutationFailedError(ClickHouseError):
    """ClickHouse could not delete; what was under way has been given up, and must be asked for again."""


async def until_none_is_under_way(clickhouse: ClickHouse) -> None:
    """Wait until no mutation of the database is under way, also of those that a killed process has asked for.

    The caller excludes everybody else who asks for some. One that fails would be tried for ever, and everybody would
    wait: it and all others are given up, and `MutationFailedError` says why.
    """
    while rows := await clickhouse.select(read_command("mutations_under_way")):
        if failed := [row for row in rows if row["why"]]:
            await clickhouse.command(read_command("mutations_give_up"))
            table, why = failed[0]["table"], failed[0]["why"]
            raise MutationFailedError(f"ClickHouse gave up deleting rows of {table}: {why}")
        await asyncio.sleep(_LOOK_SECONDS)
