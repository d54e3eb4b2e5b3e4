"""What people paste: nothing outside the allow-list survives, and cleaning again changes nothing."""

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import BadInputError
from app.signatures.allowed import ATTRIBUTES, EVERYWHERE, PROPERTIES
from app.signatures.sanitise import MOST_CHARACTERS, clean_html

ATTACKS = [
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    '<img src="javascript:alert(1)">',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="jav&#x09;ascript:alert(1)">x</a>',
    '<a href=" &#14; javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt&colon;alert(1)">x</a>',
    '<a href="vbscript:msgbox(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="data:text/html;base64,PHNjcmlwdD4=">x</a>',
    '<img src="data:text/html,x">',
    '<img src="data:image/svg+xml;base64,PHN2Zz4=">',
    '<a href="//evil.example">x</a>',
    '<a href="{{phone}}">x</a>',
    '<a href="{{phone|javascript:alert(1)}}">x</a>',
    '<a href="https://{{phone}}.example/">x</a>',
    "<svg onload=alert(1)>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<textarea><img title='</textarea><img src=x onerror=alert(1)>'></textarea>",
    "<xmp><img title='</xmp><img src=x onerror=alert(1)>'></xmp>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!--[if mso]><img src=x onerror=alert(1)><![endif]-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml version='1.0'?><x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>",
    '<div style="width:expression(alert(1))">x</div>',
    '<div style="width:\\65xpression(alert(1))">x</div>',
    '<div style="wid/**/th:exp/**/ression(alert(1))">x</div>',
    '<div style="background:url(https://evil.example/t.gif)">x</div>',
    '<div style="background:u\\72l(https://evil.example/t.gif)">x</div>',
    "<div style=\"background-image:image-set('https://evil.example/t.gif' 1x)\">x</div>",
    '<div style="position:fixed;inset:0;z-index:9">x</div>',
    '<div style="margin-top:-900px">x</div>',
    '<div style="display:none">x</div>',
    '<div style="color:red;}@import url(//evil.example)">x</div>',
    '<div style="behavior:url(x.htc);-moz-binding:url(x)">x</div>',
    "<div style=\"font-family:'&quot;&gt;&lt;script&gt;'\">x</div>",
    "<div style=\"font-family:'\\22\\3e\\3cscript\\3e'\">x</div>",
    '<div style="color:{{name}}">x</div>',
    "<style>@import url(//evil.example)</style>",
    "<link rel=stylesheet href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href=//evil.example>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=//evil.example></object><embed src=//evil.example>",
    "<template><img src=x onerror=alert(1)></template>",
    "<form action=//evil.example><input name=password><button formaction=//evil.example>x</button></form>",
    "<table background=//evil.example/t.gif><tr><td background='//evil.example/t.gif'>x</td></tr></table>",
    "<img srcset='//evil.example/t.gif 1x' src='https://a.example/a.png'>",
    "<a href='https://a.example' ping='//evil.example' onclick=alert(1)>x</a>",
    "<img src='https://evil.example/t.gif' width=1 height=1>",
    "<img src='https://evil.example/t.gif' style='width:1px;height:1px'>",
    "<img src='https://pixel.example.test/api/t/u/abc.gif'>",
    "<img src='https://pixel.example.test//api/t//u/abc.gif'>",
    '<input type="hidden" value="hg0000000000000000-0">',
    "{{<script>alert(1)</script>}}",
    "{{#phone|<img src=x onerror=alert(1)>}}",
    "<p title='{{name' onclick='}}'>x</p>",
    "<p>\u202egnp.exe</p>",
    "<p>&#x202e;gnp.exe\x00&#0;</p>",
    "<a title='\u2066x'>y</a>",
    "<a><table><a>x</table>",
    "<table><tr>{{#a}}<b>{{/a}}<td></table>",
]
PIECES = st.one_of(
    st.sampled_from(ATTACKS),
    st.sampled_from(
        ["<b>", "</b>", "<p>", "</p>", "<table>", "<tr>", "<td>", "</td>", "</table>", "<a href='https://a.b/'>"]
    ),
    st.sampled_from(
        ["<!--", "-->", "<style>", "</style>", "<svg>", "<math>", "<", ">", '"', "'", "=", "&lt;", "&#60;", "{{", "}}"]
    ),
    st.sampled_from(
        ["{{name}}", "{{#phone}}", "{{/phone}}", "{{phone|a&quot;b}}", "<img src=cid:x alt='{{name}}'>", "<li>", "<h1>"]
    ),
    st.text(max_size=12),
)


