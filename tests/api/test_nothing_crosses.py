"""Every route, as every role of one organisation, while another one has data: nothing of it is ever answered.

A new route is walked by itself; a path parameter nobody knows here fails the test, so that nobody forgets it.
"""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import orjson
import pytest

from app.audit.service import Actor, record
from app.campaigns.models import Campaign
from app.identity.models import User
from app.identity.roles import ADMIN_ROLES, ROLES
from tests.fixtures.api import Api
from tests.identity.test_keys_make_no_credentials import NEEDS_A_BROWSER

SECRET = "zanzibar"
"""Stands in every name of the other organisation."""
PUBLIC = {
    "/api/health",
    "/api/health/ready",
    "/api/auth/signin-link",
    "/api/auth/password",
    "/api/auth/invitation",
    "/api/auth/invitation/{token}",
    "/api/auth/methods",
    "/api/auth/oidc/start",
    "/api/auth/oidc/callback",
}
"""Routes that answer without anybody signed in."""
KEEPS = {"/api/auth/signout"}
"""Not walked with changes: it would end the session of the walk."""


async def other_organisation(api: Api) -> User:
    """Make an organisation whose every text holds the secret, with an open, a change in its log, and a colleague."""
    stranger = await api.owner(f"{SECRET} Ltd", f"{SECRET}@other.test")
    await api.member(stranger.organisation_id, f"{SECRET}2@other.test", department=SECRET)
    await api.store_open(stranger, api.clock() - timedelta(hours=1), token=SECRET)
    async with api.database.session() as session:
        campaign = Campaign(id=stranger.id, organisation_id=stranger.organisation_id, name=SECRET, description=SECRET)
        session.add(campaign)
        record(
            session,
            organisation_id=stranger.organisation_id,
            actor=Actor(stranger.id),
            at=api.clock(),
            action="tested",
            subject=SECRET,
        )
    return stranger


async def routes(api: Api) -> list[tuple[str, str, dict[str, Any]]]:
    """Return (method, path, operation) of everything the API says it answers."""
    paths = (await api.client.get("/api/openapi.json")).json()["paths"]
    return [(method, path, operation) for path, item in paths.items() for method, operation in item.items()]


def filled(path: str, operation: dict[str, Any], stranger: User) -> str:
    """Fill the path with ids of the other organisation."""
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path":
            value = stranger.id if parameter["schema"].get("format") == "uuid" else SECRET
            path = path.replace("{" + parameter["name"] + "}", str(value))
    assert "{" not in path, f"{path}: a parameter the description does not name"
    return path


async def ask(api: Api, method: str, path: str, headers: dict[str, str]) -> tuple[int, bytes]:
    """Return status and body; of a stream only what comes first."""
    body: dict[str, Any] | None = None if method == "get" else {}
    received = b""
    try:
        async with (
            asyncio.timeout(60),
            api.client.stream(method.upper(), path, headers=headers, json=body) as answer,
        ):
            async for chunk in answer.aiter_bytes():
                received += chunk
                if answer.headers["content-type"].startswith("text/event-stream") and b"data:" in received:
                    break
            return answer.status_code, received
    except httpx.ReadError:
        return 0, received


@pytest.mark.parametrize("role", ROLES)
async def test_no_role_gets_anything_of_another_organisation(api: Api, role: str) -> None:
    stranger = await other_organisation(api)
    owner = await api.owner()
    person = owner if role == "owner" else await api.member(owner.organisation_id, "p@acme.test", role=role)
    headers = await api.key(person, "read", "write")
    marks = [SECRET.encode(), str(stranger.id).encode(), str(stranger.organisation_id).encode()]
    walked = 0
    for method, path, operation in await routes(api):
        if path in KEEPS:
            continue
        address = filled(path, operation, stranger)
        status, body = await ask(api, method, address, headers)
        if str(stranger.id) in address or SECRET in address:
            assert status in (403, 404, 405, 422), f"{method} {address} as {role}: {status}"
            body = body.replace(orjson.dumps(address), b"")  # the problem's `instance` is what was asked
        assert status < 500, f"{method} {address} as {role}: {status} {body!r}"
        for mark in marks:
            assert mark not in body, f"{method} {address} as {role} answers something of another organisation"
        walked += 1
    assert walked > 15


@pytest.mark.parametrize("role", ROLES)
async def test_what_is_under_admin_is_for_owners_and_admins_and_statistics_for_analysts_too(
    api: Api, role: str
) -> None:
    owner = await api.owner()
    person = owner if role == "owner" else await api.member(owner.organisation_id, "p@acme.test", role=role)
    colleague = await api.member(owner.organisation_id, "colleague@acme.test")  # owners are not for admins to change
    headers = await api.key(person, "read", "write")
    for method, path, operation in await routes(api):
        if not path.startswith("/api/admin/"):
            continue
        status, _ = await ask(api, method, filled(path, operation, colleague), headers)
        if (method, path) in NEEDS_A_BROWSER:
            assert status == 403  # whatever the role: see tests/identity/test_keys_make_no_credentials.py
            continue
        reads = "/organization-stats" in path or (method == "get" and path.startswith("/api/admin/campaigns"))
        may = role in ADMIN_ROLES or (role == "analyst" and reads)
        assert (status != 403) is may, f"{method} {path} as {role}: {status}"


async def test_nobody_who_is_not_signed_in_gets_anything(api: Api) -> None:
    owner = await api.owner()
    for method, path, operation in await routes(api):
        if path not in PUBLIC:
            status, _ = await ask(api, method, filled(path, operation, owner), {})
            assert status == 401, f"{method} {path}: {status}"
