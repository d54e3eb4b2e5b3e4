"""Headers that hold lists are read as RFC 9110 has them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.http_headers import accepts_gzip, best_media_type, is_known, media_type

OFFERED = ("text/html", "text/plain")


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        ([], "text/html"),
        (["*/*"], "text/html"),
        (["text/*"], "text/html"),
        (["image/webp"], "text/html"),
        (["text/plain, text/html"], "text/html"),
        (["text/plain;format=flowed;q=0.9, text/html;q=0.95"], "text/html"),
        (["text/plain;format=flowed"], "text/plain"),
        (["text/plain, */*"], "text/plain"),
        (["text/plain", "text/html;q=0.5"], "text/plain"),
        (["text/html;q=0, */*"], "text/plain"),
        (["TEXT/PLAIN"], "text/plain"),
        ([" text/plain ; q = 0.9 , text/html ; q=0.8"], "text/plain"),
        (['text/html;profile="a,b";q=0.1, text/plain;q=0.2'], "text/plain"),
        (["text/plain;q=abc"], "text/html"),
        (["," * 100_000], "text/html"),
    ],
)
def test_the_type_a_client_wants_most_is_sent(accept: list[str], wanted: str) -> None:
    assert best_media_type(accept, OFFERED) == wanted


@pytest.mark.parametrize("text", ["gzip", "GZIP", "br, gzip;q=0.5", "*", "deflate, *;q=0.1"])
def test_gzip_is_taken(text: str) -> None:
    assert accepts_gzip(text)


@pytest.mark.parametrize("text", ["", "identity", "gzip;q=0", "gzip; q=0.0, *", "*;q=0", "notgzip", "gzipped"])
def test_gzip_is_not_taken(text: str) -> None:
    assert not accepts_gzip(text)


@pytest.mark.parametrize("lines", [['"a"'], ['W/"a"'], ['"x,y", W/"a"'], ['"b"', '"a"'], ["*"]])
def test_a_client_has_what_one_of_its_tags_names(lines: list[str]) -> None:
    assert is_known(lines, '"a"')
    assert is_known(lines, 'W/"a"')


@pytest.mark.parametrize("lines", [[], [""], ['"b"'], ['"a,"'], ['"b, a"'], ['"A"']])
def test_a_client_has_nothing_that_its_tags_do_not_name(lines: list[str]) -> None:
    assert not is_known(lines, '"a"')


@pytest.mark.parametrize(
    ("text", "kind", "charset"),
    [
        ('Text/CSV; Charset="windows-1251"', "text/csv", "windows-1251"),
        ("text/csv;header=present;charset=utf-8", "text/csv", "utf-8"),
        ("text/csv", "text/csv", None),
        ("", "", None),
    ],
)
def test_a_type_is_read_with_its_charset(text: str, kind: str, charset: str | None) -> None:
    assert media_type(text) == (kind, charset)


@given(st.text(st.characters(max_codepoint=255), max_size=60))
def test_no_header_breaks_its_reader(text: str) -> None:
    assert best_media_type([text], OFFERED) in OFFERED
    accepts_gzip(text)
    is_known([text], '"a"')
    media_type(text)