class Reader(HTMLParser):
    """Fails at whatever is not allowed, by its own list of dangers and by the product's list of what may be."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ATTRIBUTES, tag
        for name, value in attrs:
            assert name in ATTRIBUTES[tag] | EVERYWHERE, (tag, name)
            assert not name.startswith("on")
            self.check(name, value or "")

    def check(self, name: str, value: str) -> None:
        if name in {"href", "src"}:
            scheme = value.partition(":")[0].lower()
            assert scheme in (
                {"http", "https", "mailto", "tel"} if name == "href" else {"http", "https", "cid", "data"}
            )
            assert scheme != "data" or value.lower().startswith("data:image/")
        if name == "style":
            assert not {"\\", "@", "{", "}", "<", ">", '"', "&"} & set(value), value
            assert "url" not in value.lower(), value
            for declaration in value.split(";"):
                assert declaration.partition(":")[0] in PROPERTIES, declaration

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment survived: {data}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration survived: {decl}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction survived: {data}")


def check(html: str) -> None:
    try:
        clean = clean_html(html).html
    except BadInputError as error:
        assert error.extensions["field"] == "html"  # refused is safe too
        return
    reader = Reader()
    reader.feed(clean)
    reader.close()
    assert not any(ord(letter) in range(0x202A, 0x202F) for letter in clean)
    assert clean_html(clean).html == clean


@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks_leave_nothing_dangerous(attack: str) -> None:
    check(attack)
    check(f"<table><tr><td>{attack}</td></tr>{attack}</table>")
    check(f"<a href='https://a.example/' title='{attack}'>{attack}</a>")


@pytest.mark.parametrize(
    "attack", [attack for attack in ATTACKS if "{{" not in attack and attack != "<a><table><a>x</table>"]
)
def test_what_was_removed_is_told(attack: str) -> None:
    assert clean_html(attack).removed, attack


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=12).map("".join))
def test_nothing_outside_the_allow_list_survives_and_cleaning_twice_changes_nothing(html: str) -> None:
    check(html)


def test_a_usual_signature_is_not_touched() -> None:
    html = (
        '<table width="420" cellpadding="0" cellspacing="0" border="0" role="presentation" style="font-family:Arial,'
        "'Segoe UI',sans-serif;font-size:14px;color:#1f2933;border-top:2px solid rgb(194, 65, 12)\"><tbody><tr><td>"
        '<img src="https://cdn.example/logo.png" alt="Acme" width="120" height="40"></td><td><b>{{name}}</b><br>'
        '<a href="tel:{{phone}}">{{phone|+966 11 000}}</a></td></tr>{{#department}}<tr><td>{{department}}</td></tr>'
        "{{/department}}</tbody></table>"
    )
    clean = clean_html(html)
    assert clean.html == html
    assert clean.removed == []


def test_removed_things_are_told_with_their_place() -> None:
    clean = clean_html('<p>\n  <b onclick="x" style="position:fixed; color:red">x</b>\n<script>1</script></p>')
    assert clean.html == '<p>\n  <b style="color:red">x</b>\n</p>'
    assert [(found.kind, found.name, found.line, found.column) for found in clean.removed] == [
        ("attribute", "onclick", 2, 15),
        ("style", "position", 2, 25),
        ("element", "script", 3, 1),
    ]


@pytest.mark.parametrize("html", ["x" * (MOST_CHARACTERS + 1), "<b>" * 5000])
def test_what_is_too_large_is_refused(html: str) -> None:
    with pytest.raises(BadInputError, match="html: at most"):
        clean_html(html)


def test_deep_nesting_ends_in_an_answer() -> None:
    check("<div><table><tr><td>" * 20)
    with pytest.raises(BadInputError, match="within each other"):
        clean_html("<div><table><tr><td>" * 900)
    check("{{#a}}" * 3000)
