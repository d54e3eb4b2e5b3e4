import pytest

from clickhouse.sql_files import CHECKS, BadSqlFileError
from clickhouse.views import read_view, read_views


def test_views_are_read_with_their_feeds():
    views = read_views()
    assert set(views) == {"event_ids", "opens_15m", "organisation_opens_15m", "visits_15m"}
    assert [(feed.name, feed.source) for feed in views["event_ids"].feeds] == [
        ("event_ids_mv", "events"),
        ("event_ids_drops_mv", "drops"),
        ("event_ids_reclassifications_mv", "reclassifications"),
    ]
    assert not views["event_ids"].is_partitioned
    assert views["opens_15m"].is_partitioned


def test_every_view_is_recounted_by_a_check_of_its_name():
    assert set(read_views()) <= {path.stem for path in CHECKS.glob("*.sql")}


def test_every_target_remembers_tokens_and_is_partitioned_by_month():
    for view in read_views().values():
        if view.create_table is not None:
            assert "non_replicated_deduplication_window = {dedup_window_blocks:UInt32}" in view.create_table
            assert "PARTITION BY toYYYYMM(" in view.create_table


def test_view_that_fills_another_table_is_refused(tmp_path):
    path = tmp_path / "mine.sql"
    path.write_text("CREATE MATERIALIZED VIEW mine_mv TO yours AS SELECT 1 AS x FROM events;")
    with pytest.raises(BadSqlFileError, match="fills yours, not mine"):
        read_view(path)


def test_file_with_anything_else_is_refused(tmp_path):
    path = tmp_path / "mine.sql"
    path.write_text("DROP TABLE events;")
    with pytest.raises(BadSqlFileError, match="neither its table nor a view"):
        read_view(path)
