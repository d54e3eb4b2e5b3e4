"""Every metric stands in one list: what processes expose is what the list says, and none is made without it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from app import metrics
from app.telemetry import render_metrics
from streams.state import WorkerMetrics, WorkerState
from tests.fixtures.api import Api

ROOT = Path(__file__).resolve().parents[1]
MAKERS = {"Counter", "Gauge", "Histogram", "Summary", "Info", "Enum"}


def exposed(body: bytes) -> dict[str, tuple[str, str]]:
    """Return what a metrics page exposes of ours: name → (kind, text)."""
    families = text_string_to_metric_families(body.decode())
    return {
        family.name: (family.type, family.documentation)
        for family in families
        if family.name.startswith("heliograph_") and not family.name.endswith("_created")
    }


def listed(process: str) -> dict[str, tuple[str, str]]:
    return {metric.name: (metric.kind, metric.text) for metric in metrics.BY_PROCESS[process]}


async def test_the_api_exposes_its_part_of_the_list(api: Api) -> None:
    found = exposed(render_metrics(api.resources.registry)[0])
    found.pop("heliograph_info")  # which process it is
    assert found == listed("api")


def test_the_worker_exposes_its_part_of_the_list() -> None:
    registry = CollectorRegistry()
    registry.register(WorkerMetrics(WorkerState()))
    assert exposed(render_metrics(registry)[0]) == listed("worker")


def test_a_name_is_listed_once_and_says_its_unit() -> None:
    names = [metric.name for process in metrics.BY_PROCESS.values() for metric in process]
    assert len(names) == len(set(names))
    for process in metrics.BY_PROCESS.values():
        for metric in process:
            assert metric.name.startswith("heliograph_") and not metric.name.endswith("_total"), metric.name
            assert (metric.kind == "histogram") == bool(metric.buckets), metric.name


def test_an_unlisted_name_or_another_kind_is_refused() -> None:
    with pytest.raises(KeyError):
        metrics.counter("heliograph_unheard_of", CollectorRegistry())
    with pytest.raises(KeyError, match="counter"):
        metrics.gauge_family("heliograph_drops", 1)


def made_elsewhere() -> Iterator[str]:
    """Yield each call that makes a metric of prometheus_client outside the list."""
    for folder in ("app", "streams", "clickhouse", "schemas"):
        for file in (ROOT / folder).rglob("*.py"):
            if "node_modules" in file.parts or file == ROOT / "app" / "metrics.py":
                continue
            tree = ast.parse(file.read_text())
            imported = {
                alias.asname or alias.name
                for node in ast.walk(tree)
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("prometheus_client")
                for alias in node.names
                if alias.name in MAKERS or alias.name.endswith("MetricFamily")
            }
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in imported:
                    yield f"{file.relative_to(ROOT)}:{node.lineno} {node.func.id}"


def test_no_metric_is_made_outside_the_list() -> None:
    assert [place for place in made_elsewhere() if not place.startswith("app/telemetry.py")] == []
