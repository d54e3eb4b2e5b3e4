"""One OpenID provider over HTTP: what it says of itself, its keys, and the exchange of a code for who somebody is."""

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote_plus, urlsplit

import httpx
import structlog
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from app.identity.oidc.errors import OidcError, ProviderUnavailableError
from app.identity.oidc.id_token import KeyIsUnknownError, checked_id_token
from app.identity.oidc.people import completed
from app.identity.oidc.state import Pending
from app.settings import Settings

TIMEOUT_SECONDS = 5.0
FRESH_SECONDS = 60.0
"""How long an answer of the provider about itself is believed: so soon the sign-in page learns that it is away."""
AWAY_SECONDS = 10.0
"""How long we believe that it is away before we ask again."""
log = structlog.stdlib.get_logger("heliograph.api")
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class Provider:
    """The provider of the settings; keeps its description and keys in memory."""

    def __init__(self, settings: Settings, client: httpx.AsyncClient) -> None:
        self._settings = settings
        self._client = client
        self._redirect_uri = f"{settings.public_url}/api/auth/oidc/callback"
        self._description: Mapping[str, Any] = {}
        self._asked_at = self._failed_at = float("-inf")
        self._keys: KeySet | None = None

    async def is_available(self) -> bool:
        """Tell whether the provider answers, as of the last minute."""
        try:
            await self.description()
        except ProviderUnavailableError:
            return False
        return True

    async def description(self) -> Mapping[str, Any]:
        """Return what the provider says of itself. Raises `ProviderUnavailableError`."""
        now = time.monotonic()
        if now - self._asked_at < FRESH_SECONDS:
            return self._description
        if now - self._failed_at < AWAY_SECONDS:
            raise ProviderUnavailableError("it did not answer a moment ago")
        issuer = self._settings.oidc_issuer
        try:
            found = await self._json("GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration")
            if found.get("issuer") != issuer:
                raise ProviderUnavailableError(f"it calls itself {found.get('issuer')!r}; OIDC_ISSUER says {issuer!r}")
            for name in _ENDPOINTS:
                if urlsplit(str(found.get(name))).scheme not in ("http", "https"):
                    raise ProviderUnavailableError(f"it names no {name}")
        except ProviderUnavailableError:
            self._failed_at = now
            raise
        self._description, self._asked_at = found, now
        return found

    async def authorization_url(self, pending: Pending) -> str:
        """Return where the browser goes to sign in. Raises `ProviderUnavailableError`."""
        description = await self.description()
        parameters = {
            "response_type": "code",
            "client_id": self._settings.oidc_client_id,
            "redirect_uri": self._redirect_uri,
            "scope": self._settings.oidc_scopes,
            "state": pending.state,
            "nonce": pending.nonce,
            "code_challenge": create_s256_code_challenge(pending.verifier),
            "code_challenge_method": "S256",
        }
        url: str = add_params_to_uri(description["authorization_endpoint"], list(parameters.items()))
        return url

    async def claims(self, code: str, pending: Pending, *, now: datetime) -> Mapping[str, Any]:
        """Exchange a code for the checked claims about the person, with those of the userinfo endpoint if need be.

        Raises `OidcError` if the provider refuses the code, or what it says does not hold.
        """
        description = await self.description()
        settings = self._settings
        secret = settings.oidc_client_secret.get_secret_value()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_uri,
            "code_verifier": pending.verifier,
        }
        methods = description.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        auth = None
        if "client_secret_basic" in methods:
            # form-encoded first (RFC 6749, 2.3.1): a colon in the name, or a percent sign in the secret, means itself
            auth = httpx.BasicAuth(quote_plus(settings.oidc_client_id), quote_plus(secret))
        else:
            form |= {"client_id": settings.oidc_client_id, "client_secret": secret}
        tokens = await self._json("POST", description["token_endpoint"], data=form, auth=auth)
        claims = await self._checked(tokens, description, pending.nonce, now)
        if {"email", "email_verified"} <= claims.keys() or "userinfo_endpoint" not in description:
            return claims
        headers = {"authorization": f"Bearer {tokens.get('access_token', '')}"}
        try:
            more = await self._json("GET", description["userinfo_endpoint"], headers=headers)
        except ProviderUnavailableError as error:
            if "email" not in claims:
                raise
            log.warning("userinfo does not answer; the ID token alone decides", detail=str(error))
            return claims
        if more.get("sub") != claims["sub"]:
            raise OidcError("oidcRefused", "the userinfo endpoint speaks of somebody else")
        return completed(claims, more)

    async def _checked(
        self, tokens: Mapping[str, Any], description: Mapping[str, Any], nonce: str, now: datetime
    ) -> Mapping[str, Any]:
        for is_last in (False, True):
            keys = self._keys if self._keys is not None and not is_last else await self._fetched_keys(description)
            try:
                return checked_id_token(
                    str(tokens.get("id_token", "")),
                    keys,
                    issuer=self._settings.oidc_issuer,
                    client_id=self._settings.oidc_client_id,
                    nonce=nonce,
                    access_token=tokens.get("access_token"),
                    now=now,
                )
            except KeyIsUnknownError:
                if is_last:
                    raise
        raise AssertionError("the loop returns or raises")

    async def _fetched_keys(self, description: Mapping[str, Any]) -> KeySet:
        """Return the provider's keys as they are now: it changes them when it likes."""
        found = await self._json("GET", description["jwks_uri"])
        try:
            self._keys = KeySet.import_key_set({"keys": list(found.get("keys", ()))})
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise ProviderUnavailableError("its keys cannot be read") from error
        return self._keys

    async def _json(self, method: str, url: str, **more: Any) -> dict[str, Any]:
        try:
            answer = await self._client.request(method, url, timeout=TIMEOUT_SECONDS, **more)
        except httpx.HTTPError as error:
            raise ProviderUnavailableError(f"{type(error).__name__} at {urlsplit(url).netloc}") from error
        try:
            body = answer.json()
        except ValueError as error:
            raise ProviderUnavailableError(
                f"{urlsplit(url).path} answered {answer.status_code} without JSON"
            ) from error
        if 400 <= answer.status_code < 500 and method == "POST":
            raise OidcError("oidcRefused", f"the token endpoint said {str(body)[:200]}")
        if answer.status_code != httpx.codes.OK or not isinstance(body, dict):
            raise ProviderUnavailableError(f"{urlsplit(url).path} answered {answer.status_code}")
        return body
