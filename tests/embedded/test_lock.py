import os
from pathlib import Path

import pytest

from app.embedded.data_dir import DataDir
from app.embedded.errors import AlreadyRunningError
from app.embedded.lock import DirectoryLock


def test_a_second_owner_is_told_pid_and_url_of_the_first(tmp_path: Path) -> None:
    data = DataDir.at(tmp_path)
    with (
        DirectoryLock(data, url="http://127.0.0.1:8800"),
        pytest.raises(AlreadyRunningError, match=rf"pid {os.getpid()}, http://127\.0\.0\.1:8800"),
        DirectoryLock(data, url="http://127.0.0.1:9900"),
    ):
        pass


def test_the_directory_is_free_again_afterwards(tmp_path: Path) -> None:
    data = DataDir.at(tmp_path)
    for _ in range(2):
        with DirectoryLock(data, url="http://127.0.0.1:8800"):
            assert str(os.getpid()) in data.lock.read_text()
