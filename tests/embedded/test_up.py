"""`heliograph up` as people use it: start, ready file, second start, stop, and the launcher's own sudden death."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from app.embedded.ports import find_free_triple
from tests.fixtures.product import NAMES, Product
from tests.test_private_files import open_to_others

pytestmark = pytest.mark.timeout(240)

KEYS = {
    "api_url",
    "collector_url",
    "kafka_url",
    "clickhouse_url",
    "redis_url",
    "database_url",
    "worker_url",
    "pids",
    "organisation_id",
    "user_pixel_url",
    "signin_url",
    "api_key",
}


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The product in a folder as people name them. A test that stops it starts it again."""
    product = Product(tmp_path_factory.mktemp("up") / 'my data "ü')
    try:
        yield product.start()
    finally:
        if product.is_running:
            product.stop()


def up(data: Path, port: int, *options: str) -> "subprocess.CompletedProcess[str]":
    """Run `heliograph up` where it must refuse to start."""
    command = [sys.executable, "-m", "app.cli", "up", "--data", str(data), "--port", str(port), *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_ready_json_names_everything_and_only_its_owner_can_read_it(product: Product) -> None:
    assert set(product.ready) == KEYS
    assert set(product.pids) == set(NAMES)
    assert stat.S_IMODE((product.data / "ready.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((product.data / "secrets.json").stat().st_mode) == 0o600


def test_no_file_of_the_product_can_be_read_by_others(product: Product) -> None:
    assert open_to_others(product.data) == []


def test_the_read_key_opens_the_api_as_the_owner(product: Product) -> None:
    me = product.get("/api/me")
    assert me["user"]["email"] == "you@example.com"
    assert me["organisation"]["id"] == product.organisation_id


def test_the_closing_block_has_the_addresses(product: Product) -> None:
    output = product.output()
    for address in (product.api_url, product.signin_url, product.user_pixel_url):
        assert address in output


def test_the_worker_is_found_where_ready_json_says(product: Product) -> None:
    with urllib.request.urlopen(f"{product.worker_url}/health/ready", timeout=10) as answer:
        assert json.load(answer)["status"] == "ready"


def test_no_password_is_on_a_command_line(product: Product) -> None:
    passwords = json.loads((product.data / "secrets.json").read_text()).values()
    lines = " ".join(" ".join(process.cmdline()) for process in product.children())
    assert not any(password in lines for password in passwords)


def test_every_service_listens_on_loopback_only(product: Product) -> None:
    listening = {
        connection.laddr.ip
        for process in product.children()
        for connection in process.net_connections(kind="inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert listening == {"127.0.0.1"}


def test_a_second_up_on_the_same_data_says_who_runs_and_ends(product: Product) -> None:
    second = up(product.data, find_free_triple())
    assert second.returncode == 1
    assert f"pid {product.launcher.pid}" in second.stdout
    assert product.api_url in second.stdout
    assert product.get("/api/me"), "the first goes on"


def test_a_taken_port_is_named_together_with_the_option(tmp_path: Path) -> None:
    with socket.socket() as taken:
        port = find_free_triple()
        taken.bind(("127.0.0.1", port + 1))
        taken.listen(1)
        refused = up(tmp_path / "data", port)
    assert refused.returncode == 1
    assert f"Port {port + 1} (collector) is taken" in refused.stdout
    assert "--port" in refused.stdout
    assert "Traceback" not in refused.stdout + refused.stderr


@pytest.mark.kill
@pytest.mark.parametrize("name", NAMES)
def test_after_a_kill_the_process_is_back_and_ready_json_has_its_new_pid(product: Product, name: str) -> None:
    before = product.pids
    product.kill(name)
    product.wait_ready()
    after = product.pids
    assert after[name] != before[name]
    changed = {other for other in NAMES if after[other] != before[other]}
    assert changed == ({"broker", "worker"} if name == "broker" else {name})


def test_stop_leaves_nothing_running_and_the_next_start_keeps_the_key(product: Product) -> None:
    first, children = product.ready, product.children()
    assert product.stop() == 0
    assert not any(child.is_running() for child in children)
    assert not (product.data / "ready.json").exists()
    assert not list((product.data / "run").glob("*.pid"))
    product.start()
    assert {key: product.ready[key] for key in ("api_key", "organisation_id", "user_pixel_url")} == {
        key: first[key] for key in ("api_key", "organisation_id", "user_pixel_url")
    }
    assert product.ready["signin_url"] != first["signin_url"]
    assert product.get("/api/me")


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Product]:
    """A product that a test may end as it likes, in a folder as people name them."""
    own = Product(tmp_path / 'my data "ü %41')
    yield own
    if own.is_running:
        own.stop()


def test_it_starts_where_the_current_directory_cannot_be_written_and_leaves_nothing_there(tmp_path: Path) -> None:
    (here := tmp_path / "here").mkdir(mode=0o500)
    elsewhere = Product(tmp_path / "data", unwritable_cwd=here)
    try:
        elsewhere.start()
    finally:
        if elsewhere.is_running:
            elsewhere.stop()
    assert not list(here.iterdir())


def test_the_product_can_be_stopped_while_it_starts(own: Product) -> None:
    own.start(wait=False)
    while "is ready" not in own.output():
        assert own.is_running, own.output()
    children = own.children()
    assert own.stop() == 0
    assert not any(child.is_running() for child in children)
    assert not (own.data / "ready.json").exists()


def test_a_url_that_leads_nowhere_is_named_while_it_is_waited_for(tmp_path: Path) -> None:
    lost = Product(tmp_path / "data", env={"KAFKA_URL": "kafka://127.0.0.1:9"})
    lost.start(wait=False)
    try:
        while "waiting for Kafka (KAFKA_URL)" not in lost.output():
            assert lost.is_running, lost.output()
            time.sleep(0.1)
    finally:
        assert lost.stop() == 0


@pytest.mark.parametrize(
    ("setting", "url"),
    [
        ("KAFKA_URL", "http://x"),
        ("KAFKA_URL", "kafka://nowhere"),
        ("CLICKHOUSE_URL", "nonsense"),
        ("REDIS_URL", "localhost:6379"),
        ("DATABASE_URL", "postgres://user:hunter2@host/db"),
    ],
)
def test_a_url_of_another_form_is_refused_with_an_example_and_without_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str, url: str
) -> None:
    monkeypatch.setenv(setting, url)
    refused = up(tmp_path / "data", 8800)
    assert refused.returncode == 1
    assert f"{setting} is not a URL that we can use. It looks like " in refused.stdout
    assert "hunter2" not in refused.stdout + refused.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("SPOOL_SYNC", "foo"),
        ("SPOOL_QUOTA_BYTES", "abc"),
        ("SPOOL_QUOTA_BYTES", "100"),
        ("RATE_LIMIT_PER_MINUTE", "-1"),
        ("PUBLIC_URL", "foo"),
        ("PUBLIC_URL", "https://example.test/heliograph"),
        ("TZ", "Foo/Bar"),
    ],
)
def test_a_setting_that_cannot_be_used_is_told_in_one_sentence_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str, value: str
) -> None:
    monkeypatch.setenv(setting, value)
    refused = up(tmp_path / "data", 8800)
    assert refused.returncode == 1
    assert [line.split()[:2] for line in refused.stdout.splitlines() if line] == [["heliograph:", setting]]
    assert refused.stderr == ""
    assert not (tmp_path / "data").exists()


