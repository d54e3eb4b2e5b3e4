"""What each event does to each credential: every pair of the table in docs/signing-in.md, over HTTP.

A credential opens a door or it does not; an event is what a person, an administrator or the clock does. A pair that
nobody wrote down fails, so a new credential or event has to say what it means.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import delete, func, select, update

from app.audit.models import AuditEntry
from app.audit.service import SYSTEM, Actor
from app.dependencies import SESSION_COOKIE
from app.embedded.ports import find_free
from app.errors import NotSignedInError
from app.identity import signin
from app.identity.caller import caller_of_api_key, caller_of_session, note_use, start_session
from app.identity.endings import end_for_new_password, hold_session, lock_person
from app.identity.invitations import invite, look
from app.identity.models import ApiKey, Invitation, Organisation, Session, SigninLink, User
from app.identity.passwords import hash_password
from app.identity.secrets import digest
from app.identity.service import create_api_key, create_signin_link
from app.live import doors
from app.people.schemas import version_of
from app.settings import Settings
from tests.fixtures.api import Api, Clock, running_api
from tests.live.reading import Reading, announce, reading

OLD, NEW = "correct horse battery staple", "another horse, another battery"
CREDENTIALS = (
    "present session",
    "other session",
    "read key",
    "write key",
    "widget key",
    "sign-in link",
    "invitation",
    "invitation for somebody else",
    "password",
    "stream by the present session",
    "stream by the other session",
    "stream by a key",
)
LINKS = {"sign-in link", "invitation"}
OTHER = {"other session", "stream by the other session"}
SESSIONS = OTHER | {"present session", "stream by the present session"}
COOKIE = {"stream by the present session"}
KEYS = {"read key", "write key", "stream by a key"}
ALL = set(CREDENTIALS)

ENDS: dict[str, set[str]] = {
    # what somebody else may know or hold ends; a widget key stands in a page for all to read, whatever the password is
    # (the present session gets another cookie, in case the old one was copied: its streams begin anew)
    "changes the password": OTHER | KEYS | LINKS | {*COOKIE, "password", "invitation for somebody else"},
    "changes the password and keeps the keys": OTHER | LINKS | {*COOKIE, "password", "invitation for somebody else"},
    "resets the password by an invitation": SESSIONS | KEYS | LINKS | {"password", "invitation for somebody else"},
    "ends the other sessions": OTHER | LINKS | {"invitation for somebody else"},
    "ends the other session": OTHER | LINKS | {"invitation for somebody else"},
    "is signed out by an owner": SESSIONS | LINKS | {"invitation for somebody else"},
    # nobody distrusts anything: only this door closes
    "signs out": {"present session", "stream by the present session"},
    "revokes the read key": {"read key", "stream by a key"},
    "revokes the write key": {"write key"} | LINKS,
    "revokes the widget key": {"widget key"},
    "lets everything expire": ALL - {"password"},
    "is deactivated": ALL,
    # the door stays, what is behind it is less: a stream begins anew with the role of now
    "becomes a member": {"invitation for somebody else"} | {name for name in CREDENTIALS if name.startswith("stream")},
    "becomes an owner": {"invitation"} | {name for name in CREDENTIALS if name.startswith("stream")},
    "loses the organisation": ALL,
    "changes the name": set(),
}


@dataclass
class World:
    """An admin with one credential of each kind, a colleague, and an owner who may do anything to both."""

    api: Api
    owner: User
    person: User
    colleague: User
    present: httpx.AsyncClient
    other: httpx.AsyncClient
    boss: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    streams: dict[str, Reading] = field(default_factory=dict)

    async def works(self, credential: str) -> bool:
        """Tell whether the credential still opens its door; uses nothing up."""
        if credential in self.streams:
            return await goes_on(self.streams[credential])
        secret, now = self.secrets.get(credential, ""), self.api.clock()
        if credential.endswith("session"):
            client = self.present if credential == "present session" else self.other
            return (await client.get("/api/me")).status_code == 200
        if credential.endswith("key"):
            headers = {"authorization": f"Bearer {secret}"}
            async with httpx.AsyncClient(base_url=self.api.url, headers=headers) as program:
                return (await program.get("/api/tracking/my-stats")).status_code == 200
        async with self.api.database.reading() as session:
            if credential == "sign-in link":
                open_ = (SigninLink.token_hash == digest(secret), SigninLink.used_at.is_(None))
                still = select(SigninLink).join(User, User.id == SigninLink.user_id)
                still = still.where(*open_, SigninLink.expires_at > now, User.is_active)
                return await session.scalar(still) is not None
        if credential.startswith("invitation"):
            return (await self.api.client.get(f"/api/auth/invitation/{secret}")).status_code == 200
        body = {"email": self.person.email, "password": OLD}
        async with httpx.AsyncClient(base_url=self.api.url) as guesser:
            return (await guesser.post("/api/auth/password", json=body)).status_code == 204


async def goes_on(stream: Reading) -> bool:
    """Tell whether the next open arrives, or the stream ends before."""
    try:
        await stream.until(today=1)
    except (StopAsyncIteration, httpx.HTTPError):
        return False
    return True


@contextlib.asynccontextmanager
async def signed_in(api: Api, user: User) -> AsyncIterator[httpx.AsyncClient]:
    """Open a browser of this person."""
    async with api.database.session() as session:
        cookie = await start_session(session, user, days=30, user_agent="", now=api.clock())
    async with httpx.AsyncClient(base_url=api.url, timeout=60) as browser:
        browser.cookies.set(SESSION_COOKIE, cookie)
        browser.headers["x-csrf-token"] = (await browser.get("/api/me")).json()["csrfToken"]
        yield browser


Act = Callable[[World], Awaitable[object]]


async def _change(world: World, **more: Any) -> None:
    answer = await world.present.put("/api/me/password", json={"current": OLD, "new": NEW} | more)
    assert answer.status_code == 204, answer.text


async def _by_invitation(world: World) -> None:
    body = {"token": world.secrets["invitation"], "password": NEW}
    async with httpx.AsyncClient(base_url=world.api.url) as elsewhere:
        assert (await elsewhere.post("/api/auth/invitation", json=body)).status_code == 204


async def _end_other(world: World) -> None:
    async with world.api.database.reading() as session:
        hashed = digest(world.other.cookies[SESSION_COOKIE])
        other = await session.scalar(select(Session.id).where(Session.id_hash == hashed))
    await _done(await world.present.delete(f"/api/me/sessions/{other}"))


async def _done(answer: httpx.Response) -> None:
    assert answer.is_success, answer.text


async def _revoke(world: World, name: str) -> None:
    keys = (await world.present.get("/api/me/api-keys")).json()["data"]
    [id_] = [key["id"] for key in keys if key["name"] == name]
    await _done(await world.present.delete(f"/api/me/api-keys/{id_}"))


async def _role(world: World, role: str) -> None:
    path = f"/api/admin/people/{world.person.id}"
    async with signed_in(world.api, world.owner) as boss:
        async with world.api.database.reading() as session:
            version = version_of(await session.get_one(User, world.person.id))
        await _done(await boss.patch(path, json={"role": role, "version": version}))


async def _by_owner(world: World, method: str, path: str) -> None:
    async with signed_in(world.api, world.owner) as boss:
        await _done(await boss.request(method, f"/api/admin/people/{world.person.id}/{path}"))


async def _expire(world: World) -> None:
    world.api.clock.now += timedelta(days=31)


async def _remove(world: World) -> None:
    async with world.api.database.session() as session:
        await session.execute(delete(Organisation).where(Organisation.id == world.person.organisation_id))


async def _rename(world: World) -> None:
    await _done(await world.present.patch("/api/me", json={"name": "Other"}))


async def _all_others(world: World) -> None:
    await _done(await world.present.delete("/api/me/sessions"))


async def _sign_out(world: World) -> None:
    await _done(await world.present.post("/api/auth/signout"))


ACTS: dict[str, Act] = {
    "changes the password": _change,
    "changes the password and keeps the keys": lambda world: _change(world, keepKeys=True),
    "resets the password by an invitation": _by_invitation,
    "ends the other sessions": _all_others,
    "ends the other session": _end_other,
    "is signed out by an owner": lambda world: _by_owner(world, "DELETE", "sessions"),
    "signs out": _sign_out,
    "revokes the read key": lambda world: _revoke(world, "read"),
    "revokes the write key": lambda world: _revoke(world, "write"),
    "revokes the widget key": lambda world: _revoke(world, "widget"),
    "lets everything expire": _expire,
    "is deactivated": lambda world: _by_owner(world, "POST", "deactivate"),
    "becomes a member": lambda world: _role(world, "member"),
    "becomes an owner": lambda world: _role(world, "owner"),
    "loses the organisation": _remove,
    "changes the name": _rename,
}


def test_every_event_says_what_it_does_to_every_credential() -> None:
    assert set(ENDS) == set(ACTS)
    assert all(ended <= ALL for ended in ENDS.values())


@pytest.mark.parametrize("event", ENDS)
async def test_what_ends_and_what_goes_on(api: Api, event: str) -> None:
    owner = await api.owner()
    person = await api.member(owner.organisation_id, "ada@acme.test", role="admin")
    colleague = await api.member(owner.organisation_id)
    async with signed_in(api, person) as present, signed_in(api, person) as other:
        world = World(api, owner, person, colleague, present, other)
        hashed = await hash_password(OLD)
        async with api.database.session() as session:
            await session.execute(update(User).where(User.id == person.id).values(password_hash=hashed))
            later = api.clock() + timedelta(days=30)
            for name, scopes in (("read", ("read",)), ("write", ("read", "write")), ("widget", ("widget",))):
                origins = ["https://a.test"] if name == "widget" else []
                world.secrets[f"{name} key"] = await create_api_key(
                    session, person, name, scopes, later, allowed_origins=origins
                )
            world.secrets["sign-in link"] = await create_signin_link(session, person, now=api.clock())
            made = await invite(session, person, actor=Actor(owner.id), now=api.clock())
            world.secrets["invitation"] = made.token
            made = await invite(session, colleague, actor=Actor(person.id), now=api.clock())
            world.secrets["invitation for somebody else"] = made.token
        by_session = [{"cookie": f"{SESSION_COOKIE}={browser.cookies[SESSION_COOKIE]}"} for browser in (present, other)]
        by_key = {"authorization": f"Bearer {world.secrets['read key']}"}
        async with (
            reading(api.url, by_session[0]) as first,
            reading(api.url, by_session[1]) as second,
            reading(api.url, by_key) as third,
        ):
            streams = dict(zip(CREDENTIALS[-3:], (first, second, third), strict=True))
            for stream in streams.values():
                assert (await stream.next()).name == "snapshot"
            world.streams = streams
            assert all([await world.works(name) for name in CREDENTIALS[:-3]])
            await ACTS[event](world)
            await api.resources.doors.check()
            if event != "loses the organisation":
                await api.store_open(person, api.clock())
                await announce(api.resources.redis, person.organisation_id, person.id)
            works = await asyncio.gather(*(world.works(name) for name in CREDENTIALS))
    found = {name for name, does in zip(CREDENTIALS, works, strict=True) if not does}
    assert found == ENDS[event]


async def test_the_end_of_a_session_reaches_the_streams_of_every_process(
    api_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "RECHECK_SECONDS", 3600)  # by announcement alone
    clock = Clock(datetime(2026, 1, 15, 12, tzinfo=UTC))
    async with running_api(api_settings, clock, tmp_path) as here, running_api(api_settings, clock, tmp_path) as there:
        owner = await here.owner()
        async with signed_in(here, owner) as browser:
            cookie = {"cookie": f"{SESSION_COOKIE}={browser.cookies[SESSION_COOKIE]}"}
            async with reading(there.url, cookie) as stream, reading(there.url, await here.key(owner)) as by_key:
                assert (await stream.next()).name == (await by_key.next()).name == "snapshot"
                await _done(await browser.post("/api/auth/signout"))
                with pytest.raises(StopAsyncIteration):
                    await stream.next()
                await here.store_open(owner, clock())
                await announce(here.resources.redis, owner.organisation_id, owner.id)
                assert (await by_key.next()).name == "update"


async def test_a_stream_ends_without_redis_and_by_the_clock_alone(
    api_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "RECHECK_SECONDS", 0.05)
    away = api_settings.model_copy(update={"redis_url": SecretStr(f"redis://127.0.0.1:{find_free(1)[0]}/0")})
    async with running_api(away, Clock(datetime(2026, 1, 15, 12, tzinfo=UTC)), tmp_path) as api:
        owner = await api.owner()
        async with api.database.session() as session:
            key = await create_api_key(session, owner, "a day", ("read",), api.clock() + timedelta(days=1))
        async with signed_in(api, owner) as browser:
            cookie = {"cookie": f"{SESSION_COOKIE}={browser.cookies[SESSION_COOKIE]}"}
            by_key = {"authorization": f"Bearer {key}"}
            async with reading(api.url, cookie) as first, reading(api.url, by_key) as second:
                assert (await first.next()).name == (await second.next()).name == "snapshot"
                await _done(await browser.post("/api/auth/signout"))
                api.clock.now += timedelta(days=1)
                for stream in (first, second):
                    with pytest.raises(StopAsyncIteration):
                        while True:
                            await stream.next()


async def test_one_person_has_so_many_streams_and_no_more_and_is_told(api_settings: Settings, tmp_path: Path) -> None:
    settings = api_settings.model_copy(update={"live_streams_per_person": 2})
    async with running_api(settings, Clock(datetime(2026, 1, 15, 12, tzinfo=UTC)), tmp_path) as api:
        owner = await api.owner()
        member = await api.member(owner.organisation_id)
        first, second = await api.key(owner), await api.key(owner)
        async with reading(api.url, first) as one:
            await one.next()
            async with reading(api.url, second) as two, reading(api.url, await api.key(member)) as another:
                assert (await two.next()).name == (await another.next()).name == "snapshot"
                refused = await api.client.get("/api/stream", headers=first)
                assert refused.status_code == 429
                assert "2 live streams open" in refused.json()["detail"]
                assert int(refused.headers["retry-after"]) == refused.json()["retryAfter"]
            async with asyncio.timeout(30):
                while api.resources.hub.client_count > 1:
                    await asyncio.sleep(0.01)
            async with reading(api.url, second) as again:
                assert (await again.next()).name == "snapshot"


async def test_noting_a_use_brings_nothing_back_that_has_ended(api: Api) -> None:
    owner = await api.owner()
    async with api.database.session() as session:
        cookie = await start_session(session, owner, days=30, user_agent="", now=api.clock())
        key = await create_api_key(session, owner, "k")
    async with api.database.reading() as session:
        by_cookie = await caller_of_session(session, cookie, now=api.clock())
        by_key = await caller_of_api_key(session, key, now=api.clock())
    async with api.database.session() as session:
        await session.execute(delete(Session))
        await session.execute(update(ApiKey).values(revoked_at=api.clock()))
    for caller in (by_cookie, by_key):
        assert caller is not None
        async with api.database.session() as session:
            await note_use(session, caller, now=api.clock(), session_days=30)
    async with api.database.reading() as session:
        assert (await session.scalars(select(Session))).all() == []
        assert (await session.scalars(select(ApiKey.revoked_at))).all() == [api.clock()]


async def test_a_session_that_ended_while_its_request_was_under_way_makes_nothing(api: Api) -> None:
    owner = await api.owner()
    async with api.database.session() as session:
        cookie = await start_session(session, owner, days=30, user_agent="", now=api.clock())
    async with api.database.reading() as session:
        caller = await caller_of_session(session, cookie, now=api.clock())
    assert caller is not None
    async with api.database.session() as session:
        assert await hold_session(session, caller, now=api.clock()) == "owner"
        await session.execute(delete(Session))
        with pytest.raises(NotSignedInError):
            await hold_session(session, caller, now=api.clock())


@pytest.mark.parametrize("by", ["the invitation", "the link", "another invitation"])
async def test_who_uses_or_makes_a_link_while_links_end_waits_and_gets_nothing(api: Api, by: str) -> None:
    """Whoever ends credentials holds the person: on PostgreSQL two orders of locks would end each other."""
    owner = await api.owner()
    async with api.database.session() as session:
        token = (await invite(session, owner, actor=SYSTEM, now=api.clock())).token
        link = await create_signin_link(session, owner, now=api.clock())
    async with signed_in(api, owner) as browser, httpx.AsyncClient(base_url=api.url, timeout=60) as stranger:
        uses = {
            "the invitation": lambda: stranger.post("/api/auth/invitation", json={"token": token, "password": NEW}),
            "the link": lambda: stranger.post("/api/auth/signin-link", json={"token": link}),
            "another invitation": lambda: browser.post(f"/api/admin/people/{owner.id}/invitation"),
        }
        async with api.database.session() as session:
            await lock_person(session, owner.id)
            using = asyncio.create_task(uses[by]())
            done, _ = await asyncio.wait({using}, timeout=1)
            assert not done, "it did not wait for the end that is under way"
            ended = await end_for_new_password(session, owner.id, now=api.clock())
            assert (ended.sessions, ended.links) == (1, 2)
        assert (await using).status_code in (401, 404)
    async with api.database.reading() as session:
        still = select(func.count()).select_from(Invitation).where(Invitation.revoked_at.is_(None))
        assert await session.scalar(still) == 0


async def test_sessions_that_end_take_only_links_of_their_own_time_with_them(api: Api) -> None:
    owner = await api.owner()
    first = await api.member(owner.organisation_id, "a@acme.test")
    second = await api.member(owner.organisation_id, "b@acme.test")
    async with api.database.session() as session:
        early = (await invite(session, first, actor=Actor(owner.id), now=api.clock())).token
    api.clock.now += timedelta(hours=1)
    async with signed_in(api, owner) as thief:
        assert (await thief.post(f"/api/admin/people/{second.id}/invitation")).status_code == 201
    api.clock.now += timedelta(hours=1)
    async with signed_in(api, owner) as browser:
        assert (await browser.delete("/api/me/sessions")).json() == {"ended": 1}
    async with api.database.reading() as session:
        assert (await look(session, early, now=api.clock()))[1].id == first.id
        actions = (await session.scalars(select(AuditEntry.after).where(AuditEntry.action == "sessions_ended"))).all()
    assert actions == [{"sessionsEnded": 1, "linksEnded": 1}]


async def test_a_role_lowered_by_an_import_ends_the_links_too(api: Api) -> None:
    owner = await api.owner()
    admin = await api.member(owner.organisation_id, "ada@acme.test", role="admin")
    member = await api.member(owner.organisation_id)
    async with api.database.session() as session:
        token = (await invite(session, member, actor=Actor(admin.id), now=api.clock())).token
    async with signed_in(api, owner) as browser:
        file = b"email,name,role\nada@acme.test,Ada,member\n"
        headers = {"content-type": "text/csv"}
        await _done(await browser.post("/api/admin/people/import", content=file, headers=headers))
    async with api.database.reading() as session:
        assert (await session.get_one(User, admin.id)).role == "member"
    assert (await api.client.get(f"/api/auth/invitation/{token}")).status_code == 404


@pytest.mark.parametrize("is_weak", [False, True])
async def test_a_sign_in_under_way_while_the_password_changes_lets_nobody_in_and_changes_nothing_back(
    api: Api, monkeypatch: pytest.MonkeyPatch, is_weak: bool
) -> None:
    owner = await api.owner()
    renewed = await hash_password(NEW)
    async with api.database.session() as session:
        await session.execute(update(User).values(password_hash=await hash_password(OLD)))
    verify = signin.verify_password

    async def change_meanwhile(stored: str | None, password: str) -> bool:
        fits = await verify(stored, password)
        async with api.database.session() as session:
            await session.execute(update(User).where(User.id == owner.id).values(password_hash=renewed))
        return fits

    monkeypatch.setattr(signin, "verify_password", change_meanwhile)
    monkeypatch.setattr(signin, "needs_rehash", lambda _hash: is_weak)
    answer = await api.client.post("/api/auth/password", json={"email": owner.email, "password": OLD})
    assert answer.status_code == 401, answer.text
    async with api.database.reading() as session:
        assert await session.scalar(select(User.password_hash).where(User.id == owner.id)) == renewed
        assert await session.scalar(select(func.count()).select_from(Session)) == 0


async def test_an_invitation_of_a_session_that_was_signed_out_of_ends_with_the_password(api: Api) -> None:
    owner = await api.owner()
    member = await api.member(owner.organisation_id)
    async with signed_in(api, owner) as thief:
        assert (await thief.post(f"/api/admin/people/{member.id}/invitation")).status_code == 201
        await _done(await thief.post("/api/auth/signout"))
    api.clock.now += timedelta(hours=1)
    async with api.database.session() as session:
        assert (await end_for_new_password(session, owner.id, now=api.clock())).links == 1
    async with api.database.reading() as session:
        assert await session.scalar(select(Invitation.revoked_at)) is not None


async def test_an_error_nobody_foresaw_closes_the_open_streams_and_the_next_are_looked_at_again(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "RECHECK_SECONDS", 0.02)
    kept = doors.Doors(api.database, api.clock, most_per_person=3)
    check, calls = kept.check, 0

    async def fail_once() -> None:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise RuntimeError("a defect")
        await check()

    monkeypatch.setattr(kept, "check", fail_once)
    owner = await api.owner()
    with kept.open(doors.Door(True, "no such key", owner.id, "owner")) as closed:
        async with kept.run(), asyncio.timeout(30):
            await closed.wait()
            with kept.open(doors.Door(True, "no such key either", owner.id, "owner")) as next_closed:
                await next_closed.wait()
