import csv
import io
import json
from pathlib import Path
from uuid import UUID

import pytest

from app.sql.explain_error import explain_error
from app.sql.service import Limits, Table, run_export, run_table
from clickhouse.client import ClickHouse
from clickhouse.errors import ClickHouseQueryError, OutOfMemoryError, QueryTimedOutError, ReadOnlyError
from tests.fixtures.log import Open, at, store

LIMITS = Limits(seconds=20, rows=100)


async def test_answer_is_a_table_with_names_and_types(clickhouse: ClickHouse):
    await store(clickhouse, [Open(at=at("2025-11-20"), organisation_id=UUID(int=1), user_id=UUID(int=2))])
    answer = await run_table(clickhouse, "SELECT open_class, count() AS opens FROM events GROUP BY 1; ", LIMITS)
    assert isinstance(answer, Table)
    assert answer.columns == (("open_class", "LowCardinality(String)"), ("opens", "UInt64"))
    assert answer.rows == (("human", 1),)
    assert not answer.is_cut


async def test_rows_are_cut_exactly_at_the_limit_and_it_is_said(clickhouse: ClickHouse):
    answer = await run_table(clickhouse, "SELECT number FROM numbers(100000)", LIMITS)
    assert isinstance(answer, Table)
    assert (len(answer.rows), answer.is_cut) == (100, True)


async def test_limit_zero_is_all(clickhouse: ClickHouse):
    answer = await run_table(clickhouse, "SELECT number FROM numbers(70000)", Limits(seconds=20, rows=0))
    assert isinstance(answer, Table)
    assert (len(answer.rows), answer.is_cut) == (70_000, False)


async def test_exports_have_their_format(clickhouse: ClickHouse):
    query = "SELECT number AS n, 'a\"b' AS text FROM numbers(2)"
    assert await run_export(clickhouse, query, LIMITS, "csv") == b'"n","text"\n0,"a""b"\n1,"a""b"\n'
    lines = (await run_export(clickhouse, query, LIMITS, "json")).splitlines()
    assert [json.loads(line) for line in lines] == [{"n": 0, "text": 'a"b'}, {"n": 1, "text": 'a"b'}]
    parquet = await run_export(clickhouse, query, LIMITS, "parquet")
    assert parquet.startswith(b"PAR1")
    assert parquet.endswith(b"PAR1")


@pytest.mark.parametrize("own", ["", " FORMAT CSVWithNames"])
async def test_csv_holds_no_formula_and_everything_else(clickhouse: ClickHouse, own: str):
    query = (
        "SELECT '=HYPERLINK(\"http://evil.example\")' AS a, -1 AS b, ' +1' AS `=c`, 'x,' AS d, '\\n@x' AS e, "
        f"'\"=1' AS f, toDate('2025-01-02') AS g, NULL AS h, '-' AS i, unhex('FF') AS j, 'a,\"\"=b' AS k{own}"
    )
    answer = await run_export(clickhouse, query, LIMITS, "csv")
    header, row = csv.reader(io.StringIO(answer.decode("latin-1"), newline=""))
    assert header == ["a", "b", "'=c", *"defghijk"]
    assert row[:3] == ['\'=HYPERLINK("http://evil.example")', "-1", "' +1"]
    assert row[3:] == ["x,", "'\n@x", '"=1', "2025-01-02", "\\N", "'-", "\xff", 'a,""=b']
    table = await run_table(clickhouse, f"{query.removesuffix(own)} FORMAT JSONEachRow", LIMITS)
    assert isinstance(table, bytes)
    assert b'"=HYPERLINK' in table


async def test_csv_that_a_query_asks_for_itself_holds_no_formula(clickhouse: ClickHouse):
    assert await run_table(clickhouse, "SELECT '=1' AS x FORMAT CSV", LIMITS) == b'"\'=1"\n'


