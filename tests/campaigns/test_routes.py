"""Campaigns over the API: drafts, steps, conflicts, roles, and what the audit log keeps of them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select, update

from app.campaigns.models import CampaignPixel
from app.campaigns.service import active_pixels
from app.identity.models import User
from app.tracking.models import OrganisationSettings
from tests.fixtures.api import Api

PATH = "/api/admin/campaigns"
NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)


def iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


async def made(api: Api, headers: dict[str, str], **more: Any) -> dict[str, Any]:
    answer = await api.client.post(PATH, json={"name": "Autumn"} | more, headers=headers)
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"{PATH}/{body['id']}"
    return body


async def step(api: Api, headers: dict[str, str], campaign: dict[str, Any], name: str, **body: Any) -> httpx.Response:
    return await api.client.post(f"{PATH}/{campaign['id']}/{name}", json=body, headers=headers)


async def stepped(api: Api, headers: dict[str, str], campaign: dict[str, Any], name: str) -> dict[str, Any]:
    answer = await step(api, headers, campaign, name)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def wanted(campaign: dict[str, Any], **changes: Any) -> dict[str, Any]:
    names = ("name", "description", "startsAt", "endsAt", "audience", "bannerHtml", "version")
    return {name: campaign[name] for name in names} | changes


async def pixels(api: Api) -> dict[Any, CampaignPixel]:
    async with api.database.reading() as session:
        return {pixel.user_id: pixel for pixel in await session.scalars(select(CampaignPixel))}


async def actions(api: Api, headers: dict[str, str]) -> list[str]:
    page = (await api.client.get("/api/admin/audit", headers=headers)).json()
    return [item["action"] for item in page["data"]]


async def test_a_campaign_lives_from_draft_to_end_and_each_step_is_in_the_audit_log(api: Api) -> None:
    owner = await api.owner()
    ann = await api.member(owner.organisation_id, "ann@acme.test", department="Sales")
    gone = await api.member(owner.organisation_id, "gone@acme.test", department="Sales")
    async with api.database.session() as session:
        await session.execute(update(User).where(User.id == gone.id).values(is_active=False))
    headers = await api.key(owner, "read", "write")
    audience = {"kind": "departments", "departments": ["sales "]}
    draft = await made(api, headers, audience=audience, bannerHtml="<b>New</b><script>alert(1)</script>")
    assert (draft["state"], draft["people"], draft["steps"], draft["runs"]) == ("draft", 1, ["start"], [])
    assert "script" not in draft["bannerHtml"]
    api.clock.now += timedelta(hours=1)
    active = await stepped(api, headers, draft, "start")
    assert (active["state"], active["people"], active["startedAt"]) == ("active", 1, iso(NOON + timedelta(hours=1)))
    assert active["steps"] == ["pause", "end"]
    found = await pixels(api)
    assert set(found) == {ann.id}, "people who have left get none"
    assert found[ann.id].department == "Sales"
    api.clock.now += timedelta(hours=1)
    assert (await stepped(api, headers, draft, "pause"))["steps"] == ["resume", "end"]
    api.clock.now += timedelta(hours=1)
    assert (await stepped(api, headers, draft, "resume"))["people"] == 1
    api.clock.now += timedelta(hours=1)
    ended = await stepped(api, headers, draft, "end")
    assert (ended["state"], ended["steps"], ended["endedAt"]) == ("ended", [], iso(NOON + timedelta(hours=4)))
    assert ended["runs"] == [
        {"startedAt": iso(NOON + timedelta(hours=1)), "endedAt": iso(NOON + timedelta(hours=2))},
        {"startedAt": iso(NOON + timedelta(hours=3)), "endedAt": iso(NOON + timedelta(hours=4))},
    ]
    assert await actions(api, headers) == [
        "campaign_ended",
        "campaign_resumed",
        "campaign_paused",
        "campaign_started",
        "campaign_created",
    ]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": "  "}, "name"),
        ({"name": "A", "startsAt": iso(NOON + timedelta(days=2)), "endsAt": iso(NOON + timedelta(days=1))}, "endsAt"),
        ({"name": "A\0"}, "name"),
        ({"name": "A", "description": "one\0two"}, "description"),
        ({"name": "A", "endsAt": iso(NOON)}, "endsAt"),
        ({"name": "A", "startsAt": iso(NOON)}, "startsAt"),
        ({"name": "A", "startsAt": "2026-02-01T00:00:00"}, "startsAt"),
        ({"name": "A", "startsAt": "9999-12-31T23:59:59-12:00"}, "startsAt"),
        ({"name": "A", "audience": {"kind": "departments", "departments": ["Nowhere"]}}, "audience.departments"),
        ({"name": "A", "audience": {"kind": "people", "people": [str(uuid4())]}}, "audience.people"),
        ({"name": "A", "audience": {"kind": "all"}}, "audience.kind"),
        ({"name": "A", "bannerHtml": "x" * 20_001}, "bannerHtml"),
    ],
)
async def test_what_does_not_fit_is_named(api: Api, body: dict[str, Any], field: str) -> None:
    headers = await api.key(await api.owner(), "read", "write")
    answer = await api.client.post(PATH, json=body, headers=headers)
    assert answer.status_code == 422, answer.text
    assert answer.json()["field"] == field
    assert answer.headers["content-type"] == "application/problem+json"


async def test_people_of_another_organisation_are_nobody(api: Api) -> None:
    stranger = await api.owner("Other", "you@other.test")
    headers = await api.key(await api.owner(), "read", "write")
    audience = {"kind": "people", "people": [str(stranger.id)]}
    answer = await api.client.post(PATH, json={"name": "A", "audience": audience}, headers=headers)
    assert (answer.status_code, answer.json()["field"]) == (422, "audience.people")


async def test_a_campaign_for_nobody_does_not_start_and_one_that_is_over_neither(api: Api) -> None:
    headers = await api.key(await api.owner(), "read", "write")
    empty = await made(api, headers, audience={"kind": "departments"})
    answer = await step(api, headers, empty, "start")
    assert (answer.status_code, answer.json()["field"]) == (422, "audience")
    late = await made(api, headers, endsAt=iso(NOON + timedelta(hours=1)))
    api.clock.now += timedelta(hours=2)
    answer = await step(api, headers, late, "start")
    assert (answer.status_code, answer.json()["field"]) == (422, "endsAt")
    assert await pixels(api) == {}


async def test_a_step_the_state_does_not_allow_says_what_it_does(api: Api) -> None:
    headers = await api.key(await api.owner(), "read", "write")
    draft = await made(api, headers)
    answer = await step(api, headers, draft, "pause")
    assert answer.status_code == 409
    assert (answer.json()["field"], answer.json()["possible"]) == ("state", ["start"])
    await stepped(api, headers, draft, "start")
    deleted = await api.client.delete(f"{PATH}/{draft['id']}", headers=headers)
    assert (deleted.status_code, deleted.json()["field"]) == (409, "state")


async def test_two_administrators_who_save_at_once_both_learn_of_it(api: Api) -> None:
    owner = await api.owner()
    headers = await api.key(owner, "read", "write")
    draft = await made(api, headers)
    address = f"{PATH}/{draft['id']}"
    first = await api.client.put(address, json=wanted(draft, name="Winter"), headers=headers)
    assert (first.status_code, first.json()["version"]) == (200, 2)
    second = await api.client.put(address, json=wanted(draft, description="For all"), headers=headers)
    problem = second.json()
    assert (second.status_code, problem["current"]["name"], problem["changes"][0]["by"]) == (409, "Winter", owner.name)
    started = await step(api, headers, draft, "start", version=1)
    assert started.status_code == 409, "what was not read is not started"
    same = await api.client.put(address, json=wanted(first.json(), version=1), headers=headers)
    assert (same.status_code, same.json()["version"]) == (200, 2), "what is as wanted is no conflict"


async def test_of_a_running_campaign_the_end_may_move_and_the_audience_may_not(api: Api) -> None:
    headers = await api.key(await api.owner(), "read", "write")
    draft = await made(api, headers)
    active = await stepped(api, headers, draft, "start")
    address = f"{PATH}/{draft['id']}"
    later = iso(NOON + timedelta(days=3))
    moved = await api.client.put(address, json=wanted(active, endsAt=later), headers=headers)
    assert (moved.status_code, moved.json()["endsAt"]) == (200, later)
    other = wanted(moved.json(), audience={"kind": "departments", "departments": []})
    answer = await api.client.put(address, json=other, headers=headers)
    assert (answer.status_code, answer.json()["field"]) == (422, "audience")


async def test_a_copy_is_a_draft_without_times_and_only_drafts_are_deleted(api: Api) -> None:
    owner = await api.owner()
    headers = await api.key(owner, "read", "write")
    audience = {"kind": "people", "people": [str(owner.id)]}
    original = await made(api, headers, audience=audience, endsAt=iso(NOON + timedelta(days=1)))
    await stepped(api, headers, original, "start")
    answer = await api.client.post(f"{PATH}/{original['id']}/duplicate", headers=headers)
    copy = answer.json()
    assert answer.status_code == 201
    assert (copy["state"], copy["name"], copy["endsAt"]) == ("draft", "Autumn (copy)", None)
    assert [person["name"] for person in copy["audiencePeople"]] == [owner.name]
    assert (await api.client.delete(f"{PATH}/{copy['id']}", headers=headers)).status_code == 204
    assert (await api.client.get(f"{PATH}/{copy['id']}", headers=headers)).status_code == 404


async def test_the_list_is_searched_filtered_counted_and_cut_into_pages(api: Api) -> None:
    headers = await api.key(await api.owner(), "read", "write")
    for number in range(5):
        api.clock.now += timedelta(minutes=1)
        draft = await made(api, headers, name=f"Wave {number} 100%")
        if number % 2:
            await stepped(api, headers, draft, "start")
    await made(api, headers, name="Other")
    asked: dict[str, Any] = {"search": "wave %", "limit": 2}
    seen: list[str] = []
    for _ in range(3):
        page = (await api.client.get(PATH, params=asked, headers=headers)).json()
        assert page["counts"] == {"draft": 3, "active": 2, "paused": 0, "ended": 0}
        seen += [item["name"] for item in page["data"]]
        asked["cursor"] = page["nextCursor"]
    assert (seen, page["nextCursor"]) == ([f"Wave {number} 100%" for number in (4, 3, 2, 1, 0)], None)
    page = (await api.client.get(PATH, params={"state": ["active", "ended"]}, headers=headers)).json()
    assert [item["name"] for item in page["data"]] == ["Wave 3 100%", "Wave 1 100%"]
    assert (await api.client.get(PATH, params={"cursor": "x"}, headers=headers)).json()["field"] == "cursor"


async def test_an_analyst_reads_campaigns_without_people_and_changes_nothing(api: Api) -> None:
    owner = await api.owner()
    draft = await made(
        api, await api.key(owner, "read", "write"), audience={"kind": "people", "people": [str(owner.id)]}
    )
    analyst = await api.member(owner.organisation_id, "a@acme.test", role="analyst")
    headers = await api.key(analyst, "read", "write")
    seen = (await api.client.get(f"{PATH}/{draft['id']}", headers=headers)).text
    assert str(owner.id) not in seen
    assert owner.name not in seen
    assert (await step(api, headers, draft, "start")).status_code == 403


async def test_a_signature_carries_the_pixels_of_active_campaigns_while_campaign_tracking_is_on(api: Api) -> None:
    owner = await api.owner()
    headers = await api.key(owner, "read", "write")
    draft = await made(api, headers, bannerHtml="<b>New</b>")

    async def carried() -> list[str]:
        async with api.database.reading() as session:
            return [pixel.banner_html for pixel in await active_pixels(session, owner.organisation_id, owner.id)]

    assert await carried() == []
    await stepped(api, headers, draft, "start")
    assert await carried() == ["<b>New</b>"]
    await stepped(api, headers, draft, "pause")
    assert await carried() == []
    await stepped(api, headers, draft, "resume")
    async with api.database.session() as session:
        await session.execute(update(OrganisationSettings).values(campaign_tracking_enabled=False))
    assert await carried() == []
    assert not (await api.client.get(f"{PATH}/{draft['id']}", headers=headers)).json()["isTrackingOn"]


async def test_a_department_renamed_in_mid_campaign_changes_nothing_of_what_was(api: Api) -> None:
    owner = await api.owner()
    ann = await api.member(owner.organisation_id, "ann@acme.test", department="Sales")
    headers = await api.key(owner, "read", "write")
    draft = await made(api, headers, audience={"kind": "departments", "departments": ["Sales"]})
    await stepped(api, headers, draft, "start")
    async with api.database.session() as session:
        await session.execute(update(User).where(User.id == ann.id).values(department="Field sales"))
    await stepped(api, headers, draft, "pause")
    again = await stepped(api, headers, draft, "resume")
    assert (again["people"], again["departments"]) == (1, ["Sales"])
    assert (await pixels(api))[ann.id].department == "Sales"
