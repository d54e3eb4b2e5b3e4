from uuid import UUID, uuid4

from clickhouse.client import ClickHouse
from clickhouse.known_ids import IDS_PER_QUERY, find_known_ids
from tests.fixtures.log import Dropped, Open, at, store

MOMENT = at("2025-11-20T10:00:00")


async def test_ids_of_any_number_are_found_in_events_and_drops(clickhouse: ClickHouse):
    opens = [Open(at=MOMENT, organisation_id=UUID(int=1), user_id=UUID(int=2), block="a") for _ in range(IDS_PER_QUERY)]
    drops = [Dropped(at=MOMENT, block="a") for _ in range(700)]
    await store(clickhouse, [*opens, *drops])
    stored = {str(row.id) for row in (*opens, *drops)}
    fresh = {str(uuid4()) for _ in range(IDS_PER_QUERY)}
    assert await find_known_ids(clickhouse, [*stored, *fresh], block="b") == stored


async def test_rows_of_the_very_block_are_left_out(clickhouse: ClickHouse):
    mine = Open(at=MOMENT, organisation_id=UUID(int=1), user_id=UUID(int=2), block="mine")
    other = Open(at=MOMENT, organisation_id=UUID(int=1), user_id=UUID(int=2), block="other")
    await store(clickhouse, [mine, other])
    assert await find_known_ids(clickhouse, [str(mine.id), str(other.id)], block="mine") == {str(other.id)}


async def test_nothing_asked_is_nothing_known(clickhouse: ClickHouse):
    assert await find_known_ids(clickhouse, [], block="b") == set()
