"""A certified OpenID provider as a process of its own, and a liar that answers what no provider should.

The provider comes from npm (`oidc-provider`): another hand wrote it than the library we stand on, so that both cannot
share a misunderstanding, and it takes 3 MB. It is installed into `.cache` when it is first needed.
"""

import asyncio
import contextlib
import fcntl
import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import RSAKey

from app.embedded.ports import find_free
from scripts.install import CACHE, find_node

HERE = Path(__file__).parent / "oidc_provider"
FILES = ("package.json", "package-lock.json", ".npmrc", "provider.mjs")
CLIENT_ID, CLIENT_SECRET = "heliograph", "a secret of the tests"


def installed() -> tuple[Path, dict[str, str]]:
    """Return the folder of the provider with its packages, and an environment with a `node`."""
    node = find_node()
    assert node is not None, "No Node.js of version 20.19 or newer; `make install` installs one."
    stamp = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in FILES)).hexdigest()[:16]
    folder = CACHE / "oidc_provider" / stamp
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several files of tests may need it at once
        if not (folder / "complete").exists():
            for name in FILES:
                shutil.copy(HERE / name, folder / name)
            command = ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"]
            subprocess.run(command, cwd=folder, env=node, check=True, timeout=300)
            (folder / "complete").touch()
    return folder, node


def new_key(kid: str) -> RSAKey:
    """Return a key to sign with."""
    return RSAKey.generate_key(2048, {"kid": kid, "alg": "RS256", "use": "sig"}, private=True)


class RunningProvider:
    """The provider on a port that stays the same when it starts anew with another key."""

    def __init__(self, redirect: str, people: dict[str, dict[str, Any]]) -> None:
        [self.port] = find_free(1)
        self.issuer = f"http://127.0.0.1:{self.port}"
        self._given: dict[str, Any] = {"port": self.port, "redirect": redirect, "people": people}
        self._process: asyncio.subprocess.Process | None = None

    async def start(self, key: RSAKey) -> None:
        """Start it with this key and wait until it listens."""
        folder, node = await asyncio.to_thread(installed)
        given = json.dumps(self._given | {"key": key.as_dict(private=True)})
        self._process = await asyncio.create_subprocess_exec(
            "node",
            "provider.mjs",
            given,
            cwd=folder,
            env=node,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        assert self._process.stdout is not None
        async with asyncio.timeout(60):
            assert b"ready" in await self._process.stdout.readline()

    async def stop(self) -> None:
        """End it."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.communicate()


@contextlib.asynccontextmanager
async def running(redirect: str, people: dict[str, dict[str, Any]]) -> AsyncIterator[RunningProvider]:
    """Run the provider until the block ends."""
    provider = RunningProvider(redirect, people)
    await provider.start(new_key("first"))
    try:
        yield provider
    finally:
        await provider.stop()


async def authorise(url: str, login: str) -> str:
    """Go through the provider's pages as a browser, sign in and agree; return where it sends the browser back to."""
    async with httpx.AsyncClient(timeout=30) as browser:
        answer = await browser.get(url)
        for _ in range(12):
            if answer.is_redirect:
                target = urljoin(str(answer.url), answer.headers["location"])
                if "/api/auth/oidc/callback" in target:
                    return target
                answer = await browser.get(target)
                continue
            assert answer.status_code == 200, answer.text
            prompt = re.search(r'name="prompt" value="(\w+)"', answer.text)
            form = re.search(r'action="([^"]+)"', answer.text)
            assert prompt is not None
            assert form is not None
            body = {"prompt": prompt[1], "login": login, "password": "any"}
            answer = await browser.post(urljoin(str(answer.url), form[1]), data=body)
    raise AssertionError("the provider did not send the browser back")


class Liar:
    """An ASGI application that calls itself a provider and hands out the ID token a test wants."""

    def __init__(self) -> None:
        self.issuer = ""
        self.key = new_key("liar")
        self.claims: dict[str, Any] = {}
        self.signs_with: Any = self.key
        self.userinfo: dict[str, Any] = {}
        self.token: str | None = None
        self.description: dict[str, Any] = {}
        """What it says of itself beside the endpoints."""
        self.is_userinfo_away = False
        self.authorization = ""
        self.form: dict[str, str] = {}
        """How a client was authenticated last."""

    def id_token(self) -> str:
        """Return what it hands out."""
        return self.token or jwt.encode({"alg": "RS256", "kid": "liar"}, self.claims, self.signs_with)

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Answer whatever is asked."""
        if scope["type"] != "http":
            return
        answers: dict[str, Any] = {
            "/.well-known/openid-configuration": {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorise",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
            }
            | self.description,
            "/keys": {"keys": [self.key.as_dict(private=False)]},
            "/userinfo": None if self.is_userinfo_away else self.userinfo,
        }
        found = answers.get(scope["path"])
        if scope["path"] == "/token":
            headers = dict(scope["headers"])
            self.authorization = headers.get(b"authorization", b"").decode()
            self.form = parameters(f"?{(await receive())['body'].decode()}")
            found = {"access_token": "x", "token_type": "Bearer", "id_token": self.id_token()}
        status = 200 if found is not None else 503
        body = json.dumps(found if found is not None else {}).encode()
        await send(
            {"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]}
        )
        await send({"type": "http.response.body", "body": body})


def parameters(url: str) -> dict[str, str]:
    """Return the query of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
