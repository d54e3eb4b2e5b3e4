"""A key that leaked must not make what outlives it: every route that changes something says whether keys may use it.

A new route is in neither list and fails until somebody has thought about it.
"""

from typing import Any

from sqlalchemy import func, select

from app.identity.models import ApiKey, Invitation, OidcIdentity, Session, SigninLink, User
from app.store.database import Database
from tests.fixtures.api import Api

PERSON = "/api/admin/people/{userId}"
CAMPAIGN = "/api/admin/campaigns/{campaignId}"
OPEN_TO_WRITE_KEYS = {
    ("patch", "/api/me"),
    ("delete", "/api/me/sessions"),
    ("delete", "/api/me/sessions/{sessionId}"),
    ("delete", "/api/me/api-keys/{keyId}"),
    ("delete", "/api/admin/api-keys/{keyId}"),
    ("post", "/api/admin/people"),
    ("post", "/api/admin/people/import"),
    ("post", "/api/admin/people/import/errors"),
    ("patch", PERSON),
    ("post", f"{PERSON}/deactivate"),
    ("post", f"{PERSON}/reactivate"),
    ("delete", f"{PERSON}/invitation"),
    ("delete", f"{PERSON}/sessions"),
    *(("post", f"{PERSON}/token/{what}") for what in ("activate", "deactivate", "rotate")),
    ("post", "/api/admin/campaigns"),
    ("put", CAMPAIGN),
    ("delete", CAMPAIGN),
    *(("post", f"{CAMPAIGN}/{what}") for what in ("duplicate", "end", "pause", "resume", "start")),
    ("post", "/api/admin/signatures/preview"),
    ("put", "/api/admin/signatures/template"),
    ("delete", "/api/admin/signatures/template"),
    ("put", "/api/admin/tracking/settings"),
}
"""What nobody can sign in with; taking a way in away is always allowed."""
NEEDS_A_BROWSER: dict[tuple[str, str], dict[str, Any]] = {
    ("put", "/api/me/password"): {"new": "correct horse battery staple"},
    ("post", "/api/me/api-keys"): {"name": "another", "scopes": ["read"]},
    ("post", f"{PERSON}/invitation"): {},
    ("post", "/api/auth/signout"): {},
}
"""What makes a credential, or is about the browser's own, with a body that a browser could send."""
NOBODY_IS_SIGNED_IN = {
    ("post", "/api/auth/signin-link"),
    ("post", "/api/auth/password"),
    ("post", "/api/auth/invitation"),
}


async def credentials(database: Database) -> list[int]:
    """Return how many of each kind there are."""
    async with database.reading() as session:
        kinds = (ApiKey, Invitation, OidcIdentity, Session, SigninLink)
        found = [await session.scalar(select(func.count()).select_from(kind)) or 0 for kind in kinds]
        return [*found, await session.scalar(select(func.count(User.password_hash))) or 0]


async def changing(api: Api) -> set[tuple[str, str]]:
    """Return method and path of every route that changes something."""
    paths = (await api.client.get("/api/openapi.json")).json()["paths"]
    every = {(method, path) for path, item in paths.items() for method in item}
    return {(method, path) for method, path in every if method not in ("get", "head", "options")}


async def test_every_route_that_changes_something_says_whether_keys_may_use_it(api: Api) -> None:
    assert await changing(api) == OPEN_TO_WRITE_KEYS | set(NEEDS_A_BROWSER) | NOBODY_IS_SIGNED_IN


async def test_what_makes_a_credential_needs_a_signed_in_browser(api: Api) -> None:
    owner = await api.owner()
    key, csrf = await api.key(owner, "read", "write"), await api.sign_in(owner)
    member = await api.member(owner.organisation_id)
    api.client.cookies.clear()
    before = await credentials(api.database)
    for (method, path), body in NEEDS_A_BROWSER.items():
        for person in (owner, member):
            address = path.replace("{userId}", str(person.id))
            answer = await api.client.request(method, address, json=body, headers=key | csrf)
            assert answer.status_code == 403, f"{method} {path}: {answer.text}"
            assert "signed-in browser" in answer.json()["detail"]
    assert await credentials(api.database) == before


async def test_no_other_change_makes_one(api: Api) -> None:
    owner = await api.owner()
    key = await api.key(owner, "read", "write")
    member = await api.member(owner.organisation_id)
    before = await credentials(api.database)
    for method, path in sorted(OPEN_TO_WRITE_KEYS):
        filled = "/".join(str(member.id) if part.startswith("{") else part for part in path.split("/"))
        answer = await api.client.request(method, filled, json={}, headers=key)
        assert answer.status_code not in (401, 403), f"{method} {path}: {answer.text}"
        after = await credentials(api.database)
        assert all(now <= then for now, then in zip(after, before, strict=True)), f"{method} {path}"
