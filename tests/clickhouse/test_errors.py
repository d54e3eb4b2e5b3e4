import pytest
from clickhouse_connect.driver import exceptions as driver

from clickhouse.errors import (
    ClickHouseDataError,
    ClickHouseQueryError,
    ClickHouseUnavailableError,
    OutOfMemoryError,
    QueryKilledError,
    QueryTimedOutError,
    ReadOnlyError,
    plain_text,
    translate,
)

WRAPPED = (
    "Received ClickHouse exception, code: 62, server response: Code: 62. DB::Exception: Syntax error: failed at "
    "position 8 (FRM) (line 1, col 8): FRM t. Expected one of: token. (SYNTAX_ERROR) (version 26.9.2.1 (embedded)) "
    "(for url http://127.0.0.1:8123)"
)


@pytest.mark.parametrize("tls", ["default", "True", "False", "None", "<ssl.SSLContext object at 0x7f00>"])
def test_what_aiohttp_says_of_tls_is_left_out(tls):
    error = OSError(f"Cannot connect to host 127.0.0.1:8123 ssl:{tls} [Connect call failed]")
    assert plain_text(error) == "Cannot connect to host 127.0.0.1:8123 [Connect call failed]"
    assert str(translate(error)) == plain_text(error)


def test_what_the_driver_wraps_around_the_sentence_is_taken_off():
    error = translate(driver.DatabaseError(WRAPPED, code=62, name="SYNTAX_ERROR"))
    assert isinstance(error, ClickHouseQueryError)
    assert (error.code, error.name, error.position) == (62, "SYNTAX_ERROR", 8)
    assert error.message.startswith("Syntax error: failed at position 8")
    assert error.message.endswith("(SYNTAX_ERROR)")


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (159, QueryTimedOutError),
        (160, QueryTimedOutError),
        (164, ReadOnlyError),
        (241, OutOfMemoryError),
        (394, QueryKilledError),
        (60, ClickHouseQueryError),
    ],
)
def test_codes_have_their_own_classes(code, kind):
    assert type(translate(driver.DatabaseError("Code", code=code, name="N"))) is kind


def test_code_is_found_in_the_text_where_the_driver_does_not_say_it():
    error = translate(driver.OperationalError("Code: 252. DB::Exception: Too many parts. (TOO_MANY_PARTS)"))
    assert isinstance(error, ClickHouseQueryError)
    assert (error.code, error.name, error.is_transient) == (252, "TOO_MANY_PARTS", True)


def test_no_code_means_nobody_answered():
    assert isinstance(translate(driver.OperationalError("Network Error: refused")), ClickHouseUnavailableError)
    assert isinstance(
        translate(driver.DatabaseError("HTTP driver received HTTP status 502")), ClickHouseUnavailableError
    )


def test_bad_data_is_told_from_a_refused_statement():
    assert isinstance(translate(driver.DataError("cannot write")), ClickHouseDataError)


def test_an_exception_that_quotes_a_whole_statement_is_shortened():
    error = translate(driver.DatabaseError("start " + "x" * 100_000 + " end", code=60, name="UNKNOWN_TABLE"))
    assert len(str(error)) < 2_100
    assert str(error).startswith("start")
    assert str(error).endswith("end")
