"""What is no text, no JSON or no number we hold is refused for every route at one place, and the field is named."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tests.fixtures.api import Api

JSON = {"content-type": "application/json"}
HALF, NOTHING = "\\ud800", "\\u0000"
"""Half of a surrogate pair and U+0000, as JSON writes them."""


@pytest.fixture
async def headers(api: Api) -> dict[str, str]:
    return await api.key(await api.owner(), "read", "write")


def refused(answer: httpx.Response, status: int, field: str | None = None) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert field is None or body["field"] == field, body
    return body


@pytest.mark.parametrize("bad", [HALF, NOTHING, "\\udc00\\ud800"])
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ('{"jobTitle": "a%s"}', "jobTitle"),
        ('{"unknown": {"deep": [1, ["%s"]]}}', "unknown.deep.1.0"),
        ('["%s"]', "0"),
        ('"%s"', "body"),
    ],
)
async def test_what_no_store_holds_is_refused_with_its_place(
    api: Api, headers: dict[str, str], bad: str, body: str, field: str
) -> None:
    answer = await api.client.patch("/api/me", content=body % bad, headers=headers | JSON)
    assert "remove it" in refused(answer, 422, field)["detail"]


@pytest.mark.parametrize("bad", [HALF, NOTHING])
async def test_a_key_that_cannot_be_repeated_is_refused_in_an_answer_that_can(
    api: Api, headers: dict[str, str], bad: str
) -> None:
    body = '{"html": "x", "version": 0, "defaults": {"a' + bad + '": "x"}}'
    answer = await api.client.put("/api/admin/signatures/template", content=body, headers=headers | JSON)
    assert refused(answer, 422)["field"].startswith("defaults.a")


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/api/admin/people?search=%00", "search"),
        ("/api/admin/people?cursor=a%00b", "cursor"),
        ("/api/admin/people?%00=1", "\0"),
        ("/api/admin/campaigns?search=%00", "search"),
        ("/api/signatures/a%00b@acme.test", "email"),
        ("/api/auth/invitation/%00", "token"),
    ],
)
async def test_what_no_store_holds_is_refused_in_addresses(
    api: Api, headers: dict[str, str], path: str, field: str
) -> None:
    refused(await api.client.get(path, headers=headers), 422, field.replace("\0", "\ufffd"))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"[" * 200_000, "nested too deeply"),
        (b'{"a":' * 200_000, "nested too deeply"),
        (b'{"version": ' + b"1" * 5000 + b"}", "number"),
        (b'{"name": "\xff\xfe\xff"}', "UTF-8"),
        (b"\xff\xfe{\x00}\x00\xd8", "UTF-8"),
        (b"\x00", "character"),
        (b"", None),
    ],
)
async def test_what_is_no_json_is_told_so(api: Api, headers: dict[str, str], body: bytes, said: str | None) -> None:
    answer = await api.client.put("/api/admin/tracking/settings", content=body, headers=headers | JSON)
    if said is None:
        refused(answer, 422, "body")
    else:
        assert refused(answer, 400)["code"] == "malformed_json"


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/xml", "multipart/form-data", "application/json; charset=x"]
)
async def test_other_content_types_are_refused_or_read_and_never_break(
    api: Api, headers: dict[str, str], kind: str
) -> None:
    answer = await api.client.patch("/api/me", content=b'{"name": "Olga"}', headers=headers | {"content-type": kind})
    assert answer.status_code in (200, 422)


async def test_a_name_of_a_field_is_repeated_in_part_only(api: Api, headers: dict[str, str]) -> None:
    body = '{"' + "k" * 100_000 + '": [' + "1," * 50_000 + f'"{NOTHING}"]}}'
    answer = await api.client.patch("/api/me", content=body, headers=headers | JSON)
    assert len(refused(answer, 422)["field"]) <= 90


@pytest.mark.parametrize(
    "zone", ["../etc", "posixrules", "right/UTC", "/etc/localtime", "localtime", "", "UTC\n", "Mars/X"]
)
async def test_time_zones_nobody_lives_in_are_refused_wherever_one_is_chosen(
    api: Api, headers: dict[str, str], zone: str
) -> None:
    if zone.strip() != "UTC":
        refused(await api.client.patch("/api/me", json={"timeZone": zone}, headers=headers), 422, "timeZone")
        new = {"email": "n@acme.test", "name": "N", "timeZone": zone}
        refused(await api.client.post("/api/admin/people", json=new, headers=headers), 422, "timeZone")
    else:
        answer = await api.client.patch("/api/me", json={"timeZone": zone}, headers=headers)
        assert answer.json()["user"]["timeZone"] == "UTC"


async def test_headers_with_line_breaks_reach_no_answer(api: Api, headers: dict[str, str]) -> None:
    for path in ("/api/admin/people/export?search=%0d%0aset-cookie:x=1", "/api/no%0d%0aset-cookie:%20x=1"):
        answer = await api.client.get(path, headers=headers)
        assert answer.status_code < 500
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("version", [2**31, 2**63, 2**70, -(2**70), 1e300])
async def test_numbers_no_column_holds_are_a_conflict_or_refused(
    api: Api, headers: dict[str, str], version: float
) -> None:
    now = (await api.client.get("/api/admin/tracking/settings", headers=headers)).json()
    changed = now | {"version": version, "retentionDays": 30}
    answer = await api.client.put("/api/admin/tracking/settings", json=changed, headers=headers)
    assert answer.status_code in (409, 422), answer.text


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-23:59"])
async def test_moments_at_the_ends_of_the_calendar_break_nothing(
    api: Api, headers: dict[str, str], moment: str
) -> None:
    draft = {"name": "Spring", "startsAt": moment}
    refused(await api.client.post("/api/admin/campaigns", json=draft, headers=headers), 422, "startsAt")
    for path in ("/api/admin/audit", "/api/admin/audit/export", "/api/admin/tracking/organization-stats"):
        answer = await api.client.get(path, params={"from": moment[:10], "to": moment[:10]}, headers=headers)
        assert answer.status_code in (200, 422), answer.text


async def test_a_report_that_is_open_over_the_change_of_clocks_stays_whole(api: Api) -> None:
    berlin = await api.owner("Berlin", "b@acme.test", zone="Europe/Berlin")
    headers = await api.key(berlin)
    for moment in (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)):
        await api.store_open(berlin, moment)  # 01:30 and 03:30 of the same day, which has 23 hours
    seen = []
    for now in (
        datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC),
        datetime(2026, 3, 29, 1, 0, 1, tzinfo=UTC),
        datetime(2026, 3, 29, 21, 59, 59, tzinfo=UTC),  # the last second of the day, an hour early in UTC
        datetime(2026, 3, 29, 22, 0, 1, tzinfo=UTC),
    ):
        api.clock.now = now
        api.resources.answers.forget()
        daily = (await api.client.get("/api/tracking/my-stats/daily?days=3", headers=headers)).json()["data"]
        stats = (await api.client.get("/api/tracking/my-stats", headers=headers)).json()
        team = await api.client.get("/api/admin/tracking/organization-stats?days=1", headers=headers)
        assert team.status_code == 200
        seen.append(([day["date"] for day in daily][-1], daily[-1]["opens"], stats["today"]["opens"]))
    assert seen == [("2026-03-29", 2, 2)] * 3 + [("2026-03-30", 0, 0)]
