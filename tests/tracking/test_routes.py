import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from app.identity.models import User
from app.tracking.models import OrganisationSettings
from app.tracking.zone_data import zone
from clickhouse.client import ClickHouse
from tests.fixtures.api import Api

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)  # a Thursday


async def stats(api: Api, headers: dict[str, str]) -> dict[str, Any]:
    answer = await api.client.get("/api/tracking/my-stats", headers=headers)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_without_opens_every_number_is_zero_and_nothing_is_missing(api: Api) -> None:
    headers = await api.key(await api.owner())
    nothing = {"opens": 0, "unique": 0}
    assert await stats(api, headers) == {
        "today": nothing,
        "todayDate": "2026-01-15",
        "thisWeek": nothing,
        "thisMonth": nothing,
        "trend": {"direction": "flat", "percentage": None},
        "peakHours": [],
        "byDevice": {"desktop": 0, "mobile": 0, "tablet": 0},
        "lastWeek": nothing,
        "lastWeekToDate": nothing,
        "notCounted": {"opens": 0, "byReason": {}},
        "timeZone": "UTC",
        "weekStartsOn": 1,
        "asOf": "2026-01-15T12:00:00Z",
        "lastOpenAt": None,
    }


async def test_people_who_look_at_the_same_time_each_see_their_own_numbers(api: Api) -> None:
    owner = await api.owner()
    people = [owner, *[await api.member(owner.organisation_id, email=f"m{number}@acme.test") for number in range(4)]]
    for number, person in enumerate(people):
        for _ in range(number):
            await api.store_open(person, NOON - timedelta(hours=1))
    keys = [await api.key(person) for person in people]
    found = await asyncio.gather(*(stats(api, headers) for headers in keys for _ in range(2)))
    assert [body["today"]["opens"] for body in found] == [n for n in range(5) for _ in range(2)]


async def test_opens_are_counted_in_their_periods_by_visitor_device_and_hour(api: Api) -> None:
    owner = await api.owner()
    visitor = b"v" * 16
    await api.store_open(owner, NOON - timedelta(hours=1), visitor=visitor)
    await api.store_open(owner, NOON - timedelta(hours=2), visitor=visitor)
    await api.store_open(owner, NOON - timedelta(days=1), device="mobile")
    await api.store_open(owner, NOON - timedelta(hours=3), open_class="scanner")
    await api.store_open(owner, NOON - timedelta(hours=3), is_rate_limited=True)
    await api.store_open(owner, NOON - timedelta(days=8), device="unknown", open_class="image_proxy")  # Wednesday
    await api.store_open(owner, NOON - timedelta(days=6))  # Friday of last week: after the same time a week ago
    found = await stats(api, await api.key(owner))
    assert found["today"] == {"opens": 2, "unique": 1}
    assert found["thisWeek"] == {"opens": 3, "unique": 2}
    assert found["thisMonth"] == {"opens": 5, "unique": 4}
    assert found["lastWeek"] == {"opens": 2, "unique": 2}
    assert found["lastWeekToDate"] == {"opens": 1, "unique": 1}
    assert found["trend"] == {"direction": "up", "percentage": 200}
    assert found["byDevice"] == {"desktop": 75, "mobile": 25, "tablet": 0}
    assert found["notCounted"] == {"opens": 2, "byReason": {"scanner": 1, "rate_limited": 1}}
    assert found["peakHours"] == [], "one open an hour is too few to say"
    assert found["lastOpenAt"] == "2026-01-15T11:00:00Z"


async def test_an_hour_of_the_week_is_named_from_five_opens_on(api: Api) -> None:
    owner = await api.owner()
    for weeks, opens in ((1, 3), (2, 2)):  # Thursdays at noon
        for _ in range(opens):
            await api.store_open(owner, NOON - timedelta(weeks=weeks))
    for _ in range(4):
        await api.store_open(owner, NOON - timedelta(days=8))  # a Wednesday
    found = await stats(api, await api.key(owner))
    assert found["peakHours"] == [{"hour": 12, "day": "Thursday", "avgOpens": 1.3}]


async def test_days_and_weeks_are_those_of_the_person(api: Api) -> None:
    owner = await api.owner(zone="Asia/Riyadh")
    async with api.database.session() as session:
        await session.execute(update(User).values(locale="ar"))
    api.clock.now = datetime(2026, 1, 10, 21, 30, tzinfo=UTC)  # Sunday 00:30 in Riyadh: a new day, week
    await api.store_open(owner, datetime(2026, 1, 10, 21, 10, tzinfo=UTC))
    await api.store_open(owner, datetime(2026, 1, 10, 20, 50, tzinfo=UTC))  # still Saturday there
    found = await stats(api, await api.key(owner))
    assert found["weekStartsOn"] == 7
    assert (found["today"], found["thisWeek"]) == ({"opens": 1, "unique": 1}, {"opens": 1, "unique": 1})
    assert found["lastWeek"] == {"opens": 1, "unique": 1}


async def test_with_bots_included_every_class_counts_but_not_the_rate_limited(api: Api) -> None:
    owner = await api.owner()
    async with api.database.session() as session:
        await session.execute(update(OrganisationSettings).values(exclude_bots=False))
    await api.store_open(owner, NOON - timedelta(hours=1), open_class="scanner")
    await api.store_open(owner, NOON - timedelta(hours=1), is_rate_limited=True)
    found = await stats(api, await api.key(owner))
    assert found["today"] == {"opens": 1, "unique": 1}
    assert found["notCounted"] == {"opens": 1, "byReason": {"rate_limited": 1}}


