"""Figures of a campaign over the API: who is counted, what it is compared with, and when nothing is said."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from app.campaigns import statistics
from app.campaigns.models import CampaignPixel
from app.campaigns.uncertainty import MIN_PEOPLE
from app.identity.models import User
from app.tracking.calendar import cuts_of
from app.tracking.models import OrganisationSettings
from clickhouse.closed_days import close_days
from tests.campaigns.test_routes import PATH, made, stepped
from tests.fixtures.api import Api

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


async def long_here(api: Api) -> None:
    """Let everybody have come to the organisation half a year ago."""
    async with api.database.session() as session:
        await session.execute(update(User).values(created_at=NOON - 180 * DAY))


async def stats(api: Api, headers: dict[str, str], campaign: dict[str, Any]) -> dict[str, Any]:
    answer = await api.client.get(f"{PATH}/{campaign['id']}/stats", headers=headers)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def opened(api: Api, campaign: dict[str, Any], user: User, at: datetime, **more: Any) -> None:
    await api.store_open(user, at, tracking="campaign", campaign_id=UUID(campaign["id"]), **more)


async def test_a_draft_has_zeros_and_nothing_to_compare(api: Api) -> None:
    headers = await api.key(await api.owner(), "read", "write")
    found = await stats(api, headers, await made(api, headers))
    assert (found["opens"], found["people"], found["daily"], found["baseline"]) == (0, 0, [], None)
    assert found["campaignAgainstBefore"]["reason"] == "short"
    assert found["campaignAgainstBefore"]["rate"] is None


@pytest.mark.parametrize("most_named", [statistics.MOST_NAMED, 1])
async def test_opens_are_counted_by_person_day_and_department(
    api: Api, most_named: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statistics, "MOST_NAMED", most_named)
    owner = await api.owner(zone="Asia/Riyadh")
    ann = await api.member(owner.organisation_id, "ann@acme.test", department="Sales")
    bob = await api.member(owner.organisation_id, "bob@acme.test", department="Sales")
    other = await api.member(owner.organisation_id, "eve@acme.test", department="Support")
    headers = await api.key(owner, "read", "write")
    draft = await made(api, headers, audience={"kind": "departments", "departments": ["Sales"]})
    await stepped(api, headers, draft, "start")
    visitor = b"v" * 16
    await opened(api, draft, ann, NOON + timedelta(hours=1), visitor=visitor)
    await opened(api, draft, ann, NOON + timedelta(hours=2), visitor=visitor)
    await opened(api, draft, bob, NOON + timedelta(hours=1), visitor=visitor)
    await opened(api, draft, bob, NOON + timedelta(hours=10))  # the next day in Riyadh
    await opened(api, draft, bob, NOON + timedelta(hours=3), open_class="scanner")
    await opened(api, draft, ann, NOON + timedelta(hours=3), is_rate_limited=True)
    await api.store_open(ann, NOON + timedelta(hours=1))  # her own pixel in the same mail
    await api.store_open(ann, NOON - 7 * DAY + timedelta(hours=1))
    await api.store_open(ann, NOON - 3 * DAY)  # another weekday
    await api.store_open(other, NOON - 7 * DAY + timedelta(hours=1))  # not in the campaign
    api.clock.now = NOON + DAY
    found = await stats(api, headers, draft)
    assert (found["opens"], found["unique"], found["activePeople"], found["people"]) == (4, 3, 2, 2)
    assert (found["notCounted"], found["activeDays"], found["timeZone"]) == (2, 1.0, "Asia/Riyadh")
    assert [(day["date"], day["opens"], day["unique"], day["everyday"], day["before"]) for day in found["daily"]] == [
        ("2026-01-15", 3, 2, 1, 1),
        ("2026-01-16", 1, 1, 0, 0),
    ]
    assert [round(day["active"], 2) for day in found["daily"]] == [0.38, 0.62]
    people = [(it["userId"], it["opens"], it["unique"], it["everyday"], it["before"]) for it in found["byPerson"]]
    assert sorted(people) == sorted([(str(ann.id), 2, 1, 1, 1), (str(bob.id), 2, 2, 0, 0)])
    assert [(it["department"], it["opens"], it["users"]) for it in found["byDepartment"]] == [("Sales", 4, 2)]
    assert found["campaignAgainstBefore"]["reason"] == "few_people"


@pytest.mark.parametrize("most_named", [statistics.MOST_NAMED, 1])
async def test_people_asked_about_in_groups_add_up_in_counted_days_and_in_the_open_one(
    api: Api, most_named: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statistics, "MOST_NAMED", most_named)
    owner = await api.owner()
    sales = [await api.member(owner.organisation_id, f"{name}@acme.test", department="Sales") for name in "ab"]
    headers = await api.key(owner, "read", "write")
    draft = await made(api, headers, audience={"kind": "departments", "departments": ["Sales"]})
    await stepped(api, headers, draft, "start")
    for day in (NOON + timedelta(hours=1), NOON + DAY + timedelta(hours=1), NOON + 2 * DAY - timedelta(hours=1)):
        for person in (*sales, owner):  # the owner's are not in the campaign
            await api.store_open(person, day)
            await api.store_open(person, day - 7 * DAY)
        for person in sales:
            await opened(api, draft, person, day)
    day = NOON.date()
    clickhouse = await api.resources.clickhouse.get()
    await close_days(clickhouse, cuts_of({}), from_date=day - 8 * DAY, until_date=day + 2 * DAY)
    api.clock.now = NOON + 2 * DAY
    found = await stats(api, headers, draft)
    assert [(it["opens"], it["unique"], it["everyday"], it["before"]) for it in found["daily"]] == [
        (2, 2, 2, 2),
        (2, 2, 2, 2),
        (2, 2, 2, 2),
    ]
    people = [(it["opens"], it["unique"], it["everyday"], it["before"]) for it in found["byPerson"]]
    assert people == [(3, 3, 3, 3)] * 2


@pytest.mark.parametrize("has_stranger", [False, True])
async def test_a_campaign_of_everybody_has_no_opens_of_strangers(api: Api, has_stranger: bool) -> None:
    owner = await api.owner()
    headers = await api.key(owner, "read", "write")
    draft = await made(api, headers)
    await stepped(api, headers, draft, "start")
    await opened(api, draft, owner, NOON + timedelta(hours=1))
    await api.store_open(owner, NOON + timedelta(hours=1))
    await api.store_open(owner, NOON - 7 * DAY + timedelta(hours=1))
    if has_stranger:  # the log knows somebody whom the store has forgotten
        stranger = User(id=UUID(int=7), organisation_id=owner.organisation_id, email="gone@acme.test", name="Gone")
        await api.store_open(stranger, NOON + timedelta(hours=1))
        await api.store_open(stranger, NOON - 7 * DAY + timedelta(hours=1))
    api.clock.now = NOON + timedelta(hours=6)
    found = await stats(api, headers, draft)
    assert [(day["opens"], day["everyday"], day["before"]) for day in found["daily"]] == [(1, 1, 1)]
    assert [(it["opens"], it["everyday"], it["before"]) for it in found["byPerson"]] == [(1, 1, 1)]


async def test_whatever_changes_is_shown_at_once_though_nothing_new_was_stored(api: Api) -> None:
    owner = await api.owner()
    ann = await api.member(owner.organisation_id, "ann@acme.test", department="Sales")
    headers = await api.key(owner, "read", "write")
    campaign = await made(api, headers)
    await stepped(api, headers, campaign, "start")
    api.clock.now = NOON + timedelta(hours=2)
    await opened(api, campaign, ann, NOON + timedelta(hours=1))
    before = await stats(api, headers, campaign)
    assert await stats(api, headers, campaign) == before
    assert (before["people"], before["state"]) == (2, "active")
    async with api.database.session() as session:
        await session.execute(update(User).where(User.id == ann.id).values(name="Ann", is_active=False))
    [first, _] = (await stats(api, headers, campaign))["byPerson"]
    assert (first["name"], first["isActive"]) == ("Ann", False)
    async with api.database.session() as session:
        await session.execute(update(CampaignPixel).where(CampaignPixel.user_id == ann.id).values(department="Support"))
    assert (await stats(api, headers, campaign))["byPerson"][0]["department"] == "Support"
    newcomer = await api.member(owner.organisation_id, "new@acme.test")
    async with api.database.session() as session:
        session.add(
            CampaignPixel(organisation_id=owner.organisation_id, campaign_id=UUID(campaign["id"]), user_id=newcomer.id)
        )
    assert (await stats(api, headers, campaign))["people"] == 3
    async with api.database.session() as session:
        await session.execute(update(OrganisationSettings).values(retention_days=1))
    assert (await stats(api, headers, campaign))["campaignAgainstBefore"]["reason"] == "deleted"
    await stepped(api, headers, campaign, "pause")
    assert (await stats(api, headers, campaign))["state"] == "paused"
    async with api.database.session() as session:
        await session.execute(update(User).where(User.id == owner.id).values(role="analyst"))
        await session.execute(update(OrganisationSettings).values(department_min_people=2))
    assert (await stats(api, headers, campaign))["byPerson"] == []


async def test_opens_of_other_campaigns_and_organisations_are_left_out(api: Api) -> None:
    owner, stranger = await api.owner(), await api.owner("Other", "you@other.test")
    headers = await api.key(owner, "read", "write")
    draft, second = await made(api, headers), await made(api, headers)
    for campaign in (draft, second):
        await stepped(api, headers, campaign, "start")
    await opened(api, draft, owner, NOON)
    await opened(api, second, owner, NOON)
    await opened(api, draft, stranger, NOON)
    api.clock.now = NOON + timedelta(hours=1)
    assert (await stats(api, headers, draft))["opens"] == 1


async def crowd(api: Api, owner: User, count: int, **more: Any) -> list[User]:
    people = [await api.member(owner.organisation_id, f"p{number}@acme.test", **more) for number in range(count)]
    await long_here(api)
    return people


async def test_enough_people_give_a_ratio_with_its_band(api: Api) -> None:
    owner = await api.owner()
    people = await crowd(api, owner, MIN_PEOPLE, department="Sales")
    headers = await api.key(owner, "read", "write")
    draft = await made(api, headers, audience={"kind": "departments", "departments": ["Sales"]})
    await stepped(api, headers, draft, "start")
    for number, person in enumerate(people):
        for index in range(6 + number % 2):
            await opened(api, draft, person, NOON + timedelta(hours=index))
        for index in range(3):
            await api.store_open(person, NOON - 7 * DAY + timedelta(hours=index))
    api.clock.now = NOON + DAY
    newcomer = await api.member(owner.organisation_id, "new@acme.test", department="Sales")
    async with api.database.session() as session:
        campaign_id = UUID(draft["id"])
        session.add(
            CampaignPixel(
                organisation_id=owner.organisation_id,
                campaign_id=campaign_id,
                user_id=newcomer.id,
                created_at=NOON + timedelta(hours=3),
            )
        )
    await opened(api, draft, newcomer, NOON + timedelta(hours=4))
    found = await stats(api, headers, draft)
    compared = found["campaignAgainstBefore"]
    assert (compared["tooFew"], compared["reason"], compared["verdict"]) == (False, None, "higher")
    opens = sum(6 + number % 2 for number in range(MIN_PEOPLE))
    assert compared["ratio"]["value"] == pytest.approx(opens / (3 * MIN_PEOPLE), abs=0.001)
    assert 1 < compared["ratio"]["low"] < compared["ratio"]["value"] < compared["ratio"]["high"]
    assert compared["rateBefore"] == 3.0
    assert compared["difference"] == pytest.approx(compared["rate"] - 3, abs=0.001)
    assert found["baseline"]["people"] == MIN_PEOPLE, "who joined later is counted, and not compared"
    assert found["people"] == MIN_PEOPLE + 1
    assert found["everydayAgainstBefore"]["reason"] == "few_opens"


async def test_a_baseline_that_retention_has_deleted_is_no_small_one(api: Api) -> None:
    owner = await api.owner()
    people = await crowd(api, owner, MIN_PEOPLE)
    headers = await api.key(owner, "read", "write")
    draft = await made(api, headers)
    await stepped(api, headers, draft, "start")
    for person in people:
        for index in range(4):
            await opened(api, draft, person, NOON + timedelta(hours=index))
    api.clock.now = NOON + 60 * DAY
    await stepped(api, headers, draft, "end")
    assert (await stats(api, headers, draft))["campaignAgainstBefore"]["reason"] == "deleted"


async def test_hits_while_it_was_paused_are_shown_with_their_reason(api: Api) -> None:
    owner = await api.owner()
    headers = await api.key(owner, "read", "write")
    draft = await made(api, headers)
    clickhouse = await api.resources.clickhouse.get()
    row = {
        "id": UUID(int=7),
        "at": NOON,
        "organisation_id": owner.organisation_id,
        "user_id": owner.id,
        "campaign_id": UUID(draft["id"]),
        "tracking": "campaign",
        "reason": "campaign_not_active",
        "block": "test",
    }
    await clickhouse.insert("drops", {name: [value] for name, value in row.items()}, query_id=draft["id"], token=None)
    assert (await stats(api, headers, draft))["dropped"] == [{"reason": "campaign_not_active", "hits": 1}]


async def test_an_analyst_sees_departments_of_a_minimum_size_and_no_small_campaign(api: Api) -> None:
    owner = await api.owner()
    people = await crowd(api, owner, 5, department="Sales")
    small = await api.member(owner.organisation_id, "s@acme.test", department="Support")
    headers = await api.key(owner, "read", "write")
    both = {"kind": "departments", "departments": ["Sales", "Support"]}
    draft = await made(api, headers, audience=both)
    only = await made(api, headers, audience={"kind": "people", "people": [str(small.id)]})
    for campaign in (draft, only):
        await stepped(api, headers, campaign, "start")
    for person in [*people, small]:
        await opened(api, draft, person, NOON)
    api.clock.now = NOON + timedelta(hours=1)
    analyst = await api.key(await api.member(owner.organisation_id, "a@acme.test", role="analyst"), "read")
    seen = await stats(api, analyst, draft)
    assert [(it["department"], it["kind"], it["users"]) for it in seen["byDepartment"]] == [(None, "other", 6)]
    assert (seen["byPerson"], seen["arePeopleShown"], seen["opens"]) == ([], False, 6)
    refused = await api.client.get(f"{PATH}/{only['id']}/stats", headers=analyst)
    assert (refused.status_code, refused.json()["minimum"]) == (403, 5)


async def test_a_person_who_left_is_counted_and_marked_and_the_department_is_that_of_then(api: Api) -> None:
    owner = await api.owner()
    ann = await api.member(owner.organisation_id, "ann@acme.test", department="Sales")
    headers = await api.key(owner, "read", "write")
    draft = await made(api, headers, audience={"kind": "departments", "departments": ["Sales"]})
    await stepped(api, headers, draft, "start")
    await opened(api, draft, ann, NOON)
    async with api.database.session() as session:
        await session.execute(update(User).where(User.id == ann.id).values(is_active=False, department="Board"))
    api.clock.now = NOON + timedelta(hours=1)
    [person] = (await stats(api, headers, draft))["byPerson"]
    assert (person["opens"], person["department"], person["isActive"]) == (1, "Sales", False)


async def test_every_number_can_be_asked_for_as_sql(api: Api) -> None:
    owner = await api.owner()
    headers = await api.key(owner, "read", "write")
    draft = await made(api, headers)
    await stepped(api, headers, draft, "start")
    await opened(api, draft, owner, NOON)
    api.clock.now = NOON + timedelta(hours=1)
    answer = await api.client.get(f"{PATH}/{draft['id']}/stats/explain", headers=headers)
    clickhouse = await api.resources.clickhouse.get()
    found = {query["name"]: await clickhouse.select(query["sql"]) for query in answer.json()["queries"]}
    assert [row["opens"] for row in found["campaign_opens_by_user"]] == [1]
    assert set(found) == {
        "closed_parts",
        "campaign_drops",
        "campaign_opens_by_user",
        "campaign_opens_daily",
        "campaign_baseline_by_user",
        "campaign_baseline_daily",
    }
    async with api.database.reading() as session:
        assert len((await session.scalars(select(CampaignPixel))).all()) == 1
