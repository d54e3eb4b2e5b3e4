import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from sqlalchemy import select, update

from app.dependencies import SESSION_COOKIE
from app.identity.models import ApiKey, Session, SigninLink, User
from app.identity.passwords import hash_password
from app.identity.service import create_api_key, create_signin_link, revoke_api_key
from app.settings import Settings
from tests.fixtures.api import Api, Clock, running_api

PASSWORD = "correct horse battery staple"


async def link(api: Api, user: User) -> str:
    async with api.database.session() as session:
        return await create_signin_link(session, user, now=api.clock())


async def with_password(api: Api, user: User, password: str = PASSWORD) -> None:
    async with api.database.session() as session:
        hashed = await hash_password(password)
        await session.execute(update(User).where(User.id == user.id).values(password_hash=hashed))


async def by_password(api: Api, email: str, password: str) -> int:
    return (await api.client.post("/api/auth/password", json={"email": email, "password": password})).status_code


async def test_a_link_signs_in_once(api: Api) -> None:
    token = await link(api, await api.owner())
    first = await api.client.post("/api/auth/signin-link", json={"token": token})
    assert first.status_code == 204
    cookie = first.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert (await api.client.get("/api/me")).json()["user"]["email"] == "owner@acme.test"
    assert (await api.client.post("/api/auth/signin-link", json={"token": token})).status_code == 401


async def test_of_many_who_use_a_link_at_once_one_gets_in(api: Api) -> None:
    token = await link(api, await api.owner())
    tries = (api.client.post("/api/auth/signin-link", json={"token": token}) for _ in range(8))
    codes = sorted(answer.status_code for answer in await asyncio.gather(*tries))
    assert codes == [204] + [401] * 7


async def test_reading_a_link_does_not_use_it(api: Api) -> None:
    token = await link(api, await api.owner())
    await api.client.get(f"/signin/{token}")
    assert (await api.client.get("/api/auth/signin-link")).status_code == 405
    assert (await api.client.post("/api/auth/signin-link", json={"token": token})).status_code == 204


async def test_a_link_expires_and_is_then_forgotten(api: Api) -> None:
    owner = await api.owner()
    token = await link(api, owner)
    api.clock.now += timedelta(minutes=61)
    assert (await api.client.post("/api/auth/signin-link", json={"token": token})).status_code == 401
    await api.sign_in(owner)
    async with api.database.reading() as session:
        assert len((await session.scalars(select(SigninLink))).all()) == 1


async def test_an_inactive_user_cannot_sign_in_and_open_sessions_end(api: Api) -> None:
    owner = await api.owner()
    await api.sign_in(owner)
    token = await link(api, owner)
    async with api.database.session() as session:
        await session.execute(update(User).values(is_active=False))
    assert (await api.client.get("/api/me")).status_code == 401
    assert (await api.client.post("/api/auth/signin-link", json={"token": token})).status_code == 401


async def test_neither_cookie_nor_link_nor_key_stands_in_the_store(api: Api) -> None:
    owner = await api.owner()
    await api.sign_in(owner)
    key = (await api.key(owner))["authorization"].removeprefix("Bearer ")
    cookie = api.client.cookies[SESSION_COOKIE]
    async with api.database.reading() as session:
        rows = [*(await session.scalars(select(Session))), *(await session.scalars(select(ApiKey)))]
        stored = " ".join(str(vars(row)) for row in rows)
    assert cookie not in stored
    assert key not in stored
    assert key[:11] in stored  # the prefix is what tells keys apart


async def test_a_session_lives_as_long_as_it_is_used(api: Api) -> None:
    await api.sign_in(await api.owner())
    for _ in range(3):
        api.clock.now += timedelta(days=20)
        assert (await api.client.get("/api/me")).status_code == 200
    api.clock.now += timedelta(days=31)
    assert (await api.client.get("/api/me")).status_code == 401


async def test_signing_out_ends_this_session_only(api: Api) -> None:
    owner = await api.owner()
    await api.sign_in(owner)
    other = api.client.cookies[SESSION_COOKIE]
    api.client.cookies.clear()  # another browser
    headers = await api.sign_in(owner)
    mine = api.client.cookies[SESSION_COOKIE]
    assert (await api.client.post("/api/auth/signout", headers=headers)).status_code == 204
    api.client.cookies.clear()
    for cookie, status in ((mine, 401), (other, 200)):
        answer = await api.client.get("/api/me", headers={"cookie": f"{SESSION_COOKIE}={cookie}"})
        assert answer.status_code == status