async def test_nobody_sees_the_opens_of_others(api: Api) -> None:
    owner = await api.owner()
    colleague = await api.member(owner.organisation_id)
    stranger = await api.owner("Other", "x@other.test")
    await api.store_open(owner, NOON - timedelta(hours=1))
    for other in (colleague, stranger):
        headers = await api.key(other)
        assert (await stats(api, headers))["thisMonth"] == {"opens": 0, "unique": 0}
        assert (await api.client.get("/api/tracking/my-opens", headers=headers)).json() == {"data": []}


async def test_daily_has_every_day_ends_today_and_adds_up(api: Api) -> None:
    owner = await api.owner(zone="America/New_York")
    api.clock.now = datetime(2026, 3, 9, 3, 0, tzinfo=UTC)  # still 8 March there, the day of 23 hours
    await api.store_open(owner, datetime(2026, 3, 8, 4, 59, tzinfo=UTC))  # 7 March, 23:59
    await api.store_open(owner, datetime(2026, 3, 8, 5, 1, tzinfo=UTC))
    headers = await api.key(owner)
    body = (await api.client.get("/api/tracking/my-stats/daily?days=3", headers=headers)).json()
    assert body == {
        "data": [
            {"date": "2026-03-06", "opens": 0, "unique": 0},
            {"date": "2026-03-07", "opens": 1, "unique": 1},
            {"date": "2026-03-08", "opens": 1, "unique": 1},
        ],
        "timeZone": "America/New_York",
    }
    for days in (1, 366):
        answer = await api.client.get("/api/tracking/my-stats/daily", params={"days": days}, headers=headers)
        data = answer.json()["data"]
        assert len(data) == days
        assert data[-1]["date"] == "2026-03-08"
        assert date.fromisoformat(data[0]["date"]) == date(2026, 3, 8) - timedelta(days=days - 1)


async def test_recent_opens_tell_why_each_counts_or_not(api: Api) -> None:
    owner = await api.owner()
    first = await api.store_open(owner, NOON - timedelta(hours=2), country="SA")
    second = await api.store_open(owner, NOON - timedelta(hours=1), open_class="scanner", is_rate_limited=True)
    headers = await api.key(owner)
    data = (await api.client.get("/api/tracking/my-opens", headers=headers)).json()["data"]
    assert [row["id"] for row in data] == [str(second), str(first)]
    assert data[0] | {"isCounted": False, "openClass": "scanner", "reasons": ["rate_limited", "test"]} == data[0]
    assert data[1] == {
        "id": str(first),
        "at": "2026-01-15T10:00:00Z",
        "openClass": "human",
        "isCounted": True,
        "device": "desktop",
        "country": "SA",
        "reasons": ["test"],
        "confidence": 0.9,
    }
    assert len((await api.client.get("/api/tracking/my-opens?limit=1", headers=headers)).json()["data"]) == 1


async def test_a_person_who_looks_is_noted_once_a_day_and_a_program_never(api: Api) -> None:
    owner = await api.owner()

    async def seen() -> datetime | None:
        async with api.database.reading() as session:
            return (await session.scalars(select(User.dashboard_seen_at))).one()

    await stats(api, await api.key(owner))
    assert await seen() is None
    await api.sign_in(owner)
    await stats(api, {})
    assert await seen() == NOON
    api.clock.now += timedelta(hours=5)
    await stats(api, {})
    assert await seen() == NOON
    api.clock.now += timedelta(hours=20)
    await stats(api, {})
    assert await seen() == api.clock.now


async def test_explained_queries_run_as_they_stand_and_give_the_same_numbers(api: Api) -> None:
    owner = await api.owner(zone="Asia/Kathmandu")
    await api.store_open(owner, NOON - timedelta(hours=1))
    headers = await api.key(owner)
    queries = (await api.client.get("/api/tracking/explain", headers=headers)).json()["queries"]
    clickhouse: ClickHouse = await api.resources.clickhouse.get()
    rows = {}
    for query in queries:
        assert query["answers"]
        assert str(owner.id) in query["sql"]
        assert "{" not in query["sql"]
        rows[query["name"]] = await clickhouse.select(query["sql"])
    by_period = {row["period"]: row["opens"] for row in rows["user_opens_by_period"]}
    assert by_period["today"] == (await stats(api, headers))["today"]["opens"] == 1  # type: ignore[index]
    assert len(rows["user_opens_daily"]) == len(rows["user_opens_recent"]) == 1


async def test_today_is_the_last_day_of_the_chart_whatever_zone_rules_clickhouse_has(api: Api) -> None:
    """British Columbia keeps summer time from November 2026 on: some zone data know, some do not."""
    api.clock.now = datetime(2026, 12, 1, 20, 0, tzinfo=UTC)
    owner = await api.owner(zone="America/Vancouver")
    headers = await api.key(owner)
    for hour in range(24):
        await api.store_open(owner, datetime(2026, 12, 1, hour, 30, tzinfo=UTC))
    stats = (await api.client.get("/api/tracking/my-stats", headers=headers)).json()
    daily = (await api.client.get("/api/tracking/my-stats/daily?days=2", headers=headers)).json()["data"]
    assert stats["today"]["opens"] == daily[-1]["opens"]
    assert daily[-1]["date"] == stats["todayDate"]
    midnight = datetime(2026, 12, 1, tzinfo=zone("America/Vancouver")).astimezone(UTC)
    assert stats["today"]["opens"] == 24 - midnight.hour
