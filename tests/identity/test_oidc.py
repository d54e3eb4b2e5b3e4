import asyncio
import hmac
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import select, update

from app.audit.models import AuditEntry
from app.identity.models import OidcIdentity, Organisation, User
from app.identity.oidc import provider as provider_module
from app.identity.oidc.people import person_of
from app.identity.oidc.state import Pending, checked_next, opened, sealed
from app.identity.service import bootstrap_organisation
from app.settings import Settings
from app.store.database import Database
from tests.fixtures.api import Api, Clock, running_api, serving
from tests.identity.provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    Liar,
    RunningProvider,
    authorise,
    new_key,
    parameters,
    running,
)

REDIRECT = "http://127.0.0.1:8800/api/auth/oidc/callback"
PEOPLE: dict[str, dict[str, Any]] = {
    "olga": {"email": "Owner@Acme.test", "email_verified": True, "name": "Olga"},
    "thief": {"email": "owner@acme.test", "email_verified": False, "name": "Thief"},
    "second": {"email": "owner@acme.test", "email_verified": True, "name": "Second"},
    "stranger": {"email": "stranger@acme.test", "email_verified": True, "name": "Stella Stranger"},
}


def with_oidc(settings: Settings, issuer: str, **more: Any) -> Settings:
    given = {"oidc_issuer": issuer, "oidc_client_id": CLIENT_ID, "oidc_client_secret": SecretStr(CLIENT_SECRET)}
    return settings.model_copy(update=given | more)


@pytest.fixture
async def provider() -> AsyncIterator[RunningProvider]:
    async with running(REDIRECT, PEOPLE) as provider:
        yield provider


@pytest.fixture
async def make(api_settings: Settings, tmp_path: Path) -> AsyncIterator[Callable[..., Awaitable[Api]]]:
    """Start an API that knows a provider; its clock shows the real time, as the provider's does."""
    running_ones = []

    async def start(issuer: str, **more: Any) -> Api:
        context = running_api(with_oidc(api_settings, issuer, **more), Clock(datetime.now(UTC)), tmp_path / "none")
        running_ones.append(context)
        return await context.__aenter__()

    yield start
    for context in reversed(running_ones):
        await context.__aexit__(None, None, None)


async def begin(api: Api, next_path: str = "/team") -> str:
    answer = await api.client.get("/api/auth/oidc/start", params={"next": next_path})
    assert answer.status_code == 303
    return str(answer.headers["location"])


async def come_back(api: Api, target: str) -> str:
    """Follow the provider's redirect to us; return where that leads."""
    answer = await api.client.get("/api/auth/oidc/callback", params=parameters(target))
    assert answer.status_code == 303
    return str(answer.headers["location"])


async def sign_in(api: Api, login: str) -> str:
    return await come_back(api, await authorise(await begin(api), login))


async def test_a_person_of_the_verified_address_is_linked_and_signs_in_and_again_by_subject(
    make: Callable[..., Awaitable[Api]], provider: RunningProvider
) -> None:
    api = await make(provider.issuer)
    owner = await api.owner()
    assert (await api.client.get("/api/auth/methods")).json()["oidc"]["isAvailable"] is True
    sent = parameters(await begin(api))
    assert (sent["code_challenge_method"], sent["response_type"]) == ("S256", "code")
    assert await sign_in(api, "olga") == "/team"
    assert (await api.client.get("/api/me")).json()["user"]["id"] == str(owner.id)
    async with api.database.session() as session:
        await session.execute(update(User).values(email="renamed@acme.test"))
    api.client.cookies.clear()
    assert await sign_in(api, "olga") == "/team"
    assert (await api.client.get("/api/me")).json()["user"]["id"] == str(owner.id)
    async with api.database.reading() as session:
        assert (await session.scalars(select(OidcIdentity.subject))).all() == ["olga"]
        assert (await session.scalars(select(AuditEntry.action))).all() == ["identity_linked"]


async def test_who_is_refused_and_why(make: Callable[..., Awaitable[Api]], provider: RunningProvider) -> None:
    api = await make(provider.issuer)
    await api.owner()
    assert await sign_in(api, "thief") == "/signin?why=oidcUnverified&next=%2Fteam"
    assert await sign_in(api, "stranger") == "/signin?why=oidcUnknown&next=%2Fteam"
    assert await sign_in(api, "olga") == "/team"
    assert await sign_in(api, "second") == "/signin?why=oidcOther&next=%2Fteam"
    async with api.database.session() as session:
        await session.execute(update(User).values(is_active=False))
    assert await sign_in(api, "olga") == "/signin?why=oidcUnknown&next=%2Fteam"


