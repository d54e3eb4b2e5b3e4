"""A service that goes away and comes back is told once each time."""

import logging

import pytest

from app.outage import Outage


def test_the_begin_and_the_end_of_an_outage_are_logged_once_each(caplog: pytest.LogCaptureFixture) -> None:
    now = [0.0]
    caplog.set_level(logging.INFO)
    outage = Outage(logging.getLogger("test"), "Redis", meanwhile="live pages poll", clock=lambda: now[0])
    outage.end()
    for _ in range(3):
        outage.begin(ConnectionError("refused"))
        now[0] += 20
    assert outage.lasts
    outage.end()
    outage.end()
    assert not outage.lasts
    assert [record.getMessage() for record in caplog.records] == [
        "Redis is away (ConnectionError('refused')): live pages poll",
        "Redis answers again after 60 s",
    ]
