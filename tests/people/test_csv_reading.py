import csv
import io
from itertools import pairwise
from typing import Literal
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import BadInputError
from app.people.importing.cells import Row, RowError
from app.people.importing.columns import columns_of, delimiter_of, normalised, parsed_mapping
from app.people.importing.decoding import Decoder
from app.people.importing.file import FileReader
from app.people.importing.records import MOST_RECORD_CHARACTERS, MOST_RECORD_LINES, RecordReader
from app.people.texts import clean_text, clean_zone
from app.people.windows_zones import ZONES

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]
CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), max_size=12)
TABLES = st.lists(st.lists(CELLS, min_size=2, max_size=4), max_size=6)


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    """Cut bytes anywhere, in the middle of letters too."""
    edges = [0, *sorted({cut % (len(data) + 1) for cut in cuts}), len(data)]
    return [data[start:end] for start, end in pairwise(edges)]


def decoded(data: bytes, cuts: list[int] | None = None) -> tuple[str, str]:
    decoder = Decoder()
    text = "".join(decoder.feed(piece) for piece in pieces(data, cuts or []))
    return text + decoder.feed(b"", is_last=True), decoder.encoding


def records(text: str, delimiter: str = ",", cuts: list[int] | None = None) -> list[tuple[int, tuple[str, ...]]]:
    reader = RecordReader(delimiter)
    found = []
    edges = [0, *sorted({cut % (len(text) + 1) for cut in cuts or []}), len(text)]
    for start, end in pairwise(edges):
        found += list(reader.feed(text[start:end]))
    found += list(reader.feed("", is_last=True))
    return [(record.line, record.cells) for record in found]


def read(data: bytes, **mapping: str) -> tuple[list[Row], list[RowError], FileReader]:
    file = FileReader(mapping, clears_empty=False)
    rows, errors = [], []
    for piece in (data[start : start + 7] for start in range(0, len(data), 7)):
        for row, wrong in file.feed(piece):
            rows += [row] if row else []
            errors += wrong
    for row, wrong in file.feed(b"", is_last=True):
        rows += [row] if row else []
        errors += wrong
    return rows, errors, file


@given(TABLES, st.sampled_from(",;\t"), st.booleans(), st.sampled_from(["\n", "\r\n"]), st.lists(st.integers(0, 999)))
def test_what_any_program_writes_is_read_the_same_however_it_is_cut(
    table: list[list[str]], delimiter: str, quotes_all: bool, line_end: str, cuts: list[int]
) -> None:
    text = io.StringIO(newline="")
    quoting: Literal[0, 1] = csv.QUOTE_ALL if quotes_all else csv.QUOTE_MINIMAL
    csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=line_end).writerows(table)
    translated = text.getvalue().replace("\r\n", "\n")
    found = [list(cells) for _, cells in records(translated, delimiter, cuts)]
    assert found == [row for row in table if any(cell.strip() for cell in row)]


@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=4),
    st.sampled_from(ENCODINGS),
    st.lists(st.integers(0, 999)),
)
def test_text_is_decoded_the_same_however_its_bytes_are_cut(text: str, encoding: str, cuts: list[int]) -> None:
    data = ("abcd" + text).encode(encoding)
    assert decoded(data, cuts)[0] == ("abcd" + text).replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize(
    ("encoding", "said", "text"),
    [
        ("cp1252", "windows-1252", "email,name\na@b.test,José Müller\n"),
        ("cp1256", "windows-1256", "email,الاسم\na@b.test,محمد العلي\n"),
        ("utf-16", "utf-16-le", "email,name\na@b.test,محمد\n"),
        ("utf-8-sig", "utf-8", "email,name\na@b.test,محمد\n"),
    ],
)
def test_other_encodings_are_known_by_their_bytes(encoding: str, said: str, text: str) -> None:
    assert decoded(text.encode(encoding), [19, 20, 25]) == (text, said)


def test_a_damaged_utf8_file_is_not_taken_for_another_encoding_and_only_its_damaged_row_is_refused() -> None:
    data = "email,name\na@b.test,محمد\n".encode() + b"b@b.test,Jos\xe9\n" + b"c@b.test,Ann\n"
    rows, errors, file = read(data)
    assert file.encoding == "utf-8"
    assert [row.email for row in rows] == ["a@b.test", "c@b.test"]
    assert [(error.line, error.field) for error in errors] == [(3, "name")]


def test_a_quoted_line_end_belongs_to_the_cell_and_lines_are_still_counted() -> None:
    text = 'email,name\n"a@b.test","Ann\nLee"\n\nb@b.test,"B ""the"" B"\n'
    assert records(text) == [
        (1, ("email", "name")),
        (2, ("a@b.test", "Ann\nLee")),
        (5, ("b@b.test", 'B "the" B')),
    ]


