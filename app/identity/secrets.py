"""Random secrets that people and programs carry, and the only form in which we keep them."""

import hashlib
import secrets

API_KEY_PREFIX = "hg_"
SHOWN_PREFIX_LENGTH = len(API_KEY_PREFIX) + 8
"""Characters of an API key that stay visible, so that its owner can tell keys apart."""


def new_secret() -> str:
    """Return 32 random bytes, URL-safe: a session id, a sign-in token, a CSRF token."""
    return secrets.token_urlsafe(32)


def new_api_key() -> str:
    """Return a fresh API key; the prefix lets secret scanners recognise it."""
    return API_KEY_PREFIX + secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """Return the SHA-256 of a secret in hex: what is stored and looked up.

    A fast hash is right here, because the secret has 256 random bits; passwords go through Argon2 instead.
    """
    return hashlib.sha256(secret.encode()).hexdigest()
