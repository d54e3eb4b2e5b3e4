"""The forwarder against a real broker: every byte of the spool arrives, whatever the broker forgets."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from app.collector.forwarder import Forwarder
from app.collector.spool import Spool
from app.collector.topics import bootstrap_servers
from app.settings import Settings
from schemas import receipts, topics
from schemas.frame import Frame, decode
from schemas.receipts import Range
from tests.fixtures.kafka import EmbeddedBroker

LINE = b'{"n":%d}\n'


def settings_for(broker: EmbeddedBroker, directory: Path, **more: object) -> Settings:
    return Settings(kafka_url=broker.url, spool_dir=directory, **more)  # type: ignore[arg-type]


@contextlib.asynccontextmanager
async def forwarding(spool: Spool, settings: Settings) -> AsyncIterator[Forwarder]:
    forwarder = Forwarder(spool, settings)
    task = asyncio.create_task(forwarder.run())
    try:
        yield forwarder
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.02)


async def read_frames(broker: EmbeddedBroker, events: int) -> list[tuple[int, Frame]]:
    """Read `events.raw` from its beginning until it gave `events` events; partition and frame."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap_servers(broker.url), auto_offset_reset="earliest")
    await consumer.start()
    frames: list[tuple[int, Frame]] = []
    try:
        partitions = [TopicPartition(topics.RAW, number) for number in range(4)]
        consumer.assign(partitions)
        async with asyncio.timeout(60):
            while sum(frame.count for _, frame in frames) < events:
                for batch in (await consumer.getmany(timeout_ms=500)).values():
                    frames += [(record.partition, decode(record.value)) for record in batch]
    finally:
        await consumer.stop()
    return frames


def lines_of(frames: list[tuple[int, Frame]]) -> list[bytes]:
    return [line + b"\n" for _, frame in frames for line in frame.payload.splitlines()]


async def confirm(broker: EmbeddedBroker, source: str, ranges: list[Range]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap_servers(broker.url))
    await producer.start()
    await producer.send_and_wait(topics.RECEIPTS, receipts.encode(ranges), key=source.encode(), partition=0)
    await producer.stop()


async def test_everything_appended_arrives_in_frames(embedded_broker: EmbeddedBroker, tmp_path: Path) -> None:
    spool = Spool(tmp_path, source="c1")
    async with forwarding(spool, settings_for(embedded_broker, tmp_path)):
        for n in range(2000):
            spool.append([LINE % n])
            if n % 100 == 0:
                await asyncio.sleep(0.01)
        frames = await read_frames(embedded_broker, 2000)
    assert sorted(lines_of(frames)) == sorted(LINE % n for n in range(2000))
    assert all(frame.count <= 500 for _, frame in frames)


async def test_receipts_let_the_spool_forget(embedded_broker: EmbeddedBroker, tmp_path: Path) -> None:
    spool = Spool(tmp_path, source="c1", segment_seconds=0)
    settings = settings_for(embedded_broker, tmp_path, spool_horizon_seconds=0)
    async with forwarding(spool, settings):
        spool.append([LINE % 1])
        (found,) = list(spool.segments.values())
        await read_frames(embedded_broker, 1)
        await confirm(embedded_broker, "somebody-else", [Range(found.number, 0, found.size)])
        await asyncio.sleep(1.5)
        assert spool.unconfirmed_bytes() == found.size
        await confirm(embedded_broker, "c1", [Range(found.number, 0, found.size)])
        await until(lambda: not spool.segments)


async def test_a_broker_that_forgot_gets_again_only_what_has_no_receipt(
    embedded_broker: EmbeddedBroker, tmp_path: Path
) -> None:
    spool = Spool(tmp_path, source="c1")
    async with forwarding(spool, settings_for(embedded_broker, tmp_path)) as forwarder:
        spool.append([LINE % 1])
        (found,) = spool.segments.values()
        first_end = found.size
        await read_frames(embedded_broker, 1)
        spool.append([LINE % 2])
        await read_frames(embedded_broker, 2)
        await confirm(embedded_broker, "c1", [Range(found.number, 0, first_end)])
        await until(lambda: spool.unconfirmed_bytes() == found.size - first_end)
        embedded_broker.restart()
        await until(lambda: forwarder.backlog.resent_frames > 0)
        assert lines_of(await read_frames(embedded_broker, 1)) == [LINE % 2]


