"""Forms as clickhouse-connect and curl send them, and what is none."""

import pytest

from app.embedded.clickhouse_server.errors import ClickHouseError
from app.embedded.clickhouse_server.forms import read_form

CONTENT_TYPE = "multipart/form-data; boundary=5d0a"


def form(*parts: str) -> bytes:
    return "".join(f"--5d0a\r\nContent-Disposition: form-data; {part}\r\n" for part in parts).encode() + b"--5d0a--\r\n"


def test_fields_come_with_their_text_as_it_is() -> None:
    body = form(
        'name="query"\r\n\r\nSELECT {x:String}',
        'name="param_x"\r\nContent-Type: text/plain\r\n\r\nصباح\r\n--5d0\r\n',
        'name="empty"\r\n\r\n',
    )
    fields = read_form(body, CONTENT_TYPE)
    assert fields == {"query": "SELECT {x:String}", "param_x": "صباح\r\n--5d0\r\n", "empty": ""}


def test_a_megabyte_in_one_field_and_a_thousand_fields() -> None:
    assert len(read_form(form('name="ids"\r\n\r\n' + "A" * 1_000_000), CONTENT_TYPE)["ids"]) == 1_000_000
    many = form(*(f'name="param_{number}"\r\n\r\n{number}' for number in range(1_000)))
    assert read_form(many, CONTENT_TYPE)["param_999"] == "999"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (form('name="a"\r\n\r\n1'), "multipart/form-data"),
        (form('name="a"\r\n\r\n1'), "multipart/form-data; boundary=other"),
        (form('name="a"\r\n\r\n1')[:-20], CONTENT_TYPE),
        (b"", CONTENT_TYPE),
        (form('filename="table.csv"; name="t"\r\n\r\n1,2'), CONTENT_TYPE),
        (form("\r\n\r\n1"), CONTENT_TYPE),
        (b'--5d0a\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\r\n--5d0a--\r\n', CONTENT_TYPE),
    ],
)
def test_what_cannot_be_read_is_refused(body: bytes, content_type: str) -> None:
    with pytest.raises(ClickHouseError):
        read_form(body, content_type)
