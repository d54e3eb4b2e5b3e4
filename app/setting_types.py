"""Checked types of settings: each refuses what the product cannot use, and says what to write instead."""

import ipaddress
import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr
from pydantic_core import PydanticCustomError

from app.classification.networks import parse_networks as parse_known_networks
from app.collector.proxies import parse_networks as parse_proxies
from app.host_names import parsed_host_names

YEAR_SECONDS = 366 * 24 * 3600

Port = Annotated[int, Field(ge=1, le=65_535)]
Seconds = Annotated[float, Field(gt=0, le=YEAR_SECONDS, allow_inf_nan=False)]
Milliseconds = Annotated[float, Field(gt=0, le=3_600_000, allow_inf_nan=False)]

_LABEL = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)*")
_MOST_CHARACTERS = 500


def refuse(sentence: str) -> PydanticCustomError:
    """Return the error of a validator; `sentence` goes on after the setting's name: `is no …; write …`."""
    return PydanticCustomError("setting", "{sentence}", {"sentence": sentence})


def refuse_all(sentence: str) -> PydanticCustomError:
    """Return the error of a validator whose sentence names the settings itself."""
    return PydanticCustomError("settings", "{sentence}", {"sentence": sentence})


def _host(text: str) -> str:
    """Return an IP address or host name to listen on."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        if len(text) > 253 or not all(_LABEL.fullmatch(label) for label in text.split(".")):
            raise refuse(
                f"is {text[:80]!r}, which is no address; write one to listen on, like 127.0.0.1 or 0.0.0.0"
            ) from None
    return text


def _text(text: str) -> str:
    """Return a text of one line."""
    if len(text) > _MOST_CHARACTERS or not text.isprintable():
        raise refuse(f"is too long or holds what cannot be printed; write one line of {_MOST_CHARACTERS} characters")
    return text


def _name(text: str) -> str:
    """Return the name of a process, as it stands in logs, metrics and records."""
    if not 1 <= len(text) <= 64 or not text.isprintable():
        raise refuse(f"is {text[:80]!r}, which is no name; write 1 to 64 characters that can be printed")
    return text


def _origin_and_path(url: str) -> tuple[str, str]:
    """Split an http(s) URL after its host and port; raises `ValueError` for anything else."""
    parts = urlsplit(url)
    is_plain = url.isprintable() and not set(url) & set(" \\?#@*<>\"'")
    if parts.scheme not in ("http", "https") or not parts.hostname or not is_plain or parts.port == 0:
        raise ValueError(url)
    return f"{parts.scheme}://{parts.netloc}", parts.path.rstrip("/")


def _public_url(url: str) -> str:
    """Return scheme, host and port of where browsers find the pages; without a slash at the end."""
    try:
        origin, path = _origin_and_path(url)
    except ValueError:
        raise refuse(
            f"is {url[:80]!r}, which is no address for a browser; write one like https://heliograph.example"
        ) from None
    if path:
        raise refuse(
            f"has the path {path[:80]!r}, and the pages work only at the root of a host name; write one of their own, "
            "like https://heliograph.example"
        )
    return origin


def _pixel_url(url: str) -> str:
    """Return where mail clients find the collector; a path is possible, without a slash at the end."""
    try:
        origin, path = _origin_and_path(url)
        if not _PATH.fullmatch(path):
            raise ValueError(path)
    except ValueError:
        raise refuse(
            f"is {url[:80]!r}, which is no address for a mail client; write one like https://pixel.example"
        ) from None
    return origin + path


def _issuer(url: str) -> str:
    """Return an OpenID issuer exactly as it was written: it is compared letter by letter. Empty: none."""
    try:
        if url:
            _origin_and_path(url)
    except ValueError:
        raise refuse(f"is {url[:80]!r}, which is no issuer; write its URL, like https://login.example") from None
    return url


def _scopes(text: str) -> str:
    if "openid" not in _text(text).split():
        raise refuse(f"is {text[:80]!r}, without which scope nobody signs in; write `openid email profile`")
    return text


def _domains(text: str) -> str:
    for domain in filter(None, (part.strip() for part in _text(text).split(","))):
        if "." not in domain or set(domain) & set(" @/:*;"):
            raise refuse(f"holds {domain[:80]!r}, which is no domain; write acme.example, several with commas")
    return text


def _service_url(form: str, example: str) -> Callable[[str], str]:
    """Return a check of a service's URL. It may hold a password, so it is never repeated."""
    pattern = re.compile(form)

    def check(url: str) -> str:
        # Kafka's names several brokers; in all others a comma is part of a password.
        urls = [f"//{part.rpartition('//')[2]}" for part in url.split(",")] if url.startswith("kafka:") else [url]
        try:
            is_usable = pattern.fullmatch(url) is not None and 0 not in [urlsplit(one).port for one in urls]
        except ValueError:  # a port above 65535
            is_usable = False
        if not is_usable:
            raise refuse(f"is not a URL that we can use. It looks like {example}")
        return url

    return check