async def test_what_is_sent_again_lands_on_the_same_partition(embedded_broker: EmbeddedBroker, tmp_path: Path) -> None:
    spool = Spool(tmp_path, source="c1")
    line = b"x" * 2000 + b"\n"
    async with forwarding(spool, settings_for(embedded_broker, tmp_path)):
        for _ in range(600):
            spool.append([line])
        before = await read_frames(embedded_broker, 600)
        embedded_broker.restart()
        after = await read_frames(embedded_broker, 600)

    def places(frames: list[tuple[int, Frame]]) -> dict[int, set[int]]:
        found: dict[int, set[int]] = {}
        for partition, frame in frames:
            found.setdefault(frame.origin.start // (256 * 1024), set()).add(partition)
        return found

    assert places(before) == places(after)
    assert len(places(before)) > 3
    assert all(len(partitions) == 1 for partitions in places(after).values())


async def test_hits_wait_while_the_broker_is_away_and_a_restart_finds_them(
    embedded_broker: EmbeddedBroker, tmp_path: Path
) -> None:
    embedded_broker.kill()
    spool = Spool(tmp_path, source="c1")
    async with forwarding(spool, settings_for(embedded_broker, tmp_path)) as forwarder:
        spool.append([LINE % 1])
        await until(lambda: forwarder.state == "broker_away")
        assert forwarder.broker.reason
    spool.close()
    embedded_broker.start()
    again = Spool(tmp_path, source="c1")
    again.append([LINE % 2])
    async with forwarding(again, settings_for(embedded_broker, tmp_path)):
        assert sorted(lines_of(await read_frames(embedded_broker, 2))) == [LINE % 1, LINE % 2]


async def test_a_restart_does_not_send_again_what_kafka_has(embedded_broker: EmbeddedBroker, tmp_path: Path) -> None:
    spool = Spool(tmp_path, source="c1")
    settings = settings_for(embedded_broker, tmp_path)
    async with forwarding(spool, settings) as forwarder:
        spool.append([LINE % 1])
        await until(lambda: forwarder.sent_events == 1)
    spool.close()
    again = Spool(tmp_path, source="c1")
    async with forwarding(again, settings) as forwarder:
        again.append([LINE % 2])
        await until(lambda: forwarder.sent_events == 1)
        await asyncio.sleep(0.3)
        assert sorted(lines_of(await read_frames(embedded_broker, 2))) == [LINE % 1, LINE % 2]
        assert forwarder.sent_events == 1


async def test_a_held_forwarder_sends_nothing_until_it_is_let_go(
    embedded_broker: EmbeddedBroker, tmp_path: Path
) -> None:
    hold = tmp_path / "hold"
    hold.touch()
    spool = Spool(tmp_path / "spool", source="c1")
    settings = settings_for(embedded_broker, tmp_path, spool_hold_file=hold)
    async with forwarding(spool, settings) as forwarder:
        spool.append([LINE % 1])
        await until(lambda: forwarder.state == "held")
        await asyncio.sleep(0.2)
        assert forwarder.sent_events == 0
        hold.unlink()
        await until(lambda: forwarder.sent_events == 1)


async def test_damaged_bytes_are_counted_and_do_not_hold_up_the_rest(
    embedded_broker: EmbeddedBroker, tmp_path: Path
) -> None:
    spool = Spool(tmp_path, source="c1")
    for n in range(3):
        spool.append([LINE % n])
    (found,) = spool.segments.values()
    spool.close()
    data = bytearray(found.path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    found.path.write_bytes(data)
    again = Spool(tmp_path, source="c1")
    async with forwarding(again, settings_for(embedded_broker, tmp_path)) as forwarder:
        assert lines_of(await read_frames(embedded_broker, 2)) == [LINE % 0, LINE % 2]
        assert forwarder.backlog.damaged_bytes == found.size // 3
        assert again.unconfirmed_bytes() == found.size - found.size // 3


async def test_a_broker_that_says_nothing_is_away_before_the_connection_is_given_up(
    embedded_broker: EmbeddedBroker, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "heliograph.forwarder")
    spool = Spool(tmp_path, source="c1")
    async with forwarding(spool, settings_for(embedded_broker, tmp_path)) as forwarder:
        await until(lambda: forwarder.state == "forwarding")
        embedded_broker.freeze()
        since = time.monotonic()
        try:
            await until(lambda: forwarder.state == "broker_away")
            assert forwarder.broker.reason == "no answer", "no time-out of a driver was waited for"
            # the driver's own error: a request's time-out, or, if it was just connecting, that nobody is there
            await until(lambda: "Error" in forwarder.broker.reason)
            assert forwarder.broker.seconds is not None
            assert time.monotonic() - since - forwarder.broker.seconds < 3, "counted from the question, not its end"
        finally:
            embedded_broker.thaw()
        await until(lambda: forwarder.state == "forwarding")
        spool.append([LINE % 1])
        assert lines_of(await read_frames(embedded_broker, 1)) == [LINE % 1]
    told = [record.getMessage() for record in caplog.records if "the broker is" in record.getMessage()]
    assert ["away" in told[0], "well again" in told[1], len(told)] == [True, True, 2]


async def test_a_broker_that_says_nothing_from_the_start_is_away(
    embedded_broker: EmbeddedBroker, tmp_path: Path
) -> None:
    embedded_broker.freeze()
    try:
        async with forwarding(Spool(tmp_path, source="c1"), settings_for(embedded_broker, tmp_path)) as forwarder:
            await until(lambda: forwarder.state == "broker_away")
            assert forwarder.broker.reason == "no answer"
    finally:
        embedded_broker.thaw()
