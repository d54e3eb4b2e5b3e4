"""Errors have ClickHouse's code, its text and its HTTP status."""

import httpx
import pytest

from tests.contracts.clickhouse.conftest import Server


@pytest.mark.parametrize(
    ("sql", "code", "name", "status"),
    [
        ("SELEC 1", 62, "SYNTAX_ERROR", 400),
        ("SELECT 1; SELECT 2", 62, "SYNTAX_ERROR", 400),
        ("", 62, "SYNTAX_ERROR", 400),
        ("SELECT * FROM no_such_table", 60, "UNKNOWN_TABLE", 404),
        ("SELECT * FROM no_such_database.t", 81, "UNKNOWN_DATABASE", 404),
        ("SELECT no_such_column", 47, "UNKNOWN_IDENTIFIER", 404),
        ("SELECT no_such_function(1)", 46, "UNKNOWN_FUNCTION", 404),
        ("INSERT INTO no_such_table (a) FORMAT JSONEachRow\n{}", 60, "UNKNOWN_TABLE", 404),
        ("SELECT 1 SETTINGS no_such_setting = 1", 115, "UNKNOWN_SETTING", 404),
        ("SELECT 1 FORMAT NoSuchFormat", 73, "UNKNOWN_FORMAT", 404),
        ("SELECT {x:UInt8}", 456, "UNKNOWN_QUERY_PARAMETER", 500),
        ("SELECT throwIf(1)", 395, "FUNCTION_THROW_IF_VALUE_IS_NON_ZERO", 500),
    ],
)
def test_an_error_has_code_text_and_status(http: httpx.Client, sql: str, code: int, name: str, status: int) -> None:
    response = http.post("/", content=sql)
    assert response.headers["x-clickhouse-exception-code"] == str(code)
    assert response.text.startswith(f"Code: {code}. DB::Exception: ")
    assert f"({name}) (version " in response.text
    assert response.status_code == status


@pytest.mark.parametrize(
    ("parameters", "code", "status"),
    [
        ({"max_execution_time": "0.3"}, 159, 408),
        ({"no_such_setting": "1"}, 115, 404),
        ({"database": "no_such_database"}, 81, 404),
        ({"param_seconds": "x"}, 72, 400),
    ],
)
def test_parameters_of_the_request_are_judged(
    http: httpx.Client, parameters: dict[str, str], code: int, status: int
) -> None:
    sql = "SELECT sum(sleepEachRow({seconds:Float64})) FROM numbers(100) SETTINGS max_block_size = 1"
    response = http.post("/", params={"param_seconds": "0.05"} | parameters, content=sql)
    assert response.headers["x-clickhouse-exception-code"] == str(code), response.text
    assert response.status_code == status


@pytest.mark.parametrize(
    "sql", ["INSERT INTO {table} VALUES (1, 'a')", "DROP TABLE {table}", "SELECT 1 SETTINGS max_threads = 1"]
)
def test_readonly_1_forbids_changes_of_data_and_settings(http: httpx.Client, table: str, sql: str) -> None:
    response = http.post("/", params={"readonly": "1"}, content=sql.replace("{table}", table))
    assert response.headers["x-clickhouse-exception-code"] == "164"
    assert response.status_code == 500


def test_readonly_comes_with_other_settings_of_the_same_request(http: httpx.Client) -> None:
    response = http.post("/", params={"readonly": "1", "max_threads": "1"}, content="SELECT getSetting('max_threads')")
    assert response.text == "1\n"


def test_a_get_changes_nothing(http: httpx.Client, table: str) -> None:
    response = http.get("/", params={"query": f"DROP TABLE {table}"})
    assert response.headers["x-clickhouse-exception-code"] == "164"
    assert http.get("/", params={"query": f"EXISTS {table}"}).text == "1\n"


def test_broken_data_is_refused_and_nothing_of_it_stored(http: httpx.Client, table: str) -> None:
    body = f'INSERT INTO {table} FORMAT JSONEachRow\n{{"x": 1, "s": "a"}}\n{{"x": "no number"'
    assert http.post("/", content=body).status_code == 400
    assert http.post("/", content=f"SELECT count() FROM {table}").text == "0\n"


def test_a_body_that_was_cut_is_refused(http: httpx.Client, table: str) -> None:
    import gzip

    body = gzip.compress(f"INSERT INTO {table} FORMAT TSV\n".encode() + b"1\ta\n" * 10_000)[:-20]
    response = http.post("/", content=body, headers={"Content-Encoding": "gzip"})
    assert response.status_code >= 400
    assert http.post("/", content=f"SELECT count() FROM {table}").text == "0\n"


@pytest.mark.parametrize("credentials", ["none", "basic", "headers", "url", "user"])
def test_a_wrong_password_is_refused(server: Server, credentials: str) -> None:
    user, password = server.auth
    if credentials == "none" and password == "":
        return  # a real server may let its default user in without one
    with httpx.Client(base_url=server.root, trust_env=False) as http:
        auth = {"basic": (user, "wrong"), "user": ("nobody", password)}.get(credentials)
        headers = {"X-ClickHouse-User": user, "X-ClickHouse-Key": "wrong"} if credentials == "headers" else {}
        parameters = {"user": user, "password": "wrong"} if credentials == "url" else {}
        response = http.post("/", content="SELECT 1", auth=auth, headers=headers, params=parameters)
    assert response.headers["x-clickhouse-exception-code"] == "516"
    assert response.status_code in (401, 403)  # 401 asks a browser for a password where none came at all
    assert "(AUTHENTICATION_FAILED)" in response.text


@pytest.mark.parametrize("credentials", ["basic", "headers", "url"])
def test_the_right_password_may_come_in_three_ways(server: Server, credentials: str) -> None:
    user, password = server.auth
    with httpx.Client(base_url=server.root, trust_env=False) as http:
        auth = (user, password) if credentials == "basic" else None
        headers = {"X-ClickHouse-User": user, "X-ClickHouse-Key": password} if credentials == "headers" else {}
        parameters = {"user": user, "password": password} if credentials == "url" else {}
        response = http.post("/", content="SELECT 1", auth=auth, headers=headers, params=parameters)
    assert response.text == "1\n"
