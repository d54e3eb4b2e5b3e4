"""One user with one password, by any of the ways ClickHouse knows."""

import base64
import binascii
import hmac
from collections.abc import Mapping

from app.embedded.clickhouse_server.errors import authentication_failed

USER = "default"


class Authenticator:
    """Compares what a request brings with the one password; never an empty one."""

    def __init__(self, password: str) -> None:
        if not password:
            raise ValueError("The embedded ClickHouse needs a password")
        self._password = password.encode()

    def check(self, *, url: Mapping[str, str], headers: Mapping[str, str]) -> None:
        """Raise `ClickHouseError` 516 unless the request is the known user's.

        X-ClickHouse-User and -Key go before Basic, Basic before the parameters user and password, as in the server.
        """
        user, password = _credentials(url, headers)
        # both are always compared, in constant time
        is_user = hmac.compare_digest(user.encode(), USER.encode())
        is_password = hmac.compare_digest(password.encode(), self._password)
        if not (is_user and is_password):
            raise authentication_failed(user)


def _credentials(url: Mapping[str, str], headers: Mapping[str, str]) -> tuple[str, str]:
    if "x-clickhouse-user" in headers or "x-clickhouse-key" in headers:
        return headers.get("x-clickhouse-user") or USER, headers.get("x-clickhouse-key", "")
    scheme, _, value = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            user, _, password = base64.b64decode(value, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return USER, ""
        return user or USER, password
    return url.get("user") or USER, url.get("password", "")
