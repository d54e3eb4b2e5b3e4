"""Passwords: hashed with Argon2id away from the event loop, checked in the same time for unknown accounts."""

import unicodedata
from functools import cache, partial

from anyio import CapacityLimiter, to_thread
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type

from app.errors import BadInputError

MIN_LENGTH, MAX_LENGTH = 12, 256
"""NIST SP 800-63B: length rather than rules of composition; a bound, so that hashing has one."""

_HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1, type=Type.ID)
"""RFC 9106, second recommended option, with one lane: we have few cores."""


@cache
def _limiter() -> CapacityLimiter:
    """At most two hashes at a time: each takes 64 MiB, and a flood must not take all memory."""
    return CapacityLimiter(2)


@cache
def _nobody() -> str:
    """Return the hash that attempts on unknown accounts are checked against, made with today's parameters."""
    return _HASHER.hash("nobody has this password")


def _normalised(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def check_new_password(password: str, *, field: str = "new") -> None:
    """Raise `BadInputError`, naming the field, if the password is too short or too long."""
    if not MIN_LENGTH <= len(_normalised(password)) <= MAX_LENGTH:
        raise BadInputError(
            f"{field}: a password has {MIN_LENGTH} to {MAX_LENGTH} characters; four random words are a good one.",
            field=field,
        )


async def hash_password(password: str) -> str:
    """Return the Argon2id hash, with its parameters and a random salt in it."""
    return await to_thread.run_sync(_HASHER.hash, _normalised(password), limiter=_limiter())


async def verify_password(stored: str | None, password: str) -> bool:
    """Tell whether the password fits; for `None` (no such account, or no password) the answer takes as long."""
    check = partial(_verify, stored, _normalised(password[: MAX_LENGTH * 4]))
    return await to_thread.run_sync(check, limiter=_limiter())


def _verify(stored: str | None, password: str) -> bool:
    try:
        fits = _HASHER.verify(stored or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return fits and stored is not None


def needs_rehash(stored: str) -> bool:
    """Tell whether a hash was made with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(stored)