async def test_format_in_the_query_comes_first(clickhouse: ClickHouse):
    assert await run_table(clickhouse, "SELECT 1 AS x FORMAT TSVWithNames", LIMITS) == b"x\n1\n"


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO drops SELECT * FROM drops",
        "DROP TABLE events",
        "TRUNCATE TABLE events",
        "ALTER TABLE events DELETE WHERE 1",
        "CREATE TABLE mine (x UInt8) ENGINE = Memory",
        "SELECT 1 SETTINGS max_execution_time = 1000",
        "SET readonly = 0",
        "SELECT 1 SETTINGS readonly = 0",
        "SELECT * FROM file('/etc/passwd', 'LineAsString')",
        "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
        "SYSTEM FLUSH LOGS",
        "KILL QUERY WHERE 1",
        "-- a comment\n/* another */ kill\nQUERY WHERE 1",
        "SELECT 1 INTO OUTFILE '/tmp/heliograph-test-outfile'",
        "SELECT file('/etc/hostname')",
        "SELECT \"file\" /* hidden */ ('/etc/hostname')",
        r"SELECT `fi\x6ce`('/etc/hostname')",
        "SELECT $$'$$, file('/etc/hostname'), $$'$$",
        "SELECT * APPLY file FROM (SELECT '/etc/hostname')",
        "SELECT arrayMap(file, ['/etc/hostname'])",
        "SELECT arrayMap((file), ['/etc/hostname'])",
        "SELECT arrayMap(file AS g, ['/etc/hostname'])",
        "SELECT mapApply(`file`, map('a', 'b'))",
        "SELECT * APPLY(file) FROM (SELECT '/etc/hostname')",
        "WITH (x -> file(x)) AS f SELECT f('/etc/hostname')",
        "SELECT 1 AS file, file('/etc/hostname')",
        "SHOW COLUMNS FROM events WHERE file('/etc/hostname') = ''",
        "DESCRIBE TABLE file('/etc/hostname')",
        "DESCRIBE TABLE url('http://127.0.0.1:1/')",
        "DESCRIBE (SELECT * FROM events, url('http://127.0.0.1:1/'))",
        "EXPLAIN SELECT * FROM loop(URL('http://127.0.0.1:1/'))",
        "EXPLAIN SELECT * FROM s3('http://127.0.0.1:1/a/b')",
        "SELECT * FROM python('x')",
    ],
)
async def test_nothing_but_reading_is_possible(clickhouse: ClickHouse, statement: str):
    with pytest.raises(ClickHouseQueryError) as refused:
        await run_table(clickhouse, statement, LIMITS)
    assert isinstance(refused.value, ReadOnlyError) or "OUTFILE" in statement, refused.value
    assert len(await clickhouse.query("stored_counts")) == 1


async def test_word_kill_in_a_string_or_a_name_is_no_command(clickhouse: ClickHouse):
    answer = await run_table(clickhouse, "SELECT 'KILL QUERY' AS `KILL QUERY` -- KILL QUERY", LIMITS)
    assert isinstance(answer, Table)
    assert answer.rows == (("KILL QUERY",),)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT 'file', 'url(1)' AS `my url` FROM numbers(1)",
        "DESCRIBE TABLE events",
        "DESCRIBE (SELECT * FROM view(SELECT 1))",
        "EXPLAIN SELECT * FROM events",
        "SHOW CREATE TABLE events",
        "WITH 1 AS x SELECT x FORMAT TSV",
        "SELECT * FROM system.table_functions WHERE name = 'file'",
        "SELECT 1 AS file",
        "SELECT 1 AS `file`, file + 1, max(file) FROM (SELECT 2 AS x) GROUP BY file ORDER BY file",
        "SELECT t.file, concat(file, 'x') FROM (SELECT 'a' AS file) AS t WHERE file LIKE 'a'",
        "WITH 1 AS file SELECT [file], map('a', file), array(file, 2)",
    ],
)
async def test_reading_is_not_refused(clickhouse: ClickHouse, statement: str):
    await run_table(clickhouse, statement, LIMITS)


