import asyncio
import shutil
import socket
from datetime import datetime
from uuid import UUID, uuid4

import pytest

from clickhouse import client as client_module
from clickhouse.client import ClickHouse
from clickhouse.errors import (
    ClickHouseDataError,
    ClickHouseQueryError,
    ClickHouseUnavailableError,
    QueryKilledError,
    QueryMissingError,
    QueryTimedOutError,
)
from clickhouse.sql_files import QUERIES, read_queries
from tests.fixtures.log import Open, at, columns_of, store

ORGANISATION, USER = UUID(int=1), UUID(int=2)


def _open(**changes) -> Open:
    return Open(**({"at": at("2025-11-20T10:00:00.123"), "organisation_id": ORGANISATION, "user_id": USER} | changes))


async def test_rows_come_back_with_python_types(clickhouse: ClickHouse):
    stored = _open(reasons=("a", "b"), confidence=0.25)
    await store(clickhouse, [stored])
    asked = {"organisation_id": ORGANISATION, "user_id": USER, "exclude_bots": True, "limit": 5}
    [row] = await clickhouse.query("user_opens_recent", asked)
    assert row == {
        "id": stored.id,
        "at": stored.at,
        "is_corrected": False,
        "open_class": "human",
        "is_counted": True,
        "is_rate_limited": False,
        "device": "desktop",
        "country": "SA",
        "reasons": ["a", "b"],
        "confidence": 0.25,
    }
    assert row["at"].tzinfo is not None


async def test_the_same_block_again_under_its_token_adds_nothing_anywhere(clickhouse: ClickHouse):
    rows = [_open() for _ in range(50)]
    for _ in range(3):
        await store(clickhouse, rows, token="block-1")
    [counts] = await clickhouse.query("stored_counts")
    assert (counts["events"], counts["event_ids"]) == (50, 50)
    [viewed] = await clickhouse.select("SELECT sum(opens) AS opens FROM opens_15m")
    assert viewed["opens"] == 50


async def test_another_token_stores_the_same_rows_again(clickhouse: ClickHouse):
    rows = [_open()]
    await store(clickhouse, rows, token="block-1")
    await store(clickhouse, rows, token="block-2")
    [counts] = await clickhouse.query("stored_counts")
    assert counts["events"] == 2


async def test_an_insert_is_one_block_however_large(clickhouse: ClickHouse):
    rows = [_open(user_agent="x" * 500) for _ in range(20_000)]
    await clickhouse.insert("events", columns_of(rows), query_id="test:one-block", token="t")
    [parts] = await clickhouse.select(
        "SELECT max(max_block_number) - min(min_block_number) + 1 AS blocks FROM system.parts "
        "WHERE database = currentDatabase() AND table = 'events' AND active"
    )
    assert parts["blocks"] == 1


@pytest.mark.parametrize("given", [lambda id_: id_, str, lambda id_: id_.int, lambda id_: id_.bytes])
async def test_ids_may_be_given_in_four_ways_and_times_as_milliseconds(clickhouse: ClickHouse, given):
    stored = _open()
    columns = columns_of([stored])
    columns["id"] = [given(stored.id)]
    columns["at"] = [int(stored.at.timestamp() * 1000)]
    await clickhouse.insert("events", columns, query_id="test:ids", token=None)
    assert await clickhouse.select("SELECT id, at FROM events") == [{"id": stored.id, "at": stored.at}]


async def test_ids_given_as_text_are_checked_all_at_once(clickhouse: ClickHouse):
    rows = [_open() for _ in range(3)]
    columns = columns_of(rows) | {"id": [str(row.id) for row in rows]}
    await clickhouse.insert("events", columns, query_id="test:text-ids", token=None)
    assert {row["id"] for row in await clickhouse.select("SELECT id FROM events")} == {row.id for row in rows}
    for wrong in ("", "0192", "x" * 36):
        columns["id"] = [str(rows[0].id), wrong, str(rows[2].id)]
        with pytest.raises(ClickHouseDataError, match="events"):
            await clickhouse.insert("events", columns, query_id="test:text-ids", token=None)


async def test_wrong_columns_are_refused_by_name_and_nothing_is_stored(clickhouse: ClickHouse):
    good = columns_of([_open()])
    for columns, message in (
        (good | {"colour": ["red"]}, "events has no column colour"),
        (good | {"device": ["desktop", "mobile"]}, "device has 2 values"),
        (good | {"visitor": [b"short"]}, "visitor"),
        ({"id": []}, "without rows"),
    ):
        with pytest.raises(ClickHouseDataError, match=message):
            await clickhouse.insert("events", columns, query_id="test:wrong", token=None)
    [counts] = await clickhouse.query("stored_counts")
    assert counts["events"] == 0


async def test_table_that_was_altered_meanwhile_is_looked_at_again(clickhouse: ClickHouse):
    await store(clickhouse, [_open()])
    await clickhouse.command("ALTER TABLE events DROP COLUMN payload")
    with pytest.raises(ClickHouseQueryError):
        await store(clickhouse, [_open()])
    columns = {name: values for name, values in columns_of([_open()]).items() if name != "payload"}
    await clickhouse.insert("events", columns, query_id="test:altered", token=None)
    [counts] = await clickhouse.query("stored_counts")
    assert counts["events"] == 2


