from datetime import timedelta

from sqlalchemy import update

from app.tracking.models import OrganisationSettings
from tests.fixtures.api import Api

PATH = "/api/widget/engagement"


async def test_it_says_what_my_stats_and_the_daily_chart_say(api: Api) -> None:
    owner = await api.owner(zone="Asia/Riyadh")
    for hours in (1, 20, 60, 200):
        await api.store_open(owner, api.clock() - timedelta(hours=hours))
    await api.store_open(owner, api.clock() - timedelta(hours=2), open_class="scanner")
    headers = await api.key(owner)
    found = (await api.client.get(PATH, headers=headers)).json()
    stats = (await api.client.get("/api/tracking/my-stats", headers=headers)).json()
    daily = (await api.client.get("/api/tracking/my-stats/daily?days=7", headers=headers)).json()
    for name in ("thisWeek", "lastWeek", "lastWeekToDate", "peakHours", "notCounted", "timeZone", "weekStartsOn"):
        assert found[name] == stats[name]
    assert found["daily"] == daily["data"]
    assert (found["asOf"], found["lastOpenAt"]) == (stats["asOf"], stats["lastOpenAt"])
    assert (found["retentionDays"], found["excludesBots"], found["isTrackingOn"]) == (90, True, True)


async def test_it_names_nobody(api: Api) -> None:
    owner = await api.owner()
    text = (await api.client.get(PATH, headers=await api.key(owner))).text
    for secret in (owner.name, owner.email, str(owner.id), str(owner.organisation_id), "Acme"):
        assert secret not in text


async def test_a_page_with_the_widget_is_not_a_person_who_looked(api: Api) -> None:
    owner = await api.owner()
    await api.sign_in(owner)
    assert (await api.client.get(PATH)).status_code == 200
    async with api.database.reading() as session:
        assert (await session.merge(owner, load=True)).dashboard_seen_at is None


async def test_where_personal_pages_are_switched_off_the_widget_is_too(api: Api) -> None:
    owner = await api.owner()
    member = await api.member(owner.organisation_id)
    async with api.database.session() as session:
        await session.execute(update(OrganisationSettings).values(show_user_dashboard=False))
    answer = await api.client.get(PATH, headers=await api.key(member))
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
