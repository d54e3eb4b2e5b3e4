"""One mailbox has one key, however its address is written."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.identity.email_addresses import canonical_domain, canonical_email


@pytest.mark.parametrize(
    ("canonical", "spellings"),
    [
        (
            "ada@bücher.example",
            (
                "ada@bücher.example",
                unicodedata.normalize("NFD", "ada@bücher.example"),
                "ada@xn--bcher-kva.example",
                " ADA@XN--BCHER-KVA.Example ",
                "ada@BÜCHER.EXAMPLE",
                "ada@bücher。example",
                "ada@ｂücher.example",
            ),
        ),
        ("josé@acme.test", ("josé@acme.test", unicodedata.normalize("NFD", "JOSÉ@acme.test"))),
        ("محمد@شركة.السعودية", ("محمد@شركة.السعودية", "محمد@xn--ogbpi5d.xn--mgberp4a5d4ar")),
        ("a@straße.example", ("a@straße.example", "a@xn--strae-oqa.example")),
        ("a@xn--ls8h.example", ("a@💩.example", "a@xn--ls8h.example")),
        ("a@xn--broken-.example", ("a@xn--broken-.example", "A@XN--broken-.example")),
        ("a+b@acme.test", ("A+B@Acme.Test",)),
        ("a_b@my_host.test", ("a_b@my_host.test",)),
    ],
)
def test_all_spellings_of_an_address_have_one_key(canonical: str, spellings: tuple[str, ...]) -> None:
    assert {canonical_email(spelling) for spelling in spellings} == {canonical}


LETTERS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(LETTERS, LETTERS)
@example("İ", "İ.example")
@example("a", "xn--.example")
@example("a", "xn--\u0660.ß")
def test_making_an_address_canonical_twice_changes_nothing_more(local: str, domain: str) -> None:
    once = canonical_email(f"{local}@{domain}")
    assert canonical_email(once) == once


@given(st.text(max_size=400))
def test_any_text_has_a_key(text: str) -> None:
    assert canonical_email(canonical_email(text)) == canonical_email(text)


@given(st.sampled_from(["bücher", "שלום", "شركة", "日本", "ελλάδα", "straße", "россия", "💩"]), st.booleans())
def test_a_domain_in_letters_and_in_ascii_is_one(label: str, is_decomposed: bool) -> None:
    ascii_form = "xn--" + label.encode("punycode").decode()
    written = unicodedata.normalize("NFD", label) if is_decomposed else label
    assert canonical_domain(f"{written}.example") == canonical_domain(f"{ascii_form}.EXAMPLE")
