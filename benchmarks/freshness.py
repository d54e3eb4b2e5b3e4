"""T5: from the open of a pixel to the number in the dashboard's JSON, on an idle product and under load."""

import threading
import time
from pathlib import Path

import httpx

from benchmarks import wrk
from benchmarks.product import Product, product
from benchmarks.report import Report, percentile

LOAD = 1_000


def run(report: Report, work: Path) -> None:
    """Open pixels one after the other and ask until the answer has moved; add the rows."""
    opens = 10 if report.is_quick else 100
    with product(work) as running:
        _one_open(running)  # the first open of a day makes partitions and caches
        quiet = [_one_open(running) for _ in range(opens)]
        with httpx.Client(headers=running.user_agent_headers) as client:
            asked = time.perf_counter()
            for _ in range(opens):
                client.get(f"{running.ready['api_url']}/api/tracking/my-stats").raise_for_status()
            request_ms = (time.perf_counter() - asked) / opens * 1000
        seconds = 20 if report.is_quick else 120
        url = running.ready["collector_url"]
        # tokens of nobody: they take the whole way without moving this user's numbers
        load = threading.Thread(target=lambda: wrk.drive(url, seconds=seconds, per_second=LOAD))
        load.start()
        time.sleep(2)
        busy: list[float] = []
        while load.is_alive() and len(busy) < opens:
            busy.append(_one_open(running))
        load.join()
    report.trials["quiet_ms"], report.trials["busy_ms"] = quiet, busy
    for name, values in (("nothing else going on", quiet), (f"under {LOAD:,} hits/s", busy)):
        p50, p95 = percentile(values, 0.5), percentile(values, 0.95)
        report.add(
            f"open → dashboard JSON, {name}, p50 / p95",
            f"{p50:.0f} / {p95:.0f} ms",
            target="p95 < 1 s",
            beside=f"one question to my-stats {request_ms:.0f} ms",
            met=p95 < 1000,
        )


def _one_open(running: Product) -> float:
    """Load the pixel once and return the milliseconds until my-stats has counted it."""
    with httpx.Client(headers=running.user_agent_headers, timeout=10) as client:
        before = _opens(client, running)
        started = time.perf_counter()
        client.get(
            running.ready["user_pixel_url"],
            headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"},
        ).raise_for_status()
        while _opens(client, running) == before:
            if time.perf_counter() - started > 30:
                raise TimeoutError("an open was not counted within 30 s")
        return (time.perf_counter() - started) * 1000


def _opens(client: httpx.Client, running: Product) -> tuple[int, int]:
    answer = client.get(f"{running.ready['api_url']}/api/tracking/my-stats").raise_for_status().json()
    return answer["today"]["opens"], answer["notCounted"]["opens"]
