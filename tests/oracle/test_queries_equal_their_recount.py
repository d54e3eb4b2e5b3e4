"""T10: every number a query gives equals a brute-force recount of the log."""

import random

import pytest

from clickhouse.client import ClickHouse
from clickhouse.sql_files import read_queries
from clickhouse.verify import verify
from tests.fixtures.log import no_hold
from tests.oracle.asking import answer
from tests.oracle.questions import QUESTIONS
from tests.oracle.random_log import Log, random_log
from tests.oracle.recounts import RECOUNTS, UNORDERED

SOME = 24
"""Questions of each query in a quick run, drawn from all; which ones is the same at every run."""


def test_every_query_file_has_a_recount_and_questions():
    assert set(read_queries()) == set(RECOUNTS) == set(QUESTIONS)


@pytest.mark.parametrize("most", [SOME, pytest.param(None, marks=pytest.mark.deep)], ids=["some", "all"])
@pytest.mark.parametrize("name", sorted(read_queries()))
async def test_query_equals_its_recount(name: str, most: int | None, clickhouse: ClickHouse, log: Log):
    has_rows = False
    questions = list(QUESTIONS[name](log, random.Random(name)))
    if most is not None:
        questions = random.Random(name).sample(questions, min(most, len(questions)))
    for parameters in questions:
        answered = await answer(clickhouse, name, parameters)
        recounted = RECOUNTS[name](log, **parameters)
        if name in UNORDERED:
            answered, recounted = (
                sorted(rows, key=lambda row: str(sorted(row.items()))) for rows in (answered, recounted)
            )
        assert answered == recounted, parameters
        has_rows = has_rows or bool(recounted)
    assert has_rows, "the questions ask for nothing that exists: they prove nothing"


def test_the_log_holds_what_makes_counting_hard(log: Log):
    opens = [o for o in log.opens if o.type == "signature_opened" and o.tracking == "user"]
    assert len({o.visitor for o in opens}) < len(opens) / 4, "visitors repeat"
    assert len({o.open_class for o in opens}) == 8, "all classes"
    assert any(o.is_rate_limited for o in opens)
    assert len({o.at.month for o in opens}) == 3, "several partitions"
    assert sum(o.at.minute % 15 == 0 and o.at.second == 0 and o.at.microsecond == 0 for o in opens) > 100


def test_equal_seeds_make_equal_logs(log: Log):
    assert random_log(seed=20_251_102) == log


async def test_views_of_the_random_log_have_no_drift(clickhouse: ClickHouse):
    report = await verify(clickhouse, hold=no_hold())
    assert report.drifts == []
