"""Inserts: every format, one block, and tokens that make a retry harmless."""

import gzip

import httpx
import pytest
from clickhouse_connect.driver.asyncclient import AsyncClient

from tests.contracts.clickhouse.conftest import Server

DEDUPLICATED = {"deduplicate_blocks_in_dependent_materialized_views": "1"}


def _scalar(http: httpx.Client, sql: str) -> str:
    response = http.post("/", content=sql)
    assert response.status_code == 200, response.text
    return response.text.strip()


@pytest.mark.parametrize(
    "body",
    [
        "INSERT INTO {table} VALUES (1, 'it''s; FORMAT'), (2, 'b')",
        'INSERT INTO {table} (x, s) FORMAT JSONEachRow {{"x": 1, "s": "it\'s; FORMAT"}} {{"x": 2, "s": "b"}}',
        "INSERT INTO {table} (s, x) FORMAT TSV\nit's; FORMAT\t1\nb\t2\n",
        "INSERT INTO {table} SETTINGS async_insert = 0 FORMAT CSV\r\n1,it's; FORMAT\r\n2,b\r\n",
        "-- a comment; FORMAT Null\n"
        "insert into table {table} /* VALUES */\nformat Values (1, 'it\\'s; FORMAT'), (2, 'b')",
        "INSERT INTO {table} SELECT 1 + number, if(number = 1, 'b', 'it\\'s; FORMAT') FROM numbers(2)",
    ],
)
def test_data_follows_the_statement_in_any_format(http: httpx.Client, table: str, body: str) -> None:
    response = http.post("/", content=body.format(table=table).encode())
    assert response.status_code == 200, response.text
    assert "x-clickhouse-format" not in response.headers
    assert _scalar(http, f"SELECT groupArray((x, s)) FROM (SELECT * FROM {table} ORDER BY x)") == (
        "[(1,'it\\'s; FORMAT'),(2,'b')]"
    )


def test_data_may_begin_with_any_byte(http: httpx.Client, table: str) -> None:
    # RowBinary of (10, "") begins with a line break
    http.post(
        "/", params={"query": f"INSERT INTO {table} FORMAT RowBinary"}, content=b"\n" + bytes(8)
    ).raise_for_status()
    assert _scalar(http, f"SELECT x, length(s) FROM {table}") == "10\t0"


def test_a_chunked_compressed_body_is_one_insert(http: httpx.Client, table: str) -> None:
    body = gzip.compress(b"".join(b"%d\ta\n" % number for number in range(50_000)))
    http.post(
        "/",
        params={"query": f"INSERT INTO {table} FORMAT TSV"},
        content=(body[at : at + 1000] for at in range(0, len(body), 1000)),
        headers={"Content-Encoding": "gzip"},
    ).raise_for_status()
    assert _scalar(http, f"SELECT count(), uniqExact(_part) FROM {table}") == "50000\t1"


def test_an_insert_without_data_stores_nothing(http: httpx.Client, table: str) -> None:
    http.post("/", content=f"INSERT INTO {table} FORMAT TSV\n")
    assert _scalar(http, f"SELECT count() FROM {table}") == "0"


def test_parameters_reach_inserts_that_select(http: httpx.Client, table: str) -> None:
    http.post("/", params={"param_s": "it's"}, content=f"INSERT INTO {table} SELECT 1, {{s:String}}").raise_for_status()
    assert _scalar(http, f"SELECT s FROM {table}") == "it\\'s"


async def test_a_token_marks_one_block_of_50000_rows(async_client: AsyncClient, http: httpx.Client, table: str) -> None:
    async def insert(token: str) -> None:
        columns = [list(range(50_000)), ["a" * (number % 50) for number in range(50_000)]]
        await async_client.insert(
            table,
            columns,
            column_names=["x", "s"],
            column_oriented=True,
            settings={"insert_deduplication_token": token, **DEDUPLICATED},
        )

    for token in ("first", "first", "second", "first"):
        await insert(token)
    assert _scalar(http, f"SELECT count() FROM {table}") == "100000"
    assert _scalar(
        http,
        f"SELECT count(), min(rows) FROM system.parts WHERE table = '{table}' AND database = currentDatabase()"
        " AND level = 0",
    ) in ("2\t50000", "0\t0")  # 0: merged already


def test_a_retry_fills_the_view_that_failed_and_nothing_else(server: Server, http: httpx.Client, table: str) -> None:
    for name in ("good", "bad"):
        http.post(
            "/",
            content=f"CREATE TABLE {table}_{name} (x UInt64) ENGINE = MergeTree ORDER BY x"
            " SETTINGS non_replicated_deduplication_window = 100",
        ).raise_for_status()
        http.post(
            "/", content=f"CREATE MATERIALIZED VIEW {table}_{name}_mv TO {table}_{name} AS SELECT x FROM {table}"
        ).raise_for_status()
    http.post("/", content=f"ALTER TABLE {table}_bad ADD CONSTRAINT fails CHECK x > 1000").raise_for_status()

    def insert(token: str) -> httpx.Response:
        return http.post(
            "/",
            params={"insert_deduplication_token": token, **DEDUPLICATED},
            content=f"INSERT INTO {table} FORMAT TSV\n1\ta\n2\tb\n",
        )

    counts = f"SELECT (SELECT count() FROM {table}_good), (SELECT count() FROM {table}_bad), count() FROM {table}"
    assert insert("block").headers["x-clickhouse-exception-code"] == "469"
    assert _scalar(http, counts).split("\t")[1] == "0"
    http.post("/", content=f"ALTER TABLE {table}_bad DROP CONSTRAINT fails").raise_for_status()
    insert("block").raise_for_status()
    assert _scalar(http, counts) == "2\t2\t2"
    insert("block").raise_for_status()
    assert _scalar(http, counts) == "2\t2\t2"
    insert("another block").raise_for_status()
    assert _scalar(http, counts) == "4\t4\t4"
    for name in ("good", "bad"):
        http.post("/", content=f"DROP TABLE {table}_{name}_mv SYNC").raise_for_status()
