"""Faults of the things around us: nothing acknowledged is lost, nothing counts twice, readiness says what is wrong,
and recovery needs no hand."""

import asyncio
import os
import secrets
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import psutil
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from app.collector.hit import HitMaker
from app.collector.salts import Salts
from app.collector.segment import pack
from schemas import topics
from schemas.frame import VERSION, Origin, encode
from tests.fixtures.stack import Stack
from tests.pipeline.wire import ask, path_of, request

STACK_ENV = {
    # small, so that a quota is reached by some thousand hits and given back at once
    "SPOOL_QUOTA_BYTES": str(2 * 2**20),
    "SPOOL_SEGMENT_BYTES": str(128 * 2**10),
    "SPOOL_HORIZON_SECONDS": "1",
    "SPOOL_SEGMENT_SECONDS": "5",
    "SPOOL_RESEND_SECONDS": "4",
}


class Opens:
    """Pixel requests of one test, each with a user agent of its own."""

    def __init__(self, stack: Stack) -> None:
        self._stack, self._mark, self._numbers = stack, f"fault-{secrets.token_hex(4)}", count()
        self.answered: list[str] = []

    async def send(self, number: int, *, length: int = 0) -> None:
        """Send requests; all are answered with the GIF."""
        agents = [f"{self._mark} {next(self._numbers)} ".ljust(length, "x") for _ in range(number)]
        path = path_of(self._stack.user_pixel_url)
        wanted = [request(path, headers=(("User-Agent", agent.encode()),)) for agent in agents]
        for first in range(0, number, 200):
            answers = await ask(self._stack.collector_url, *wanted[first : first + 200])
            assert all(answer.is_gif for answer in answers)
        self.answered += [agent.strip() for agent in agents]

    def logged(self) -> list[str]:
        """Return the user agents in the log, sorted."""
        return sorted(self._stack.logged_agents(f"{self._mark} %"))

    def assert_logged_exactly_once(self) -> None:
        """Everything answered is in the log once, and the views agree."""
        assert self.logged() == sorted(self.answered)
        verified = self._stack.command("verify")
        assert verified.returncode == 0, verified.stdout + verified.stderr


