"""T2: events/s of one worker process, Kafka to ClickHouse with everything on, on Tansu and on Apache Kafka.

Ready frames are put onto the raw topic as fast as the broker takes them, and the log is watched until it holds them
all. On Apache Kafka: `python -m tests.services run --only kafka -- python -m benchmarks.run stream`, which this does
by itself where Java and Maven are there.
"""

import asyncio
import json
import os
import random
import secrets
import shutil
import subprocess
import time
import zlib
from pathlib import Path

import orjson
from aiokafka import AIOKafkaProducer

from benchmarks.processes import PYTHON, ROOT, BenchmarkError, cpu_seconds
from benchmarks.product import Product, product
from benchmarks.report import Report, median
from schemas import topics
from schemas.events import RAW_EVENT
from schemas.frame import MAX_EVENTS, Origin, decode, encode

TARGET = 50_000


def run(report: Report, work: Path) -> None:
    """Measure on the embedded broker, then on Apache Kafka, and add the rows."""
    brokers = {"Tansu (embedded)": {"KAFKA_URL": ""}}
    if os.environ.get("BENCH_STREAM_ON") == "kafka":
        report.trials["kafka"] = _trials(report, work, {})
        return
    for name, environment in brokers.items():
        trials = _trials(report, work, environment)
        report.trials[name] = trials
        _add(report, name, trials)
    if shutil.which("java") and shutil.which("mvn"):
        trials = _on_apache_kafka(report, work)
        report.trials["Apache Kafka"] = trials
        _add(report, "Apache Kafka", trials)


def _add(report: Report, name: str, trials: list[dict[str, float]]) -> None:
    rate = median([one["events_per_second"] for one in trials])
    parsing = median([one["parse_only_per_second"] for one in trials])
    core = median([one["worker_cpu_per_million_s"] for one in trials])
    report.add(
        f"events/s of one worker, {name} → ClickHouse, everything on",
        f"{rate:,.0f}",
        target=f"≥ {TARGET:,}",
        beside=f"only decoding and parsing the same frames {parsing:,.0f}; worker CPU {core:.1f} s per million",
        met=rate >= TARGET,
    )


def _on_apache_kafka(report: Report, work: Path) -> list[dict[str, float]]:
    folder = work / "kafka-result.json"
    command = [PYTHON, "-m", "tests.services", "run", "--only", "kafka", "--"]
    command += [PYTHON, "-m", "benchmarks.stream", str(folder), *(["--quick"] if report.is_quick else [])]
    environment = os.environ | {"BENCH_STREAM_ON": "kafka"}
    if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode:
        raise BenchmarkError("the run on Apache Kafka failed; its output is above")
    trials: list[dict[str, float]] = json.loads(folder.read_text())
    return trials


def _trials(report: Report, work: Path, environment: dict[str, str]) -> list[dict[str, float]]:
    count, trials = (50_000, 1) if report.is_quick else (1_000_000, 3)
    found = []
    for number in range(trials):
        folder = work / f"stream-{secrets.token_hex(3)}"
        folder.mkdir()
        # a broker that was used before keeps topics and offsets; each trial is a fresh product on it
        with product(folder, env=environment | {"REDIS_URL": "", "DATABASE_URL": "", "CLICKHOUSE_URL": ""}) as running:
            found.append(asyncio.run(_one(running, count)))
        print(f"  trial {number + 1}: {found[-1]['events_per_second']:,.0f} events/s", flush=True)
    return found


async def _one(running: Product, count: int) -> dict[str, float]:
    frames = make_frames(running.token, count)
    started = time.perf_counter()
    for _, frame in frames[: max(1, len(frames) // 10)]:
        _parse_only(frame)
    parse_only = (time.perf_counter() - started) / max(1, len(frames) // 10) * len(frames)
    worker = running.process("worker")
    before, cpu_before = running.stored(), cpu_seconds([worker])
    producer = AIOKafkaProducer(
        bootstrap_servers=running.ready["kafka_url"].removeprefix("kafka://"),
        acks="all",
        compression_type="zstd",
        max_batch_size=512 * 1024,
        max_request_size=8 * 2**20,
    )
    await producer.start()
    partitions = len(await producer.partitions_for(topics.RAW))
    started = time.monotonic()
    for place, frame in frames:
        await producer.send(topics.RAW, frame, partition=place % partitions)
    await producer.flush()
    produced = time.monotonic() - started
    await producer.stop()
    deadline = started + 600
    while (stored := await asyncio.to_thread(running.stored) - before) < count:
        if time.monotonic() > deadline:
            raise BenchmarkError(f"only {stored:,} of {count:,} events were stored after 10 minutes")
        await asyncio.sleep(0.2)
    seconds = time.monotonic() - started
    assert stored == count, (stored, count)
    return {
        "events": count,
        "seconds": seconds,
        "events_per_second": count / seconds,
        "produced_after_seconds": produced,
        "parse_only_per_second": count / parse_only,
        "worker_cpu_per_million_s": (cpu_seconds([worker]) - cpu_before) / count * 1e6,
    }


def _parse_only(frame: bytes) -> int:
    return len(RAW_EVENT.decode_lines(decode(frame).payload))


def make_frames(token: str, count: int) -> list[tuple[int, bytes]]:
    """Return (place, frame) pairs of `count` opens by many visitors with two hundred user agents."""
    source, segment = f"bench-{secrets.token_hex(4)}", time.time_ns()
    agents = [
        f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        f"Chrome/{100 + n % 40}.0.{n}.0 Safari/537.36"
        for n in range(200)
    ]
    now_ms = time.time_ns() // 1_000_000
    frames, start, random_bits = [], 0, random.Random(1).getrandbits
    for first in range(0, count, MAX_EVENTS):
        size = min(MAX_EVENTS, count - first)
        lines = b"".join(
            orjson.dumps(
                {
                    "type": "pixel_requested",
                    "id": _uuid7(now_ms + (first + n) // 50, random_bits(62)),
                    "at": now_ms,
                    "tracking": "user",
                    "token": token,
                    "visitor": f"{random_bits(20):032x}",
                    "userAgent": agents[random_bits(16) % 200],
                    "method": "GET",
                    "purpose": "",
                    "networks": [],
                    "country": "SA",
                },
                option=orjson.OPT_APPEND_NEWLINE,
            )
            for n in range(size)
        )
        place = zlib.crc32(f"{source}:{first}".encode())
        frames.append((place, encode(Origin(source, segment, start, start + len(lines)), size, lines)))
        start += len(lines)
    return frames


def _uuid7(at_ms: int, bits: int) -> str:
    stamp, low = f"{at_ms:012x}", f"{0x8000000000000000 | bits:016x}"
    return f"{stamp[:8]}-{stamp[8:]}-7{bits & 0xFFF:03x}-{low[:4]}-{low[4:]}"


if __name__ == "__main__":  # inside `tests.services run`, for Apache Kafka
    import sys
    import tempfile

    inner = Report("stream", "", is_quick="--quick" in sys.argv)
    with tempfile.TemporaryDirectory(prefix="heliograph-bench-stream-") as scratch:
        run(inner, Path(scratch))
    Path(sys.argv[1]).write_text(json.dumps(inner.trials["kafka"]))
