from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from app.identity.models import Organisation, User
from app.tracking.models import OrganisationSettings
from tests.fixtures.api import Api

PATH = "/api/admin/tracking/organization-stats"
NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)


async def stats(api: Api, headers: dict[str, str], **asked: Any) -> dict[str, Any]:
    answer = await api.client.get(PATH, params=asked, headers=headers)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def team(api: Api, owner: User, *departments: str | None) -> list[User]:
    return [
        await api.member(owner.organisation_id, f"p{number}@acme.test", department=department)
        for number, department in enumerate(departments)
    ]


async def test_without_opens_everything_is_there_and_zero(api: Api) -> None:
    owner = await api.owner()
    assert await stats(api, await api.key(owner)) == {
        "totalOpens": 0,
        "uniqueOpens": 0,
        "activeUsers": 0,
        "topPerformers": [],
        "byDepartment": [
            {"department": None, "opens": 0, "users": 1, "unique": 0, "activeUsers": 0, "kind": "none"},
        ],
        "users": 1,
        "period": {"from": "2025-12-17", "to": "2026-01-15", "days": 30, "isRunning": True},
        "previous": {
            "from": "2025-11-17",
            "to": "2025-12-16",
            "until": "2025-12-16T12:00:00Z",
            "totalOpens": 0,
        },
        "timeZone": "UTC",
        "asOf": "2026-01-15T12:00:00Z",
        "arePeopleShown": True,
        "departmentMinPeople": None,
    }


async def test_opens_are_counted_by_person_and_department(api: Api) -> None:
    owner = await api.owner()
    ann, bob, cleo, _ = await team(api, owner, "Sales", "Sales ", "Support", "Support")
    visitor = b"v" * 16
    await api.store_open(ann, NOON - timedelta(hours=1), visitor=visitor)
    await api.store_open(ann, NOON - timedelta(hours=2), visitor=visitor)
    await api.store_open(ann, NOON - timedelta(days=29))
    await api.store_open(bob, NOON - timedelta(hours=1), visitor=visitor)  # the same reader of another person's mail
    await api.store_open(cleo, NOON - timedelta(hours=1), open_class="scanner")
    await api.store_open(cleo, NOON - timedelta(hours=1), is_rate_limited=True)
    await api.store_open(cleo, NOON - timedelta(hours=1), tracking="campaign")
    await api.store_open(cleo, NOON - timedelta(days=30, hours=2))  # the period before
    await api.store_open(cleo, NOON - timedelta(days=30) + timedelta(hours=2))  # before, but later in the day
    found = await stats(api, await api.key(owner))
    assert (found["totalOpens"], found["uniqueOpens"], found["activeUsers"], found["users"]) == (4, 3, 2, 5)
    assert found["topPerformers"] == [
        {"userId": str(ann.id), "name": "Max Member", "department": "Sales", "opens": 3, "unique": 2},
        {"userId": str(bob.id), "name": "Max Member", "department": "Sales", "opens": 1, "unique": 1},
    ]
    assert found["byDepartment"] == [
        {"department": "Sales", "opens": 4, "users": 2, "unique": 3, "activeUsers": 2, "kind": "department"},
        {"department": "Support", "opens": 0, "users": 2, "unique": 0, "activeUsers": 0, "kind": "department"},
        {"department": None, "opens": 0, "users": 1, "unique": 0, "activeUsers": 0, "kind": "none"},
    ]
    assert found["previous"]["totalOpens"] == 1
    assert len((await stats(api, await api.key(owner), top=1))["topPerformers"]) == 1


async def test_a_changed_person_is_shown_at_once_though_nothing_new_was_stored(api: Api) -> None:
    owner = await api.owner()
    ann, bob = await team(api, owner, "Sales", "Support")
    await api.store_open(ann, NOON - timedelta(hours=1))
    headers = await api.key(owner, "read", "write")
    before = await stats(api, headers)
    assert await stats(api, headers) == before
    async with api.database.session() as session:
        await session.execute(update(User).where(User.id == ann.id).values(name="Ann", department="Support"))
    [top] = (await stats(api, headers))["topPerformers"]
    assert (top["name"], top["department"]) == ("Ann", "Support")
    gone = await api.client.post(f"/api/admin/people/{bob.id}/deactivate", headers=headers)
    assert gone.status_code == 200, gone.text
    assert (await stats(api, headers))["users"] == before["users"] - 1
    await api.member(owner.organisation_id, "new@acme.test")
    assert (await stats(api, headers))["users"] == before["users"]


async def test_a_changed_setting_or_role_decides_at_once_though_nothing_new_was_stored(api: Api) -> None:
    owner = await api.owner()
    people = await team(api, owner, *["Sales"] * 4)
    await api.store_open(people[0], NOON - timedelta(hours=1))
    headers = await api.key(owner)
    assert (await stats(api, headers))["arePeopleShown"]
    async with api.database.session() as session:
        await session.execute(update(User).where(User.id == owner.id).values(role="analyst"))
    assert not (found := await stats(api, headers))["arePeopleShown"]
    assert (found["topPerformers"], found["departmentMinPeople"]) == ([], 5)
    async with api.database.session() as session:
        await session.execute(update(OrganisationSettings).values(department_min_people=3, exclude_bots=False))
    assert (await stats(api, headers))["departmentMinPeople"] == 3
    async with api.database.session() as session:
        await session.execute(update(Organisation).values(time_zone="Asia/Riyadh"))
    assert (await stats(api, headers))["timeZone"] == "Asia/Riyadh"


