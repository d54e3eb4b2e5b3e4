"""The names this API answers to: a page of somebody else's name must not be able to stand before it.

A name can be pointed anywhere by whoever owns it (DNS rebinding), and caches and redirects believe it. So only the host
of `PUBLIC_URL`, `localhost` and `TRUSTED_HOSTS` are answered, and numbers of this machine and of private networks:
nobody can point them elsewhere, and probes and phones in the same network use them. The collector answers to every
name: its answer is the same picture for everybody, it builds no address and knows no session, and mail keeps the names
of old.
"""

import ipaddress
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from app.errors import AppError
from app.host_names import ascii_host, host_of, parsed_host_names
from app.problems import problem_response
from app.settings import Settings

_PRIVATE = tuple(
    ipaddress.ip_network(network)
    for network in (
        *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10"),
        *("::1/128", "fe80::/10", "fc00::/7"),
    )
)
"""Networks whose numbers mean the same machine to nobody else. Not `is_private`, which holds many more."""


class BadHostError(AppError):
    """The request does not say, or says twice, whom it asks; or somebody we are not."""

    status, code, title = HTTPStatus.BAD_REQUEST, "bad_host", "This is not the address of this server"


def trusted_names(settings: Settings) -> frozenset[str]:
    """Return the names that are answered, as they travel and in lower case."""
    public = urlsplit(settings.public_url).hostname
    return parsed_host_names(settings.trusted_hosts) | {"localhost"} | ({ascii_host(public)} if public else set())


class TrustedHosts:
    """Answers 400 to a request without exactly one `Host`, or with a name that is not ours."""

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self._app = app
        self._names = trusted_names(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what was meant for us."""
        if scope["type"] != "http" or (detail := self._wrong(scope)) is None:
            return await self._app(scope, receive, send)
        await problem_response(BadHostError(detail), instance=scope["path"])(scope, receive, send)

    def _wrong(self, scope: Scope) -> str | None:
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        if len(hosts) != 1 or not hosts[0]:
            return "A request has exactly one header Host."
        host = host_of(hosts[0].decode("latin-1"))
        if host in self._names or (host is not None and _is_private(host)):
            return None
        return "This server is not known by that name; whoever runs it can add it to TRUSTED_HOSTS, or set PUBLIC_URL."


def _is_private(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return any(address in network for network in _PRIVATE)