async def test_a_change_needs_the_csrf_token_of_this_session(api: Api) -> None:
    headers = await api.sign_in(await api.owner())
    for wrong in ({}, {"x-csrf-token": ""}, {"x-csrf-token": "guess"}, {"x-csrf-token": "ü"}):
        answer = await api.client.patch(
            "/api/me", json={"name": "X"}, headers={k: v.encode("latin-1") for k, v in wrong.items()}
        )
        assert answer.status_code == 403
    assert (await api.client.patch("/api/me", json={"name": "X"}, headers=headers)).json()["user"]["name"] == "X"


async def test_the_password_signs_in_whatever_the_case_of_the_address(api: Api) -> None:
    await with_password(api, await api.owner())
    assert await by_password(api, " Owner@ACME.test", PASSWORD) == 204
    assert (await api.client.get("/api/me")).json()["user"]["hasPassword"] is True


async def test_the_password_signs_in_however_the_domain_is_written(api: Api) -> None:
    await with_password(api, await api.owner(email="owner@bücher.example"))
    for email in ("owner@bücher.example", "owner@bu\u0308cher.example", "owner@xn--bcher-kva.example"):
        assert await by_password(api, email, PASSWORD) == 204


async def test_failures_are_counted_for_the_mailbox_not_for_its_spelling(api: Api) -> None:
    await with_password(api, await api.owner(email="owner@bücher.example"))
    spellings = ("owner@bücher.example", "owner@bu\u0308cher.example", "owner@xn--bcher-kva.example")
    for number in range(5):
        assert await by_password(api, spellings[number % 3], "wrong wrong wrong") == 401
    assert await by_password(api, spellings[0], PASSWORD) == 429


async def test_unknown_account_wrong_password_and_no_password_look_the_same(api: Api) -> None:
    owner = await api.owner()
    member = await api.member(owner.organisation_id)
    await with_password(api, owner)
    bodies = set()
    for email in (owner.email, member.email, "nobody@acme.test"):
        answer = await api.client.post("/api/auth/password", json={"email": email, "password": "wrong"})
        assert answer.status_code == 401
        bodies.add(answer.text)
    assert len(bodies) == 1


async def test_the_password_decides_who_is_meant_if_two_organisations_share_an_address(api: Api) -> None:
    here = await api.owner("Acme", "both@example.test")
    there = await api.owner("Other", "both@example.test")
    await with_password(api, here, "the password at acme")
    await with_password(api, there, "the password at other")
    assert await by_password(api, "both@example.test", "the password at other") == 204
    assert (await api.client.get("/api/me")).json()["organisation"]["name"] == "Other"


async def test_after_five_failures_an_address_waits_for_that_account_only(api: Api) -> None:
    owner = await api.owner()
    member = await api.member(owner.organisation_id)
    await with_password(api, owner)
    await with_password(api, member)
    attempts = (by_password(api, owner.email, "wrong") for _ in range(8))
    assert sorted(await asyncio.gather(*attempts)) == [401] * 5 + [429] * 3
    answer = await api.client.post("/api/auth/password", json={"email": owner.email, "password": PASSWORD})
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) == answer.json()["retryAfter"] > 0
    assert await by_password(api, member.email, PASSWORD) == 204


async def test_changing_the_password_needs_the_old_one_and_ends_other_sessions(api: Api) -> None:
    owner = await api.owner()
    await api.sign_in(owner)
    other = api.client.cookies[SESSION_COOKIE]
    api.client.cookies.clear()  # another browser
    headers = await api.sign_in(owner)
    assert (await api.client.put("/api/me/password", json={"new": "short"}, headers=headers)).status_code == 422
    assert (await api.client.put("/api/me/password", json={"new": PASSWORD}, headers=headers)).status_code == 204
    assert (await api.client.get("/api/me")).status_code == 200
    async with httpx.AsyncClient(base_url=api.url, cookies={SESSION_COOKIE: other}) as elsewhere:
        assert (await elsewhere.get("/api/me")).status_code == 401
    wrong = {"current": "wrong", "new": "another long password"}
    answer = await api.client.put("/api/me/password", json=wrong, headers=headers)
    assert answer.json()["field"] == "current"
    right = wrong | {"current": PASSWORD}
    assert (await api.client.put("/api/me/password", json=right, headers=headers)).status_code == 204
    async with api.database.reading() as session:
        assert len((await session.scalars(select(Session))).all()) == 1


