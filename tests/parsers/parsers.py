"""Every parser of the product that reads text from outside: what it is given, at most how much, and in which shapes."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

import orjson
from starlette.datastructures import QueryParams
from starlette.requests import cookie_parser
from user_agents import parse as parse_user_agent

from app import csv_out, dependencies
from app.classification.classifier import MAX_USER_AGENT, classifier
from app.classification.lines import LineError, read_address, read_facts, read_line, read_time
from app.classification.model import MAX_PURPOSES, purpose_class
from app.classification.networks import NetworkTable
from app.classification.v1.device import device_of
from app.collector.proxies import client_address, parse_networks
from app.embedded.clickhouse_server.errors import ClickHouseError as EngineError
from app.embedded.clickhouse_server.requests import read_query_string
from app.embedded.clickhouse_server.tokens import tokens as sql_tokens
from app.errors import BadInputError
from app.host_names import host_of
from app.http_headers import MOST_CHARACTERS as MOST_LIST
from app.http_headers import accepts_gzip, best_media_type, is_known, media_type
from app.identity.oidc.state import checked_next
from app.identity.origins import checked_origins
from app.identity.visit import browser_value
from app.interface import is_possible
from app.live.messages import parse_id
from app.people.importing.cells import checked_row
from app.people.importing.columns import columns_of, delimiter_of, normalised, parsed_mapping
from app.people.importing.decoding import Decoder
from app.people.importing.file import FileReader
from app.people.importing.records import MOST_RECORD_CHARACTERS, RecordReader
from app.people.texts import clean_text, clean_zone, folded, is_address
from app.readable import _texts, readable
from app.redaction import redact, redact_event, redact_traceback
from app.signatures.addresses import MOST_DATA_CHARACTERS, clean_image, clean_link
from app.signatures.advice import warnings_of
from app.signatures.css import clean_style
from app.signatures.export import file_name
from app.signatures.placeholders import check_placeholders, parsed
from app.signatures.plain_text import plain_text
from app.signatures.sanitise import MOST_CHARACTERS as MOST_HTML
from app.signatures.sanitise import check_size, clean_html
from app.signatures.service import checked
from app.signatures.template import plain_value, read_template
from app.signatures.tokens import tokens, unescape
from app.sql.command import printable
from clickhouse.errors import translate
from clickhouse.sql_files import compact, statements, without_quotes, without_strings
from schemas.frame import Frame, Origin
from streams.enrich import parse as parse_frame
from tests.parsers.growth import Shape, repeated

HEADER, PATH, BODY, STATEMENT = 2**16, 2**16, 2**20, 2**16
STREAM = 2**16
"""Of what is read as it comes, and may be of any length: the slice that is held at once."""
PART = 2**13
"""Of a part of what is read whole too, at its longest."""
ADDRESS = 320


class Parser(NamedTuple):
    """`reads` are the modules whose reading of outside text this stands for."""

    run: Callable[[str], object]
    longest: int
    shapes: list[Shape]
    reads: tuple[str, ...] = ()


def shaped(*pumps: str, before: str = "", after: str = "") -> list[Shape]:
    """Return each pump repeated, alone and between two texts."""
    plain = [repeated(pump) for pump in pumps]
    return plain + ([repeated(pump, before=before, after=after) for pump in pumps] if before or after else [])


def refusing(run: Callable[[str], object], *errors: type[Exception]) -> Callable[[str], object]:
    """Return the parser, to which saying no is an answer."""

    def tolerant(text: str) -> None:
        with suppress(*(errors or (BadInputError, ValueError))):
            run(text)

    return tolerant


def _csv(text: str) -> None:
    reader = FileReader({}, clears_empty=False)
    data = text.encode("utf-8", "surrogatepass")
    for start in range(0, len(data), 2**16):
        list(reader.feed(data[start : start + 2**16]))
    list(reader.feed(b"", is_last=True))


def _records(text: str) -> None:
    reader = RecordReader(",")
    for start in range(0, len(text), 2**16):
        list(reader.feed(text[start : start + 2**16]))
    list(reader.feed("", is_last=True))


def _decoded(text: str) -> None:
    decoder = Decoder()
    data = text.encode("cp1252", "replace")
    for start in range(0, len(data), 2**16):
        decoder.feed(data[start : start + 2**16])
    decoder.feed(b"", is_last=True)


def _forwarded(text: str) -> None:
    resolve = client_address(parse_networks("10.0.0.0/8,127.0.0.0/8,fd00::/8"))
    resolve("127.0.0.1", text.encode("latin-1", "replace"))


def _json_body(text: str) -> None:
    for _ in _texts(json.loads(text)):
        pass


def _engine_error(text: str) -> None:
    EngineError.from_engine(RuntimeError(f"Code: 62. {text}"))


def _driver_error(text: str) -> None:
    translate(RuntimeError(f"Code: 62. DB::Exception: {text}"))


def _frame(text: str) -> None:
    payload = text.encode()
    parse_frame(Frame(Origin("collector", 1, 0, len(payload)), payload.count(b"\n"), payload))


def _bearer(text: str) -> None:
    dependencies._bearer_key(text)


def _facts(text: str) -> None:
    given = json.loads(text)
    read_facts(given if isinstance(given, dict) else {}, _NETWORKS.names)
    read_time(given if isinstance(given, dict) else {}, "at")


_CLASSIFIER = classifier()
_NETWORKS = NetworkTable()
# fmt: off
_MARKUP = ["{{", "}}", "{{a}}", "{{name}}", "{{#name}}", "{{#name}}x{{/name}}", "{{a ", "{{ ", "{{name|", "<", "<p>", "</p>", "<p", "<p ", "<a href=", "<a href='", "<img ", "<img src='https://a.b/c.png' width=3>", "<b><i>", "<!--", "<!", "<?", "</", "<title>", "<style>", "<xml>", "<xml/>", "<o:p>", "<table><tr><td>", "<br>", "<td>", "<svg>", "&", "&a", "&#", "&#9", "&#x9", "&lt;", "\n", " ", "a", "a ", '"', "'", "=", "\x00", "\u202e", "ﷺ", "a\n<p x>"]  # noqa: E501
# fmt: on
_ATTRIBUTES = ("a ", "style ", "title='x' ", "x=1 ", "{{name}} ", "\n", "a=", "'", "/")
HTML = [
    *shaped(*_MARKUP),
    *shaped(*_ATTRIBUTES, before="<p ", after=">x</p>"),
    *shaped("{{", "}}", "{{a}}", "{{name}}", "{{ ", "<", "&", "&#9", "\n", before='<p title="', after='">x</p>')[9:],
    *shaped(" ", "a", before="{{", after="!}}"),
    *shaped(" ", "a ", before="{{a", after="}}"),
    *shaped("9", "0", "f", before="<p title='&#", after=";'>x</p>"),
    *shaped(
        "color:red;",
        "(",
        "a{",
        "@a",
        "/*",
        "rgb(",
        "'",
        "\\",
        "a:",
        ";",
        "!",
        " ",
        before='<p style="',
        after='">x</p>',
    ),
]
ADDRESSES = [
    *shaped(
        "a", " ", "/", "@", ".", ":", "%", "{", "{{name}}", "{{", "?", "&", "\\", "\xa0", before="https://a.example/"
    ),
    *shaped("a", " ", "/", "-", "{{phone}}", "\xa0", before="tel:+", after="!"),
    *shaped("a", " ", "/", "@", "?", "<", "{{email}}", before="mailto:a@b.example?subject=", after="!"),
    *shaped("a", "/api/t/", "/", ".", before="https://", after="/api/t/"),
    *shaped("A", " ", "=", "+", before="data:image/png;base64,", after="!"),
    *shaped("a", "%", " ", before="cid:", after="!"),
]
CSS = shaped(
    "color:red;",
    "(",
    "((a",
    "{",
    "a{",
    "@a",
    "@a{",
    "/*",
    "*/",
    "rgb(",
    "rgb(1,",
    "'",
    '"',
    "\\",
    "a:",
    ";",
    "!",
    " ",
    "[",
    "url(",
    "1",
    "-",
    "#",
    "a:b(c[d{",
)
LISTS = shaped(
    ",", ", ", " ,", ";", "a,", '"a",', "W/", "*", "text/html;q=0.9,", "text/plain;", "q=", "=", " ", "a", ";q=0.1"
)
TEXTS = shaped(
    "a",
    " ",
    "\n",
    "\t",
    "@",
    ".",
    "a@b.",
    "a.",
    "[",
    "]",
    "(",
    ")",
    "=",
    "'",
    '"',
    ",",
    "\u0640",
    "\ufdfa",
    "\u0301",
    "\u200b",
    "é",
    "/",
    "%",
    "_",
    "\\",
    "\x00",
)
FORWARDED = shaped(
    "8.8.8.8,",
    "10.0.0.1,",
    ",",
    ", ",
    ":",
    "::",
    "[",
    "[::1],",
    "fd00::1,",
    "1.",
    ".",
    "a",
    " ",
    "::ffff:10.0.0.1,",
    "%",
    "10.0.0.1:80,",
)
QUERIES = shaped("a=b&", "&", "=", "%", "%41", "+", "a&", ";", "%c3", "a=", "[", "map=a&")
COOKIES = shaped("a=b; ", ";", "=", '"', "\\", "a=", "; ", '="', '\\"', "a", " ", "\\012", "heliograph_session=a;")
JSON = [
    *shaped("[", "{", '"', "1", "[1,", '{"a":', "\\u0000", " ", "-", "1e", "null,"),
    lambda size: "[" + "1," * (size // 2) + "1]",
    lambda size: "[" + '{"a":"b"},' * (size // 10) + "1]",
    lambda size: '{"a":"' + "b" * size + '"}',
    lambda size: '{"' + "k" * (size // 2) + '":[' + '"a",' * (size // 8) + "1]}",
    lambda size: '{"a":' + "1" * min(size, 4_000) + "}",
    lambda size: '{"a":"' + "\\u00e9" * (size // 6) + '"}',
    lambda size: '{"user_agent":"a","at":"' + "1" * size + '"}',
    lambda size: '{"user_agent":"a","at":"' + "Mon, " * (size // 5) + '"}',
    lambda size: '{"user_agent":"a","at":"' + "(" * size + '"}',
    lambda size: '{"headers":[' + '["Purpose","a"],' * (size // 16) + '["a","b"]]}',
    lambda size: '{"user_agent":"' + "Mozilla/5.0 (" * (size // 13) + '"}',
]
SQL = shaped(
    "'",
    '"',
    "`",
    "/*",
    "*/",
    "--",
    "--\n",
    "#!",
    ";",
    "\\",
    "''",
    "'\\'",
    "$",
    "$a$",
    "$$",
    "$a",
    "(",
    "a(",
    "a",
    "a ",
    " ",
    "\n",
    ".",
    "(A)",
    ". ",
    "(AB)",
    "DB::Exception: ",
    "Code: 1. ",
    "(for url ",
    "(version ",
    "(version a(",
    "9",
    "KILL ",
    "file ",
)
# fmt: off
_CELLS = ['a', ' ', '\n', '"', '""', '"\n', '"a"\n', ',', ';', '\t', '[', '(', '[a]', "'", '=', '\r', '\ufeff', 'ü', '"""\n', '""\n']  # noqa: E501
# fmt: on
CSV = [
    *shaped(*_CELLS),
    *shaped(*_CELLS, before="email,name\n", after="\nada@mail.example,Ada\n"),
    *shaped("ada@mail.example,Ada\n", "a,b,c\n", ",\n", "@,\n", before="email,name\n"),
    *shaped("[", "(", "[a", "a,", "[],", "\u0640,", before="email,", after="\na@b.example,x\n"),
]
LINES = shaped("{}\n", "\n", "{", '{"id":"a"}\n', '{"type":"pixel_requested"}\n', "a", "\x00\n", "[]\n")
AGENTS = shaped(
    "Mozilla/5.0 (",
    "Mozilla/5.0 ",
    "a",
    "a/1 ",
    "(",
    ")",
    ";",
    " ",
    "/",
    "-",
    ".",
    "bot",
    "Bot/",
    "http:",
    "compatible;",
    "Android ",
    "Version/",
    "é",
    "Linux; ",
    "a@",
    "%20",
    "mail ",
    "CFNetwork/1 ",
    "Mail%20",
)