async def test_time_without_a_zone_is_refused(clickhouse: ClickHouse):
    ahead = {"offset_starts": [0], "offsets": [0]}
    asked = {"organisation_id": None, "from_at": datetime(2025, 1, 1), "until_at": at("2025-02-01")} | ahead
    with pytest.raises(ValueError, match="from_at is a time without a zone"):
        await clickhouse.query("drops_by_reason", asked)


async def test_moments_are_bound_to_the_millisecond_whatever_their_zone(clickhouse: ClickHouse):
    moment = at("2025-11-20T12:00:00.789+03:00")
    [row] = await clickhouse.select("SELECT {moment:DateTime64(3, 'UTC')} AS moment", {"moment": moment})
    assert row["moment"] == moment


async def test_parameter_too_long_for_a_server_is_refused_with_advice(clickhouse: ClickHouse):
    with pytest.raises(ValueError, match="ask in several"):
        await clickhouse.select("SELECT length({ids:Array(UUID)})", {"ids": [uuid4() for _ in range(4_000)]})


async def test_text_in_a_parameter_is_never_sql(clickhouse: ClickHouse):
    nasty = "'); DROP TABLE events; -- \\ \n ☃"
    [row] = await clickhouse.select("SELECT {text:String} AS text", {"text": nasty})
    assert row["text"] == nasty
    await clickhouse.query("stored_counts")


async def test_query_over_its_time_raises_timed_out(clickhouse: ClickHouse):
    with pytest.raises(QueryTimedOutError):
        await clickhouse.select(
            "SELECT sum(sleepEachRow(0.1)) FROM numbers(100) SETTINGS max_block_size = 1",
            settings={"max_execution_time": 0.5},
        )


async def test_kill_ends_the_running_queries_with_the_prefix_and_no_others(clickhouse: ClickHouse):
    endless = "SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1"
    mine = asyncio.create_task(clickhouse.select(endless, settings={"query_id": "store:events.clean:3:x"}))
    other = asyncio.create_task(clickhouse.select(endless, settings={"query_id": "store:events.clean:31:x"}))
    running = "SELECT count() AS queries FROM system.processes WHERE startsWith(query_id, 'store:events.clean:')"
    while (await clickhouse.select(running))[0]["queries"] < 2:
        await asyncio.sleep(0.02)
    await clickhouse.kill("store:events.clean:3:")
    with pytest.raises(QueryKilledError):
        await mine
    assert (await clickhouse.select(running))[0]["queries"] == 1
    await clickhouse.kill("store:events.clean:31:")
    with pytest.raises(QueryKilledError):
        await other


async def test_commands_of_a_named_client_are_killed_by_their_name(clickhouse: ClickHouse):
    endless = "SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1"
    mine = asyncio.create_task(clickhouse.naming("repair:events.clean:3:").command(endless))
    running = "SELECT count() AS queries FROM system.processes WHERE startsWith(query_id, 'repair:events.clean:3:')"
    while not (await clickhouse.select(running))[0]["queries"]:
        await asyncio.sleep(0.02)
    await clickhouse.kill("repair:events.clean:3:")
    with pytest.raises(QueryKilledError):
        await mine


async def test_kill_without_a_prefix_is_refused(clickhouse: ClickHouse):
    with pytest.raises(ValueError, match="every query"):
        await clickhouse.kill("")


async def test_nobody_listening_is_unavailable():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(ClickHouseUnavailableError, match=f"no ClickHouse at 127.0.0.1:{port}") as refused:
        await ClickHouse.connect(f"http://default:x@127.0.0.1:{port}/heliograph", timeout_seconds=5)
    assert "ssl" not in str(refused.value), "there is no TLS here, whatever the driver's driver says"


async def test_silence_is_unavailable(monkeypatch):
    monkeypatch.setattr(client_module, "_GRACE_SECONDS", 0.2)

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(ClickHouseUnavailableError):
        await ClickHouse.connect(f"http://default:x@127.0.0.1:{port}/heliograph", timeout_seconds=0.3)
    server.close()


async def test_query_that_does_not_parse_stops_the_start(migrated_url: str, tmp_path, monkeypatch):
    shutil.copytree(QUERIES, tmp_path / "queries")
    broken = tmp_path / "queries" / "stored_counts.sql"
    broken.write_text("-- answers: a\n-- parameters: none\n-- one row is: b\nSELECT FROM WHERE;")
    monkeypatch.setattr(client_module, "read_queries", lambda: read_queries(tmp_path / "queries"))
    with pytest.raises(QueryMissingError, match=r"queries/stored_counts\.sql does not parse: Syntax error"):
        await ClickHouse.connect(migrated_url, timeout_seconds=10)


async def test_no_queries_at_all_stop_the_start(migrated_url: str, tmp_path, monkeypatch):
    monkeypatch.setattr(client_module, "read_queries", lambda: read_queries(tmp_path))
    with pytest.raises(QueryMissingError, match="incomplete"):
        await ClickHouse.connect(migrated_url, timeout_seconds=10)


async def test_ping_asks_the_engine(clickhouse: ClickHouse):
    await clickhouse.ping()
