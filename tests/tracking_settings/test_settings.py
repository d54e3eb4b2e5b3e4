import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from pydantic import SecretStr

from app.identity.models import User
from app.settings import Settings
from app.tracking.invalidation import CHANNEL
from tests.fixtures.api import Api, Clock, running_api
from tests.live.reading import reading

PATH = "/api/admin/tracking/settings"
DEFAULTS = {
    "userTrackingEnabled": True,
    "campaignTrackingEnabled": True,
    "retentionDays": 90,
    "showUserDashboard": True,
    "excludeBots": True,
    "recordCountry": True,
}


async def save(api: Api, headers: dict[str, str], version: int, **changes: Any) -> dict[str, Any]:
    answer = await api.client.put(PATH, json=DEFAULTS | changes | {"version": version}, headers=headers)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_settings_begin_with_what_the_customer_asked_for(api: Api) -> None:
    body = (await api.client.get(PATH, headers=await api.key(await api.owner()))).json()
    assert body == DEFAULTS | {"departmentMinPeople": 5, "version": 1, "lastChange": None}


async def test_a_change_is_saved_counted_and_signed(api: Api) -> None:
    headers = await api.key(await api.owner(), "read", "write")
    saved = await save(api, headers, 1, retentionDays=30, recordCountry=False)
    assert saved == DEFAULTS | {
        "departmentMinPeople": 5,
        "retentionDays": 30,
        "recordCountry": False,
        "version": 2,
        "lastChange": {"at": "2026-01-15T12:00:00Z", "by": "Olga Owner", "changed": ["retentionDays", "recordCountry"]},
    }
    assert (await api.client.get(PATH, headers=headers)).json() == saved
    [entry] = (await api.client.get("/api/admin/audit", headers=headers)).json()["data"]
    assert (entry["action"], entry["actor"]["kind"]) == ("tracking_settings_changed", "key")
    assert entry["before"] == {"retentionDays": 90, "recordCountry": True, "version": 1}
    assert entry["after"] == {"retentionDays": 30, "recordCountry": False, "version": 2}


async def test_how_small_a_department_analysts_see_is_saved_and_stays_when_it_is_not_sent(api: Api) -> None:
    headers = await api.key(await api.owner(), "read", "write")
    assert (await save(api, headers, 1, departmentMinPeople=12))["departmentMinPeople"] == 12
    saved = await save(api, headers, 2, retentionDays=30)
    assert (saved["departmentMinPeople"], saved["retentionDays"]) == (12, 30)
    answer = await api.client.put(PATH, json=DEFAULTS | {"departmentMinPeople": 1, "version": 3}, headers=headers)
    assert (answer.status_code, answer.json()["field"]) == (422, "departmentMinPeople")


async def test_saving_what_is_so_already_changes_nothing(api: Api) -> None:
    headers = await api.key(await api.owner(), "read", "write")
    await save(api, headers, 1, retentionDays=30)
    assert (await save(api, headers, 1, retentionDays=30))["version"] == 2
    assert len((await api.client.get("/api/admin/audit", headers=headers)).json()["data"]) == 1


async def test_who_saves_over_another_is_told_who_changed_what_and_nothing_is_lost(api: Api) -> None:
    owner = await api.owner()
    admin = await api.member(owner.organisation_id, "admin@acme.test", role="admin")
    await save(api, await api.key(owner, "read", "write"), 1, retentionDays=30)
    headers = await api.key(admin, "read", "write")
    answer = await api.client.put(PATH, json=DEFAULTS | {"excludeBots": False, "version": 1}, headers=headers)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "conflict")
    assert "Olga Owner changed retentionDays" in problem["detail"]
    assert problem["current"]["retentionDays"] == 30
    assert problem["current"]["excludeBots"] is True
    assert problem["current"]["version"] == 2
    assert problem["changes"] == [
        {"by": "Olga Owner", "at": "2026-01-15T12:00:00Z", "changed": {"retentionDays": [90, 30]}}
    ]
    again = await save(api, headers, 2, retentionDays=30, excludeBots=False)
    assert (again["retentionDays"], again["excludeBots"], again["version"]) == (30, False, 3)


