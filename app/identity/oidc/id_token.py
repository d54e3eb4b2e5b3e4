"""The checks of an ID token (OpenID Connect Core 3.1.3.7): signature by a public key, and every claim that ties it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from app.identity.oidc.errors import OidcError

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
"""Signatures by a key pair. Never `none`, and never HMAC: a public key would be its secret."""
LEEWAY_SECONDS = 60
"""How far the provider's clock may be from ours."""


class KeyIsUnknownError(OidcError):
    """None of the keys we know made the signature: the provider may have changed them."""


def checked_id_token(
    token: str,
    keys: KeySet,
    *,
    issuer: str,
    client_id: str,
    nonce: str,
    access_token: str | None,
    now: datetime,
) -> Mapping[str, Any]:
    """Return the claims. Raises `KeyIsUnknownError`, or `OidcError` if anything does not hold."""
    try:
        decoded = jwt.decode(token, keys, algorithms=ALGORITHMS)
    except (InvalidKeyIdError, ValueError) as error:
        raise KeyIsUnknownError("oidcRefused", f"no key for the ID token ({type(error).__name__})") from error
    except JoseError as error:
        if error.error == "bad_signature":
            raise KeyIsUnknownError("oidcRefused", "the signature of the ID token does not fit") from error
        raise OidcError("oidcRefused", f"the ID token is none of ours ({error.error})") from error
    claims = CodeIDToken(
        decoded.claims,
        decoded.header,
        options={
            "iss": {"essential": True, "value": issuer},
            "aud": {"essential": True, "value": client_id},
            "sub": {"essential": True},
            "exp": {"essential": True},
            "iat": {"essential": True},
        },
        params={"nonce": nonce, "client_id": client_id, "access_token": access_token},
    )
    try:
        claims.validate(now=int(now.timestamp()), leeway=LEEWAY_SECONDS)
    except JoseError as error:
        raise OidcError("oidcRefused", f"a claim of the ID token does not hold ({error})") from error
    if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255:
        raise OidcError("oidcRefused", "the ID token names nobody")
    return dict(claims)
