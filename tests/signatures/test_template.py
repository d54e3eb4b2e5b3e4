"""Templates: placeholders that do not exist are refused, values stay values, sections vanish."""

from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.errors import BadInputError
from app.signatures.advice import warnings_of
from app.signatures.placeholders import check_placeholders
from app.signatures.plain_text import plain_text
from app.signatures.rendering import BUILT_IN
from app.signatures.sanitise import clean_html
from app.signatures.template import plain_value, read_template

PIXEL = '<img src="https://p.test/api/t/u/x.gif">'


def render(html: str, pixel: str = "", banner: str = "", **values: str) -> str:
    return read_template(html).render(values, {"pixel": pixel, "campaign_banner": banner})


def mistake(html: str) -> dict[str, Any]:
    with pytest.raises(BadInputError) as caught:
        read_template(clean_html(html).html if html.count("<") == html.count(">") else html)
    first: dict[str, Any] = caught.value.extensions["errors"][0]
    return first


def test_the_built_in_template_is_one_that_could_be_saved() -> None:
    assert clean_html(BUILT_IN).html == BUILT_IN
    assert clean_html(BUILT_IN).removed == []
    read_template(BUILT_IN)


@pytest.mark.parametrize(
    ("html", "nearest"),
    [("{{nmae}}", "name"), ("{{jobTitle}}", "job_title"), ("{{Phone}}", "phone"), ("{{organization}}", "organisation")],
)
def test_an_unknown_placeholder_is_refused_with_its_place_and_the_nearest_name(html: str, nearest: str) -> None:
    found = mistake(f"<p>x</p>\n  {html}")
    assert (found["line"], found["column"], found["nearest"]) == (2, 3, nearest)


@pytest.mark.parametrize(
    "html",
    [
        "{{}}",
        "{{name",
        "name}}",
        "{{{name}}}",
        "{{na<b>me</b>}}",
        "{{#phone}}x",
        "x{{/phone}}",
        "{{#phone}}{{#name}}x{{/phone}}{{/name}}",
        "{{#phone}}<b>{{/phone}}</b>",
        "<b>{{#phone}}</b>{{/phone}}",
        "<table><tbody><tr>{{name}}</tr></tbody></table>",
        "{{pixel}}{{pixel}}",
        "{{#pixel}}x{{/pixel}}",
        "{{campaign_banner|x}}",
        '<a href="{{#phone}}tel:{{phone}}{{/phone}}">x</a>',
        '<img src="cid:x" alt="{{campaign_banner}}">',
        '<img src="cid:x" alt="{{pixel}}">',
        "{{direction}}",
        "{{#name}}" * 9 + "{{/name}}" * 9,
        "{{name}}" * 301,
        "{{phone|" + "1" * 201 + "}}",
    ],
)
def test_what_no_rendering_could_understand_is_refused(html: str) -> None:
    with pytest.raises(BadInputError) as caught:
        check_placeholders(html)
        read_template(html)
    assert caught.value.extensions["field"] == "html"


def test_sections_vanish_when_empty_and_their_opposite_appears() -> None:
    html = "{{#phone}}<b>{{phone}}{{#name}}!{{/name}}</b>{{/phone}}{{^phone}}none{{/phone}}"
    assert render(html, phone="1", name="x") == "<b>1!</b>"
    assert render(html, phone="1") == "<b>1</b>"
    assert render(html) == "none"


def test_nobody_ever_sees_a_placeholder() -> None:
    assert render("{{phone}}{{job_title|Colleague}}{{phone|}}") == "Colleague"
    assert "{{" not in render(BUILT_IN)


def test_values_stay_values_where_they_stand() -> None:
    evil = '"><script>{{email}}&'
    html = '<a href="mailto:{{email}}">{{name}}</a><img src="https://a.test/?n={{name}}" alt="{{name}}">'
    html += '<a href="tel:{{phone}}">x</a>'
    assert render(html, name=evil, email=evil, phone="+966 (11) 1;x=") == (
        '<a href="mailto:%22%3E%3Cscript%3E%7B%7Bemail%7D%7D%26">"&gt;&lt;script&gt;{{email}}&amp;</a>'
        '<img src="https://a.test/?n=%22%3E%3Cscript%3E%7B%7Bemail%7D%7D%26" '
        'alt="&quot;&gt;&lt;script&gt;{{email}}&amp;">'
        '<a href="tel:+966111">x</a>'
    )


def test_names_cannot_turn_the_direction_of_what_follows() -> None:
    assert plain_value("Ann\u202egnp.exe\x00\n B\u2066") == "Anngnp.exe B"


@example("=", "")
@example('" onclick="x', '"><b>')
@given(st.text(max_size=40), st.text(max_size=40))
def test_no_value_adds_a_tag(name: str, phone: str) -> None:
    html = '<a href="tel:{{phone}}" title="{{name}}">{{name}}</a>'
    reader = Tags()
    reader.feed(render(html, name=plain_value(name), phone=plain_value(phone)))
    reader.close()
    assert reader.found == [("a", ["href", "title"]), "/a"]
    assert "".join(reader.texts) == plain_value(name)


class Tags(HTMLParser):
    """What a mail program makes of it: tags with the names of their attributes, and texts."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[object] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, [name for name, _ in attrs]))

    def handle_endtag(self, tag: str) -> None:
        self.found.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.mark.parametrize(
    "html",
    ["x", "{{pixel}}x", "x{{pixel}}", "{{#phone}}{{pixel}}{{/phone}}x", "{{^phone}}{{pixel}}{{/phone}}"],
)
def test_the_pixel_is_there_once_whatever_the_template_says(html: str) -> None:
    assert render(html, pixel=PIXEL).count("<img") == 1
    assert render(html).count("<img") == 0
    assert render("{{pixel}}<p>x</p>", pixel=PIXEL).startswith("<img")


def test_plain_text_has_a_line_for_each_row() -> None:
    html = '<table><tr><td>A &amp; B</td><td>C</td></tr></table><p>x<br>y <a href="https://a.test/">site</a></p><img>'
    assert plain_text(html) == "A & B C\nx\ny site https://a.test/"


def test_what_mail_programs_spoil_is_told() -> None:
    html = '<p>x</p>\n<img src="http://a.test/logo.png"><img src="data:image/png;base64,AA==" alt="x" width="900">'
    html += (
        '<div style="border-radius:4px;background-color:#fff"><img src="https://a.test/b.png" alt="b" width="80"></div>'
    )
    found = [(one.code, one.line) for one in warnings_of(html, "x" * 10_001)]
    assert found == [
        ("image_without_alt", 2),
        ("image_without_width", 2),
        ("image_not_https", 2),
        ("image_without_ground", 2),
        ("image_too_wide", 2),
        ("image_in_html", 2),
        ("image_without_ground", 2),
        ("not_in_outlook", 2),
        ("too_large", 1),
    ]
    assert warnings_of(BUILT_IN, "x")  # padding-inline-start: told, and harmless
