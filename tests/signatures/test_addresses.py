"""Addresses in templates: what people type is written as it should be, what is dangerous stays out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.signatures.addresses import clean_image, clean_link
from app.signatures.service import checked

LINKS = {
    "tel:+49 30 123 456": "tel:+4930123456",
    "tel: +49\xa030 123": "tel:+4930123",
    " TEL : +49 (0)30-123.456;ext=7 ": "TEL:+49(0)30-123.456;ext=7",
    "tel:+٩٦٦ ١١ ٤٥٦": "tel:+96611456",
    "tel:*100#": "tel:*100#",
    "tel:{{phone}}": "tel:{{phone}}",
    "tel:+49 {{phone|030 1}} 9": "tel:+49{{phone|030 1}}9",
    "mailto:ada@mail.example?subject=Hello there": "mailto:ada@mail.example?subject=Hello%20there",
    "mailto: ada@mail.example , bob@mail.example": "mailto:ada@mail.example,bob@mail.example",
    'mailto:Ada <ada@mail.example>?body="x" ^': "mailto:Ada%20%3Cada@mail.example%3E?body=%22x%22%20%5E",
    "mailto:ada@mail.example?subject=a, b": "mailto:ada@mail.example?subject=a,%20b",
    "mailto:{{email|a b}}?subject=To {{name|y z}} now": "mailto:{{email|a b}}?subject=To%20{{name|y z}}%20now",
    "mailto:ada@mail.example?subject=Hello%20there": "mailto:ada@mail.example?subject=Hello%20there",
    "https://a.example/my file (1).pdf": "https://a.example/my%20file%20(1).pdf",
    "https://a.example?q=two words&r=a|b": "https://a.example?q=two%20words&r=a%7Cb",
    "https://a.example/{{name|a b}}/c d#e f": "https://a.example/{{name|a b}}/c%20d#e%20f",
    "https://a.example\\b c\\d.html?x=\\": "https://a.example/b%20c/d.html?x=%5C",
    "https://a.example/ü/صورة 1": "https://a.example/ü/صورة%201",
    "HTTPS://A.example/%zz%20": "HTTPS://A.example/%zz%20",
    "https: //a.example/x": "https://a.example/x",
}
IMAGES = {
    "https://a.example/logo 1.png": "https://a.example/logo%201.png",
    "https://a.example/a\n b.png": "https://a.example/a%20b.png",
    "cid:image 1$2.png@01D9": "cid:image%201%242.png@01D9",
    "data:image/png;base64, iVBO Rw0K\nGgo=": "data:image/png;base64,iVBORw0KGgo=",
}
UNSAFE = [
    "javascript:alert(1)",
    "java\nscript:alert(1)",
    "java script:alert(1)",
    "vbscript:x",
    "data:text/html;base64,AAAA",
    "//evil.example",
    "/path only",
    "https://a b.example/",
    "https://a.example:80 80/",
    "https://good.example@evil.example/",
    "https:\\\\evil.example",
    "https://{{phone}}.example/",
    "https://a.example{{name}}/",
    "https://a.example/{{na}me}}",
    "{{phone}}",
    "tel",
    "",
]


@pytest.mark.parametrize(("typed", "written"), LINKS.items())
def test_a_link_is_written_as_it_should_be(typed: str, written: str) -> None:
    assert clean_link(typed)[0] == written
    assert clean_link(written)[0] == written


@pytest.mark.parametrize(("typed", "written"), IMAGES.items())
def test_the_address_of_an_image_is_written_as_it_should_be(typed: str, written: str) -> None:
    assert clean_image(typed)[0] == written
    assert clean_image(written)[0] == written


@pytest.mark.parametrize("address", UNSAFE)
def test_what_leads_elsewhere_or_runs_is_no_address(address: str) -> None:
    assert clean_link(address)[0] is None
    assert clean_image(address)[0] is None


def test_a_template_keeps_what_was_normalised_and_says_nothing_of_it() -> None:
    clean, _ = checked(
        '<p><a href="tel:+49 30 123">a</a><a href="mailto:{{email}}?subject=Hello there">b</a>'
        '<img src="https://a.example/logo 1.png" alt="c" width="120 px" height="33.5"></p>'
    )
    assert clean.removed == []
    assert 'href="tel:+4930123"' in clean.html
    assert 'href="mailto:{{email}}?subject=Hello%20there"' in clean.html
    assert 'src="https://a.example/logo%201.png" alt="c" width="120px" height="33"' in clean.html


PIECES = st.lists(
    st.sampled_from(
        ["https://", "tel:", "mailto:", "data:image/png;base64,", "cid:", "a.example", "/", "?", "#", " ", "\\"]
    )
    | st.sampled_from(
        ["{{name}}", "{{name|a b}}", "{", "}", "@", ":", "%", "%20", "\xa0", "<", '"', "javascript:", ",", "٣"]
    )
    | st.text(max_size=3),
    max_size=8,
).map("".join)


@given(address=PIECES)
def test_writing_an_address_again_changes_nothing(address: str) -> None:
    for clean in (clean_link, clean_image):
        written = clean(address)[0]
        if written is not None:
            assert clean(written)[0] == written
            assert written.partition(":")[0].lower() in {"https", "http", "tel", "mailto", "data", "cid"}
            assert not {"<", ">", '"', "\\"} & set(written)
