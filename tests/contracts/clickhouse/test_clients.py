"""clickhouse-connect's own clients, sync and async, work as against any server."""

import datetime as dt
import uuid

import clickhouse_connect
import pytest
from clickhouse_connect.driver.asyncclient import AsyncClient
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import DatabaseError, StreamFailureError

from tests.contracts.clickhouse.conftest import Server


def test_sync_client_inserts_and_reads_every_type_we_use(client: Client) -> None:
    client.command(
        "CREATE TABLE kinds (id UUID, at DateTime64(3, 'UTC'), tag LowCardinality(String), visitor FixedString(16),"
        " campaign Nullable(UUID), tags Array(LowCardinality(String)), score Float32, flag Bool, key UInt128,"
        " payload JSON) ENGINE = MergeTree ORDER BY id"
    )
    at = dt.datetime(2026, 3, 1, 12, 30, 0, 125000, tzinfo=dt.UTC)
    row = [uuid.uuid4(), at, "a", b"0123456789abcdef", None, ["x", "y"], 0.5, True, 2**100, {"a": {"b": 1}, "c": "d"}]
    client.insert("kinds", [row])
    assert client.query("SELECT * EXCEPT at, toUnixTimestamp64Milli(at) FROM kinds").result_rows == [
        (*row[:1], *row[2:], int(at.timestamp() * 1000))
    ]
    client.command("DROP TABLE kinds")


async def test_async_client_inserts_columns_as_one_block_and_reads_them(async_client: AsyncClient, table: str) -> None:
    columns = [list(range(20_000)), [f"value {number}" for number in range(20_000)]]
    await async_client.insert(table, columns, column_names=["x", "s"], column_oriented=True)
    result = await async_client.query(f"SELECT count(), uniqExact(_part), max(s) FROM {table}")
    assert result.result_rows == [(20_000, 1, "value 9999")]


@pytest.mark.parametrize("method", ["lz4", "zstd", "gzip", False])
def test_bodies_and_answers_are_compressed_as_agreed(server: Server, table: str, method: str | bool) -> None:
    client = clickhouse_connect.get_client(dsn=server.url, compress=method)
    client.insert(table, [[number, "same text " * 10] for number in range(5_000)], column_names=["x", "s"])
    rows = client.query(f"SELECT x, s FROM {table} ORDER BY x").result_rows
    assert rows[0] == (0, "same text " * 10)
    assert len(rows) == 5_000
    client.close()


def test_parameters_keep_their_types_and_special_characters(client: Client) -> None:
    value = "tab\t line\n quote' back\\slash ünï {x} \N{GRINNING FACE}"
    user = uuid.uuid4()
    sql = "SELECT {s:String}, {u:UUID}, {d:Date}, {n:Nullable(String)}, {a:Array(String)}, {i:Int64}"
    parameters = {"s": value, "u": user, "d": dt.date(2026, 1, 2), "n": None, "a": ["it's", "b\\"], "i": -7}
    expected = (value, user, dt.date(2026, 1, 2), None, ["it's", "b\\"], -7)
    assert client.query(sql, parameters).result_rows == [expected]


def test_parameters_may_come_in_a_form(server: Server) -> None:
    client = clickhouse_connect.get_client(dsn=server.url, form_encode_query_params=True)
    many = list(range(50_000))
    assert client.query("SELECT length({many:Array(UInt32)}), {s:String}", {"many": many, "s": "a'b"}).result_rows == [
        (50_000, "a'b")
    ]
    client.close()


async def test_async_parameters_may_come_in_a_form(server: Server) -> None:
    client = await clickhouse_connect.get_async_client(dsn=server.url, form_encode_query_params=True)
    assert (await client.query("SELECT {s:String}", {"s": "ü\t'"})).result_rows == [("ü\t'",)]
    await client.close()


def test_an_empty_answer_has_no_rows(client: Client) -> None:
    assert client.query("SELECT number FROM numbers(10) WHERE number > 10").result_rows == []


def test_columns_of_a_limit_0_query_are_known(client: Client) -> None:
    result = client.query("SELECT 1 AS a, 'b' AS b LIMIT 0")
    assert result.column_names == ("a", "b")


def test_a_large_answer_streams_block_by_block(client: Client) -> None:
    with client.query_rows_stream("SELECT number, toString(number) FROM numbers(500000)") as rows:
        assert sum(row[0] for row in rows) == 499_999 * 250_000


async def test_a_large_answer_streams_to_the_async_client(async_client: AsyncClient) -> None:
    blocks, rows = 0, 0
    async with await async_client.query_column_block_stream("SELECT number FROM numbers(500000)") as stream:
        async for block in stream:
            blocks, rows = blocks + 1, rows + len(block[0])
    assert rows == 500_000
    assert blocks > 1


def test_an_error_in_the_middle_of_a_stream_reaches_the_client(client: Client) -> None:
    sql = "SELECT number, throwIf(number = 2000000, 'in the middle') FROM numbers(3000000)"
    with (
        pytest.raises(StreamFailureError, match="in the middle"),
        client.query_rows_stream(sql, settings={"max_threads": 1, "max_block_size": 65_000}) as rows,
    ):
        for _ in rows:
            pass


def test_a_stream_left_in_the_middle_leaves_the_client_well(client: Client) -> None:
    with client.query_rows_stream("SELECT number FROM numbers(3000000)") as rows:
        assert next(iter(rows)) == (0,)
    assert client.command("SELECT 1") == 1


def test_a_command_says_what_it_wrote(client: Client, table: str) -> None:
    summary = client.insert(table, [[1, "a"], [2, "b"]], column_names=["x", "s"])
    assert summary.written_rows == 2
    assert client.command(f"SELECT count() FROM {table}") == 2


def test_errors_name_the_exception(client: Client) -> None:
    with pytest.raises(DatabaseError, match="UNKNOWN_TABLE"):
        client.query("SELECT * FROM no_such_table")


def test_raw_formats_come_as_they_are(client: Client) -> None:
    assert client.raw_query("SELECT 1 AS a FORMAT JSONEachRow") == b'{"a":1}\n'
    assert client.raw_query("SELECT 1 AS a", fmt="CSVWithNames") == b'"a"\n1\n'


def test_arrow_and_frames_work(client: Client) -> None:
    assert client.query_df("SELECT number AS n FROM numbers(3)")["n"].tolist() == [0, 1, 2]
    assert client.query_arrow("SELECT toInt32(number) AS n FROM numbers(3)").to_pydict() == {"n": [0, 1, 2]}
