"""What an HTTP request asks for: the statement's bytes, its parameters, its settings, how the answer should look."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from app.embedded.clickhouse_server.compression import decompress
from app.embedded.clickhouse_server.errors import ClickHouseError, bad_arguments, not_implemented
from app.embedded.clickhouse_server.forms import is_form, read_form

# Parameters of the protocol; every other one is a setting of the query. Sessions are ignored: clickhouse-connect's
# sync client names one in every request and needs nothing of it, unless temporary tables are made.
_PROTOCOL = frozenset(
    {
        "query", "database", "user", "password", "query_id", "default_format", "wait_end_of_query", "buffer_size",
        "session_id", "session_timeout", "session_check", "client_protocol_version", "quota_key", "role",
        "enable_http_compression", "http_zlib_compression_level", "send_progress_in_http_headers", "compress",
        "decompress", "http_headers_progress_interval_ms", "cancel_http_readonly_queries_on_client_close",
        "add_http_cors_header", "http_write_exception_in_output_format",
    }
)  # fmt: skip
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Request:
    """A request after decoding. `body` is the statement with any data behind it.

    `parameters` are values of `{name:Type}` in ClickHouse's escaped text form, without the prefix `param_`.
    `accept_encoding` is empty unless the client asked for compression as ClickHouse wants it asked.
    """

    body: bytes
    query_id: str
    database: str | None
    settings: Mapping[str, str]
    parameters: Mapping[str, str]
    default_format: str
    is_buffered: bool
    accept_encoding: str


def read_query_string(query_string: bytes) -> dict[str, str]:
    """Decode the parameters of a URL; the last of several with one name counts."""
    return dict(parse_qsl(query_string.decode("latin-1"), keep_blank_values=True, max_num_fields=10_000))


def read_request(*, method: str, url: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> Request:
    """Decode one request; `headers` have lower-case names. Raises `ClickHouseError` for what does not fit."""
    values = dict(url)
    data = decompress(body, headers.get("content-encoding", ""))
    content_type = headers.get("content-type", "")
    if is_form(content_type):
        values |= read_form(data, content_type)
        data = b""
    if _is_on(values.get("compress")) or _is_on(values.get("decompress")):
        raise not_implemented("compress=1 and decompress=1 (use Accept-Encoding and Content-Encoding)")
    settings = {name: value for name, value in values.items() if name not in _PROTOCOL and not _is_parameter(name)}
    for name in settings:
        if _NAME.fullmatch(name) is None:
            raise bad_arguments(f"{name!r} is not the name of a setting")
    if method != "POST" and settings.get("readonly", "0") == "0":
        settings["readonly"] = "2"  # as the server does: a GET changes nothing
    return Request(
        body=_statement(values.get("query", ""), data),
        query_id=values.get("query_id") or headers.get("x-clickhouse-query-id") or str(uuid.uuid4()),
        database=values.get("database") or headers.get("x-clickhouse-database") or None,
        settings=settings,
        parameters=_parameters(values),
        default_format=_format(headers.get("x-clickhouse-format") or values.get("default_format") or "TabSeparated"),
        is_buffered=_is_on(values.get("wait_end_of_query")),
        accept_encoding=headers.get("accept-encoding", "") if _is_on(values.get("enable_http_compression")) else "",
    )


def _statement(query: str, data: bytes) -> bytes:
    """The server reads `query` and the body as one text; a line break stands between them."""
    if not query:
        return data
    return query.encode() + b"\n" + data if data else query.encode()


def _parameters(values: Mapping[str, str]) -> dict[str, str]:
    found = {name.removeprefix("param_"): value for name, value in values.items() if _is_parameter(name)}
    for name in found:
        if _NAME.fullmatch(name) is None:
            raise bad_arguments(f"{name!r} is not the name of a query parameter")
    return found


def _is_parameter(name: str) -> bool:
    return name.startswith("param_")


def _format(name: str) -> str:
    if _NAME.fullmatch(name) is None:
        raise ClickHouseError(73, "UNKNOWN_FORMAT", f"Unknown format {name!r}")
    return name


def _is_on(value: str | None) -> bool:
    return value in ("1", "true")
