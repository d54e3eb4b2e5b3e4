"""Where a statement ends and its data begins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.embedded.clickhouse_server.errors import ClickHouseError
from app.embedded.clickhouse_server.statements import parse
from app.embedded.clickhouse_server.tokens import tokens


@given(st.binary())
def test_tokens_cover_any_bytes_in_order(body: bytes) -> None:
    end = 0
    for token in tokens(body):
        assert end <= token.start < token.end
        assert body[token.start : token.end] == token.text
        end = token.end


@given(st.binary())
def test_native_data_is_handed_on_byte_by_byte(data: bytes) -> None:
    statement = parse(b"INSERT INTO `a b`.t (x, `format`) FORMAT Native\n" + data)
    assert (statement.kind, statement.format) == ("insert", "Native")
    assert statement.sql == "INSERT INTO `a b`.t (x, `format`) "
    assert bytes(statement.data) == data


def test_settings_of_an_insert_are_kept_apart() -> None:
    statement = parse(b"INSERT INTO t (x) SETTINGS async_insert = 0 VALUES (1)")
    assert statement.sql == "INSERT INTO t (x) "
    assert statement.clauses == "SETTINGS async_insert = 0 "
    assert bytes(statement.data) == b" (1)"


@pytest.mark.parametrize(
    ("sql", "kind", "form"),
    [
        (b"SELECT ';', \";\", `;` -- ; FORMAT CSV\n FORMAT JSON", "question", "JSON"),
        (b"select format('{}', 1) as format", "question", None),
        (b"WITH (SELECT 1 FORMAT CSV) AS x SELECT x;", "question", None),
        (b"(SELECT 1) UNION ALL (SELECT 2) format TSV settings max_threads = 1", "question", "TSV"),
        (b"/* SELECT */ CREATE TABLE t (x Int8) ENGINE = Memory", "command", None),
        (b"INSERT INTO t SELECT 1", "command", None),
    ],
)
def test_kind_and_format_are_recognised(sql: bytes, kind: str, form: str | None) -> None:
    statement = parse(sql)
    assert (statement.kind, statement.format) == (kind, form)


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        (b" -- nothing", 62),
        (b"SELECT 1; DROP TABLE t", 62),
        (b"INSERT INTO t", 62),
        (b"SELECT 1 INTO OUTFILE '/tmp/x'", 48),
        (b"select 1 into /* */ outfile '/tmp/x' format CSV", 48),
        (b"INSERT INTO t FROM INFILE '/etc/passwd' FORMAT CSV", 48),
        (b"SELECT '\xff'", 62),
    ],
)
def test_what_a_server_would_refuse_is_refused(sql: bytes, code: int) -> None:
    with pytest.raises(ClickHouseError) as error:
        parse(sql)
    assert error.value.code == code


def test_kill_and_process_list_see_the_ids_of_requests() -> None:
    kill = parse(b"KILL QUERY WHERE query_id = 'query_id' SYNC")
    assert kill.is_control
    assert kill.sql.count("Settings['log_comment']") == 2
    assert "= 'query_id' SYNC" in kill.sql
    listing = parse(b"SELECT query_id FROM system.processes")
    assert listing.is_control
    assert "REPLACE" in listing.sql
    assert not parse(b"SELECT query_id FROM other.processes").is_control