async def test_query_ends_at_its_time_limit(clickhouse: ClickHouse):
    with pytest.raises(QueryTimedOutError):
        await run_table(
            clickhouse,
            "SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1",
            Limits(seconds=0.5, rows=10),
        )


async def test_query_ends_at_its_memory_limit(clickhouse: ClickHouse):
    with pytest.raises(OutOfMemoryError):
        await run_table(
            clickhouse,
            "SELECT length(groupArray(number)) FROM numbers(100000000)",
            Limits(seconds=20, rows=10, memory_bytes=50_000_000),
        )


async def test_syntax_error_shows_the_line_and_the_place(clickhouse: ClickHouse):
    query = "\n  SELECT count()\nFROM events\nWHERE é = 'ü' GROUP BOY x\n"
    with pytest.raises(ClickHouseQueryError) as refused:
        await run_table(clickhouse, query, LIMITS)
    explained = explain_error(query, refused.value).splitlines()
    assert explained[0].startswith("SYNTAX_ERROR (62): ")
    line, caret = explained[-2], explained[-1]
    assert line == "  WHERE é = 'ü' GROUP BOY x"
    assert caret.strip() == "^"


async def test_limits_are_explained(clickhouse: ClickHouse):
    with pytest.raises(ReadOnlyError) as refused:
        await run_table(clickhouse, "DROP TABLE events", LIMITS)
    assert "Only reading is allowed" in explain_error("DROP TABLE events", refused.value)


NAMED = [
    "EXISTS TABLE default.`{}`",
    "EXISTS default.`{}`",
    "DESCRIBE TABLE default.`{}`",
    "SELECT * FROM default.`{}`",
    "SELECT * FROM `default`.`{}`",
    "EXPLAIN SELECT * FROM default.`{}`",
    "SELECT 1 IN default.`{}`",
    "SELECT hasColumnInTable('default', '{}', 'a')",
    "SELECT hasColumnInTable(concat('def', 'ault'), '{}', 'a')",
    "SELECT * FROM loop('default', '{}')",
    "SELECT * FROM loop(default.`{}`)",
    "SHOW CREATE TABLE default.`{}`",
    "SHOW COLUMNS FROM `{}` FROM default",
    "EXISTS TABLE `{}`",
    "SELECT * FROM `{}`",
    "CHECK TABLE default.`{}`",
]


async def _said(clickhouse: ClickHouse, statement: str) -> str:
    try:
        answer = await run_table(clickhouse, statement, LIMITS)
    except ClickHouseQueryError as error:
        return f"{error.code} {error.name}"
    return str(answer.rows if isinstance(answer, Table) else answer)


@pytest.mark.parametrize("statement", NAMED)
async def test_no_answer_depends_on_whether_a_file_exists(clickhouse: ClickHouse, tmp_path: Path, statement: str):
    (tmp_path / "there.csv").write_text("a,b\n31415,2\n")
    there = await _said(clickhouse, statement.format(tmp_path / "there.csv"))
    assert there == await _said(clickhouse, statement.format(tmp_path / "missing.csv"))
    assert "31415" not in there


@pytest.mark.parametrize("statement", [one for one in NAMED if "default" in one.replace("'def'", "default")])
async def test_a_database_that_shows_files_is_closed_to_queries(
    clickhouse: ClickHouse, monkeypatch: pytest.MonkeyPatch, statement: str
):
    select = clickhouse.select

    async def with_files(sql: str, parameters: dict[str, object]) -> list[dict[str, object]]:
        return [row | {"foreign_databases": ["default"]} for row in await select(sql, parameters)]

    monkeypatch.setattr(clickhouse, "select", with_files)
    with pytest.raises(ReadOnlyError):
        await run_table(clickhouse, statement.format("/etc/hostname"), LIMITS)
