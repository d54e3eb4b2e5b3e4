"""Live streams over HTTP, on real parts."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import orjson
import pytest
from pydantic import SecretStr
from sqlalchemy import update

from app.errors import NotFoundError
from app.identity.models import User
from app.live.topic import TopicKey
from app.settings import Settings
from tests.fixtures.api import Api, Clock, running_api
from tests.fixtures.http import PLAIN
from tests.fixtures.valkey import Valkey
from tests.live.reading import announce, reading


async def wait_until(condition: object) -> None:
    assert callable(condition)
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0.01)


async def test_a_snapshot_comes_first_and_an_update_after_each_announcement(api: Api) -> None:
    owner = await api.owner()
    headers = await api.key(owner)
    async with reading(api.url, headers) as stream:
        snapshot = await stream.next()
        assert (snapshot.name, snapshot.id) == ("snapshot", "0-0")
        assert snapshot.data["topic"] == "my-stats"
        assert snapshot.data["degraded"] is False
        assert snapshot.data["asOf"] == "2026-01-15T12:00:00Z"
        whole = (await api.client.get("/api/tracking/my-stats", headers=headers)).json()
        assert snapshot.data["data"] == whole
        for count in (1, 2):
            await api.store_open(owner, api.clock() - timedelta(hours=1))
            made = await announce(api.resources.redis, owner.organisation_id, owner.id)
            event = await stream.until(today=count)
            assert (event.name, event.id) == ("update", made)


async def test_it_is_an_event_stream_that_nobody_compresses_or_keeps(api: Api) -> None:
    async with reading(api.url, await api.key(await api.owner()) | {"accept-encoding": "gzip"}) as stream:
        headers = stream.response.headers
        assert headers["content-type"].startswith("text/event-stream")
        assert "content-encoding" not in headers
        assert "no-store" in headers["cache-control"]


async def test_who_is_not_signed_in_gets_a_problem(api: Api) -> None:
    answer = await api.client.get("/api/stream?topics=my-stats")
    assert answer.status_code == 401
    headers = await api.key(await api.owner())
    assert (await api.client.get("/api/stream?topics=others", headers=headers)).status_code == 422


async def test_a_client_that_comes_back_gets_a_snapshot_only_if_something_changed_for_it(
    api_settings: Settings, tmp_path: Path
) -> None:
    settings = api_settings.model_copy(update={"live_heartbeat_seconds": 0.05})
    async with running_api(settings, Clock(datetime.now(UTC)), tmp_path) as api:
        owner = await api.owner()
        member = await api.member(owner.organisation_id)
        headers, redis = await api.key(owner), api.resources.redis
        seen = await announce(redis, owner.organisation_id, owner.id)
        await announce(redis, owner.organisation_id, member.id)
        async with reading(api.url, headers, last_event_id=seen) as stream:
            assert (await stream.next(comments=True)).name == "comment"  # silence: no snapshot came before
            await api.store_open(owner, api.clock())
            changed = await announce(redis, owner.organisation_id, owner.id)
            event = await stream.next()
            assert (event.name, event.id) == ("update", changed)
        async with reading(api.url, headers, last_event_id=seen) as stream:
            assert (await stream.next()).name == "snapshot"
        async with reading(api.url, headers, last_event_id=changed) as stream:
            assert (await stream.next(comments=True)).name == "comment"
            await announce(redis, owner.organisation_id, owner.id)
            event = await stream.next()
            assert event.name == "update"  # nothing differs, but what this client has is not known for sure


@pytest.mark.parametrize("strange", ["garbage", "99999999999999-0", "1-1"])
async def test_an_id_we_cannot_place_gets_a_snapshot(api: Api, strange: str) -> None:
    owner = await api.owner()
    async with reading(api.url, await api.key(owner), last_event_id=strange) as stream:
        assert (await stream.next()).name == "snapshot"


async def test_what_was_true_yesterday_is_sent_anew_today(api: Api) -> None:
    owner = await api.owner()
    api.clock.now = datetime.now(UTC)
    seen = await announce(api.resources.redis, owner.organisation_id, owner.id)
    api.clock.now += timedelta(days=1)
    async with reading(api.url, await api.key(owner), last_event_id=seen) as stream:
        assert (await stream.next()).name == "snapshot"


@pytest.mark.parametrize(
    "end",
    [datetime(2026, 3, 29, 22, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC)],
    ids=["the day of 23 hours", "the day of 25 hours"],
)
async def test_a_stream_that_is_open_over_the_change_of_clocks_begins_the_next_day_in_time(
    api: Api, end: datetime
) -> None:
    owner = await api.owner(zone="Europe/Berlin")
    api.clock.now = end - timedelta(hours=2)
    await api.store_open(owner, api.clock() - timedelta(hours=1))
    async with reading(api.url, await api.key(owner)) as stream:
        await stream.until(today=1)
        api.clock.now = end - timedelta(seconds=1)
        await api.store_open(owner, api.clock())
        await announce(api.resources.redis, owner.organisation_id, owner.id)
        await stream.until(today=2)
        api.clock.now = end  # nobody opens anything: the day alone is over
        await stream.until(today=0)


async def test_only_the_touched_user_of_the_right_organisation_hears_of_it(api: Api) -> None:
    owner = await api.owner()
    stranger = await api.owner("Other", "x@other.test")
    async with reading(api.url, await api.key(owner)) as mine, reading(api.url, await api.key(stranger)) as theirs:
        await mine.next()
        await theirs.next()
        await api.store_open(stranger, api.clock())
        await announce(api.resources.redis, owner.organisation_id, stranger.id)  # in the wrong stream: nothing
        await api.store_open(owner, api.clock())
        await announce(api.resources.redis, owner.organisation_id, owner.id)
        await mine.until(today=1)
        await announce(api.resources.redis, stranger.organisation_id, stranger.id)
        await theirs.until(today=1)


async def test_a_client_that_leaves_leaves_nothing_behind(api: Api) -> None:
    owner = await api.owner()
    headers = await api.key(owner)
    hub = api.resources.hub
    before = len(asyncio.all_tasks())
    for _ in range(3):
        async with reading(api.url, headers) as first, reading(api.url, headers) as second:
            await first.next()
            await second.next()
            assert (hub.client_count, hub.topic_count) == (2, 1)
        await wait_until(lambda: (hub.client_count, hub.topic_count) == (0, 0))
    await wait_until(lambda: len(asyncio.all_tasks()) <= before)


async def test_silence_is_filled_with_heartbeats(api_settings: Settings, tmp_path: Path) -> None:
    settings = api_settings.model_copy(update={"live_heartbeat_seconds": 0.05})
    async with (
        running_api(settings, Clock(datetime(2026, 1, 15, tzinfo=UTC)), tmp_path) as api,
        reading(api.url, await api.key(await api.owner())) as stream,
    ):
        assert (await stream.next()).name == "snapshot"
        for _ in range(3):
            assert (await stream.next(comments=True)).name == "comment"


async def test_a_stream_ends_after_its_lifetime_so_that_the_client_signs_in_again(
    api_settings: Settings, tmp_path: Path
) -> None:
    settings = api_settings.model_copy(update={"live_stream_minutes": 0.02})
    async with (
        running_api(settings, Clock(datetime(2026, 1, 15, tzinfo=UTC)), tmp_path) as api,
        reading(api.url, await api.key(await api.owner())) as stream,
    ):
        with pytest.raises(StopAsyncIteration):
            while True:
                await stream.next()


async def test_when_the_process_stops_every_stream_ends_in_order(api: Api) -> None:
    async with reading(api.url, await api.key(await api.owner())) as stream:
        await stream.next()
        api.resources.hub.close()
        with pytest.raises(StopAsyncIteration):
            await stream.next()


async def test_a_user_who_is_deactivated_is_cut_off(api: Api) -> None:
    owner = await api.owner()
    async with reading(api.url, await api.key(owner)) as stream:
        await stream.next()
        async with api.database.session() as session:
            await session.execute(update(User).values(is_active=False))
        await announce(api.resources.redis, owner.organisation_id, owner.id)
        with pytest.raises(StopAsyncIteration):
            await stream.next()


async def test_without_redis_numbers_still_move_and_say_that_they_are_polled(
    api_settings: Settings, own_valkey: Valkey, tmp_path: Path
) -> None:
    settings = api_settings.model_copy(update={"redis_url": SecretStr(own_valkey.url)})
    async with running_api(settings, Clock(datetime(2026, 1, 15, 12, tzinfo=UTC)), tmp_path) as api:
        owner = await api.owner()
        async with reading(api.url, await api.key(owner)) as stream:
            await stream.until(degraded=False)
            own_valkey.stop()
            await stream.until(degraded=True, today=0)
            await api.store_open(owner, api.clock())
            await stream.until(degraded=True, today=1)
            own_valkey.start()
            await stream.until(degraded=False, today=1)
            await api.store_open(owner, api.clock())
            await announce(api.resources.redis, owner.organisation_id, owner.id)
            await stream.until(degraded=False, today=2)
        own_valkey.stop()
        async with reading(api.url, await api.key(owner)) as stream:  # the client comes while Redis is away
            await stream.until(degraded=True, today=2)


async def test_while_clickhouse_is_away_the_client_is_told_and_served_when_it_is_back(
    api_settings: Settings, tmp_path: Path
) -> None:
    away = SecretStr("http://default:@127.0.0.1:1/heliograph")
    clock = Clock(datetime(2026, 1, 15, 12, tzinfo=UTC))
    async with (
        running_api(api_settings.model_copy(update={"clickhouse_url": away}), clock, tmp_path) as api,
        reading(api.url, await api.key(await api.owner())) as stream,
    ):
        problem = await stream.next()
        assert (problem.name, problem.data["service"]) == ("problem", "clickhouse")
        api.resources.clickhouse._settings = api_settings  # it is back
        assert (await stream.next()).name == "snapshot"


async def test_metrics_tell_how_many_are_connected(api: Api) -> None:
    async with reading(api.url, await api.key(await api.owner())) as stream:
        await stream.next()
        async with httpx.AsyncClient(base_url=api.url, verify=PLAIN) as client:
            assert "heliograph_live_clients 1.0" in (await client.get("/metrics")).text


async def test_hundreds_of_pages_may_be_open_at_once_and_others_are_still_served(api: Api) -> None:
    owner = await api.owner()
    people = [await api.member(owner.organisation_id, f"m{number}@acme.test") for number in range(10)]
    keys = [await api.key(person) for person in people]
    async with AsyncExitStack() as stack:
        for number in range(200):  # more than the 128 connections that the server takes if it is not told otherwise
            headers = keys[number % len(keys)]
            await stack.enter_async_context(reading(api.url, headers))
        assert (await api.client.get("/api/health")).status_code == 200
        assert api.resources.hub.client_count == 200


async def test_many_people_are_counted_together_and_each_gets_their_own_numbers(api: Api) -> None:
    owner = await api.owner()
    people = [await api.member(owner.organisation_id, email=f"m{number}@acme.test") for number in range(12)]
    for number, person in enumerate(people):
        for _ in range(number):
            await api.store_open(person, api.clock() - timedelta(hours=1))
    counted = await asyncio.gather(
        *(api.resources.hub.compute(TopicKey(person.organisation_id, person.id)) for person in people)
    )
    assert [orjson.loads(answer.data)["today"]["opens"] for answer in counted] == list(range(12))
    stranger = TopicKey(owner.organisation_id, uuid4())
    with pytest.raises(NotFoundError):
        await api.resources.hub.compute(stranger)
