"""What providers do differently and all are right: how a secret is sent, and where an address is vouched for."""

import base64
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import pytest
from pydantic import SecretStr

from app.identity.oidc.people import is_vouched
from app.settings import Settings
from tests.fixtures.api import Api, Clock, running_api, serving
from tests.identity.provider import Liar
from tests.identity.test_oidc import begin, come_back, parameters, with_oidc

OWNER = "owner@acme.test"
REFUSED = "/signin?why=oidcUnverified&next=%2Fteam"


@asynccontextmanager
async def knowing(liar: Liar, settings: Settings, folder: Path, **more: Any) -> AsyncIterator[Api]:
    """Run an API that knows the provider, with an owner nobody has linked yet."""
    async with serving(liar) as url:
        liar.issuer = url
        async with running_api(with_oidc(settings, url, **more), Clock(datetime.now(UTC)), folder / "none") as api:
            await api.owner()
            yield api


async def attempt(api: Api, liar: Liar, token: dict[str, Any], userinfo: dict[str, Any]) -> str:
    """Sign in with these claims; return where that leads."""
    sent, now = parameters(await begin(api)), int(time.time())
    client = api.settings.oidc_client_id
    liar.claims = {"iss": liar.issuer, "aud": client, "sub": "olga", "iat": now, "exp": now + 60} | token
    liar.claims["nonce"], liar.userinfo = sent["nonce"], userinfo
    return await come_back(api, f"/x?code=c&state={sent['state']}")


@pytest.mark.parametrize(
    ("client", "secret"),
    [
        ("heliograph", "p%2Ba/s+s:w=rd"),
        ("https://heliograph.example/client", "secret"),
        ("a:b", "ümlaut & blank%"),
        ("plain", "~-_.*!'()"),
    ],
)
async def test_client_and_secret_are_form_encoded_before_basic(
    api_settings: Settings, tmp_path: Path, client: str, secret: str
) -> None:
    liar = Liar()
    given = {"oidc_client_id": client, "oidc_client_secret": SecretStr(secret)}
    async with knowing(liar, api_settings, tmp_path, **given) as api:
        assert await attempt(api, liar, {"email": OWNER, "email_verified": True}, {}) == "/team"
    scheme, _, sent = liar.authorization.partition(" ")
    assert scheme == "Basic"
    name, colon, password = base64.b64decode(sent).decode("ascii").partition(":")
    assert (unquote_plus(name), colon, unquote_plus(password)) == (client, ":", secret)


async def test_who_takes_the_secret_in_the_form_only_gets_it_there(api_settings: Settings, tmp_path: Path) -> None:
    liar = Liar()
    liar.description = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    secret = "p%2Ba/s+s:w=rd"
    async with knowing(liar, api_settings, tmp_path, oidc_client_secret=SecretStr(secret)) as api:
        assert await attempt(api, liar, {"email": OWNER, "email_verified": True}, {}) == "/team"
    assert liar.authorization == ""
    assert liar.form["client_secret"] == secret


VOUCHED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "all in the ID token": ({"email": OWNER, "email_verified": True}, {}),
    "all in userinfo": ({}, {"sub": "olga", "email": OWNER, "email_verified": True}),
    "address in the token, verification in userinfo": (
        {"email": OWNER},
        {"sub": "olga", "email": "Owner@ACME.test", "email_verified": True},
    ),
    "verification as text": ({"email": OWNER, "email_verified": "True"}, {}),
    "verification as text in userinfo": ({"email": OWNER}, {"sub": "olga", "email": OWNER, "email_verified": "true"}),
}
UNVOUCHED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "nobody says so": ({"email": OWNER}, {"sub": "olga", "email": OWNER}),
    "the token says no": (
        {"email": OWNER, "email_verified": False},
        {"sub": "olga", "email": OWNER, "email_verified": True},
    ),
    "the token says no as text": ({"email": OWNER, "email_verified": "False"}, {}),
    "userinfo says no": ({"email": OWNER}, {"sub": "olga", "email": OWNER, "email_verified": False}),
    "userinfo vouches for another address": (
        {"email": OWNER},
        {"sub": "olga", "email": "thief@acme.test", "email_verified": True},
    ),
    "userinfo vouches for no address": ({"email": OWNER}, {"sub": "olga", "email_verified": True}),
    "the token vouches for no address, userinfo denies its own": (
        {"email_verified": True},
        {"sub": "olga", "email": OWNER, "email_verified": False},
    ),
    "the token vouches for no address, userinfo is silent about its own": (
        {"email_verified": True},
        {"sub": "olga", "email": OWNER},
    ),
    "the token denies, userinfo has the address": (
        {"email_verified": False},
        {"sub": "olga", "email": OWNER, "email_verified": True},
    ),
}


@pytest.mark.parametrize("case", VOUCHED)
async def test_an_address_is_taken_that_the_provider_vouches_for(
    api_settings: Settings, tmp_path: Path, case: str
) -> None:
    liar = Liar()
    async with knowing(liar, api_settings, tmp_path) as api:
        assert await attempt(api, liar, *VOUCHED[case]) == "/team"


async def test_an_address_is_refused_that_it_does_not_vouch_for(api_settings: Settings, tmp_path: Path) -> None:
    liar = Liar()
    async with knowing(liar, api_settings, tmp_path) as api:
        for case, (token, userinfo) in UNVOUCHED.items():
            assert await attempt(api, liar, token, userinfo) == REFUSED, case


async def test_an_explicit_no_is_refused_also_of_a_provider_that_is_trusted(
    api_settings: Settings, tmp_path: Path
) -> None:
    liar = Liar()
    async with knowing(liar, api_settings, tmp_path, oidc_trust_email=True) as api:
        for case, (token, userinfo) in UNVOUCHED.items():
            if ("no" in case.split() and "address" not in case) or "den" in case:
                assert await attempt(api, liar, token, userinfo) == REFUSED, case
        stranger = {"sub": "somebody", "email": OWNER, "email_verified": True}
        assert "oidcRefused" in await attempt(api, liar, {"email": OWNER}, stranger)
        assert await attempt(api, liar, {"email": OWNER}, {"sub": "olga", "email": OWNER}) == "/team"


async def test_a_userinfo_endpoint_that_is_away_keeps_nobody_out_who_needs_nothing_of_it(
    api_settings: Settings, tmp_path: Path
) -> None:
    liar = Liar()
    async with knowing(liar, api_settings, tmp_path) as api:
        assert await attempt(api, liar, {"email": OWNER, "email_verified": True}, {}) == "/team"
        liar.is_userinfo_away = True
        assert await attempt(api, liar, {"email": OWNER}, {}) == "/team"  # linked: the address decides nothing any more


@pytest.mark.parametrize(
    ("said", "means"),
    [
        *((said, True) for said in (True, "true", "True", "TRUE")),
        *((said, False) for said in (False, "false", "False", "yes", "", 1, 0, [True], {})),
        (None, None),
    ],
)
def test_what_email_verified_means(said: object, means: bool | None) -> None:
    assert is_vouched(said) is means