async def test_settings_let_domains_in_make_people_and_name_the_organisation(
    make: Callable[..., Awaitable[Api]], provider: RunningProvider
) -> None:
    api = await make(
        provider.issuer, oidc_create_people=True, oidc_organisation="Acme", oidc_allowed_domains="acme.test"
    )
    await api.owner()
    await api.owner("Other", "owner@acme.test")
    assert await sign_in(api, "stranger") == "/team"
    me = (await api.client.get("/api/me")).json()
    assert (me["user"]["name"], me["user"]["role"], me["organisation"]["name"]) == ("Stella Stranger", "member", "Acme")
    assert await sign_in(api, "olga") == "/team"
    async with api.database.reading() as session:
        named = select(Organisation.name).join(User, User.organisation_id == Organisation.id)
        linked = named.join(OidcIdentity, OidcIdentity.user_id == User.id)
        assert set(await session.scalars(linked)) == {"Acme"}
    closed = await make(provider.issuer, oidc_allowed_domains="other.test")
    assert "oidcUnverified" in await sign_in(closed, "second")
    several = await make(provider.issuer)
    assert "oidcSeveral" in await sign_in(several, "second")


@pytest.mark.parametrize("email", ["OLGA@bu\u0308cher.example", "olga@xn--bcher-kva.example", "olga@bücher.example"])
async def test_the_verified_address_is_known_however_it_is_written(database: Database, email: str) -> None:
    settings = Settings(oidc_allowed_domains="acme.test, XN--bcher-kva.example")
    async with database.session() as session:
        made = await bootstrap_organisation(
            session, name="Acme", owner_email="olga@bücher.example", owner_name="Olga", time_zone="UTC"
        )
        claims = {"sub": "o", "email": email, "email_verified": True}
        person = await person_of(session, claims, settings, now=datetime.now(UTC))
        assert (person.organisation_id, person.name) == (made.id, "Olga")


async def test_a_wrong_state_another_browser_and_a_replayed_code_are_refused(
    make: Callable[..., Awaitable[Api]], provider: RunningProvider
) -> None:
    api = await make(provider.issuer)
    await api.owner()
    target = await authorise(await begin(api), "olga")
    wrong = parameters(target) | {"state": "guess"}
    answer = await api.client.get("/api/auth/oidc/callback", params=wrong)
    assert "oidcExpired" in answer.headers["location"]
    async with httpx.AsyncClient(base_url=api.url) as elsewhere:
        answer = await elsewhere.get("/api/auth/oidc/callback", params=parameters(target))
        assert "oidcExpired" in answer.headers["location"]
        assert "heliograph_session" not in str(answer.headers.get_list("set-cookie"))
    kept = dict(api.client.cookies)
    answer = await api.client.get("/api/auth/oidc/callback", params=parameters(target) | {"iss": "https://evil.test"})
    assert "oidcRefused" in answer.headers["location"]
    replayed = dict(kept)
    api.client.cookies.update(kept)
    assert await come_back(api, target) == "/team"
    async with httpx.AsyncClient(base_url=api.url, cookies=replayed) as thief:
        answer = await thief.get("/api/auth/oidc/callback", params=parameters(target))
        assert "oidcRefused" in answer.headers["location"]  # the provider gives a code away once


async def test_a_sign_in_takes_ten_minutes_at_most_and_cancelling_is_said(
    make: Callable[..., Awaitable[Api]], provider: RunningProvider
) -> None:
    api = await make(provider.issuer)
    await api.owner()
    url = await begin(api)
    back = {"state": parameters(url)["state"], "error": "access_denied"}
    answer = await api.client.get("/api/auth/oidc/callback", params=back)
    assert "oidcDenied" in answer.headers["location"]
    target = await authorise(await begin(api), "olga")
    api.clock.now += timedelta(minutes=11)
    assert "oidcExpired" in await come_back(api, target)


async def test_any_process_finishes_a_sign_in_that_another_began(
    make: Callable[..., Awaitable[Api]], provider: RunningProvider
) -> None:
    first, second = await make(provider.issuer), await make(provider.issuer)
    await first.owner()
    target = await authorise(await begin(first), "olga")
    second.client.cookies.update(first.client.cookies)
    assert await come_back(second, target) == "/team"


