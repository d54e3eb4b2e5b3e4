from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from app.audit.models import AuditEntry
from app.identity.models import ApiKey, Invitation, Session, User
from app.identity.secrets import digest
from app.tracking.models import UserToken
from tests.fixtures.api import Api

PATH = "/api/admin/people"


async def listed(api: Api, headers: dict[str, str], **asked: Any) -> dict[str, Any]:
    answer = await api.client.get(PATH, params=asked, headers=headers)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def names(api: Api, headers: dict[str, str], **asked: Any) -> list[str]:
    return [person["name"] for person in (await listed(api, headers, **asked))["data"]]


async def one(api: Api, headers: dict[str, str], user_id: UUID) -> dict[str, Any]:
    answer = await api.client.get(f"{PATH}/{user_id}", headers=headers)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def post(api: Api, headers: dict[str, str], path: str, body: dict[str, Any] | None = None) -> Any:
    return await api.client.post(f"{PATH}{path}", json=body, headers=headers)


async def log(api: Api) -> list[AuditEntry]:
    async with api.database.reading() as session:
        return list(await session.scalars(select(AuditEntry).order_by(AuditEntry.at, AuditEntry.action)))


async def tokens(api: Api, user_id: UUID) -> list[UserToken]:
    async with api.database.reading() as session:
        return list(await session.scalars(select(UserToken).where(UserToken.user_id == user_id)))


async def rename(api: Api, user: User, **values: Any) -> None:
    async with api.database.session() as session:
        row = await session.get_one(User, user.id)
        for name, value in values.items():
            setattr(row, name, value)


async def test_a_person_is_added_with_a_token_from_the_first_moment(api: Api) -> None:
    owner = await api.owner(zone="Asia/Riyadh")
    headers = await api.key(owner, "read", "write")
    answer = await post(api, headers, "", {"email": " Ann@Acme.Test ", "name": " Ann   Lee ", "department": "Sales"})
    assert answer.status_code == 201, answer.text
    person = answer.json()
    assert (person["email"], person["name"], person["role"]) == ("ann@acme.test", "Ann Lee", "member")
    assert (person["timeZone"], person["state"]) == ("Asia/Riyadh", "never_signed_in")
    assert person["token"]["state"] == "active"
    assert person["oldSignatures"] == {"rotated": 0, "deactivated": 0}
    assert [token.is_active for token in await tokens(api, UUID(person["id"]))] == [True]
    [entry] = await log(api)
    assert (entry.action, entry.subject, entry.subject_id) == ("person_added", "Ann Lee", UUID(person["id"]))
    assert entry.after is not None
    assert entry.after["email"] == "ann@acme.test"


async def test_an_address_that_is_taken_is_told_with_whose_it_is(api: Api) -> None:
    owner = await api.owner()
    answer = await post(
        api, await api.key(owner, "write"), "", {"email": owner.email.upper(), "name": "Somebody", "role": "member"}
    )
    assert (answer.status_code, answer.json()["field"], answer.json()["userId"]) == (409, "email", str(owner.id))


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "A"}, "email"),
        ({"email": "no address", "name": "A"}, "email"),
        ({"email": "a@b.test", "name": "  "}, "name"),
        ({"email": "a@b.test", "name": "A\x00B"}, "name"),
        ({"email": "a@b.test", "name": "A", "timeZone": "Mars/Olympus"}, "timeZone"),
        ({"email": "a@b.test", "name": "A", "role": "king"}, "role"),
        ({"email": "a@b.test", "name": "A", "locale": "fr"}, "locale"),
        ({"email": "a@b.test", "name": "A", "phone": "1" * 65}, "phone"),
    ],
)
async def test_what_does_not_fit_is_named(api: Api, body: dict[str, Any], field: str) -> None:
    answer = await post(api, await api.key(await api.owner(), "write"), "", body)
    assert (answer.status_code, answer.json()["field"]) == (422, field), answer.text


