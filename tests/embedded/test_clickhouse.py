"""The embedded ClickHouse as a process: it starts alone, stops in order, and survives being killed."""

import os
import secrets
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from app.embedded.ports import find_free
from tests.fixtures.clickhouse import CHECKOUT, start_clickhouse, stop_clickhouse

PASSWORD = secrets.token_urlsafe(8)
Start = Callable[[], tuple[subprocess.Popen[bytes], httpx.Client]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    processes: list[subprocess.Popen[bytes]] = []
    clients: list[httpx.Client] = []

    def start_one() -> tuple[subprocess.Popen[bytes], httpx.Client]:
        [port] = find_free(1)
        processes.append(start_clickhouse(tmp_path, port, PASSWORD))
        clients.append(httpx.Client(base_url=f"http://127.0.0.1:{port}", auth=("default", PASSWORD), timeout=60))
        return processes[-1], clients[-1]

    yield start_one
    for client in clients:
        client.close()
    for process in processes:
        if process.poll() is None:
            stop_clickhouse(process)
        elif process.stderr is not None:
            process.stderr.close()


def _run(*arguments: str, password: str = PASSWORD) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app.embedded.clickhouse", *arguments],
        cwd=CHECKOUT,
        env={**os.environ, "EMBEDDED_CLICKHOUSE_PASSWORD": password},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_rows_survive_kill_9_and_a_restart(start: Start) -> None:
    process, http = start()
    http.post("/", content="CREATE TABLE t (x UInt8, j JSON) ENGINE = MergeTree ORDER BY x").raise_for_status()
    http.post("/", content='INSERT INTO t FORMAT JSONEachRow {"x": 7, "j": {"a": 1}}').raise_for_status()
    process.send_signal(signal.SIGKILL)
    process.wait()
    _, http = start()
    assert http.post("/", content="SELECT x, j.a FROM t").text == "7\t1\n"


def test_sigterm_ends_what_runs_and_then_the_process(start: Start) -> None:
    process, http = start()
    answers: list[httpx.Response] = []
    endless = "SELECT sum(sleepEachRow(0.02)) FROM numbers(1000000) SETTINGS max_block_size = 1"
    query = threading.Thread(target=lambda: answers.append(http.post("/", content=endless)))
    query.start()
    running = "SELECT count() FROM system.processes WHERE query LIKE '%sleepEachRow(0.02)%' AND query NOT LIKE '%LIKE%'"
    while http.post("/", content=running).text != "1\n":
        assert query.is_alive()
    assert stop_clickhouse(process) == 0
    query.join()
    assert answers[0].headers["x-clickhouse-exception-code"] == "394"


def test_a_statement_that_ends_soon_is_finished_before_the_process_stops(start: Start) -> None:
    process, http = start()
    answers: list[httpx.Response] = []
    query = threading.Thread(
        target=lambda: answers.append(http.post("/", content="SELECT sleep(1.5), 'finished' AS word"))
    )
    query.start()
    while (
        "sleep(1.5)" not in http.post("/", content="SELECT query FROM system.processes WHERE query LIKE '%word'").text
    ):
        assert query.is_alive()
    assert stop_clickhouse(process) == 0
    query.join()
    assert answers[0].text == "0\tfinished\n"


def test_a_second_process_on_the_same_data_is_told_who_has_it(start: Start, tmp_path: Path) -> None:
    process, _ = start()
    second = _run("--data", str(tmp_path), "--port", str(find_free(1)[0]))
    assert second.returncode == 1
    assert f"Another embedded ClickHouse (pid {process.pid}) uses {tmp_path}" in second.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.org"])
def test_it_listens_on_loopback_only(tmp_path: Path, host: str) -> None:
    refused = _run("--data", str(tmp_path), "--port", "1", "--host", host)
    assert refused.returncode == 1
    assert "loopback only" in refused.stderr


def test_it_never_runs_without_a_password(tmp_path: Path) -> None:
    refused = _run("--data", str(tmp_path), "--port", "1", password="")
    assert refused.returncode == 1
    assert "EMBEDDED_CLICKHOUSE_PASSWORD" in refused.stderr


def test_a_port_that_is_taken_is_said_in_one_sentence(start: Start, tmp_path: Path) -> None:
    _, http = start()
    refused = _run("--data", str(tmp_path / "other"), "--port", str(http.base_url.port))
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    assert str(http.base_url.port) in refused.stderr
