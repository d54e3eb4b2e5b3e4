from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import update

from app.collector.metrics import HitCounters
from app.collector.reports import REPORTS, Reporter
from app.identity.models import User
from app.success.reported import first_id
from app.tracking.models import OrganisationSettings
from tests.fixtures.api import Api

PATH = "/api/admin/tracking/success-metrics"


async def metrics(api: Api, user: User) -> dict[str, Any]:
    answer = await api.client.get(PATH, headers=await api.key(user))
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def id_at(moment: datetime) -> UUID:
    return UUID(int=first_id(moment).int | uuid4().int & (1 << 80) - 1)


async def report(api: Api, *, recorded: int, lost: int = 0, ago_seconds: float = 0, started: timedelta) -> None:
    counters = HitCounters()
    counters.recorded, counters.lost, counters.malformed = recorded, lost, 2
    for _ in range(recorded):
        counters.observe(0.001)
    reporter = Reporter(
        api.resources.redis,
        counters,
        collector="collector-1",
        waiting_bytes=lambda: 300,
        clock=(api.clock() - started).timestamp,
    )
    reporter._clock = lambda: api.clock().timestamp() - ago_seconds
    await reporter.report()


async def forget_other_tests(api: Api) -> None:
    """Begin with no hit of the installation counted: random ids of other tests would be of any moment."""
    await api.resources.redis.delete(REPORTS)
    clickhouse = await api.resources.clickhouse.get()
    for table in ("event_ids", "drops", "reclassifications"):
        await clickhouse.command(f"TRUNCATE TABLE {table}")
    api.clock.now = datetime(2031, 1, 15, 12, 0, tzinfo=api.clock.now.tzinfo)


async def store_drop(api: Api, at: datetime) -> None:
    drop = {"id": id_at(at), "at": at, "organisation_id": None, "tracking": "user", "reason": "unknown_token"}
    clickhouse = await api.resources.clickhouse.get()
    await clickhouse.insert(
        "drops",
        {name: [value] for name, value in (drop | {"block": "t"}).items()},
        query_id=f"test-{drop['id']}",
        token=None,
    )


async def test_without_any_report_nothing_is_claimed(api: Api) -> None:
    await api.resources.redis.delete(REPORTS)
    found = await metrics(api, await api.owner())
    assert (found["recording"], found["latency"], found["collectors"]) == (None, None, [])
    assert found["looking"] == {"people": 1, "last7Days": 0, "last30Days": 0}
    assert found["tracking"] == {"isOn": True, "organisations": 1, "organisationsOn": 1}


async def test_what_became_of_the_hits_opens_as_sql_for_the_operator_alone(api: Api) -> None:
    owner = await api.owner()
    await forget_other_tests(api)
    now = api.clock()
    for seconds in (1, 2, 400):  # the last was made before the collector began
        at = now - timedelta(seconds=seconds)
        await api.store_open(owner, at, id=id_at(at))
    await store_drop(api, now)
    await report(api, recorded=3, started=timedelta(minutes=5))
    answer = await api.client.get(f"{PATH}/explain", headers=await api.key(owner))
    [query] = answer.json()["queries"]
    clickhouse = await api.resources.clickhouse.get()
    rows = await clickhouse.select(query["sql"])  # it runs as it stands
    shown = (await metrics(api, owner))["recording"]
    assert {row["ending"]: row["hits"] for row in rows} == {"stored": 2, "unknown_token": 1}
    assert (shown["stored"], shown["dropped"]) == (2, [{"reason": "unknown_token", "hits": 1}])
    stranger = await api.owner("Other", email="other@else.test")
    assert (await api.client.get(f"{PATH}/explain", headers=await api.key(stranger))).json() == {"queries": []}


async def test_people_who_looked_are_a_share_of_those_who_are_active(api: Api) -> None:
    owner = await api.owner()
    seen = {"a": 1, "b": 6, "c": 8, "d": 31, "e": None}
    people = {name: await api.member(owner.organisation_id, f"{name}@acme.test") for name in (*seen, "gone")}
    async with api.database.session() as session:
        for name, days in seen.items():
            at = api.clock() - timedelta(days=days) if days is not None else None
            await session.execute(update(User).where(User.id == people[name].id).values(dashboard_seen_at=at))
        gone = {"is_active": False, "dashboard_seen_at": api.clock()}
        await session.execute(update(User).where(User.id == people["gone"].id).values(**gone))
    assert (await metrics(api, owner))["looking"] == {"people": 6, "last7Days": 2, "last30Days": 3}


async def test_what_was_accepted_is_stored_dropped_or_on_the_way(api: Api) -> None:
    owner, began = await api.owner(), timedelta(seconds=4)
    await forget_other_tests(api)
    now = api.clock()
    for seconds in (1, 2, 3, 5):  # the last was made before the collector began
        at = now - timedelta(seconds=seconds)
        await api.store_open(owner, at, id=id_at(at))
    await store_drop(api, now)
    await report(api, recorded=6, lost=2, started=began)
    found = await metrics(api, owner)
    assert found["recording"] == {
        "since": (now - began).isoformat().replace("+00:00", "Z"),
        "accepted": 6,
        "lost": 2,
        "malformed": 2,
        "stored": 3,
        "deleted": 0,
        "dropped": [{"reason": "unknown_token", "hits": 1}],
        "onTheWay": 2,
        "waitingBytes": 300,
        "share": 75.0,
        "isExact": True,
        "isDeleting": False,
    }
    assert (found["latency"]["withinTarget"], found["latency"]["requests"]) == (100.0, 6)
    assert [it["state"] for it in found["collectors"]] == ["reporting"]
    await report(api, recorded=1, ago_seconds=60, started=began)
    assert (await metrics(api, owner))["recording"]["isExact"] is False


async def test_the_installation_is_shown_to_its_first_organisation_only(api: Api) -> None:
    await api.resources.redis.delete(REPORTS)
    owner, stranger = await api.owner(), await api.owner("Other", "x@other.test")
    async with api.database.session() as session:
        await session.execute(
            update(OrganisationSettings)
            .where(OrganisationSettings.organisation_id == stranger.organisation_id)
            .values(user_tracking_enabled=False)
        )
    await report(api, recorded=6, started=timedelta(seconds=4))
    first, other = await metrics(api, owner), await metrics(api, stranger)
    assert (first["isOperator"], first["tracking"]) == (True, {"isOn": True, "organisations": 2, "organisationsOn": 1})
    assert (other["isOperator"], other["recording"], other["collectors"]) == (False, None, [])
    assert other["tracking"] == {"isOn": False, "organisations": None, "organisationsOn": None}
    assert other["latency"]["requests"] is None


async def test_it_is_for_owners_and_admins(api: Api) -> None:
    owner = await api.owner()
    for role in ("member", "analyst"):
        person = await api.member(owner.organisation_id, f"{role}@acme.test", role=role)
        assert (await api.client.get(PATH, headers=await api.key(person))).status_code == 403