async def test_a_read_key_reads_and_a_write_key_writes_without_csrf(api: Api) -> None:
    owner = await api.owner()
    reading, writing = await api.key(owner), await api.key(owner, "read", "write")
    me = (await api.client.get("/api/me", headers=reading)).json()
    assert me["csrfToken"] is None
    assert (await api.client.patch("/api/me", json={"name": "Y"}, headers=reading)).status_code == 403
    assert (await api.client.patch("/api/me", json={"name": "Y"}, headers=writing)).status_code == 200
    assert (await api.client.post("/api/auth/signout", headers=writing)).status_code == 403


async def test_a_key_ends_when_it_expires_or_is_revoked(api: Api) -> None:
    owner = await api.owner()
    async with api.database.session() as session:
        key = await create_api_key(session, owner, "a day", ("read",), api.clock() + timedelta(days=1))
    headers = {"authorization": f"Bearer {key}"}
    assert (await api.client.get("/api/me", headers=headers)).status_code == 200
    api.clock.now += timedelta(days=1)
    assert (await api.client.get("/api/me", headers=headers)).status_code == 401
    headers = await api.key(owner)
    other = await api.owner("Other", "x@other.test")
    async with api.database.session() as session:
        row = (await session.scalars(select(ApiKey).where(ApiKey.name == "test"))).one()
        assert not await revoke_api_key(session, organisation_id=other.organisation_id, key_id=row.id)
        assert await revoke_api_key(session, organisation_id=owner.organisation_id, key_id=row.id)
    assert (await api.client.get("/api/me", headers=headers)).status_code == 401


async def test_what_is_no_key_is_refused_even_beside_a_good_cookie(api: Api) -> None:
    await api.sign_in(await api.owner())
    for wrong in ("Bearer hg_unknown", "Bearer x", "Basic hg_abc", "Bearer"):
        assert (await api.client.get("/api/me", headers={"authorization": wrong})).status_code == 401


async def test_profile_changes_are_checked_and_kept(api: Api) -> None:
    headers = await api.sign_in(await api.owner())
    changes = {"timeZone": "Asia/Riyadh", "locale": "ar", "department": "Sales", "jobTitle": " Head "}
    me = (await api.client.patch("/api/me", json=changes, headers=headers)).json()
    assert me["user"] | changes | {"jobTitle": "Head"} == me["user"]
    assert me == (await api.client.get("/api/me")).json()
    cleared = (await api.client.patch("/api/me", json={"department": ""}, headers=headers)).json()
    assert cleared["user"]["department"] is None
    for wrong in (
        {"timeZone": "Mars/Base"},
        {"timeZone": "../etc/passwd"},
        {"locale": "fr"},
        {"name": " "},
        {"name": None},
    ):
        answer = await api.client.patch("/api/me", json=wrong, headers=headers)
        assert answer.status_code == 422
        assert answer.json()["field"] == next(iter(wrong))


async def test_a_form_of_another_site_cannot_sign_anybody_in(api: Api) -> None:
    token = await link(api, await api.owner())
    for kind in ("text/plain", "application/x-www-form-urlencoded"):  # what a form can send without asking us first
        answer = await api.client.post(
            "/api/auth/signin-link", content=f'{{"token": "{token}"}}', headers={"content-type": kind}
        )
        assert answer.status_code == 422
        assert "set-cookie" not in answer.headers


async def test_failures_are_counted_by_the_peer_unless_a_proxy_is_trusted(api: Api) -> None:
    await with_password(api, await api.owner())
    for number in range(5):
        answer = await api.client.post(
            "/api/auth/password",
            json={"email": "owner@acme.test", "password": "wrong"},
            headers={"x-forwarded-for": f"203.0.113.{number}"},
        )
        assert answer.status_code == 401
    assert await by_password(api, "owner@acme.test", PASSWORD) == 429


async def test_every_line_of_forwarded_addresses_is_read_and_one_address_is_one_however_it_is_written(
    api_settings: Settings, tmp_path: Path
) -> None:
    settings = api_settings.model_copy(update={"trusted_proxies": "127.0.0.0/8"})
    async with running_api(settings, Clock(datetime.now(UTC)), tmp_path / "none") as api:
        await with_password(api, await api.owner())

        async def status(*lines: str) -> int:
            wrong = {"email": "owner@acme.test", "password": "wrong"}
            headers = [("x-forwarded-for", line) for line in lines]
            return (await api.client.post("/api/auth/password", json=wrong, headers=headers)).status_code

        written = ("8.8.8.8", "::ffff:8.8.8.8", "::ffff:808:808", "[::ffff:8.8.8.8]:443", "8.8.8.8:80")
        assert [await status("203.0.113.7", one) for one in written] == [401] * 5
        assert await status("203.0.113.8", "8.8.8.8") == 429
        assert await status("8.8.8.8", "8.8.4.4") == 401