def test_a_quote_that_is_never_closed_costs_its_own_row_only() -> None:
    text = 'a,"open\n' + "".join(f"b{number},fine\n" for number in range(300))
    found = records(text)
    assert found[0] == (1, ())
    assert found[1:] == [(number + 2, (f"b{number}", "fine")) for number in range(300)]


def test_text_after_a_closing_quote_costs_its_own_row_only() -> None:
    assert records('a,"b" c\nd,e\n') == [(1, ()), (2, ("d", "e"))]


def test_a_quote_inside_an_unquoted_cell_is_a_letter() -> None:
    assert records('a,5" pipe\nb,c\n') == [(1, ("a", '5" pipe')), (2, ("b", "c"))]


def test_a_line_that_never_ends_is_refused_before_it_fills_the_memory() -> None:
    reader = RecordReader(",")
    with pytest.raises(ValueError, match="line 2 is longer"):
        list(reader.feed("a,b\n" + "x" * (MOST_RECORD_CHARACTERS + 1)))


@given(st.lists(st.sampled_from(['"', ",", "\n", "a", '""', '","']), max_size=400))
def test_whatever_comes_every_line_is_either_read_or_refused(parts: list[str]) -> None:
    text = "".join(parts)
    lines = [line for line, _ in records(text)]
    assert lines == sorted(set(lines)), "each row begins on a line of its own"
    assert all(1 <= line <= text.count("\n") + 1 for line in lines)


def test_a_record_is_bounded_by_lines_too() -> None:
    text = '"' + "x\n" * (MOST_RECORD_LINES + 50)
    assert len(records(text)) == MOST_RECORD_LINES + 50


@pytest.mark.parametrize(
    ("line", "delimiter"),
    [
        ("email,name", ","),
        ("email;name", ";"),
        ("email\tname", "\t"),
        ("email", ","),
        ('"email";"name, full"', ";"),
        ("E-Mail;Full Name;Department", ";"),
    ],
)
def test_the_separator_is_told_from_the_header(line: str, delimiter: str) -> None:
    assert delimiter_of(line) == delimiter


@pytest.mark.parametrize(
    ("headers", "fields"),
    [
        (["E-Mail", "Full Name", "Dept."], ["email", "name", "department"]),
        (["EMAIL ADDRESS", "display_name", "Job Title"], ["email", "name", "jobTitle"]),
        (["البريد الإلكتروني", "الاسم الكامل", "القسم"], ["email", "name", "department"]),
        (["المسمى الوظيفي", "بريد", "رقم الجوال"], ["jobTitle", "email", "phone"]),
        (
            ["First Name [Required]", "Last Name [Required]", "Email Address [Required]"],
            ["firstName", "lastName", "email"],
        ),
        (["\ufeffemail", "Shoe size"], ["email", None]),
    ],
)
def test_headers_are_known_in_english_and_arabic(headers: list[str], fields: list[str | None]) -> None:
    assert list(columns_of(headers, {}).fields) == fields


def test_a_mapping_goes_before_what_headers_say() -> None:
    found = columns_of(["Mail", "UPN", "Chef"], parsed_mapping(["UPN=", "Chef=department"]))
    assert found.fields == ("email", None, "department")


@pytest.mark.parametrize(
    ("headers", "mapping", "field"),
    [
        (["name"], {}, "email"),
        (["email", "mail"], {}, "map"),
        (["email"], {"Name": "name"}, "map"),
        (["email"], {"email": "shoe"}, "map"),
    ],
)
def test_columns_that_cannot_be_used_are_named(headers: list[str], mapping: dict[str, str], field: str) -> None:
    with pytest.raises(BadInputError) as raised:
        columns_of(headers, mapping)
    assert raised.value.extensions["field"] == field


def test_normalising_forgets_case_spaces_and_punctuation() -> None:
    assert {normalised(text) for text in ("E-Mail", " e mail", "E_MAIL:", "ｅｍａｉｌ")} == {"email"}


def test_a_row_is_cleaned_and_everything_wrong_with_a_row_is_told() -> None:
    rows, errors, _ = read(
        b"email;name;time zone;language;role;phone\n"
        b" Ann@B.Test ; Ann   Lee ;asia/riyadh;Arabic;;'+966 5\n"
        b"no address;;Riyadh;fr;king;\n"
    )
    [row] = rows
    assert (row.line, row.email) == (2, "ann@b.test")
    assert row.values == {"name": "Ann Lee", "time_zone": "Asia/Riyadh", "locale": "ar", "phone": "+966 5"}
    assert [(error.line, error.field) for error in errors] == [
        (3, "email"),
        (3, "timeZone"),
        (3, "role"),
    ]
    assert "did you mean Asia/Riyadh?" in errors[1].message


