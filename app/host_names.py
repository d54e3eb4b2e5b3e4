"""Names of hosts, from a `Host` header or the setting `TRUSTED_HOSTS`, in the one form they are compared in."""

import re

_HOST = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]{2,45})\]|(?P<name>[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,252})))(?::\d{1,5})?")


class HostNamesError(ValueError):
    """`TRUSTED_HOSTS` names something that is no host."""


def host_of(header: str) -> str | None:
    """Return the host of a `Host` header in lower case, without port and last dot; None if it is none."""
    found = _HOST.fullmatch(header)
    return (found["six"] or found["name"]).lower().rstrip(".") if found else None


def ascii_host(name: str) -> str:
    """Return a name as it travels, in lower case; one that has no such form stays, and is never sent."""
    try:
        travelling = name if name.isascii() else name.encode("idna").decode()
    except UnicodeError:
        travelling = name
    return travelling.lower().rstrip(".")


def parsed_host_names(text: str) -> frozenset[str]:
    """Return the names of a comma-separated list. Raises `HostNamesError` naming the one that is none."""
    names = set()
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        name = ascii_host(part)
        if host_of(name) != name.strip("[]"):
            raise HostNamesError(
                f"TRUSTED_HOSTS: {part[:80]!r} is no host; write names without scheme and port, like heliograph.example"
            )
        names.add(name.strip("[]"))
    return frozenset(names)
