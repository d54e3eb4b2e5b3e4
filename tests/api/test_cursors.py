"""A cursor is read back as what it was written from, and whatever else is sent as one is refused."""

from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audit import service as audit
from app.campaigns import listing as campaigns
from app.errors import BadInputError
from app.live.messages import StreamId, parse_id
from app.people import listing as people

MOMENTS = st.datetimes(min_value=datetime(1970, 1, 2), timezones=st.just(UTC))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


@given(st.uuids(), MOMENTS)
def test_cursors_of_the_audit_log_and_of_campaigns(id_: Any, moment: datetime) -> None:
    entry: Any = SimpleNamespace(id=id_, at=moment, created_at=moment)
    assert audit._parsed(audit._cursor(entry)) == (moment, id_)
    assert campaigns._parsed(campaigns._cursor(entry)) == (moment, id_)


@given(st.uuids(), TEXTS, st.sampled_from(["name", "email", "department"]))
def test_cursors_of_people_by_text(id_: Any, value: str, sort: Any) -> None:
    wanted = people.Wanted(sort=sort)
    row: Any = SimpleNamespace(id=id_, sort_key=value)
    assert people._parsed(people._cursor(row, wanted), wanted) == (value, id_)


@given(st.uuids(), MOMENTS, st.sampled_from(["lastSeen", "joined"]))
def test_cursors_of_people_by_moment(id_: Any, moment: datetime, sort: Any) -> None:
    wanted = people.Wanted(sort=sort)
    row: Any = SimpleNamespace(id=id_, sort_key=moment)
    assert people._parsed(people._cursor(row, wanted), wanted) == (moment, id_)


READERS: list[Callable[[str], object]] = [
    audit._parsed,
    campaigns._parsed,
    lambda text: people._parsed(text, people.Wanted()),
]


@given(st.text(max_size=80))
def test_what_is_no_cursor_is_refused(text: str) -> None:
    for read in READERS:
        with pytest.raises(BadInputError):
            read(text)


@given(st.integers(0, 2**53), st.integers(0, 2**53))
def test_ids_of_live_updates(at: int, number: int) -> None:
    assert parse_id(str(StreamId(at, number))) == StreamId(at, number)


@given(st.text(max_size=60) | st.just("9" * 10_000 + "-0"))
def test_any_last_event_id_is_read_or_passed_over(text: str) -> None:
    parse_id(text)