@pytest.mark.parametrize(
    ("written", "zone"),
    [
        ("W. Europe Standard Time", "Europe/Berlin"),
        (" w. europe  standard time ", "Europe/Berlin"),
        ("Arab Standard Time", "Asia/Riyadh"),
        ("GMT Standard Time", "Europe/London"),
        ("UTC", "UTC"),
        ("europe/berlin", "Europe/Berlin"),
    ],
)
def test_a_zone_may_have_the_name_that_windows_gives_it(written: str, zone: str) -> None:
    assert clean_zone(written) == zone


def test_every_zone_of_windows_is_a_zone_there_is() -> None:
    assert len(ZONES) > 130
    assert set(ZONES.values()) <= available_timezones()
    assert {name for name, zone in ZONES.items() if clean_zone(name) != zone} == {"UTC"}, "a name of IANA's own"


def test_a_language_that_is_not_spoken_is_remarked_and_keeps_nobody_out() -> None:
    rows, errors, _ = read(b"email,language\na@b.test,de\nb@b.test,ar-SA\nc@b.test,\nd@b.test,Klingon\n")
    assert not errors
    assert [(row.values.get("locale"), row.unspoken) for row in rows] == [
        (None, "de"),
        ("ar", ""),
        (None, ""),
        (None, "Klingon"),
    ]


def test_first_and_last_name_are_put_together() -> None:
    rows, _, _ = read(b"mail,First Name,Last Name\na@b.test,Ann,Lee\nb@b.test,,Cher\n")
    assert [row.values["name"] for row in rows] == ["Ann Lee", "Cher"]


def test_formulas_are_kept_as_text() -> None:
    rows, errors, _ = read(b"email,name,department\na@b.test,=cmd|' /C calc'!A0,@SUM(1)\n")
    assert not errors
    assert rows[0].values == {"name": "=cmd|' /C calc'!A0", "department": "@SUM(1)"}


def test_excels_own_first_line_is_understood_and_lines_are_those_of_the_file() -> None:
    rows, errors, file = read(b"sep=;\nemail;name\na@b.test;Ann\nbad;B\n")
    assert (file.delimiter, [row.line for row in rows], [error.line for error in errors]) == (";", [3], [4])


@pytest.mark.parametrize(
    "before",
    [
        "\n",
        "\r\n\r\n",
        "  \n",
        ";;\n",
        "\ufeff\n",
        "\t\n",
        '"";""\n',
        "\u00a0\n",
        "\n" * 90_000,
        "\nsep=;\n",
        "sep=;\n\n",
    ],
)
def test_the_header_is_the_first_line_with_something_in_it(before: str) -> None:
    rows, errors, file = read(f"{before}email;name\na@b.test;Ann\nbad;B\n".encode())
    lines = before.replace("\r\n", "\n").count("\n")
    assert (file.delimiter, [row.email for row in rows]) == (";", ["a@b.test"])
    assert ([row.line for row in rows], [error.line for error in errors]) == ([lines + 2], [lines + 3])


def test_a_row_with_more_cells_than_the_header_is_refused_with_what_to_do() -> None:
    _, [error], _ = read(b"email,name\na@b.test,Lee, Ann\n")
    assert (error.line, error.field) == (2, "row")
    assert "quote cells" in error.message


@pytest.mark.parametrize(
    "data", [b"", b"\n\n", b"\xef\xbb\xbf", b"\0\0\0\0", b"%PDF-1.7\n\x80\x81", b"PK\x03\x04" + b"\0" * 200]
)
def test_what_is_no_csv_file_is_refused(data: bytes) -> None:
    with pytest.raises(BadInputError):
        read(data)


@given(st.binary(max_size=400), st.sampled_from([b"", b"email,name\n", b"\xff\xfe", b"email;name\na@b.test;A\n"]))
def test_any_bytes_are_read_or_refused_and_never_break_the_reader(data: bytes, head: bytes) -> None:
    try:
        rows, errors, _ = read(head + data)
    except BadInputError as refused:
        assert refused.detail
    else:
        assert all(row.line > 0 and "@" in row.email for row in rows)
        assert all(error.line > 0 and error.message for error in errors)


@pytest.mark.parametrize("text", ["A\ud800", "A\x00B", "A\ufffd"])
def test_half_letters_and_control_characters_are_no_text(text: str) -> None:
    with pytest.raises(ValueError, match="character"):
        clean_text(text)