async def until(says: Callable[[], bool], what: str, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not await asyncio.to_thread(says):
        assert time.monotonic() < deadline, f"never happened: {what}"
        await asyncio.sleep(0.1)


@pytest.fixture
def opens(stack: Stack) -> Opens:
    stack.wait_settled()
    return Opens(stack)


class Hold:
    """Keeps hits in the spool: the forwarder sends nothing between `begin` and `end`."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def begin(self) -> None:
        self._file.touch()

    def end(self) -> None:
        self._file.unlink(missing_ok=True)


@pytest.fixture
def hold(stack: Stack) -> Iterator[Hold]:
    holding = Hold(stack.data / "run" / "hold")
    yield holding
    holding.end()


# -- poison on the topic -----------------------------------------------------------------------------------


def _frame() -> bytes:
    return encode(Origin("elsewhere", 1, 0, 3), 1, b"{}\n")


_POISON = {
    "frame_checksum_mismatch": _frame()[:-2] + b"!\n",
    "frame_unknown_version": _frame()[:2] + bytes([VERSION + 41]) + _frame()[3:],
    "frame_bad_magic": b"\x00" * 200,
    "frame_truncated": b"HG",
}


@pytest.mark.parametrize("code", _POISON)
async def test_poison_on_the_topic_becomes_a_dead_letter_and_the_stream_goes_on(
    stack: Stack, opens: Opens, code: str
) -> None:
    servers, record = stack.kafka_url.removeprefix("kafka://"), _POISON[code]
    async with AIOKafkaProducer(bootstrap_servers=servers) as producer:
        for partition in await producer.partitions_for(topics.RAW):
            await producer.send_and_wait(topics.RAW, record, partition=partition)
    await opens.send(50)
    await asyncio.to_thread(stack.wait_settled)
    opens.assert_logged_exactly_once()
    letters = await _dead_letters(servers, record)
    assert letters
    assert {headers["stage"] for headers in letters} == {"enrich"}
    assert all(headers["reason"].startswith(f"{code}:") for headers in letters)


async def _dead_letters(servers: str, value: bytes) -> list[dict[str, str]]:
    """Return the headers of all dead letters with this value."""
    found = []
    async with AIOKafkaConsumer(topics.DEAD, bootstrap_servers=servers, auto_offset_reset="earliest") as consumer:
        while batches := await consumer.getmany(timeout_ms=1500):
            found += [record for batch in batches.values() for record in batch if record.value == value]
    return [{name: content.decode() for name, content in record.headers} for record in found]


# -- the spool -----------------------------------------------------------------------------------------------


async def test_segment_cut_in_the_middle_of_a_record_gives_everything_before_the_cut(
    stack: Stack, opens: Opens, hold: Hold
) -> None:
    hold.begin()
    await opens.send(300)
    newest = max((stack.data / "spool" / "collector-1").glob("*.seg"))
    never_answered = pack([b'{"never":"answered"}\n'])
    with newest.open("ab") as segment:  # what a power cut leaves: half of a record nobody was answered for
        segment.write(never_answered[: len(never_answered) // 2])
    stack.kill("collector")
    hold.end()
    await asyncio.to_thread(stack.wait_settled)
    opens.assert_logged_exactly_once()
    assert stack.collector_status()["forwarder"]["damagedBytes"] == len(never_answered) // 2


async def test_damage_in_the_middle_of_a_segment_costs_only_the_damaged_record(
    stack: Stack, opens: Opens, hold: Hold
) -> None:
    hold.begin()
    for _ in range(20):
        await opens.send(1)  # a record each
    newest = max((stack.data / "spool" / "collector-1").glob("*.seg"))
    content = newest.read_bytes()
    victim = opens.answered[10]
    at = content.index(victim.encode())
    with newest.open("r+b") as segment:
        segment.seek(at)
        segment.write(b"\x00\x00\x00")
    stack.kill("collector")
    hold.end()
    await asyncio.to_thread(stack.wait_settled)
    opens.answered.remove(victim)
    opens.assert_logged_exactly_once()


async def test_full_disk_is_said_and_counted_and_ends_by_itself(stack: Stack, opens: Opens) -> None:
    await opens.send(10)
    before = stack.collector_status()["hits"]
    collector = psutil.Process(stack.pids["collector"])
    unlimited = collector.rlimit(psutil.RLIMIT_FSIZE)
    collector.rlimit(psutil.RLIMIT_FSIZE, (0, unlimited[1]))  # the kernel refuses every further byte to its files
    lost = Opens(stack)
    try:
        await lost.send(50)
        status = stack.collector_status()
    finally:
        collector.rlimit(psutil.RLIMIT_FSIZE, unlimited)
    assert status["status"] == "not_ready"
    assert "hits are not kept" in status["reasons"][0]
    assert status["hits"]["lost"] == before["lost"] + 50
    log = stack.data / "logs" / "collector.log"
    await until(lambda: "hits are being lost" in log.read_text(), "a line in the log when it begins")
    await until(lambda: "50 hits were lost" in log.read_text(), "a line with the number when it is over")
    assert stack.collector_status()["status"] == "ready"
    await opens.send(10)
    await asyncio.to_thread(stack.wait_settled)
    assert stack.collector_status()["hits"]["recorded"] == before["recorded"] + 10
    opens.assert_logged_exactly_once()
    assert lost.logged() == []


async def test_spool_over_its_quota_says_so_drops_the_newest_and_frees_itself(
    stack: Stack, opens: Opens, hold: Hold
) -> None:
    before = stack.collector_status()["hits"]
    hold.begin()
    while stack.collector_status()["hits"]["lost"] == before["lost"]:
        await opens.send(200, length=1000)
    status = stack.collector_status()
    assert status["status"] == "not_ready"
    assert "SPOOL_QUOTA_BYTES" in status["reasons"][0]
    hold.end()
    lost = status["hits"]["lost"] - before["lost"]
    assert status["hits"]["recorded"] - before["recorded"] == len(opens.answered) - lost
    await asyncio.to_thread(_wait_unconfirmed_zero, stack)
    # nothing but a next hit is needed: it finds room, and readiness is green again
    await opens.send(1)
    await asyncio.to_thread(stack.wait_settled)
    logged = opens.logged()
    assert len(logged) == len(set(logged)) == len(opens.answered) - lost
    assert set(logged) <= set(opens.answered)
    assert opens.answered[-1] in logged


def _wait_unconfirmed_zero(stack: Stack) -> None:
    deadline = time.monotonic() + 60
    while stack.collector_status()["forwarder"]["unconfirmedBytes"]:
        assert time.monotonic() < deadline
        time.sleep(0.1)


# -- time ------------------------------------------------------------------------------------------------------


async def test_clock_that_jumps_makes_no_id_twice_and_loses_no_hit(stack: Stack, opens: Opens, tmp_path: Path) -> None:
    now = time.time_ns()
    day = 86_400 * 10**9
    jumps = [now, now - day, now - day, now + 400 * day, now, now - 3600 * 10**9, now + 1, now + 1]
    clock = iter(jumps * 25)
    maker = HitMaker(Salts(tmp_path / "salts.json"), clock_ns=lambda: next(clock))
    token = Path(stack.user_pixel_url).stem
    agents = [f"jump-{secrets.token_hex(8)}" for _ in range(200)]
    lines = [
        maker.line(
            tracking="user", token=token, address="192.0.2.7", user_agent=agent.encode(), method="GET", purpose=b""
        )
        for agent in agents
    ]
    payload = b"".join(lines)
    source = f"jumping-{secrets.token_hex(4)}"
    async with AIOKafkaProducer(bootstrap_servers=stack.kafka_url.removeprefix("kafka://")) as producer:
        frame = encode(Origin(source, 1, 0, len(payload)), len(lines), payload)
        await producer.send_and_wait(topics.RAW, frame, partition=0)
        await producer.send_and_wait(topics.RAW, frame, partition=0)  # and once more, as a spool would
    await until(lambda: len(stack.logged_agents("jump-%")) >= 200, "200 hits of the jumping clock in the log")
    await opens.send(20)
    await asyncio.to_thread(stack.wait_settled)
    assert sorted(stack.logged_agents("jump-%")) == sorted(agents)
    opens.assert_logged_exactly_once()


# -- services ----------------------------------------------------------------------------------------------------


async def test_broker_that_forgets_what_it_acknowledged_is_sent_everything_again(stack: Stack, opens: Opens) -> None:
    sent = stack.collector_status()["forwarder"]["sentEvents"]
    stack.freeze("worker")
    await opens.send(300)
    await until(
        lambda: stack.collector_status()["forwarder"]["sentEvents"] >= sent + 300, "the broker acknowledged 300 hits"
    )
    stack.kill("broker", "worker")
    await asyncio.to_thread(stack.wait_settled)
    opens.assert_logged_exactly_once()


async def test_clickhouse_refusing_inserts_stops_nobody_and_is_said_until_it_takes_them(
    stack: Stack, opens: Opens
) -> None:
    await opens.send(10)
    await asyncio.to_thread(stack.wait_settled)
    stack.do("ALTER TABLE events MODIFY SETTING parts_to_throw_insert = 1, parts_to_delay_insert = 1")
    try:
        await opens.send(100)
        await until(lambda: "clickhouse" in str(stack.worker_status().get("reasons")).lower(), "readiness names it")
        assert stack.worker_status()["status"] != "ready"
        await opens.send(100)
        assert stack.collector_status()["status"] == "ready"
        assert stack.collector_status()["forwarder"]["unconfirmedBytes"] > 0
    finally:
        stack.do("ALTER TABLE events RESET SETTING parts_to_throw_insert, parts_to_delay_insert")
    await asyncio.to_thread(stack.wait_settled)
    opens.assert_logged_exactly_once()


async def test_clickhouse_that_does_not_answer_for_a_while_stores_everything_afterwards(
    stack: Stack, opens: Opens
) -> None:
    stack.freeze("clickhouse")
    try:
        await opens.send(200)
        await asyncio.sleep(3)
        assert stack.collector_status()["forwarder"]["unconfirmedBytes"] > 0
    finally:
        stack.thaw("clickhouse")
    await asyncio.to_thread(stack.wait_settled)
    opens.assert_logged_exactly_once()


async def test_redis_away_keeps_nothing_from_being_stored(stack: Stack, opens: Opens) -> None:
    if "redis" in stack.pids:
        os.kill(stack.pids["redis"], 9)
    await opens.send(100)
    await asyncio.to_thread(stack.wait_settled)
    opens.assert_logged_exactly_once()