async def test_of_many_who_save_at_once_one_wins_and_the_others_learn_of_it(api: Api) -> None:
    headers = await api.key(await api.owner(), "read", "write")
    bodies = [DEFAULTS | {"retentionDays": days, "version": 1} for days in range(10, 16)]
    answers = await asyncio.gather(*(api.client.put(PATH, json=body, headers=headers) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 5]
    [won] = [answer.json() for answer in answers if answer.status_code == 200]
    assert (await api.client.get(PATH, headers=headers)).json() == won


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("retentionDays", 0),
        ("retentionDays", 3651),
        ("retentionDays", "30"),
        ("retentionDays", None),
        ("excludeBots", "yes"),
        ("showUserDashboard", 1),
        ("version", 0),
        ("version", None),
    ],
)
async def test_what_does_not_fit_is_named(api: Api, field: str, value: object) -> None:
    headers = await api.key(await api.owner(), "read", "write")
    answer = await api.client.put(PATH, json=DEFAULTS | {"version": 1} | {field: value}, headers=headers)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert (await api.client.get(PATH, headers=headers)).json()["version"] == 1


@pytest.mark.parametrize("role", ["member", "analyst"])
async def test_other_roles_neither_read_nor_change_them(api: Api, role: str) -> None:
    owner = await api.owner()
    headers = await api.key(await api.member(owner.organisation_id, role=role), "read", "write")
    assert (await api.client.get(PATH, headers=headers)).status_code == 403
    answer = await api.client.put(PATH, json=DEFAULTS | {"version": 1}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


async def test_a_change_is_announced_to_the_workers(api: Api) -> None:
    owner = await api.owner()
    headers = await api.key(owner, "read", "write")
    async with api.resources.redis.pubsub() as channel:
        await channel.subscribe(CHANNEL)
        await save(api, headers, 1, userTrackingEnabled=False)
        async with asyncio.timeout(30):
            while not (message := await channel.get_message(ignore_subscribe_messages=True, timeout=1)):
                pass
    told = orjson.loads(message["data"])
    assert told == {"what": "settings", "organisationId": str(owner.organisation_id), "token": None}


async def test_open_pages_count_anew_when_bots_are_included(api: Api) -> None:
    owner = await api.owner()
    headers = await api.key(owner, "read", "write")
    await api.store_open(owner, api.clock() - timedelta(hours=1), open_class="scanner")
    async with reading(api.url, headers) as stream:
        assert (await stream.next()).data["data"]["today"]["opens"] == 0
        await save(api, headers, 1, excludeBots=False)
        assert (await stream.until(today=1)).name == "update"


async def test_settings_are_saved_while_redis_is_away(api_settings: Settings, tmp_path: Path) -> None:
    settings = api_settings.model_copy(update={"redis_url": SecretStr("redis://127.0.0.1:1/0")})
    async with running_api(settings, Clock(datetime(2026, 1, 15, 12, tzinfo=UTC)), tmp_path / "none") as api:
        headers = await api.key(await api.owner(), "read", "write")
        assert (await save(api, headers, 1, retentionDays=7))["version"] == 2


async def hidden(api: Api, person: User) -> list[int]:
    headers = await api.key(person)
    paths = ("my-stats", "my-stats/daily", "my-opens", "explain")
    found = [(await api.client.get(f"/api/tracking/{path}", headers=headers)).status_code for path in paths]
    return [*found, (await api.client.get("/api/tracking/my-signature", headers=headers)).status_code]


async def test_personal_statistics_can_be_kept_to_owners_and_admins(api: Api) -> None:
    owner = await api.owner()
    roles = ("admin", "member", "analyst")
    people = {role: await api.member(owner.organisation_id, f"{role}@acme.test", role=role) for role in roles}
    await save(api, await api.key(owner, "read", "write"), 1, showUserDashboard=False)
    for person in (owner, people["admin"]):
        assert await hidden(api, person) == [200] * 5
    for person in (people["member"], people["analyst"]):
        assert await hidden(api, person) == [403] * 4 + [200]
    problem = (await api.client.get("/api/tracking/my-stats", headers=await api.key(people["member"]))).json()
    assert problem["setting"] == "showUserDashboard"
    assert "Acme has switched off personal statistics" in problem["detail"]


async def test_an_open_stream_ends_when_personal_statistics_are_switched_off(api: Api) -> None:
    owner = await api.owner()
    member = await api.member(owner.organisation_id)
    async with reading(api.url, await api.key(member)) as stream:
        await stream.next()
        await save(api, await api.key(owner, "read", "write"), 1, showUserDashboard=False)
        with pytest.raises(StopAsyncIteration):
            while True:
                await stream.next()
    answer = await api.client.get("/api/stream", headers=await api.key(member))
    assert answer.status_code == 403
