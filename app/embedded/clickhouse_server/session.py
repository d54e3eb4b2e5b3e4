"""One request's handle: the server's defaults, the request's settings, database and query id."""

from collections.abc import Mapping
from typing import Any

from app.embedded.clickhouse_server.engine import Engine
from app.embedded.clickhouse_server.errors import ClickHouseError
from app.embedded.clickhouse_server.requests import Request

# chDB begins with the settings of clickhouse-local; these are the server's.
_SERVER_DEFAULTS = {"implicit_select": "0", "storage_file_read_method": "pread", "allow_introspection_functions": "0"}


def open_session(engine: Engine, request: Request) -> Any:
    """Return a handle on which the request's statement can run; the caller closes it.

    Raises `ClickHouseError` for unknown settings, values that do not fit and unknown databases.
    """
    handle = engine.connect()
    try:
        handle.query(_preamble(request), "TabSeparated")
    except BaseException as error:
        handle.close()
        if isinstance(error, RuntimeError):
            raise ClickHouseError.from_engine(error) from error
        raise
    return handle


def _preamble(request: Request) -> str:
    """One text of statements, because each call of the engine costs 0.2 ms.

    The engine makes its own query ids and lets nobody set them. So the request's id is kept as the first line of
    log_comment, where `KILL QUERY` and system.processes find it (see statements.py).
    """
    settings = _SERVER_DEFAULTS | dict(request.settings)
    settings["log_comment"] = f"{request.query_id}\n{request.settings.get('log_comment', '')}".rstrip("\n")
    readonly = settings.pop("readonly", None)
    statements = [f"SET {_assignments(settings)}"]
    if request.database is not None:
        statements.append(f"USE {_quote(request.database, '`')}")
    if readonly is not None:  # last: it forbids changing any other
        statements.append(f"SET {_assignments({'readonly': readonly})}")
    return "; ".join(statements)


def _assignments(settings: Mapping[str, str]) -> str:
    return ", ".join(f"{name} = {_quote(value, chr(39))}" for name, value in settings.items())


def _quote(text: str, mark: str) -> str:
    return mark + text.replace("\\", "\\\\").replace(mark, "\\" + mark) + mark