async def test_search_and_filters_narrow_the_list_and_the_total(api: Api) -> None:
    owner = await api.owner()
    ann = await api.member(owner.organisation_id, "ann@acme.test", department="Sales ")
    bob = await api.member(owner.organisation_id, "bob_1@acme.test", role="analyst")
    gone = await api.member(owner.organisation_id, "gone@acme.test", department="Sales")
    await rename(api, ann, name="Ann Lee", last_seen_at=api.clock())
    await rename(api, bob, name="Bob 100%")
    await rename(api, gone, name="Gone/Girl", is_active=False)
    headers = await api.key(owner)
    assert await names(api, headers) == ["Ann Lee", "Bob 100%", "Gone/Girl", "Olga Owner"]
    assert await names(api, headers, search="lee ANN") == ["Ann Lee"]
    assert await names(api, headers, search="100%") == ["Bob 100%"]
    assert await names(api, headers, search="bob_1@") == ["Bob 100%"]
    assert await names(api, headers, search="_") == ["Bob 100%"]
    assert await names(api, headers, search="e/g") == ["Gone/Girl"]
    assert await names(api, headers, department="Sales") == ["Ann Lee", "Gone/Girl"]
    assert await names(api, headers, department="-") == ["Bob 100%", "Olga Owner"]
    assert await names(api, headers, role="analyst") == ["Bob 100%"]
    assert await names(api, headers, state="active") == ["Ann Lee"]
    assert await names(api, headers, state="inactive") == ["Gone/Girl"]
    assert (await listed(api, headers, state="never_signed_in", limit=1))["total"] == 2


async def test_whatever_changes_is_on_the_page_at_once_though_nothing_new_was_stored(api: Api) -> None:
    owner = await api.owner()
    ann = await api.member(owner.organisation_id, "ann@acme.test")
    headers = await api.key(owner, "read", "write")

    async def shown() -> dict[str, Any]:
        [person] = (await listed(api, headers, search="ann@"))["data"]
        return dict(person)

    before = await shown()
    assert await shown() == before
    assert (await post(api, headers, f"/{ann.id}/token/rotate")).status_code == 200
    assert (await shown())["token"]["rotated"] == 1
    await rename(api, ann, role="analyst", last_seen_at=api.clock())
    found = await shown()
    assert (found["role"], found["state"]) == ("analyst", "active")
    assert found["version"] != before["version"]


async def test_an_open_invitation_is_a_state_of_its_own_until_it_ends(api: Api) -> None:
    owner = await api.owner()
    ann = await api.member(owner.organisation_id)
    async with api.database.session() as session:
        session.add(
            Invitation(
                organisation_id=owner.organisation_id,
                user_id=ann.id,
                token_hash=digest("secret"),
                expires_at=api.clock() + timedelta(days=7),
            )
        )
    headers = await api.key(owner)
    assert await names(api, headers, state="invited") == ["Max Member"]
    api.clock.now += timedelta(days=8)
    assert await names(api, headers, state="invited") == []
    assert (await one(api, headers, ann.id))["state"] == "never_signed_in"


async def test_signing_in_is_what_makes_somebody_seen(api: Api) -> None:
    owner = await api.owner()
    await api.sign_in(owner)
    person = await one(api, await api.key(owner), owner.id)
    assert (person["state"], person["lastSeenAt"]) == ("active", "2026-01-15T12:00:00Z")


@pytest.mark.parametrize("sort", ["name", "email", "department", "role", "lastSeen", "joined"])
@pytest.mark.parametrize("direction", ["ascending", "descending"])
async def test_pages_follow_each_other_without_gap_or_repetition_in_every_order(
    api: Api, sort: str, direction: str
) -> None:
    owner = await api.owner()
    for number in range(7):
        member = await api.member(owner.organisation_id, f"p{number}@acme.test", department=f"D{number % 2}")
        await rename(api, member, last_seen_at=api.clock() - timedelta(days=number % 3) if number % 3 else None)
    cursor: dict[str, str] = {}
    headers, found = await api.key(owner), []
    while True:
        page = await listed(api, headers, sort=sort, direction=direction, limit=3, **cursor)
        assert page["total"] == 8
        found += [person["id"] for person in page["data"]]
        if page["nextCursor"] is None:
            break
        cursor = {"cursor": page["nextCursor"]}
    assert len(found) == len(set(found)) == 8
    whole = await listed(api, headers, sort=sort, direction=direction, limit=100)
    assert [person["id"] for person in whole["data"]] == found


@pytest.mark.parametrize("cursor", ["x", "bm90", "W10", "WyJuYW1lIiwiYXNjZW5kaW5nIiwzLCIxIl0"])
async def test_a_cursor_that_is_none_is_refused(api: Api, cursor: str) -> None:
    answer = await api.client.get(PATH, params={"cursor": cursor}, headers=await api.key(await api.owner()))
    assert (answer.status_code, answer.json()["field"]) == (422, "cursor")


