"""Fields of POST forms: clickhouse-connect sends all parameters this way once one of them is long."""

from io import BytesIO

import multipart

from app.embedded.clickhouse_server.errors import bad_arguments, not_implemented

_MULTIPART = "multipart/form-data"
_MOST_FIELDS = 10_000


def is_form(content_type: str) -> bool:
    """Say whether the body is a multipart form.

    A body called urlencoded is not one: curl says so of every body, and the server reads it as the statement.
    """
    return content_type.lower().startswith(_MULTIPART)


def read_form(body: bytes, content_type: str) -> dict[str, str]:
    """Return the text fields of a multipart form, of one name the last.

    Raises `ClickHouseError` for what is no form, and for files, which are external tables.
    """
    _, options = multipart.parse_options_header(content_type)
    boundary = options.get("boundary")
    if not boundary:
        raise bad_arguments("The multipart form has no boundary in its Content-Type")
    fields: dict[str, str] = {}
    try:
        parts = multipart.MultipartParser(
            BytesIO(body),
            boundary,
            part_limit=_MOST_FIELDS,
            spool_limit=len(body) + 1,  # the body is in memory, and its size was looked at
            memory_limit=len(body) + 1,
        )
        for part in parts:
            if part.filename is not None:
                raise not_implemented("External tables")
            if not part.name:
                raise bad_arguments("A part of the form has no name")
            fields[part.name] = part.value
    except (multipart.MultipartError, UnicodeDecodeError) as error:
        raise bad_arguments(f"The multipart form cannot be read: {error}") from error
    if not fields:
        raise bad_arguments("The multipart form has no parts: look at its boundary")
    return fields
