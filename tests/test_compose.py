"""`docker-compose.yml` against the Compose Specification's schema and against our own promises.

No container engine runs here. `compose.schema.json` is the specification's JSON schema (Apache-2.0), as the npm
package `dclint` 3.1.0 carries it.
"""

import importlib.util
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from app.settings import Settings

ROOT = Path(__file__).parents[1]
OURS = ("migrate", "collector", "worker", "api")
BACKING = ("kafka", "clickhouse", "redis", "postgres")
VARIABLE = re.compile(r"(?<!\$)\$\{(\w+)(?::[-?][^}]*)?\}")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return content


def test_file_follows_the_compose_specification(compose: dict[str, Any]) -> None:
    schema = json.loads((ROOT / "tests" / "compose.schema.json").read_text())
    jsonschema.Draft7Validator(schema).validate(compose)


def test_schema_refuses_what_compose_would_refuse(compose: dict[str, Any]) -> None:
    schema = json.loads((ROOT / "tests" / "compose.schema.json").read_text())
    broken = compose | {"services": {"api": {"imagee": "typo"}}}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(schema).validate(broken)


def test_every_part_of_the_product_is_a_service(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == {*OURS, *BACKING}


def test_images_are_pinned_to_a_version(compose: dict[str, Any]) -> None:
    stages = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    images = [service["image"] for service in compose["services"].values()] + stages
    unpinned = [image for image in images if not re.search(r":\d+\.\d+", image)]
    assert not unpinned


def test_everything_that_stays_up_has_a_health_check_and_comes_back_by_itself(compose: dict[str, Any]) -> None:
    staying = {name: service for name, service in compose["services"].items() if name != "migrate"}
    assert [name for name, service in staying.items() if "test" not in service.get("healthcheck", {})] == []
    assert {service["restart"] for service in staying.values()} == {"unless-stopped"}


def test_our_processes_wait_for_the_migration_and_the_migration_for_healthy_services(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert services["migrate"]["depends_on"] == {name: {"condition": "service_healthy"} for name in BACKING}
    for name in ("collector", "worker", "api"):
        assert services[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_what_must_survive_a_restart_is_on_a_named_volume(compose: dict[str, Any]) -> None:
    mounted = {
        volume.split(":")[0]
        for service in compose["services"].values()
        for volume in service.get("volumes", [])
        if not volume.startswith("./")
    }
    assert mounted == set(compose["volumes"]) == {*BACKING, "collector"}


def test_mounted_files_exist(compose: dict[str, Any]) -> None:
    files = [
        volume.split(":")[0]
        for service in compose["services"].values()
        for volume in service.get("volumes", [])
        if volume.startswith("./")
    ]
    assert files
    assert all((ROOT / file).is_file() for file in files)


def test_no_secret_is_written_in_clear(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        for key, value in service["environment"].items():
            if key.endswith(("PASSWORD", "AUTH", "TOKEN")):
                assert VARIABLE.fullmatch(value), f"{name}: {key}"
            elif "@" in value and "://" in value:
                password = value.split("://")[1].split("@")[0].split(":", 1)[1]
                assert VARIABLE.fullmatch(password), f"{name}: {key}"


def test_new_env_writes_every_variable_and_never_the_same_secret_twice(compose: dict[str, Any]) -> None:
    used = set(VARIABLE.findall((ROOT / "docker-compose.yml").read_text()))
    first, second = (_new_env(), _new_env())
    assert used == set(first)
    secrets = [key for key in first if key.endswith(("_PASSWORD", "_TOKEN"))] + ["KAFKA_CLUSTER_ID"]
    assert all(first[key] != second[key] and len(first[key]) >= 22 for key in secrets)
    assert len({first[key] for key in secrets}) == len(secrets)


def _new_env() -> dict[str, str]:
    text = subprocess.run([ROOT / "docker" / "new-env"], capture_output=True, text=True, check=True).stdout
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def test_our_environment_names_are_settings(compose: dict[str, Any]) -> None:
    known = {name.upper() for name in Settings.model_fields}
    for name in OURS:
        assert set(compose["services"][name]["environment"]) <= known, name


def test_our_settings_accept_the_environment(compose: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    values = _new_env()
    for name in OURS:
        for key, value in compose["services"][name]["environment"].items():
            monkeypatch.setenv(key, VARIABLE.sub(lambda match: values[match.group(1)], value))
        settings = Settings()
        assert values["POSTGRES_PASSWORD"] in settings.database_url.get_secret_value()


def test_started_modules_exist(compose: dict[str, Any]) -> None:
    for name in ("collector", "worker", "api"):
        python, option, module = compose["services"][name]["command"]
        assert (python, option) == ("python", "-m")
        assert importlib.util.find_spec(module) is not None, module


def test_our_containers_run_without_root_and_without_privileges(compose: dict[str, Any]) -> None:
    final_stage = (ROOT / "Dockerfile").read_text().rsplit("\nFROM ", 1)[1]
    assert re.search(r"^USER heliograph$", final_stage, re.MULTILINE)
    for name in OURS:
        service = compose["services"][name]
        assert service["cap_drop"] == ["ALL"]
        assert service["read_only"] is True


def test_ports_are_published_on_loopback_unless_asked(compose: dict[str, Any]) -> None:
    published = [port for service in compose["services"].values() for port in service.get("ports", [])]
    assert sorted(published) == [
        "${PUBLISH_ADDRESS:-127.0.0.1}:8800:8800",
        "${PUBLISH_ADDRESS:-127.0.0.1}:8801:8801",
    ]


def test_files_the_image_copies_exist() -> None:
    for line in re.findall(r"^COPY (?!--from)(.+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE):
        *sources, _ = line.split()
        missing = [source for source in sources if not (ROOT / source).exists()]
        assert not missing


class _Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/well" else 503)
        self.end_headers()
        self.wfile.write(b'{"reasons":["broker_away"]}')

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def process_url() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def _healthy(url: str) -> subprocess.CompletedProcess[str]:
    script = ROOT / "docker" / "healthy.py"
    return subprocess.run([sys.executable, script, url], capture_output=True, text=True, check=False)


def test_health_check_believes_only_a_200(process_url: str) -> None:
    assert _healthy(f"{process_url}/well").returncode == 0
    sick = _healthy(f"{process_url}/sick")
    assert sick.returncode == 1
    assert "broker_away" in sick.stdout


def test_health_check_of_a_dead_process_fails_with_a_reason() -> None:
    dead = _healthy("http://127.0.0.1:1/")
    assert dead.returncode == 1
    assert "no answer" in dead.stdout
