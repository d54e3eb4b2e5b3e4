"""The hub with a computation that is counted: once for all, bounded, nothing lost between snapshot and update."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from prometheus_client import CollectorRegistry
from redis.asyncio import Redis

from app.errors import UnavailableError
from app.live.client import Client
from app.live.hub import Hub
from app.live.messages import StreamId, encode, parse_id
from app.live.stream import LiveStream
from app.live.topic import Computed, TopicKey
from app.settings import Settings
from tests.fixtures.valkey import Valkey
from tests.live.reading import announce

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)


class Answers:
    """A computation that returns `value`, and remembers how often it was asked."""

    def __init__(self) -> None:
        self.value = 0
        self.calls = 0
        self.fresh_until = NOON + timedelta(hours=12)
        self.error: Exception | None = None

    async def __call__(self, key: TopicKey) -> Computed:
        self.calls += 1
        value = self.value
        await asyncio.sleep(0)
        if self.error is not None:
            raise self.error
        return Computed(b'{"value":%d}' % value, NOON, b"%d" % value, self.fresh_until)


class House:
    """A running hub and what it stands on."""

    def __init__(self, hub: Hub, redis: Redis, answers: Answers) -> None:
        self.hub, self.redis, self.answers = hub, redis, answers
        self.now = NOON
        self.key = TopicKey(uuid4(), uuid4())

    async def touch(self, *users: UUID) -> None:
        await announce(self.redis, self.key.organisation_id, *(users or (self.key.user_id,)))


@pytest.fixture
async def house(valkey: Valkey) -> AsyncIterator[House]:
    redis = Redis.from_url(valkey.url, protocol=2)
    answers = Answers()
    built: list[House] = []
    hub = Hub(
        Settings(live_interval_ms=5, live_queue_size=4, live_poll_seconds=0.05),
        redis,
        answers,
        clock=lambda: built[0].now,
        registry=CollectorRegistry(),
    )
    built.append(House(hub, redis, answers))
    async with hub.run():
        yield built[0]
    await redis.aclose()


async def received(client: Client) -> bytes:
    async with asyncio.timeout(20):
        while not (message := await client.wait(1)):
            pass
    return message


async def test_many_clients_of_one_topic_cost_one_computation_and_share_the_bytes(house: House) -> None:
    async with AsyncExitStack() as stack:
        clients = []
        for _ in range(200):
            topic, client = await stack.enter_async_context(house.hub.subscribe(house.key))
            clients.append((topic, client))
        await asyncio.gather(*(topic.send_snapshot(client) for topic, client in clients))
        assert house.answers.calls == 1
        for _, client in clients:
            assert b"snapshot" in await received(client)
        house.answers.value = 1
        await house.touch()
        first = [await received(client) for _, client in clients]
        assert set(first) == {first[0]}
        assert b'"value":1' in first[0]
        assert house.answers.calls == 2


async def test_a_burst_of_announcements_becomes_few_computations(house: House) -> None:
    async with house.hub.subscribe(house.key) as (topic, client):
        await topic.send_snapshot(client)
        house.hub.interval_seconds = 0.2
        house.answers.value = 50
        for _ in range(50):
            topic.touch()
            await asyncio.sleep(0)
        async with asyncio.timeout(20):
            while b'"value":50' not in await received(client):
                pass
        assert house.answers.calls <= 3


async def test_an_announcement_that_changes_nothing_sends_nothing(house: House) -> None:
    async with house.hub.subscribe(house.key) as (topic, client):
        await topic.send_snapshot(client)
        await received(client)
        calls = house.answers.calls
        await house.touch()
        async with asyncio.timeout(20):
            while house.answers.calls == calls:
                await asyncio.sleep(0.01)
        assert await client.wait(0.05) is None


async def test_the_answer_is_computed_again_when_the_day_is_over(house: House) -> None:
    house.answers.fresh_until = NOON + timedelta(milliseconds=100)
    async with house.hub.subscribe(house.key) as (topic, client):
        await topic.send_snapshot(client)
        await received(client)
        house.answers.value, house.answers.fresh_until = 7, NOON + timedelta(hours=12)
        assert b'"value":7' in await received(client)


async def test_a_slow_client_is_told_to_resync_and_others_do_not_notice(house: House) -> None:
    sent: list[bytes] = []
    is_open = asyncio.Event()

    async def receive() -> dict[str, Any]:
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Any) -> None:
        sent.append(message.get("body", b""))
        if b"snapshot" in sent[-1]:
            await is_open.wait()

    def body() -> bytes:
        return b"".join(sent)

    stream = LiveStream(house.hub, house.key, since=None, heartbeat_seconds=60, lifetime_seconds=60)
    task = asyncio.create_task(stream({"type": "http"}, receive, send))
    async with house.hub.subscribe(house.key) as (topic, quick):
        await topic.send_snapshot(quick)
        await received(quick)
        async with asyncio.timeout(20):
            while b"snapshot" not in body():
                await asyncio.sleep(0.01)
        for value in range(1, 11):  # more than the slow client's queue holds
            house.answers.value = value
            topic.touch()
            assert b'"value":%d' % value in await received(quick)
        is_open.set()
        async with asyncio.timeout(20):
            while b"event: resync" not in body():
                await asyncio.sleep(0.01)
        async with asyncio.timeout(20):
            while b'"value":10' not in body():
                await asyncio.sleep(0.01)
        assert body().index(b"resync") < body().index(b'"value":10')
        assert b'"value":5' not in body()
    house.hub.close()
    await asyncio.wait_for(task, 20)
    assert sent[-1] == b""  # ended in order


async def test_a_failed_computation_is_tried_again_and_the_client_gets_it_then(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.live.topic.RETRY_SECONDS", 0.01)
    async with house.hub.subscribe(house.key) as (topic, client):
        await topic.send_snapshot(client)
        await received(client)
        house.answers.error = UnavailableError("away")
        house.answers.value = 3
        await house.touch()
        async with asyncio.timeout(20):
            while house.answers.calls < 4:
                await asyncio.sleep(0.01)
        house.answers.error = None
        assert b'"value":3' in await received(client)


async def test_a_defect_in_a_topic_ends_its_streams_instead_of_leaving_them_silent(house: House) -> None:
    async with house.hub.subscribe(house.key) as (topic, client):
        await topic.send_snapshot(client)
        house.answers.error = ZeroDivisionError()
        await house.touch()
        async with asyncio.timeout(20):
            while not client.is_ended:
                await asyncio.sleep(0.01)


async def test_a_hub_stops_although_its_reader_swallows_the_cancellation(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_reading = asyncio.Event()

    async def deaf(*_: object, **__: object) -> None:
        is_reading.set()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(60)

    monkeypatch.setattr(house.redis, "xread", deaf)
    async with house.hub.subscribe(house.key):
        await is_reading.wait()  # the fixture stops the hub now, or never


async def test_an_update_between_subscription_and_snapshot_is_not_lost(house: House) -> None:
    for value in range(1, 30):
        async with house.hub.subscribe(house.key) as (topic, client):
            house.answers.value = value
            topic.touch()
            await topic.send_snapshot(client)
            house.answers.value = value * 100
            topic.touch()
            seen = b""
            async with asyncio.timeout(20):
                while b'"value":%d}' % (value * 100) not in seen:
                    seen += await received(client)


async def test_a_cut_stream_of_announcements_means_changed(house: House) -> None:
    organisation_id, user_id = house.key
    ids = [await announce(house.redis, organisation_id, uuid4()) for _ in range(5)]
    since = [parsed for parsed in map(parse_id, ids) if parsed is not None]
    assert not await house.hub.has_changed(house.key, since[1])
    await house.touch(uuid4(), user_id)
    assert await house.hub.has_changed(house.key, since[1])
    await house.redis.xtrim(f"live:{organisation_id}", maxlen=1, approximate=False)
    assert await house.hub.has_changed(house.key, since[4])


async def test_users_that_are_no_ids_are_ignored(house: House) -> None:
    async with house.hub.subscribe(house.key) as (topic, client):
        await topic.send_snapshot(client)
        await received(client)
        house.answers.value = 9
        fields: dict[Any, Any] = {"users": f"nobody,,{house.key.user_id},\xff"}
        await house.redis.xadd(f"live:{house.key.organisation_id}", {"at": "1"})
        await house.redis.xadd(f"live:{house.key.organisation_id}", fields)
        assert b'"value":9' in await received(client)


def test_ids_are_ordered_and_read_strictly() -> None:
    assert parse_id("5-3") == StreamId(5, 3)
    assert StreamId(5, 3) < StreamId(5, 10) < StreamId(40, 0)
    for wrong in ("", "5", "5-", "-3", "5-3 ", "5-3-1", "a-b", "5-3\n"):
        assert parse_id(wrong) is None


def test_an_event_is_one_block_with_its_id() -> None:
    assert encode("update", b"{}", event_id=StreamId(5, 3)) == b"event: update\nid: 5-3\ndata: {}\n\n"
