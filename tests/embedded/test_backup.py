"""Backup and restore of everything on one machine, by the commands of docs/operations.md."""

import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.fixtures.printed import printed
from tests.fixtures.stack import Stack

pytestmark = pytest.mark.timeout(300)


_ENGINE = """
import sys
from importlib import import_module
folder, backups, backup, restore = sys.argv[1:]
handle = import_module("chdb._chdb").connect(f"{folder}?backups.allowed_path={backups}")
ask = lambda sql: handle.query(sql, "TabSeparated").bytes().decode().split()
ask("CREATE DATABASE heliograph")
ask("CREATE TABLE heliograph.log (n Int32) ENGINE = MergeTree ORDER BY n")
ask("CREATE TABLE heliograph.sums (n Int32) ENGINE = MergeTree ORDER BY n")
ask("CREATE MATERIALIZED VIEW heliograph.sums_mv TO heliograph.sums AS SELECT n FROM heliograph.log")
ask("INSERT INTO heliograph.log VALUES (1), (2)")
ask(backup)
ask("DROP DATABASE heliograph")
ask(restore)
ask("INSERT INTO heliograph.log VALUES (3)")
print(*ask("SELECT count() FROM heliograph.log"), *ask("SELECT count() FROM heliograph.sums"))
"""


def test_clickhouses_own_backup_brings_tables_and_views_back(tmp_path: Path) -> None:
    backup, restore = printed("operations.md", "Services of your own", "sql")
    (folder := tmp_path / "data").mkdir()
    (backups := tmp_path / "backups").mkdir()
    command = [sys.executable, "-c", _ENGINE, str(folder), str(backups), backup, restore]
    asked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert asked.stdout.split() == ["3", "3"], asked.stderr


def test_what_was_backed_up_is_all_there_and_counted_right_where_it_is_restored(tmp_path: Path) -> None:
    first, second = tmp_path / "my data", tmp_path / "restored data"
    (backup := tmp_path / "backup").mkdir()
    variables = os.environ | {"DATA": str(first), "RESTORED": str(second), "BACKUP": str(backup)}
    copy, restore = printed("operations.md", "Everything on one machine")

    product = Stack(first)
    try:
        product.start()
        for _ in range(20):
            urllib.request.urlopen(product.user_pixel_url, timeout=10).close()
        product.wait_settled()
        opens, organisation = product.value("SELECT count() FROM events"), product.organisation_id
        assert opens == 20
    finally:
        product.stop()
    subprocess.run(["bash", "-euc", copy], env=variables, check=True)
    subprocess.run(["bash", "-euc", restore], env=variables, check=True)

    restored = Stack(second)
    assert not (second / "salts.json").exists()
    try:
        restored.start()
        assert restored.value("SELECT count() FROM events") == opens
        assert restored.organisation_id == organisation
        urllib.request.urlopen(restored.user_pixel_url, timeout=10).close()
        restored.wait_settled()
        assert restored.value("SELECT count() FROM events") == opens + 1
        verified = restored.command("verify")
        assert verified.returncode == 0, verified.stdout + verified.stderr
    finally:
        restored.stop()
