"""`make test-changed` chooses the tests that reach a change, and not much more."""

import grimp
import pytest

from tests.changed import import_graph, reached_by

ALL = ["tests"]


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return import_graph()


@pytest.mark.parametrize(
    ("changed", "chosen", "left"),
    [
        ("app/collector/spool.py", "tests/collector/test_spool.py", "tests/people/test_csv_reading.py"),
        ("streams/steps/classify.py", "tests/streams/test_enrich.py", "tests/people/test_people.py"),
        ("tests/oracle/recounts.py", "tests/oracle/test_closed_days.py", "tests/clickhouse/test_verify.py"),
        ("clickhouse/queries/stored_counts.sql", "tests/oracle/test_queries_equal_their_recount.py", None),
        ("docs/operations.md", "tests/test_docs.py", "tests/collector/test_spool.py"),
        ("tests/schemas/test_frame.py", "tests/schemas/test_frame.py", "tests/test_docs.py"),
    ],
)
def test_what_imports_a_change_is_chosen(graph: grimp.ImportGraph, changed: str, chosen: str, left: str | None) -> None:
    files = reached_by([changed], graph)
    assert chosen in files
    assert left not in files


def test_what_a_fixture_starts_as_a_process_counts_as_imported(graph: grimp.ImportGraph) -> None:
    files = reached_by(["streams/worker.py"], graph)
    assert {"tests/kill/test_kill_each.py", "tests/pipeline/test_faults.py", "tests/embedded/test_up.py"} <= set(files)


def test_fixtures_that_are_asked_for_by_name_count_as_imported(graph: grimp.ImportGraph) -> None:
    files = reached_by(["tests/fixtures/api.py"], graph)
    assert "tests/team/test_routes.py" in files
    assert "tests/collector/test_hit.py" not in files


def test_what_configures_everything_chooses_everything(graph: grimp.ImportGraph) -> None:
    assert reached_by(["pyproject.toml"], graph) == reached_by(["tests/conftest.py", "docs/README.md"], graph) == ALL


def test_nothing_is_chosen_for_what_no_test_looks_at(graph: grimp.ImportGraph) -> None:
    assert reached_by(["LICENSE"], graph) == []