PARSERS: dict[str, Parser] = {
    "path of a file": Parser(
        is_possible, PATH, shaped("a", "a/", "../", "é", "%", "\x00", "\ufffd", "."), ("app.interface",)
    ),
    "logged text": Parser(
        redact,
        2**20,
        [*TEXTS, *QUERIES, *FORWARDED, *shaped("a@", "://a:", "hg_", "/signin/", "1.", "a:")],
        ("app.problems",),
    ),
    "logged event": Parser(lambda text: redact_event({"event": text, text[:9]: [text]}), 2**20, TEXTS),
    "logged traceback": Parser(redact_traceback, 2**20, TEXTS),
    "readable text": Parser(readable, BODY, TEXTS, ("app.readable",)),
    "JSON body": Parser(refusing(_json_body, ValueError, RecursionError), BODY, JSON, ("app.readable",)),
    "JSON of the stream": Parser(refusing(orjson.loads), STREAM, JSON),
    "query string": Parser(lambda text: QueryParams(text).multi_items(), PATH, QUERIES, ("app.readable",)),
    "query string of ClickHouse": Parser(
        refusing(lambda text: read_query_string(text.encode())),
        2**18,
        QUERIES,
        ("app.embedded.clickhouse_server.asgi",),
    ),
    "cookies": Parser(
        cookie_parser, HEADER, COOKIES, ("app.dependencies", "app.identity.visit", "app.identity.oidc.routes")
    ),
    "cookie of the browser": Parser(browser_value, HEADER, COOKIES, ("app.identity.visit",)),
    "Accept": Parser(lambda text: best_media_type([text], ("text/html", "text/plain")), MOST_LIST, LISTS),
    "Accept-Encoding": Parser(accepts_gzip.__wrapped__, MOST_LIST, LISTS),
    "If-None-Match": Parser(lambda text: is_known([text], '"a"'), MOST_LIST, LISTS, ("app.interface",)),
    "Content-Type": Parser(media_type, MOST_LIST, LISTS, ("app.people.import_routes",)),
    "Authorization": Parser(
        refusing(_bearer, Exception), HEADER, [*LISTS, *shaped("Bearer ", " ", "hg_")], ("app.dependencies",)
    ),
    "X-Forwarded-For": Parser(_forwarded, HEADER, FORWARDED, ("app.dependencies", "app.collector.asgi")),
    "address in networks": Parser(_NETWORKS.names, HEADER, FORWARDED),
    "Purpose": Parser(purpose_class, MAX_PURPOSES, LISTS, ("app.collector.asgi",)),
    "Host": Parser(host_of, HEADER, [*ADDRESSES, *FORWARDED], ("app.hosts",)),
    "Last-Event-ID": Parser(parse_id, HEADER, shaped("1", "-", "1-", "a")),
    "way back after a sign-in": Parser(checked_next, PATH, shaped("/", "/a", "\\", " ", "%")),
    "origins": Parser(
        refusing(lambda text: checked_origins([text])),
        2_000,
        [*ADDRESSES, *TEXTS],
        ("app.identity.access", "app.identity.preflight"),
    ),
    "user agent, judged": Parser(
        lambda text: _CLASSIFIER._judge_uncached(text, "GET", "", ()), MAX_USER_AGENT, AGENTS, ("app.collector.asgi",)
    ),
    "user agent, its device": Parser(device_of, MAX_USER_AGENT, AGENTS),
    "user agent, its browser": Parser(parse_user_agent, MAX_USER_AGENT, AGENTS, ("app.identity.visit",)),
    "line of classify": Parser(
        refusing(lambda text: read_line(text.encode()), LineError), STREAM, JSON, ("app.cli_classify",)
    ),
    "facts of classify": Parser(
        refusing(_facts, LineError, ValueError, RecursionError), STREAM, JSON, ("app.cli_classify",)
    ),
    "time of classify": Parser(
        refusing(lambda text: read_time({"at": text}, "at"), LineError),
        2**14,
        [*TEXTS, *shaped("1", "Mon, ", "(", ")", "-", ":", "1 Jan ")],
    ),
    "address of classify": Parser(lambda text: read_address({"address": text}), HEADER, FORWARDED),
    "frame of hits": Parser(_frame, STREAM, LINES),
    "signature template, whole": Parser(refusing(checked), MOST_HTML, HTML),
    "HTML, its size": Parser(refusing(check_size), PART, HTML),
    "HTML, cleaned": Parser(refusing(clean_html), PART, HTML),
    "HTML, cut into tokens": Parser(lambda text: sum(1 for _ in tokens(text)), PART, HTML),
    "HTML as plain text": Parser(plain_text, PART, HTML),
    "HTML, character references": Parser(
        unescape, MOST_HTML, [*HTML, *shaped("9", "0", "f", before="&#"), *shaped("0", before="&#x")]
    ),
    "placeholders, checked": Parser(refusing(check_placeholders), PART, HTML),
    "placeholder": Parser(
        parsed,
        MOST_HTML,
        [
            *shaped(" ", "a", "a ", "|", "#", "\t", before="{{", after="}}"),
            *shaped(" ", "a ", before="{{a", after="!}}"),
        ],
    ),
    "template, read": Parser(refusing(read_template, BadInputError, ValueError, IndexError), PART, HTML),
    "template, advice": Parser(lambda text: warnings_of(text, text), PART, HTML),
    "value of a person": Parser(plain_value, MOST_HTML, TEXTS),
    "inline style": Parser(clean_style, MOST_HTML, CSS),
    "address of a link": Parser(clean_link, MOST_HTML, ADDRESSES),
    "address of an image": Parser(clean_image, MOST_HTML, [*ADDRESSES, *shaped("A", before="data:image/png;base64,")]),
    "image as data": Parser(
        clean_image, MOST_DATA_CHARACTERS, shaped("A", " ", "=", before="data:image/png;base64,", after="!")
    ),
    "CSV file": Parser(refusing(_csv), STREAM, CSV, ("app.people.import_routes",)),
    "CSV records": Parser(refusing(_records), STREAM, CSV),
    "text of unknown encoding": Parser(refusing(_decoded), STREAM, TEXTS),
    "CSV, its delimiter": Parser(refusing(delimiter_of, csv.Error), 2 * MOST_RECORD_CHARACTERS - 2, CSV),
    "CSV, its columns": Parser(
        refusing(lambda text: columns_of(text.split(","), {"x": "email"})), MOST_RECORD_CHARACTERS, [*TEXTS, *LISTS]
    ),
    "CSV, a header": Parser(normalised, MOST_RECORD_CHARACTERS, TEXTS),
    "CSV, a row": Parser(
        lambda text: checked_row(
            1, dict.fromkeys(("email", "name", "phone", "timeZone", "locale", "role"), text), clears_empty=False
        ),
        MOST_RECORD_CHARACTERS,
        TEXTS,
    ),
    "mapping of columns": Parser(refusing(lambda text: parsed_mapping([text])), PATH, QUERIES),
    "text of a person": Parser(refusing(clean_text), MOST_RECORD_CHARACTERS, TEXTS),
    "time zone": Parser(refusing(clean_zone), MOST_RECORD_CHARACTERS, TEXTS),
    "department, folded": Parser(folded, MOST_RECORD_CHARACTERS, TEXTS),
    "e-mail address": Parser(is_address, ADDRESS, TEXTS),
    "name of a file in an export": Parser(lambda text: file_name(text, {"manifest": 1}), ADDRESS, TEXTS),
    "cell of a CSV that we write": Parser(csv_out.neutral, MOST_RECORD_CHARACTERS, TEXTS),
    "CSV of ClickHouse": Parser(lambda text: csv_out.neutral_csv(text.encode()), BODY, CSV),
    "cell in a terminal": Parser(printable, 2**16, TEXTS, ("app.cli_log",)),
    "SQL, its words": Parser(without_quotes, STATEMENT, SQL, ("app.cli_log",)),
    "SQL, without strings": Parser(without_strings, STATEMENT, SQL),
    "SQL, its statements": Parser(statements, 2**16, SQL),
    "SQL, compacted": Parser(compact, 2**16, SQL),
    "SQL, tokens of the embedded server": Parser(lambda text: sum(1 for _ in sql_tokens(text.encode())), 2**16, SQL),
    "error of the engine": Parser(_engine_error, STATEMENT, SQL),
    "error of the driver": Parser(_driver_error, STATEMENT, SQL),
}
