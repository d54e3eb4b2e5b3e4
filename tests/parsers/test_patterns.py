"""Every regular expression of the product is linear in the longest text it may ever see.

A new pattern fails here until it stands in `PATTERNS`: how it is used, and its longest input.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from app.classification.classifier import MAX_USER_AGENT
from app.embedded.clickhouse_server.errors import MOST_END
from app.people.importing.columns import MOST_HEADER_CHARACTERS
from app.people.importing.records import DELIMITERS, MOST_RECORD_CHARACTERS, open_quote
from app.redaction import MOST_CHARACTERS as MOST_LOGGED
from app.signatures.addresses import MOST_DATA_CHARACTERS
from app.signatures.sanitise import MOST_CHARACTERS as MOST_HTML
from clickhouse.errors import MOST_MESSAGE
from tests.parsers.finding import found_patterns, kept, other_engines, uses_of
from tests.parsers.growth import check_growth, repeated
from tests.parsers.shapes import shapes_of

ADDRESS, CELL, BODY, STATEMENT = 320, MOST_RECORD_CHARACTERS, 2**18, 2**16
OURS = 2**13
"""Longest text of our own: SQL files, settings of the operator, names of files."""


class Known(NamedTuple):
    """How a pattern is used, the longest text it sees, and, where it is made within a function, what it can be."""

    how: str
    longest: int
    examples: tuple[str, ...] = ()


SERVICE_URLS = (
    r"kafka://[^\s,/]+:\d+(,(kafka://)?[^\s,/]+:\d+)*",
    r"https?://[^\s/]+(/\S*)?",
    r"rediss?://[^\s/]+(/\S*)?|unix://\S+",
    r"sqlite\+aiosqlite:///.+|postgresql\+asyncpg://[^\s/]*/\S+",
)
PATTERNS = {
    # user agents: whoever loads a pixel
    "app.classification.model._MODEL": Known("sub", MAX_USER_AGENT),
    "app.classification.v1.browsers._PLAIN": Known("fullmatch", MAX_USER_AGENT),
    "app.classification.v1.browsers._FIREFOX_MOBILE": Known("fullmatch", MAX_USER_AGENT),
    "app.classification.v1.browsers._INTERNET_EXPLORER": Known("fullmatch", MAX_USER_AGENT),
    "app.classification.v1.browsers._OPERA": Known("fullmatch", MAX_USER_AGENT),
    "app.classification.v1.browsers._SHAPE": Known("match", MAX_USER_AGENT),
    "app.classification.v1.device._PHONE_MODEL": Known("search", MAX_USER_AGENT),
    "app.classification.v1.device._IPAD_AS_MAC": Known("search", MAX_USER_AGENT),
    "app.classification.v1.shape._PLATFORM": Known("search", MAX_USER_AGENT),
    "app.classification.v1.shape._MOZILLA": Known("match", MAX_USER_AGENT),
    "app.classification.v1.shape._PHONE": Known("search", MAX_USER_AGENT),
    "app.classification.v1.shape._POCKET": Known("search", MAX_USER_AGENT),
    "app.classification.v1.shape._COMPATIBLE": Known("search", MAX_USER_AGENT),
    "app.classification.v1.shape._APPENDED": Known("search", MAX_USER_AGENT),
    "app.classification.tokens._PIECE": Known("findall", OURS),
    # its products are walked by `test_every_table_of_tokens_is_linear`
    "app.classification.tokens.Screened.__init__": Known("search", MAX_USER_AGENT, (r"\bbot\b",)),
    # paths, headers, cookies
    "app.collector.pixel_paths._PREFIX": Known("match", STATEMENT),
    "app.collector.pixel_paths._PIXEL": Known("match", STATEMENT),
    "app.host_names._HOST": Known("fullmatch", STATEMENT),
    "app.collector.hit.TOKEN": Known("fullmatch", STATEMENT),
    "app.identity.oidc.state._OURS": Known("fullmatch", 500),
    "app.live.messages._ID": Known("fullmatch", STATEMENT),
    "streams.enrich._IDS": Known("fullmatch", BODY),
    # people and their files
    "app.people.texts._ADDRESS": Known("fullmatch", ADDRESS),
    "app.csv_out._GUARDED": Known("match", CELL),
    "app.people.importing.code_pages._WORD": Known("findall", BODY),
    "app.people.importing.code_pages._ARABIC": Known("search", BODY),
    "app.people.importing.code_pages._UNLIKELY_WORD": Known("search", BODY),
    "app.people.importing.code_pages._CAPITAL_INSIDE": Known("search", BODY),
    "app.people.importing.code_pages._SYMBOL_INSIDE": Known("findall", BODY),
    "app.people.importing.columns._MEANINGLESS": Known("sub", MOST_HEADER_CHARACTERS),
    "app.people.importing.records._TO_CLOSING_QUOTE": Known("match", CELL),
    "app.people.importing.records.open_quote": Known(
        "match", CELL, tuple(open_quote(delimiter).pattern for delimiter in DELIMITERS)
    ),
    "app.signatures.export._NOT_IN_NAMES": Known("sub", 20 * ADDRESS),
    # logs
    "app.redaction._PERSONAL_KEYS": Known("search", MOST_LOGGED),
    "app.redaction._PERSONAL_TEXT": Known("sub", 2**16),
    "app.redaction._CONTROL": Known("sub", 2**16),
    # templates of signatures and banners
    "app.signatures.addresses._PLACEHOLDER": Known("sub", MOST_HTML),
    "app.signatures.addresses._IGNORED_BY_BROWSERS": Known("sub", MOST_HTML),
    "app.signatures.addresses._WEB": Known("fullmatch", MOST_HTML),
    "app.signatures.addresses._MAIL_OR_PHONE": Known("fullmatch", MOST_HTML),
    "app.signatures.addresses._CID": Known("fullmatch", MOST_HTML),
    "app.signatures.addresses._DATA": Known("fullmatch", MOST_DATA_CHARACTERS),
    "app.signatures.addresses._OUR_PIXEL": Known("match", MOST_HTML),
    "app.signatures.addresses._SLASHES": Known("sub", MOST_HTML),
    "app.signatures.addresses._BEFORE_PLACEHOLDERS": Known("match", MOST_HTML),
    "app.signatures.addresses._SCHEME": Known("match", MOST_HTML),
    "app.signatures.addresses._AUTHORITY": Known("match", MOST_HTML),
    "app.signatures.addresses._SPACE": Known("sub", MOST_HTML),
    "app.signatures.addresses._AROUND_COMMAS": Known("sub", MOST_HTML),
    "app.signatures.addresses._NOT_IN_ADDRESSES": Known("sub", MOST_HTML),
    "app.signatures.addresses._NOT_IN_CID": Known("sub", MOST_HTML),
    "app.signatures.advice._NOT_IN_OUTLOOK": Known("findall", MOST_HTML),
    "app.signatures.advice._COLOURED": Known("search", MOST_HTML),
    "app.signatures.css._WORD": Known("fullmatch", MOST_HTML),
    "app.signatures.css._FONT_NAME": Known("fullmatch", MOST_HTML),
    "app.signatures.css._HEX": Known("fullmatch", MOST_HTML),
    "app.signatures.css._NEVER": Known("search", MOST_HTML),
    "app.signatures.css._value": Known("sub", MOST_HTML, (r"\s+",)),
    "app.signatures.placeholders.FOUND": Known("finditer", MOST_HTML),
    "app.signatures.placeholders._NAME": Known("fullmatch", MOST_HTML),
    "app.signatures.placeholders._BRACES": Known("finditer", MOST_HTML),
    "app.signatures.plain_text._SPACE": Known("sub", 10 * MOST_HTML),
    "app.signatures.sanitise.INVISIBLE": Known("finditer", MOST_HTML),
    "app.signatures.sanitise.PLACEHOLDER": Known("sub", MOST_HTML),
    "app.signatures.sanitise._STAND_IN": Known("sub", 2 * MOST_HTML),
    "app.signatures.sanitise._NUMBER": Known("fullmatch", MOST_HTML),
    "app.signatures.sanitise._WORDS": Known("fullmatch", MOST_HTML),
    "app.signatures.sanitise._tiny": Known(
        "search", MOST_HTML, (r"(?:^|;)\s*width:\s*([\d.]+)(?:px|pt)?\s*(?:;|$|!)", r"\d+(\.\d+)?")
    ),
    "app.signatures.template._SPACE": Known("sub", MOST_HTML),
    "app.signatures.tokens._NAME_END": Known("search", MOST_HTML),
    "app.signatures.tokens._ATTRIBUTE_NAME_END": Known("search", MOST_HTML),
    "app.signatures.tokens._UNQUOTED_END": Known("search", MOST_HTML),
    "app.signatures.tokens._COMMENT_END": Known("search", MOST_HTML),
    "app.signatures.tokens._SPACE": Known("match", MOST_HTML),
    "app.signatures.tokens._ZEROS": Known("sub", MOST_HTML),
    "app.signatures.tokens._NO_LETTER": Known("sub", MOST_HTML),
    "app.signatures.tokens.tokens": Known("search", MOST_HTML, (r"</script[\s/>]",)),
    "app.signatures.tokens._markup": Known("match", MOST_HTML, (r"-?>",)),
    # statements: what somebody types at `heliograph sql`, and what ClickHouse says about it
    "app.sql.only_reading._KILL": Known("search", STATEMENT),
    "app.sql.only_reading._FILE": Known("search", STATEMENT),
    "app.csv_out._QUOTED": Known("bytes", STATEMENT),
    "app.sql.service._OWN_FORMAT": Known("findall", STATEMENT),
    "app.sql.only_reading._WORD": Known("findall", STATEMENT),
    "app.sql.only_reading._CALL": Known("finditer", STATEMENT),
    "app.embedded.clickhouse_server.errors._ENGINE_MESSAGE": Known("search", STATEMENT),
    "app.embedded.clickhouse_server.errors._REPEATED_HEAD": Known("sub", STATEMENT),
    "app.embedded.clickhouse_server.errors._NAME_AT_THE_END": Known("search", MOST_END),
    "app.embedded.clickhouse_server.requests._NAME": Known("fullmatch", STATEMENT),
    "app.embedded.clickhouse_server.tokens._TOKEN": Known("tokens", STATEMENT),
    "clickhouse.errors.ClickHouseQueryError.position": Known("search", MOST_MESSAGE, (r"failed at position (\d+)",)),
    "clickhouse.errors._CODE": Known("search", STATEMENT),
    "clickhouse.errors._NAME": Known("findall", STATEMENT),
    "clickhouse.errors._TLS_OF_AIOHTTP": Known("sub", MOST_MESSAGE),
    "clickhouse.errors._WRAPPING": Known("sub", MOST_MESSAGE),
    "clickhouse.sql_files._TOKEN": Known("sub", STATEMENT),
    # our own files, and what the operator writes
    "app.tracking.explain._PARAMETER": Known("sub", OURS),
    "app.embedded.console._CURSOR": Known("sub", 2**16),
    "app.embedded.plan.own_names": Known("fullmatch", 255, (r"[A-Za-z0-9][A-Za-z0-9-]{0,62}",)),
    "app.setting_types._LABEL": Known("fullmatch", OURS),
    "app.setting_types._PATH": Known("fullmatch", OURS),
    "app.setting_types._service_url": Known("fullmatch", OURS, SERVICE_URLS),
    "app.tracking.zone_data._VERSION": Known("search", OURS),
    "app.log_maintenance.rebuild_views": Known("fullmatch", OURS, (r"\d{4}(0[1-9]|1[0-2])",)),
    "clickhouse.migrate._FILE": Known("fullmatch", OURS),
    "clickhouse.sql_files._PLACE": Known("sub", OURS),
    "clickhouse.sql_files._IDENTIFIER": Known("fullmatch", OURS),
    "clickhouse.sql_files._SPACE": Known("sub", OURS),
    "clickhouse.sql_files._COMMENT": Known("sub", OURS),
    "clickhouse.views._MATERIALIZED": Known("match", OURS),
    "clickhouse.views._TABLE": Known("match", OURS),
}


def test_every_pattern_of_the_product_is_known_here() -> None:
    found = {one.name: one.place for one in found_patterns()}
    unknown = {name: place for name, place in found.items() if name not in PATTERNS}
    assert not unknown, "say in PATTERNS how these are used and how long their input may be"
    assert set(PATTERNS) - set(found) == set(), "these are gone from the source"


def test_no_pattern_can_hide_from_the_walk() -> None:
    assert other_engines() == []


def test_patterns_are_used_as_they_are_tested() -> None:
    """`fullmatch` and `match` begin once; whoever searches begins at every character."""
    weaker = {"fullmatch": {"fullmatch"}, "match": {"match", "fullmatch"}}
    wrong = {
        one.name: uses
        for one in found_patterns()
        if one.is_kept and (uses := uses_of(one.name)) and not uses <= weaker.get(PATTERNS[one.name].how, uses)
    }
    assert not wrong


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_is_linear(name: str) -> None:
    known = PATTERNS[name]
    patterns = [re.compile(example) for example in known.examples] or kept(name)
    assert patterns
    for pattern in patterns:
        source, run = _runner(pattern, known.how)
        for shape in shapes_of(
            source, pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags
        ):
            check_growth(run, shape, known.longest, says=f"{name} {known.how}")


def _runner(pattern: re.Pattern[Any], how: str) -> tuple[str, Callable[[str], object]]:
    """Return the pattern's source and what its use does with a text."""
    if how == "bytes":
        return pattern.pattern.decode(), lambda text: pattern.sub(b"x", text.encode())
    if how == "tokens":  # a cutter: matches again where the last match ended
        return pattern.pattern.decode(), lambda text: _cut_up(pattern, text.encode())
    if how in {"sub"}:
        return pattern.pattern, lambda text: pattern.sub("x", text)
    if how in {"finditer", "findall"}:
        return pattern.pattern, pattern.findall
    return pattern.pattern, getattr(pattern, how)


def _cut_up(pattern: re.Pattern[bytes], text: bytes) -> None:
    at = 0
    while (found := pattern.match(text, at)) is not None:
        at = found.end()


@pytest.mark.parametrize(
    "pattern", [r"[\w.]+@\w+\.com", r"\s*\d\s*x", r"(?:a|aa)+b", r"\{\{\s*(\w[\w ]*?)\s*\}\}", r"\[[^\]]*\]"]
)
def test_the_shapes_find_what_is_not_linear(pattern: str) -> None:
    compiled = re.compile(pattern)
    with pytest.raises(AssertionError):
        for shape in shapes_of(pattern):
            check_growth(lambda text: compiled.sub("", text), shape, 2**15, says=pattern)


def test_growth_is_bounded_by_the_ratio_and_not_by_the_time() -> None:
    check_growth(lambda text: sum(1 for _ in range(50 * len(text))), repeated("a"), 2**12, says="slow, linear")
    with pytest.raises(AssertionError, match="times as long"):
        check_growth(lambda text: sum(1 for one in text for other in text), repeated("a"), 2**12, says="quadratic")
