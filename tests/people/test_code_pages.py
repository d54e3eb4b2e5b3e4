"""Western and Arabic files are known by their words; of all others the sender is asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import BadInputError
from app.people.importing.code_pages import ENCODINGS, checked_encoding, code_page_of, known_encoding
from app.people.importing.decoding import EVIDENCE_BYTES, Decoder, UnknownEncodingError

HEAD = "email,name,department\n"
RUSSIAN = "Иван Петров,Отдел продаж\nАнна Смирнова,Бухгалтерия\n"


@pytest.mark.parametrize(
    "text",
    [
        "Müller,Jürgen Größe,Öztürk,Ångström",
        "Hélène Lefèvre,François,Noël,Éric,Çelik,Zoé",
        "José Muñoz,Íñigo Núñez,¿Qué?",
        "Þór Guðrún,Sýrður,Hafþór Björnsson,Ýr",
        "Søren Ærø,Åse Bjørn,Øystein",
        "João Conceição,Antônio Araújo,Simões",
        "MÜLLER,JOSÉ,ÉLODIE",
        "José",
        "O’Brien – “x” … Mª José, nº 5, O´Neill",
        "Fläche 20 m², m³, § 5, ½, 20 °C, 10 €",
    ],
)
def test_western_files_are_read_as_western(text: str) -> None:
    assert code_page_of((HEAD + text).encode("cp1252")) == "windows-1252"


@pytest.mark.parametrize(
    "text", ["محمد العلي,فهد خالد", "الاسم,فهد", "مُحَمَّد، عَلِيّ؛ «قسم» Hélène", "رضا پهلوى", "أحمد ـــ إدارة المبيعات؟"]
)
def test_arabic_files_are_read_as_arabic(text: str) -> None:
    assert code_page_of((HEAD + text).encode("cp1256")) == "windows-1256"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        *((page, RUSSIAN) for page in ("cp1251", "koi8-r", "cp866", "iso-8859-5", "mac-cyrillic")),
        *((page, "Анна") for page in ("cp1251", "koi8-r", "cp866")),
        *((page, "анна,иван петров") for page in ("cp1251", "koi8-r", "cp866")),
        ("cp1251", "Олексій Їжак"),
        *((page, "Γιάννης Παπαδόπουλος,Νίκος") for page in ("cp1253", "iso-8859-7")),
        *((page, "משה כהן,דוד לוי") for page in ("cp1255", "iso-8859-8")),
        *((page, "Łukasz Wałęsa,Bożena Żak,Paweł") for page in ("cp1250", "iso-8859-2")),
        ("cp1250", "Jiří Dvořák,Němec"),
        ("cp1250", "Gyöngyösi Ernő"),
        ("cp1254", "Ayşe Yıldız,İbrahim Şahin"),
        *((page, "山田太郎,鈴木") for page in ("shift_jis", "euc_jp")),
        *((page, "张伟,王芳,李娜") for page in ("gbk",)),
        ("euc_kr", "김철수,이영희"),
        ("cp874", "สมชาย ใจดี"),
        *((page, "Müller,José") for page in ("cp850", "mac-roman")),
        ("cp850", "José"),
        ("iso-8859-6", "محمد العلي,يوسف"),
    ],
)
def test_of_other_files_the_sender_is_asked(encoding: str, text: str) -> None:
    assert code_page_of((HEAD + text).encode(encoding)) is None


@pytest.mark.parametrize("size", [1, 7, 65_536])
def test_nothing_is_taken_for_text_before_its_encoding_is_known(size: int) -> None:
    data = (HEAD + RUSSIAN).encode("cp1251")
    decoder, text = Decoder(), ""
    with pytest.raises(UnknownEncodingError):
        for start in range(0, len(data), size):
            text += decoder.feed(data[start : start + size])
        decoder.feed(b"", is_last=True)
    assert HEAD.startswith(text)


def test_a_long_file_is_judged_by_its_beginning_and_kept_no_longer() -> None:
    decoder = Decoder()
    row = "a@b.test,José Müller\n"
    data = (HEAD + row * (2 * EVIDENCE_BYTES // len(row))).encode("cp1252")
    text = "".join(decoder.feed(data[start : start + 1000]) for start in range(0, len(data), 1000))
    assert text + decoder.feed(b"", is_last=True) == data.decode("cp1252")
    assert decoder.encoding == "windows-1252"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_file_of_a_told_encoding_is_read_as_it_was_written(encoding: str) -> None:
    text = HEAD + "a@b.test,Ann\n"
    for letters in (RUSSIAN, "José", "محمد", "山田", "김철수", "สมชาย", "Ελλ"):
        try:
            data = (text + letters).encode(encoding)
        except UnicodeEncodeError:
            continue
        decoder = Decoder(encoding)
        read = "".join(decoder.feed(data[at : at + 1]) for at in range(len(data))) + decoder.feed(b"", is_last=True)
        assert read == text + letters


@given(st.binary(max_size=300), st.sampled_from([None, *ENCODINGS]))
def test_any_bytes_are_text_or_asked_about(data: bytes, encoding: str | None) -> None:
    decoder = Decoder(encoding)
    try:
        text = decoder.feed(data) + decoder.feed(b"", is_last=True)
    except UnknownEncodingError:
        assert encoding is None
    else:
        assert isinstance(text, str)


@pytest.mark.parametrize(
    ("name", "known"),
    [("cp1251", "windows-1251"), ("CP-1251", "windows-1251"), ("latin1", "iso-8859-1"), ("UTF8", "utf-8")]
    + [(name, None) for name in ("", "klingon", "idna", "punycode", "unicode_escape", "hex", "utf-7", "../x", "a\0b")],
)
def test_encodings_have_many_names_and_codecs_that_are_none_have_no(name: str, known: str | None) -> None:
    assert known_encoding(name) == known
    if known is None:
        with pytest.raises(BadInputError, match="windows-1251"):
            checked_encoding(name)