async def test_departments_are_one_by_folding_and_shown_in_the_usual_spelling(api: Api) -> None:
    owner = await api.owner()
    for number, department in enumerate(["Sales", "Sales", "sales ", "Ärzte", None]):
        await api.member(owner.organisation_id, f"p{number}@acme.test", department=department)
    answer = await api.client.get(f"{PATH}/departments", headers=await api.key(owner))
    assert answer.json()["data"] == [
        {"department": "Sales", "people": 3, "spellings": ["Sales", "sales"]},
        {"department": "Ärzte", "people": 1, "spellings": ["Ärzte"]},
        {"department": None, "people": 2, "spellings": []},
    ]


async def test_a_change_needs_the_version_it_was_made_of_and_loses_nothing(api: Api) -> None:
    owner = await api.owner()
    ann = await api.member(owner.organisation_id)
    headers = await api.key(owner, "read", "write")
    version = (await one(api, headers, ann.id))["version"]
    first = await api.client.patch(
        f"{PATH}/{ann.id}", json={"version": version, "name": "Ann", "department": "Sales"}, headers=headers
    )
    assert (first.status_code, first.json()["name"], first.json()["department"]) == (200, "Ann", "Sales")
    second = await api.client.patch(f"{PATH}/{ann.id}", json={"version": version, "name": "Anna"}, headers=headers)
    assert second.status_code == 409
    assert second.json()["current"]["name"] == "Ann"
    same = await api.client.patch(f"{PATH}/{ann.id}", json={"version": version, "name": "Ann"}, headers=headers)
    assert same.status_code == 200, "what is as wanted already is no conflict"
    again = await api.client.patch(
        f"{PATH}/{ann.id}", json={"version": second.json()["current"]["version"], "department": None}, headers=headers
    )
    assert again.json()["department"] is None
    entries = [(entry.action, entry.before, entry.after) for entry in await log(api)]
    assert sorted(entries, key=str) == [
        ("person_changed", {"department": "Sales"}, {"department": None}),
        ("person_changed", {"name": "Max Member", "department": None}, {"name": "Ann", "department": "Sales"}),
    ]


async def test_what_people_change_themselves_is_a_conflict_too(api: Api) -> None:
    owner = await api.owner()
    headers = await api.key(owner, "read", "write")
    version = (await one(api, headers, owner.id))["version"]
    await api.client.patch("/api/me", json={"name": "Olga"}, headers=headers)
    answer = await api.client.patch(f"{PATH}/{owner.id}", json={"version": version, "name": "O"}, headers=headers)
    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("change", "field"),
    [({"name": None}, "name"), ({"timeZone": "Nowhere"}, "timeZone"), ({"version": None}, "version"), ({}, "version")],
)
async def test_a_change_that_does_not_fit_names_the_field(api: Api, change: dict[str, Any], field: str) -> None:
    owner = await api.owner()
    body = change if not change or "version" in change else {"version": "x", **change}
    answer = await api.client.patch(f"{PATH}/{owner.id}", json=body, headers=await api.key(owner, "write"))
    assert (answer.status_code, answer.json()["field"]) == (422, field)


