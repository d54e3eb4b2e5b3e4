"""Fields of POST forms: clickhouse-connect sends long query parameters this way."""

from email import policy
from email.parser import BytesParser

from app.embedded.clickhouse_server.errors import bad_arguments, not_implemented

_MULTIPART = "multipart/form-data"


def is_form(content_type: str) -> bool:
    """Say whether the body is a multipart form.

    A body called urlencoded is not one: curl says so of every body, and the server reads it as the statement.
    """
    return content_type.lower().startswith(_MULTIPART)


def read_form(body: bytes, content_type: str) -> dict[str, str]:
    """Return the text fields of a multipart form. Raises `ClickHouseError` for files, which are external tables."""
    head = b"Content-Type: " + content_type.encode("latin-1") + b"\r\n\r\n"
    message = BytesParser(policy=policy.HTTP).parsebytes(head + body)
    if not message.is_multipart():
        raise bad_arguments("The multipart form has no parts: look at its boundary")
    fields: dict[str, str] = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        if not isinstance(name, str):
            raise bad_arguments("A part of the form has no name")
        if part.get_filename() is not None:
            raise not_implemented("External tables")
        content = part.get_payload(decode=True)
        fields[name] = content.decode() if isinstance(content, bytes) else ""
    return fields