def test_a_directory_that_cannot_be_one_is_refused_with_the_option_that_helps(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    refused = up(tmp_path / "file", 8800)
    assert refused.returncode == 1
    assert "--data DIR" in refused.stdout
    assert "Traceback" not in refused.stdout + refused.stderr


def test_a_directory_whose_name_a_store_would_cut_is_refused(tmp_path: Path) -> None:
    refused = up(tmp_path / "what? 1", 8800)
    assert refused.returncode == 1
    assert "its name has a `?`" in refused.stdout
    assert not list(tmp_path.iterdir())


def test_an_address_that_is_none_is_told_by_the_option(tmp_path: Path) -> None:
    refused = up(tmp_path / "data", find_free_triple(), "--host", "foo bar")
    assert refused.returncode == 1
    assert "--host" in refused.stdout


def test_one_port_for_two_is_refused(tmp_path: Path) -> None:
    port = find_free_triple()
    refused = up(tmp_path, port, "--collector-port", str(port))
    assert refused.returncode == 1
    assert "--collector-port" in refused.stdout


def test_a_command_where_nothing_runs_says_how_to_start(tmp_path: Path) -> None:
    given = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    for command in (["verify"], ["sql", "SELECT 1"], ["users", "list"]):
        asked = subprocess.run(
            [sys.executable, "-m", "app.cli", "--data", str(tmp_path / "none"), *command],
            env=given,
            capture_output=True,
            text=True,
            check=False,
        )
        assert asked.returncode == 2
        assert "Start it with `heliograph up --data" in asked.stderr


@pytest.mark.kill
def test_a_launcher_that_was_killed_leaves_nothing_in_the_way_of_the_next_start(product: Product) -> None:
    children = product.children()
    (product.data / "run" / "hold").touch()
    os.kill(product.launcher.pid, signal.SIGKILL)
    product.launcher.wait()
    product.start()
    assert not any(child.is_running() and child.status() != psutil.STATUS_ZOMBIE for child in children)
    assert product.collector_status()["forwarder"]["state"] == "forwarding", "the stale hold is gone"
