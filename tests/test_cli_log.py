"""`heliograph verify`, `rebuild` and `sql`, as typed."""

import asyncio
import json
from uuid import UUID

import pytest
import typer
from typer.testing import CliRunner

from app.cli_log import register
from app.store.database import Database
from app.store.ledger import BlockLedger
from app.tracking.zone_data import sources
from clickhouse.client import ClickHouse
from tests.fixtures.log import Open, at, store

app = typer.Typer()
register(app)


class Product:
    """Stores with twenty opens in them, and the commands that find them by their environment."""

    def __init__(self, clickhouse_url: str, database_url: str) -> None:
        self.clickhouse_url, self.database_url = clickhouse_url, database_url
        self._runner = CliRunner(env={"CLICKHOUSE_URL": clickhouse_url, "DATABASE_URL": database_url, "COLUMNS": "200"})

    def run(self, *arguments: str, typed: str | None = None):
        return self._runner.invoke(app, list(arguments), input=typed)

    def do(self, sql: str) -> None:
        async def work() -> None:
            clickhouse = await ClickHouse.open(self.clickhouse_url, timeout_seconds=30)
            await clickhouse.command(sql)
            await clickhouse.close()

        asyncio.run(work())

    async def prepare(self) -> None:
        clickhouse = await ClickHouse.open(self.clickhouse_url, timeout_seconds=30)
        moment = at("2025-11-20T10:00:00")
        await store(clickhouse, [Open(at=moment, organisation_id=UUID(int=1), user_id=UUID(int=2)) for _ in range(20)])
        await clickhouse.close()

    async def open_block(self) -> None:
        database = Database(self.database_url)
        ledger = BlockLedger(database, owner="worker-1")
        entry = await ledger.claim("events.clean", 0)
        await ledger.open(entry, life="life-1", first_offset=0, last_offset=1, token="t")
        await database.dispose()


@pytest.fixture
def product(migrated_url, sqlite_url):
    product = Product(migrated_url, sqlite_url)
    asyncio.run(product.prepare())
    return product


def test_verify_says_clean_and_exits_with_0(product):
    result = product.run("verify")
    assert result.exit_code == 0, result.output
    assert "20 events and 0 drops recounted" in result.output
    assert "Every view is what the log says." in result.output
    assert f"Days are reckoned by the time zone data of {sources()[0]}" in result.output


def test_verify_finds_drift_and_rebuild_repairs_it(product):
    product.do("INSERT INTO opens_15m SELECT * FROM opens_15m")
    result = product.run("verify")
    assert result.exit_code == 1
    assert "40 opens" in result.output
    assert "heliograph rebuild" in result.output
    assert product.run("rebuild", "--view", "opens_15m", "--month", "202511").exit_code == 0
    assert product.run("verify").exit_code == 0


def test_verify_as_json_is_for_programs(product):
    product.do("TRUNCATE TABLE visits_15m")
    result = product.run("verify", "--json")
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    assert (report["is_clean"], report["events"]) == (False, 20)
    assert report["zones"]["in_use"] == str(sources()[0])
    assert report["drifts"][0] | {"key": ""} == {
        "view": "visits_15m",
        "key": "",
        "expected": "20 opens",
        "found": "0 opens",
    }


def test_rebuild_while_a_block_is_open_is_refused_with_advice(product, monkeypatch):
    from app import log_maintenance
    from app.store.holds import hold_store

    monkeypatch.setattr(log_maintenance, "hold_store", lambda database: hold_store(database, wait_seconds=0))
    asyncio.run(product.open_block())
    result = product.run("rebuild")
    assert result.exit_code == 2
    assert "1 blocks are still being stored" in result.output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["rebuild", "--view", "nope"], "There is no view nope"),
        (["rebuild", "--month", "202513"], "202513 is not a month like 202511"),
        (["sql", "SELECT 1", "-o", "x.csv"], "--output needs --format"),
    ],
)
def test_wrong_arguments_are_told_in_a_sentence(product, arguments, sentence):
    result = product.run(*arguments)
    assert result.exit_code == 2
    assert sentence in result.output
    assert "Traceback" not in result.output


def test_sql_shows_a_table(product):
    result = product.run("sql", "SELECT open_class, count() AS opens FROM events GROUP BY 1")
    assert result.exit_code == 0, result.output
    assert "human" in result.output
    assert "1 row," in result.output


def test_sql_reads_standard_input(product):
    result = product.run("sql", "--format", "csv", typed="SELECT count() AS n FROM events;\n")
    assert result.stdout == '"n"\n20\n'


def test_sql_says_that_the_limit_cut(product):
    result = product.run("sql", "--limit", "3", "SELECT number FROM numbers(10)")
    assert "3 rows, cut at the limit of 3 (--limit 0 is all)" in result.output


def test_sql_writes_a_file(product, tmp_path):
    path = tmp_path / "answer.parquet"
    result = product.run("sql", "--format", "parquet", "-o", str(path), "SELECT 1 AS x")
    assert result.exit_code == 0, result.output
    assert path.read_bytes().startswith(b"PAR1")


def test_sql_error_is_clickhouses_sentence_with_the_place(product):
    result = product.run("sql", "SELECT count() FRM events")
    assert result.exit_code == 1
    assert "SYNTAX_ERROR (62)" in result.output
    assert "^" in result.output


def test_empty_query_is_told(product):
    result = product.run("sql", " ; ")
    assert result.exit_code == 1
    assert "The query is empty" in result.output


def test_nobody_listening_is_told_in_a_sentence(product):
    result = CliRunner(env={"CLICKHOUSE_URL": "http://default:x@127.0.0.1:1/heliograph"}).invoke(
        app, ["sql", "SELECT 1"]
    )
    assert result.exit_code == 2
    assert "no ClickHouse at 127.0.0.1:1" in result.output
