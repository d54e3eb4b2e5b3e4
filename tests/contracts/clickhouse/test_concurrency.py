"""Queries run side by side, know nothing of each other's settings, and can be ended by name."""

import secrets
import time
from concurrent.futures import Future, ThreadPoolExecutor

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contracts.clickhouse.conftest import Server

ENDLESS = "SELECT sum(sleepEachRow(0.02)) FROM numbers(100000) SETTINGS max_block_size = 1"
PROBE = (
    "SELECT getSetting('max_threads'), getSetting('max_block_size'), getSetting('readonly'),"
    " getSetting('insert_deduplication_token'), getSetting('max_execution_time'), currentDatabase()"
)


def _post(server: Server, sql: str, **parameters: str) -> httpx.Response:
    with server.http() as http:
        return http.post("/", params=parameters, content=sql)


def _start_endless(server: Server, pool: ThreadPoolExecutor, query_id: str) -> Future[httpx.Response]:
    """Start a query that only a kill ends; return when the server lists it."""
    future = pool.submit(_post, server, ENDLESS, query_id=query_id)
    while not future.done():
        if _post(server, f"SELECT count() FROM system.processes WHERE query_id = '{query_id}'").text == "1\n":
            return future
        time.sleep(0.01)
    raise AssertionError(future.result().text)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["max_threads", "max_block_size", "max_execution_time", "readonly"]),
            st.integers(1, 2).map(str),
        )
        | st.just({"insert_deduplication_token": "left over"})
        | st.just({"database": "system"}),
        min_size=1,
        max_size=4,
    )
)
def test_no_setting_outlives_its_query(http: httpx.Client, requests: list[dict[str, str]]) -> None:
    before = http.post("/", content=PROBE).text
    for parameters in requests:
        assert http.post("/", params=parameters, content="SELECT 1").text == "1\n"
        http.post("/", params=parameters, content="SELECT no_such_column")
    http.post("/", content="SET max_threads = 1")
    http.post("/", content="USE system")
    assert http.post("/", content=PROBE).text == before


def test_the_query_id_comes_back_and_is_made_when_missing(http: httpx.Client) -> None:
    assert http.post("/", params={"query_id": "mine"}, content="SELECT 1").headers["x-clickhouse-query-id"] == "mine"
    assert http.post("/", content="SELECT 1").headers["x-clickhouse-query-id"]


def test_long_queries_run_side_by_side_with_short_ones(server: Server) -> None:
    name = secrets.token_hex(4)
    with ThreadPoolExecutor(2) as pool:
        running = [_start_endless(server, pool, f"{name}-{number}") for number in range(2)]
        listed = _post(server, f"SELECT query_id FROM system.processes WHERE query_id LIKE '{name}%' ORDER BY 1").text
        assert _post(server, "SELECT 42").text == "42\n"
        _post(server, f"KILL QUERY WHERE query_id LIKE '{name}%' SYNC").raise_for_status()
        codes = [future.result().headers["x-clickhouse-exception-code"] for future in running]
    assert listed == f"{name}-0\n{name}-1\n"
    assert codes == ["394", "394"]


def test_kill_sync_ends_only_the_queries_it_names(server: Server) -> None:
    name = secrets.token_hex(4)
    with ThreadPoolExecutor(2) as pool:
        first = _start_endless(server, pool, f"{name}-a")
        other = _start_endless(server, pool, f"{name}-b")
        killed = _post(server, f"KILL QUERY WHERE startsWith(query_id, '{name}-a') SYNC")
        assert killed.status_code == 200
        left = _post(server, f"SELECT query_id FROM system.processes WHERE startsWith(query_id, '{name}')").text
        assert left == f"{name}-b\n"
        assert "QUERY_WAS_CANCELLED" in first.result().text
        assert not other.done()
        _post(server, f"KILL QUERY WHERE query_id = '{name}-b' SYNC").raise_for_status()


def test_killing_nothing_is_no_error(http: httpx.Client) -> None:
    assert http.post("/", content="KILL QUERY WHERE query_id = 'nobody' SYNC").text == ""


def test_two_running_queries_cannot_have_one_id(server: Server) -> None:
    name = secrets.token_hex(4)
    with ThreadPoolExecutor(1) as pool:
        running = _start_endless(server, pool, name)
        assert _post(server, "SELECT 1", query_id=name).headers["x-clickhouse-exception-code"] == "216"
        _post(server, f"KILL QUERY WHERE query_id = '{name}' SYNC").raise_for_status()
        running.result()


def test_an_insert_under_way_can_be_killed_and_stores_nothing(server: Server, table: str) -> None:
    name = secrets.token_hex(4)
    _post(server, f"CREATE TABLE {table}_slow (x UInt64) ENGINE = MergeTree ORDER BY x").raise_for_status()
    _post(
        server,
        f"CREATE MATERIALIZED VIEW {table}_mv TO {table}_slow AS SELECT x + sleepEachRow(0.05) AS x FROM {table}",
    ).raise_for_status()
    rows = "".join(f"{number}\ta\n" for number in range(1_000))
    with ThreadPoolExecutor(1) as pool:
        insert = pool.submit(
            _post,
            server,
            f"INSERT INTO {table} FORMAT TSV\n{rows}",
            query_id=name,
            max_block_size="1",
            function_sleep_max_microseconds_per_block="0",
        )
        while _post(server, f"SELECT count() FROM system.processes WHERE query_id = '{name}'").text != "1\n":
            assert not insert.done(), insert.result().text
        _post(server, f"KILL QUERY WHERE startsWith(query_id, '{name}') SYNC").raise_for_status()
        assert insert.result().headers["x-clickhouse-exception-code"] == "394"
    assert _post(server, f"SELECT count() FROM {table}_slow").text == "0\n"
    _post(server, f"DROP TABLE {table}_mv SYNC").raise_for_status()


def test_a_stream_nobody_reads_any_more_ends(server: Server) -> None:
    name = secrets.token_hex(4)
    sql = "SELECT number FROM numbers(100000000000)"
    with server.http() as http, http.stream("POST", "/", params={"query_id": name}, content=sql) as response:
        assert next(response.iter_bytes())
    while _post(server, f"SELECT count() FROM system.processes WHERE query_id = '{name}'").text != "0\n":
        time.sleep(0.01)


@pytest.mark.parametrize("sql", ["SELECT 1", "SELECT number FROM numbers(10) FORMAT JSON", "EXISTS system.one"])
def test_headers_describe_the_answer(http: httpx.Client, sql: str) -> None:
    headers = http.post("/", content=sql).headers
    assert headers["x-clickhouse-format"] == ("JSON" if "JSON" in sql else "TabSeparated")
    assert headers["x-clickhouse-timezone"]
    assert headers["x-clickhouse-server-display-name"]
    assert '"read_rows":' in headers["x-clickhouse-summary"]
