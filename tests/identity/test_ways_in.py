"""Invitations, sessions and keys over HTTP."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from app.audit.models import AuditEntry
from app.dependencies import SESSION_COOKIE
from app.identity.access import WIDGET_PATHS
from app.identity.models import User
from app.identity.service import create_api_key
from tests.fixtures.api import Api

PASSWORD = "correct horse battery staple"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
INTRANET = "https://intranet.acme.test"


async def actions(api: Api) -> list[str]:
    async with api.database.reading() as session:
        return sorted(await session.scalars(select(AuditEntry.action)))


async def invited(api: Api, user: User, headers: dict[str, str]) -> str:
    """Return the token of a link that whoever is signed in makes for a person."""
    answer = await api.client.post(f"/api/admin/people/{user.id}/invitation", headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["url"]).rsplit("/", 1)[1]


async def widget_key(api: Api, user: User, origin: str = INTRANET) -> dict[str, str]:
    async with api.database.session() as session:
        key = await create_api_key(session, user, "widget", ("widget",), allowed_origins=[origin])
    return {"authorization": f"Bearer {key}", "origin": origin}


async def test_an_invitation_sets_a_password_and_signs_in_once(api: Api) -> None:
    owner = await api.owner()
    member = await api.member(owner.organisation_id)
    token = await invited(api, member, await api.sign_in(owner))
    for _ in range(3):  # looking uses nothing up
        look = await api.client.get(f"/api/auth/invitation/{token}")
        assert look.json() == {"organisation": "Acme", "name": "Max Member"}
    short = await api.client.post("/api/auth/invitation", json={"token": token, "password": "short"})
    assert (short.status_code, short.json()["field"]) == (422, "password")
    body = {"token": token, "password": PASSWORD}
    assert (await api.client.post("/api/auth/invitation", json=body)).status_code == 204
    assert (await api.client.get("/api/me")).json()["user"]["hasPassword"] is True
    assert (await api.client.post("/api/auth/invitation", json=body)).status_code == 404
    assert (await api.client.get(f"/api/auth/invitation/{token}")).status_code == 404
    signin = await api.client.post("/api/auth/password", json={"email": member.email, "password": PASSWORD})
    assert signin.status_code == 204
    assert await actions(api) == ["invitation_accepted", "invitation_created"]


async def test_an_invitation_can_be_withdrawn_and_an_owners_only_by_an_owner(api: Api) -> None:
    owner = await api.owner()
    admin = await api.member(owner.organisation_id, "admin@acme.test", role="admin")
    member = await api.member(owner.organisation_id)
    headers = await api.sign_in(admin)
    token = await invited(api, member, headers)
    path = f"/api/admin/people/{member.id}/invitation"
    assert (await api.client.delete(path, headers=headers)).status_code == 204
    assert (await api.client.delete(path, headers=headers)).status_code == 404
    assert (await api.client.post("/api/auth/invitation", json={"token": token})).status_code == 404
    answer = await api.client.post(f"/api/admin/people/{owner.id}/invitation", headers=headers)
    assert answer.status_code == 403


async def test_a_new_password_by_invitation_ends_the_sessions_there_were(api: Api) -> None:
    owner = await api.owner()
    headers = await api.sign_in(owner)
    before = api.client.cookies[SESSION_COOKIE]
    token = await invited(api, owner, headers)
    async with httpx.AsyncClient(base_url=api.url) as elsewhere:
        answer = await elsewhere.post("/api/auth/invitation", json={"token": token, "password": PASSWORD})
        assert answer.status_code == 204
        assert (await elsewhere.get("/api/me")).status_code == 200
        answer = await elsewhere.get("/api/me", headers={"cookie": f"{SESSION_COOKIE}={before}"})
    assert (await api.client.get("/api/me")).status_code == 401


async def test_signing_in_makes_a_fresh_session_and_ends_the_one_the_browser_had(api: Api) -> None:
    owner = await api.owner()
    await api.sign_in(owner)
    planted = api.client.cookies[SESSION_COOKIE]
    await api.sign_in(owner)
    assert api.client.cookies[SESSION_COOKIE] != planted
    async with httpx.AsyncClient(base_url=api.url, cookies={SESSION_COOKIE: planted}) as thief:
        assert (await thief.get("/api/me")).status_code == 401


async def test_sessions_are_listed_in_words_and_ended_one_by_one_or_all_others(api: Api) -> None:
    owner = await api.owner()
    others = []
    for _ in range(3):
        api.client.cookies.clear()
        await api.sign_in(owner)
        others.append(api.client.cookies[SESSION_COOKIE])
    api.client.cookies.clear()
    api.client.headers["user-agent"] = FIREFOX
    headers = await api.sign_in(owner)
    sessions = (await api.client.get("/api/me/sessions")).json()["data"]
    assert len(sessions) == 4
    [current] = [session for session in sessions if session["isCurrent"]]
    assert (current["browser"], current["system"]) == ("Firefox 128", "Windows 10")
    assert not any(cookie in str(sessions) for cookie in others)
    other = next(session for session in sessions if not session["isCurrent"])
    path = f"/api/me/sessions/{other['id']}"
    assert (await api.client.delete(path)).status_code == 403  # without the CSRF token
    assert (await api.client.delete(path, headers=headers)).status_code == 204
    assert (await api.client.delete(path, headers=headers)).status_code == 404
    assert (await api.client.delete("/api/me/sessions", headers=headers)).json() == {"ended": 2}
    assert [session["isCurrent"] for session in (await api.client.get("/api/me/sessions")).json()["data"]] == [True]


async def test_nobody_ends_the_session_of_somebody_else_but_an_admin_ends_all_of_a_person(api: Api) -> None:
    owner = await api.owner()
    member = await api.member(owner.organisation_id)
    await api.sign_in(member)
    [session] = (await api.client.get("/api/me/sessions")).json()["data"]
    headers = await api.key(owner, "read", "write")
    assert (await api.client.delete(f"/api/me/sessions/{session['id']}", headers=headers)).status_code == 404
    ended = await api.client.delete(f"/api/admin/people/{member.id}/sessions", headers=headers)
    assert ended.json() == {"ended": 1}
    assert (await api.client.get("/api/me")).status_code == 401
    assert await actions(api) == ["sessions_ended"]


async def test_an_owner_is_signed_out_and_loses_keys_by_owners_alone(api: Api) -> None:
    owner = await api.owner()
    admin = await api.member(owner.organisation_id, "admin@acme.test", role="admin")
    other = await api.member(owner.organisation_id, "other@acme.test", role="owner")
    await api.key(owner)
    headers = await api.sign_in(admin)
    [key] = (await api.client.get("/api/admin/api-keys")).json()["data"]
    for path in (f"people/{owner.id}/sessions", f"people/{owner.id}/invitation", f"api-keys/{key['id']}"):
        refused = await api.client.delete(f"/api/admin/{path}", headers=headers)
        assert refused.status_code == 403
        assert "Only an owner" in refused.json()["detail"]
    headers = await api.sign_in(other)
    assert (await api.client.delete(f"/api/admin/people/{owner.id}/sessions", headers=headers)).status_code == 200
    assert (await api.client.delete(f"/api/admin/api-keys/{key['id']}", headers=headers)).status_code == 204


async def test_a_key_is_shown_once_listed_and_revoked(api: Api) -> None:
    headers = await api.sign_in(await api.owner())
    wanted = {"name": "Reports", "scopes": ["read"], "expiresAt": "2026-02-15T00:00:00Z"}
    made = await api.client.post("/api/me/api-keys", json=wanted, headers=headers)
    assert made.status_code == 201
    key, view = made.json()["key"], made.json()["view"]
    listed = (await api.client.get("/api/me/api-keys")).json()["data"]
    assert listed == [view]
    assert key not in str(listed)
    assert key.startswith(view["prefix"])
    async with httpx.AsyncClient(base_url=api.url, headers={"authorization": f"Bearer {key}"}) as program:
        assert (await program.get("/api/me")).status_code == 200
        refused = await program.post("/api/me/api-keys", json=wanted)
        assert refused.status_code == 403
        path = f"/api/me/api-keys/{view['id']}"
        assert (await api.client.delete(path, headers=headers)).status_code == 204
        assert (await api.client.delete(path, headers=headers)).status_code == 404
        assert (await program.get("/api/me")).status_code == 401
    assert await actions(api) == ["api_key_created", "api_key_revoked"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes.0"),
        ({"scopes": ["read", "widget"], "allowedOrigins": [INTRANET]}, "scopes"),
        ({"scopes": ["widget"]}, "allowedOrigins"),
        ({"allowedOrigins": [INTRANET]}, "allowedOrigins"),
        ({"scopes": ["widget"], "allowedOrigins": ["*"]}, "allowedOrigins"),
        ({"scopes": ["widget"], "allowedOrigins": ["null"]}, "allowedOrigins"),
        ({"scopes": ["widget"], "allowedOrigins": ["https://a.test/path"]}, "allowedOrigins"),
        ({"scopes": ["widget"], "allowedOrigins": ["https://*.a.test"]}, "allowedOrigins"),
        ({"scopes": ["widget"], "allowedOrigins": ["https://u@a.test"]}, "allowedOrigins"),
        ({"scopes": ["widget"], "allowedOrigins": ["javascript:alert(1)"]}, "allowedOrigins"),
        ({"scopes": ["widget"], "allowedOrigins": ["https://a.test:99999"]}, "allowedOrigins"),
        ({"expiresAt": "2020-01-01T00:00:00Z"}, "expiresAt"),
        ({"expiresAt": "2030-01-01T00:00:00"}, "expiresAt"),
        ({"name": " "}, "name"),
    ],
)
async def test_a_key_that_does_not_fit_is_refused_by_field(api: Api, change: dict[str, Any], field: str) -> None:
    headers = await api.sign_in(await api.owner())
    body = {"name": "x", "scopes": ["read"]} | change
    answer = await api.client.post("/api/me/api-keys", json=body, headers=headers)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


async def test_origins_are_kept_as_browsers_send_them(api: Api) -> None:
    headers = await api.sign_in(await api.owner())
    origins = ["HTTPS://Intranet.Acme.test:443/", "http://localhost:8080", "https://bücher.test"]
    body = {"name": "w", "scopes": ["widget"], "allowedOrigins": origins}
    made = await api.client.post("/api/me/api-keys", json=body, headers=headers)
    assert made.json()["view"]["allowedOrigins"] == [
        "http://localhost:8080",
        INTRANET,
        "https://xn--bcher-kva.test",
    ]


async def test_a_person_sees_own_keys_an_admin_sees_and_revokes_all(api: Api) -> None:
    owner = await api.owner()
    member = await api.member(owner.organisation_id)
    mine, theirs = await api.key(member, "read", "write"), await api.key(owner, "read", "write")
    assert len((await api.client.get("/api/me/api-keys", headers=mine)).json()["data"]) == 1
    everybodys = (await api.client.get("/api/admin/api-keys", headers=theirs)).json()["data"]
    assert {key["owner"]["name"] for key in everybodys} == {"Max Member", "Olga Owner"}
    of_owner, of_member = (
        next(key["id"] for key in everybodys if key["owner"]["name"] == name) for name in ("Olga Owner", "Max Member")
    )
    assert (await api.client.delete(f"/api/me/api-keys/{of_owner}", headers=mine)).status_code == 404
    assert (await api.client.delete(f"/api/admin/api-keys/{of_member}", headers=theirs)).status_code == 204
    assert (await api.client.get("/api/me", headers=mine)).status_code == 401


async def test_a_key_follows_the_role_of_its_person_at_once(api: Api) -> None:
    owner = await api.owner()
    admin = await api.member(owner.organisation_id, "admin@acme.test", role="admin")
    headers = await api.key(admin)
    assert (await api.client.get("/api/admin/api-keys", headers=headers)).status_code == 200
    async with api.database.session() as session:
        await session.execute(update(User).where(User.id == admin.id).values(role="member"))
    assert (await api.client.get("/api/admin/api-keys", headers=headers)).status_code == 403


async def test_a_widget_key_opens_the_figures_of_its_person_and_no_other_route(api: Api) -> None:
    owner = await api.owner()
    headers = await widget_key(api, owner)
    description = (await api.client.get("/api/openapi.json")).json()
    public = ("/api/health", "/api/auth/")
    opened = set()
    for path, operations in description["paths"].items():
        if path.startswith(public):
            continue
        for method in operations:
            filled = path.replace("{userId}", str(owner.id)).replace("{token}", "x")
            filled = "/".join(str(owner.id) if part.startswith("{") else part for part in filled.split("/"))
            body: dict[str, Any] | None = {} if method != "get" else None
            async with api.client.stream(method.upper(), filled, headers=headers, json=body) as answer:
                if answer.status_code != 403:
                    opened.add((method, path))
    assert opened == {("get", path) for path in WIDGET_PATHS}


async def test_pages_of_the_keys_origin_may_read_and_no_others(api: Api) -> None:
    owner = await api.owner()
    headers = await widget_key(api, owner)
    path = "/api/tracking/my-stats"
    asked = {"origin": INTRANET, "access-control-request-method": "GET"}
    preflight = await api.client.options(path, headers=asked)
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == INTRANET
    assert preflight.headers["access-control-allow-headers"] == "authorization"
    answer = await api.client.get(path, headers=headers)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == INTRANET
    assert "access-control-allow-credentials" not in answer.headers
    assert "Origin" in answer.headers["vary"]
    refused = await api.client.get("/api/me", headers=headers)
    assert (refused.status_code, "access-control-allow-origin" in refused.headers) == (403, False)
    for other in ("https://evil.test", "https://intranet.acme.test.evil.test", "null", INTRANET + ":8443"):
        preflight = await api.client.options(path, headers=asked | {"origin": other})
        assert preflight.status_code == 403
        answer = await api.client.get(path, headers=headers | {"origin": other})
        assert answer.status_code == 403
        assert "access-control-allow-origin" not in [*preflight.headers, *answer.headers]
    assert (await api.client.options("/api/me", headers=asked)).status_code == 405
    own = await api.client.get(path, headers=headers | {"origin": "http://127.0.0.1:8800"})
    assert own.status_code == 200


async def test_no_origin_is_answered_to_a_session_or_another_key(api: Api) -> None:
    owner = await api.owner()
    await widget_key(api, owner)
    await api.sign_in(owner)
    for headers in ({}, await api.key(owner)):
        answer = await api.client.get("/api/tracking/my-stats", headers={"origin": INTRANET} | headers)
        assert "access-control-allow-origin" not in answer.headers


async def test_an_origin_is_answered_no_more_once_its_key_ended(api: Api) -> None:
    owner = await api.owner()
    async with api.database.session() as session:
        later = api.clock() + timedelta(days=1)
        await create_api_key(session, owner, "w", ("widget",), later, allowed_origins=[INTRANET])
    asked = {"origin": INTRANET, "access-control-request-method": "GET"}
    assert (await api.client.options("/api/tracking/my-stats", headers=asked)).status_code == 204
    api.clock.now += timedelta(days=1)
    assert (await api.client.options("/api/tracking/my-stats", headers=asked)).status_code == 403


async def test_setting_a_password_is_noted_in_the_audit_log(api: Api) -> None:
    headers = await api.sign_in(await api.owner())
    assert (await api.client.put("/api/me/password", json={"new": PASSWORD}, headers=headers)).status_code == 204
    assert await actions(api) == ["password_set"]