def _secret(check: Callable[[str], str]) -> Callable[[SecretStr], SecretStr]:
    return lambda secret: SecretStr(check(secret.get_secret_value()))


def _readable_by(parse: Callable[[str], object], *, advice: str = "") -> Callable[[str], str]:
    """Return a check by the reader of the setting itself, whose `ValueError` is a sentence that names it."""

    def check(text: str) -> str:
        try:
            parse(text)
        except ValueError as error:
            raise refuse_all(f"{error}{advice}") from None
        return text

    return check


def _file(path: Path) -> Path:
    if path.is_dir():
        raise refuse(f"is {str(path)!r}, which is a directory; write the path of a file")
    return path


def _directory(path: Path) -> Path:
    if path.exists() and not path.is_dir():
        raise refuse(f"is {str(path)!r}, which is a file; write the path of a directory")
    return path


Host = Annotated[str, AfterValidator(_host)]
Text = Annotated[str, AfterValidator(_text)]
SecretText = Annotated[SecretStr, AfterValidator(_secret(_text))]
Name = Annotated[str, AfterValidator(_name)]
PublicUrl = Annotated[str, AfterValidator(_public_url)]
PixelUrl = Annotated[str, AfterValidator(_pixel_url)]
Issuer = Annotated[str, AfterValidator(_issuer)]
Scopes = Annotated[str, AfterValidator(_scopes)]
Domains = Annotated[str, AfterValidator(_domains)]
Proxies = Annotated[
    str, AfterValidator(_readable_by(parse_proxies, advice="; write networks like 10.0.0.0/8, several with commas"))
]
HostNames = Annotated[str, AfterValidator(_readable_by(parsed_host_names))]
KnownNetworks = Annotated[str, AfterValidator(_readable_by(lambda text: list(parse_known_networks(text))))]
FilePath = Annotated[Path, AfterValidator(_file)]
DirectoryPath = Annotated[Path, AfterValidator(_directory)]

KafkaUrl = Annotated[
    str,
    AfterValidator(
        _service_url(r"kafka://[^\s,/]+:\d+(,(kafka://)?[^\s,/]+:\d+)*", "kafka://host:9092[,host:9092]"),
    ),
]
ClickHouseUrl = Annotated[
    SecretStr,
    AfterValidator(_secret(_service_url(r"https?://[^\s/]+(/\S*)?", "http://user:password@host:8123/database"))),
]
RedisUrl = Annotated[
    SecretStr,
    AfterValidator(_secret(_service_url(r"rediss?://[^\s/]+(/\S*)?|unix://\S+", "redis://:password@host:6379/0"))),
]
DatabaseUrl = Annotated[
    SecretStr,
    AfterValidator(
        _secret(
            _service_url(
                r"sqlite\+aiosqlite:///.+|postgresql\+asyncpg://[^\s/]*/\S+",
                "postgresql+asyncpg://user:password@host/database",
            )
        )
    ),
]
