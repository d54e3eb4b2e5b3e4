"""An address may belong to people of several organisations: each is guessed at, and protected, by themselves."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app.identity import signin
from app.identity.models import SigninFailure, User
from app.identity.passwords import hash_password
from app.identity.throttle import FAILURES_PER_ACCOUNT, FAILURES_PER_PAIR
from app.identity.visit import BROWSER_COOKIE
from tests.fixtures.api import Api

VICTIMS, THIEFS = "correct horse battery staple", "a password of the attacker"
SHARED = "ada@example.test"


async def with_password(api: Api, user: User, password: str) -> None:
    hashed = await hash_password(password)
    async with api.database.session() as session:
        await session.execute(update(User).where(User.id == user.id).values(password_hash=hashed))


async def attempt(api: Api, password: str, email: str = SHARED) -> int:
    api.client.cookies.clear()
    return (await api.client.post("/api/auth/password", json={"email": email, "password": password})).status_code


async def two_people(api: Api) -> tuple[User, User]:
    victim, planted = await api.owner("Acme", SHARED), await api.owner("Evil", SHARED)
    await with_password(api, victim, VICTIMS)
    await with_password(api, planted, THIEFS)
    return victim, planted


async def test_signing_in_to_an_account_planted_elsewhere_gives_no_guess_back(api: Api) -> None:
    await two_people(api)
    guesses = []
    for number in range(FAILURES_PER_PAIR):
        guesses.append(await attempt(api, f"guess {number}"))
        assert await attempt(api, THIEFS) == 204
    assert guesses == [401, 401, 401, 429, 429], "the own sign-ins are tries at the other account too"
    assert await attempt(api, VICTIMS) == 429, "the right guess comes too late: the victim's account waits"
    assert await attempt(api, THIEFS) == 204, "and nobody else does"
    api.clock.now += timedelta(minutes=16)
    assert await attempt(api, VICTIMS) == 204


async def test_a_password_set_to_the_guess_is_a_guess_too(api: Api) -> None:
    _, planted = await two_people(api)
    for number in range(FAILURES_PER_PAIR):
        await with_password(api, planted, f"guess {number} as a password")
        assert await attempt(api, f"guess {number} as a password") == 204
    await with_password(api, planted, VICTIMS)
    assert await attempt(api, VICTIMS) == 204
    assert (await api.client.get("/api/me")).json()["organisation"]["name"] == "Evil"


async def test_a_browser_known_to_the_planted_account_is_a_stranger_to_the_other(api: Api) -> None:
    victim, _ = await two_people(api)
    browser = ""
    for number in range(FAILURES_PER_ACCOUNT):
        api.client.cookies.clear()
        api.client.cookies.set(BROWSER_COOKIE, browser)
        body = {"email": SHARED, "password": THIEFS if number == 0 else "guess"}
        answer = await api.client.post("/api/auth/password", json=body)
        browser = answer.cookies.get(BROWSER_COOKIE, browser)
    async with api.database.reading() as session:
        kinds = [row.key[0] for row in await session.scalars(select(SigninFailure))]
    assert kinds.count("k") == 1
    assert kinds.count("c") == 2, f"both accounts count strangers, also {victim.name}'s"


@pytest.mark.parametrize("email", [SHARED, "one@acme.test", "none@acme.test", "nobody@nowhere.test"])
async def test_every_address_costs_the_same_work(api: Api, email: str, monkeypatch: pytest.MonkeyPatch) -> None:
    victim, _ = await two_people(api)
    one = await api.member(victim.organisation_id, "one@acme.test")
    await with_password(api, one, VICTIMS)
    await api.member(victim.organisation_id, "none@acme.test")
    checked: list[Any] = []
    verify = signin.verify_password

    async def counting(stored: str | None, password: str) -> bool:
        checked.append(stored)
        return await verify(stored, password)

    monkeypatch.setattr(signin, "verify_password", counting)
    assert await attempt(api, "wrong", email) == 401
    async with api.database.reading() as session:
        rows = len((await session.scalars(select(SigninFailure.key))).all())
    assert (len(checked), rows) == (2, 5), "two hashes; two pairs, two accounts and one network"