async def test_keys_may_change_and_a_provider_that_is_away_is_said_to_be(
    make: Callable[..., Awaitable[Api]], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(REDIRECT, PEOPLE) as provider:
        api = await make(provider.issuer)
        await api.owner()
        assert await sign_in(api, "olga") == "/team"
        await provider.stop()
        await provider.start(new_key("second"))
        assert await sign_in(api, "olga") == "/team"
        await provider.stop()
        monkeypatch.setattr(provider_module, "FRESH_SECONDS", 0)
        assert (await api.client.get("/api/auth/methods")).json()["oidc"]["isAvailable"] is False
        assert "oidcUnavailable" in await begin(api)
        answer = await api.client.post("/api/auth/password", json={"email": "owner@acme.test", "password": "wrong"})
        assert answer.status_code == 401  # the other way is open


BAD_TOKENS: dict[str, Callable[[Liar], None]] = {
    "nonce of another sign-in": lambda liar: liar.claims.update(nonce="other"),
    "no nonce": lambda liar: liar.claims.pop("nonce"),
    "expired": lambda liar: liar.claims.update(exp=int(time.time()) - 120),
    "no expiry": lambda liar: liar.claims.pop("exp"),
    "of another issuer": lambda liar: liar.claims.update(iss="https://evil.test"),
    "for another client": lambda liar: liar.claims.update(aud="another"),
    "for several, by another": lambda liar: liar.claims.update(aud=[CLIENT_ID, "another"], azp="another"),
    "of nobody": lambda liar: liar.claims.pop("sub"),
    "signed by a key nobody published": lambda liar: setattr(liar, "signs_with", new_key("liar")),
    "signed by nobody": lambda liar: setattr(liar, "token", _unsigned(liar)),
    "no token at all": lambda liar: setattr(liar, "token", "nonsense"),
}


def _unsigned(liar: Liar) -> str:
    body = liar.id_token().split(".")[1]
    return f"eyJhbGciOiJub25lIn0.{body}."  # {"alg":"none"}


def _by_public_key(liar: Liar) -> None:
    """Take the public key, which everybody has, for the secret of an HMAC."""
    header = urlsafe_b64encode(b'{"alg":"HS256","kid":"liar"}').decode().rstrip("=")
    said = f"{header}.{liar.id_token().split('.')[1]}"
    signature = hmac.digest(liar.key.as_pem(private=False), said.encode(), "sha256")
    liar.token = f"{said}.{urlsafe_b64encode(signature).decode().rstrip('=')}"


async def test_an_id_token_that_does_not_hold_is_refused(make: Callable[..., Awaitable[Api]]) -> None:
    liar = Liar()
    async with serving(liar) as url:
        liar.issuer = url
        api = await make(url)
        owner = await api.owner()
        good = {"iss": url, "aud": CLIENT_ID, "sub": "olga", "email": owner.email, "email_verified": True}
        for name, lie in (BAD_TOKENS | {"signed with the public key": _by_public_key}).items():
            liar.signs_with, liar.token = liar.key, None
            sent = parameters(await begin(api))
            now = int(time.time())
            liar.claims = good | {"iat": now, "exp": now + 60, "nonce": sent["nonce"]}
            lie(liar)
            target = f"/x?code=c&state={sent['state']}"
            assert "oidcRefused" in await come_back(api, target), name
        assert (await api.client.get("/api/me")).status_code == 401
        sent = parameters(await begin(api))
        liar.signs_with, liar.token = liar.key, None
        now = int(time.time())
        liar.claims = good | {"iat": now, "exp": now + 60, "nonce": sent["nonce"]}
        assert await come_back(api, f"/x?code=c&state={sent['state']}") == "/team"  # it was the lies that were refused


async def test_the_address_of_userinfo_counts_only_for_the_same_subject_and_silence_only_if_trusted(
    make: Callable[..., Awaitable[Api]],
) -> None:
    liar = Liar()
    async with serving(liar) as url:
        liar.issuer = url
        wary, trusting = await make(url), await make(url, oidc_trust_email=True)
        owner = await wary.owner()

        async def attempt(api: Api, userinfo: dict[str, Any]) -> str:
            sent, now = parameters(await begin(api)), int(time.time())
            liar.claims = {"iss": url, "aud": CLIENT_ID, "sub": "olga", "iat": now, "exp": now + 60}
            liar.claims["nonce"], liar.userinfo = sent["nonce"], userinfo
            return await come_back(api, f"/x?code=c&state={sent['state']}")

        assert "oidcRefused" in await attempt(trusting, {"sub": "somebody", "email": owner.email})
        assert "oidcUnverified" in await attempt(wary, {"sub": "olga", "email": owner.email})
        no = {"sub": "olga", "email": owner.email, "email_verified": False}
        assert "oidcUnverified" in await attempt(trusting, no)
        assert await attempt(trusting, {"sub": "olga", "email": owner.email}) == "/team"


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.test",
        "//evil.test",
        "/\\evil.test",
        "\\/evil.test",
        "/ok\r\nx",
        "javascript:alert(1)",
        "",
        "/\t/e",
    ],
)
def test_after_the_sign_in_only_paths_of_ours_are_gone_to(path: str) -> None:
    assert checked_next(path) == "/"
    assert checked_next("/team?days=30#x") == "/team?days=30#x"


def test_the_cookie_of_a_sign_in_cannot_be_forged() -> None:
    now = datetime.now(UTC)
    pending = Pending.begin("/team", now)
    cookie = sealed(pending, "secret")
    assert opened(cookie, pending.state, "secret", now=now) == pending
    body, _, signature = cookie.partition(".")
    for forged in (None, "", ".", body, f"{body}.", f"{body}.{'0' * 64}", f"x{body}.{signature}"):
        with pytest.raises(Exception, match="under way"):
            opened(forged, pending.state, "secret", now=now)
    with pytest.raises(Exception, match="under way"):
        opened(cookie, pending.state, "another secret", now=now)


async def test_without_a_provider_the_sign_in_page_offers_passwords_only(api: Api) -> None:
    assert (await api.client.get("/api/auth/methods")).json() == {"password": True, "oidc": None}
    answers = await asyncio.gather(
        api.client.get("/api/auth/oidc/start"), api.client.get("/api/auth/oidc/callback?state=x&code=y")
    )
    assert [answer.status_code for answer in answers] == [404, 404]