async def test_days_are_those_of_the_organisation(api: Api) -> None:
    owner = await api.owner(zone="Asia/Kathmandu")  # UTC+5:45
    midnight = datetime(2026, 1, 14, 18, 15, tzinfo=UTC)  # 15 January begins there
    visitor = b"v" * 16
    for moment in (midnight - timedelta(seconds=1), midnight, midnight + timedelta(hours=8)):
        await api.store_open(owner, moment, visitor=visitor)
    headers = await api.key(owner)
    today = await stats(api, headers, days=1)
    assert (today["totalOpens"], today["uniqueOpens"]) == (2, 2), "one visitor, but another id after UTC midnight"
    assert (await stats(api, headers, **{"from": "2026-01-14", "to": "2026-01-14"}))["totalOpens"] == 1
    both = await stats(api, headers, **{"from": "2026-01-14", "to": "2026-01-15"})
    assert (both["totalOpens"], both["uniqueOpens"]) == (3, 2)


async def test_people_who_left_keep_their_opens_and_count_only_while_they_have_any(api: Api) -> None:
    owner = await api.owner()
    gone, _ = await team(api, owner, "Sales", "Sales")
    async with api.database.session() as session:
        await session.execute(update(User).where(User.department == "Sales").values(is_active=False))
    await api.store_open(gone, NOON - timedelta(hours=1))
    found = await stats(api, await api.key(owner))
    assert (found["totalOpens"], found["users"]) == (1, 2)
    assert [(it["department"], it["users"]) for it in found["byDepartment"]] == [("Sales", 1), (None, 1)]
    answer = await api.client.get(f"/api/admin/tracking/user/{gone.id}/stats", headers=await api.key(owner))
    assert (answer.status_code, answer.json()["person"]["isActive"]) == (200, False)


async def test_analysts_see_departments_of_five_and_nobody_by_name(api: Api) -> None:
    owner = await api.owner()
    people = await team(api, owner, *["Sales"] * 5, *["Support"] * 6, "Board", "Board", None)
    for person in people:
        await api.store_open(person, NOON - timedelta(hours=1))
    analyst = await api.member(owner.organisation_id, "analyst@acme.test", role="analyst")
    headers = await api.key(analyst)
    found = await stats(api, headers)
    assert (found["totalOpens"], found["topPerformers"], found["arePeopleShown"]) == (14, [], False)
    assert found["departmentMinPeople"] == 5
    assert [(it["department"], it["kind"], it["users"], it["opens"]) for it in found["byDepartment"]] == [
        ("Support", "department", 6, 6),
        ("Sales", "department", 5, 5),
        (None, "other", 5, 3),
    ]
    async with api.database.session() as session:
        await session.execute(update(OrganisationSettings).values(department_min_people=6))
    found = await stats(api, headers)
    assert found["departmentMinPeople"] == 6
    assert [it["kind"] for it in found["byDepartment"]] == ["department", "other"]
    for path in ("stats", "stats/daily"):
        answer = await api.client.get(f"/api/admin/tracking/user/{people[0].id}/{path}", headers=headers)
        assert answer.status_code == 403


async def test_a_person_has_the_very_figures_they_see_themselves(api: Api) -> None:
    owner = await api.owner()
    [person] = await team(api, owner, "Sales")
    async with api.database.session() as session:
        await session.execute(update(User).where(User.id == person.id).values(time_zone="Asia/Riyadh", locale="ar"))
    for hours in (1, 20, 60, 200):
        await api.store_open(person, NOON - timedelta(hours=hours))
    theirs, headers = await api.key(person), await api.key(owner)
    base = f"/api/admin/tracking/user/{person.id}"
    seen = (await api.client.get(f"{base}/stats", headers=headers)).json()
    assert seen.pop("person") == {
        "id": str(person.id),
        "name": "Max Member",
        "department": "Sales",
        "isActive": True,
    }
    assert seen == (await api.client.get("/api/tracking/my-stats", headers=theirs)).json()
    daily = await api.client.get(f"{base}/stats/daily?days=9", headers=headers)
    assert daily.json() == (await api.client.get("/api/tracking/my-stats/daily?days=9", headers=theirs)).json()


async def test_a_person_of_another_organisation_is_nobody(api: Api) -> None:
    owner, stranger = await api.owner(), await api.owner("Other", "x@other.test")
    for path in ("stats", "stats/daily", "stats/explain"):
        answer = await api.client.get(f"/api/admin/tracking/user/{stranger.id}/{path}", headers=await api.key(owner))
        assert answer.status_code == 404


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"days": 0}, "days"),
        ({"days": 367}, "days"),
        ({"from": "2026-01-01"}, "to"),
        ({"from": "yesterday", "to": "2026-01-01"}, "from"),
        ({"from": "2026-01-02", "to": "2026-01-01"}, "to"),
        ({"top": 0}, "top"),
    ],
)
async def test_what_is_no_period_is_named(api: Api, asked: dict[str, Any], field: str) -> None:
    answer = await api.client.get(PATH, params=asked, headers=await api.key(await api.owner()))
    assert (answer.status_code, answer.json()["field"]) == (422, field)


async def test_explained_queries_run_as_they_stand_and_give_the_same_numbers(api: Api) -> None:
    owner = await api.owner(zone="Asia/Kathmandu")
    await api.store_open(owner, NOON - timedelta(hours=1))
    headers = await api.key(owner)
    clickhouse = await api.resources.clickhouse.get()
    queries = (await api.client.get(f"{PATH}/explain", headers=headers)).json()["queries"]
    rows = {query["name"]: await clickhouse.select(query["sql"]) for query in queries}
    found = await stats(api, headers)
    assert sum(row["opens"] for row in rows["organisation_opens_by_user"]) == found["totalOpens"] == 1
    before = sum(row["opens_before"] for row in rows["organisation_opens_by_user"])
    assert before == found["previous"]["totalOpens"] == 0
