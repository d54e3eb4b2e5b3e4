"""What a sign-in under way remembers: kept by the browser in a signed cookie, so that any API process can finish it."""

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import orjson

from app.identity.oidc.errors import OidcError
from app.identity.secrets import new_secret

LIFETIME = timedelta(minutes=10)
COOKIE_PATH = "/api/auth/oidc"
_OURS = re.compile(r"/(?![/\\])[^\x00-\x20\\\x7f]*")


@dataclass(frozen=True, slots=True)
class Pending:
    """One sign-in under way. `verifier` and `nonce` tie the provider's answer to the browser that asked."""

    state: str
    nonce: str
    verifier: str
    next: str
    ends_at: float

    @classmethod
    def begin(cls, next_path: str, now: datetime) -> "Pending":
        """Return a fresh one."""
        return cls(new_secret(), new_secret(), new_secret(), checked_next(next_path), (now + LIFETIME).timestamp())


def cookie_name(state: str) -> str:
    """Return the name of the cookie: one for each sign-in, so that two tabs do not disturb each other."""
    return f"heliograph_oidc_{hashlib.sha256(state.encode()).hexdigest()[:12]}"


def checked_next(path: str) -> str:
    """Return a path of ours, `/` for anything else: a link must not lead elsewhere after the sign-in."""
    return path if len(path) <= 500 and _OURS.fullmatch(path) else "/"


def sealed(pending: Pending, secret: str) -> str:
    """Return the cookie's value."""
    body = base64.urlsafe_b64encode(orjson.dumps(asdict(pending))).decode()
    return f"{body}.{_signature(body, secret)}"


def opened(cookie: str | None, state: str, secret: str, *, now: datetime) -> Pending:
    """Return the sign-in a cookie holds. Raises `OidcError` if it is missing, forged, over, or of another state."""
    body, _, signature = (cookie or "").partition(".")
    if not body or not hmac.compare_digest(signature.encode(), _signature(body, secret).encode()):
        raise OidcError("oidcExpired", "no sign-in of this browser is under way")
    try:
        pending = Pending(**orjson.loads(base64.urlsafe_b64decode(body)))
    except (binascii.Error, ValueError, TypeError) as error:
        raise OidcError("oidcExpired", "the cookie is of another version") from error
    if not hmac.compare_digest(pending.state.encode(), state.encode()) or pending.ends_at <= now.timestamp():
        raise OidcError("oidcExpired", "the sign-in is over, or another one came back")
    return pending


def _signature(body: str, secret: str) -> str:
    key = hashlib.sha256(b"heliograph oidc cookie\0" + secret.encode()).digest()
    return hmac.digest(key, body.encode(), hashlib.sha256).hex()