async def test_the_last_owner_cannot_be_demoted_or_deactivated_but_one_of_two_can(api: Api) -> None:
    owner = await api.owner()
    second = await api.member(owner.organisation_id, "second@acme.test", role="owner")
    headers = await api.key(owner, "read", "write")
    assert (await post(api, headers, f"/{second.id}/deactivate")).status_code == 200
    version = (await one(api, headers, owner.id))["version"]
    answer = await api.client.patch(f"{PATH}/{owner.id}", json={"version": version, "role": "admin"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "last_owner")
    await post(api, headers, f"/{second.id}/reactivate")
    answer = await api.client.patch(f"{PATH}/{owner.id}", json={"version": version, "role": "admin"}, headers=headers)
    assert (answer.status_code, answer.json()["role"]) == (200, "admin")
    as_second = await api.key(second, "write")
    assert (await post(api, as_second, f"/{second.id}/deactivate")).status_code == 422, "nobody deactivates themselves"


async def test_admins_make_no_owners_touch_none_and_raise_nobody_to_it_not_even_themselves(api: Api) -> None:
    owner = await api.owner()
    admin = await api.member(owner.organisation_id, "admin@acme.test", role="admin")
    ann = await api.member(owner.organisation_id, "ann@acme.test")
    headers = await api.key(admin, "read", "write")

    async def role(user: User, wanted: str) -> int:
        version = (await api.client.get(f"{PATH}?search={user.email}", headers=headers)).json()["data"][0]["version"]
        body = {"version": version, "role": wanted}
        return (await api.client.patch(f"{PATH}/{user.id}", json=body, headers=headers)).status_code

    assert await role(ann, "owner") == 403
    assert await role(ann, "admin") == 200
    assert await role(admin, "owner") == 403
    assert await role(owner, "member") == 403
    assert (await post(api, headers, f"/{owner.id}/deactivate")).status_code == 403
    assert (await post(api, headers, f"/{owner.id}/token/rotate")).status_code == 403
    new = {"email": "new@acme.test", "name": "New", "role": "owner"}
    assert (await post(api, headers, "", new)).status_code == 403


async def test_deactivation_ends_every_way_in_and_the_token_and_reactivation_brings_the_token_back(api: Api) -> None:
    owner = await api.owner()
    ann = await api.member(owner.organisation_id, "ann@acme.test")
    headers, as_ann = await api.key(owner, "read", "write"), await api.key(ann)
    await api.sign_in(ann)
    api.client.cookies.clear()
    [token] = await tokens(api, ann.id)
    answer = await post(api, headers, f"/{ann.id}/deactivate")
    assert (answer.json()["state"], answer.json()["token"]["state"]) == ("inactive", "deactivated")
    assert (await api.client.get("/api/me", headers=as_ann)).status_code == 401
    async with api.database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(Session)) == 0
        assert await session.scalar(select(func.count()).where(ApiKey.revoked_at.is_not(None))) == 1
    assert (await post(api, headers, f"/{ann.id}/deactivate")).status_code == 200, "again changes nothing"
    assert (await post(api, headers, f"/{ann.id}/token/activate")).status_code == 409
    answer = await post(api, headers, f"/{ann.id}/reactivate")
    assert (answer.json()["isActive"], answer.json()["token"]["state"]) == (True, "active")
    assert [(again.token, again.is_active) for again in await tokens(api, ann.id)] == [(token.token, True)]
    assert (await api.client.get("/api/me", headers=as_ann)).status_code == 401, "keys stay ended"
    assert [entry.action for entry in await log(api)].count("person_deactivated") == 1
    entry = next(entry for entry in await log(api) if entry.action == "person_deactivated")
    assert entry.after == {"isActive": False, "sessionsEnded": 1, "keysRevoked": 1}


async def test_a_rotated_token_never_comes_back_a_deactivated_one_does(api: Api) -> None:
    owner = await api.owner()
    ann = await api.member(owner.organisation_id)
    headers = await api.key(owner, "read", "write")
    [first] = await tokens(api, ann.id)
    answer = await post(api, headers, f"/{ann.id}/token/rotate")
    assert (answer.json()["token"]["state"], answer.json()["token"]["rotated"]) == ("active", 1)
    second = next(token for token in await tokens(api, ann.id) if token.is_active)
    assert (await post(api, headers, f"/{ann.id}/token/deactivate")).json()["token"]["state"] == "deactivated"
    await post(api, headers, f"/{ann.id}/token/activate")
    assert next(token for token in await tokens(api, ann.id) if token.is_active).token == second.token
    await post(api, headers, f"/{ann.id}/token/deactivate")
    answer = await post(api, headers, f"/{ann.id}/token/rotate")
    assert answer.json()["token"]["rotated"] == 2
    await post(api, headers, f"/{ann.id}/token/activate")
    assert {token.token for token in await tokens(api, ann.id) if token.is_active}.isdisjoint(
        {first.token, second.token}
    )
    assert [entry.action for entry in await log(api) if entry.action.startswith("token_")].count("token_rotated") == 2


async def test_loads_of_old_signatures_are_shown_with_the_person(api: Api) -> None:
    owner = await api.owner()
    ann = await api.member(owner.organisation_id)
    clickhouse = await api.resources.clickhouse.get()
    now = api.clock()
    rows = [
        (now - timedelta(days=1), "token_rotated", ann.id),
        (now - timedelta(days=2), "token_rotated", ann.id),
        (now - timedelta(days=3), "token_deactivated", ann.id),
        (now - timedelta(days=40), "token_rotated", ann.id),
        (now - timedelta(days=1), "tracking_off", ann.id),
        (now - timedelta(days=1), "token_rotated", None),
    ]
    columns: dict[str, list[Any]] = {
        "id": [uuid4() for _ in rows],
        "at": [row[0] for row in rows],
        "organisation_id": [owner.organisation_id] * len(rows),
        "user_id": [row[2] for row in rows],
        "campaign_id": [None] * len(rows),
        "tracking": ["user"] * len(rows),
        "reason": [row[1] for row in rows],
        "block": ["test"] * len(rows),
    }
    await clickhouse.insert("drops", columns, query_id=f"test-{uuid4()}", token=None)
    person = await one(api, await api.key(owner), ann.id)
    assert person["oldSignatures"] == {"rotated": 2, "deactivated": 1}
