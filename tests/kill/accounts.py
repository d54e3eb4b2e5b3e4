"""The sums that have to agree, whatever happened: requests, log, views, `verify` and the page."""

from collections import Counter

from tests.fixtures.stack import Stack
from tests.kill.load import Load

_VIEWS = {
    "opens_15m": "SELECT sum(opens) FROM opens_15m",
    "organisation_opens_15m": "SELECT sum(opens) FROM organisation_opens_15m",
    "visits_15m": "SELECT sum(opens) FROM visits_15m",
}


def assert_answered_are_logged_once(stack: Stack, load: Load) -> None:
    """Every answered request is one row; an unanswered one is at most one row; there is no other row."""
    logged = Counter(stack.logged_agents(f"%{load.mark}%"))
    assert load.answered, "the load was never answered: this proves nothing"
    missing = load.answered - set(logged)
    assert not missing, f"{len(missing)} of {len(load.answered)} answered requests are not in the log"
    doubled = {agent: count for agent, count in logged.items() if count > 1}
    assert not doubled, f"{len(doubled)} requests are in the log more than once: {list(doubled.items())[:3]}"
    unknown = set(logged) - load.answered - load.unanswered
    assert not unknown


def assert_accounts_agree(stack: Stack) -> None:
    """The ids, each view, `heliograph verify` and the page say what the log says."""
    opens = stack.value("SELECT count() FROM events WHERE type = 'signature_opened'")
    assert stack.value("SELECT uniqExact(id) FROM events") == opens
    others = [stack.value(f"SELECT count() FROM {table}") for table in ("drops", "reclassifications")]
    assert stack.value("SELECT uniqExact(id) FROM reclassifications") == others[1]
    assert stack.value("SELECT count() FROM event_ids") == opens + sum(others)
    assert {name: stack.value(sql) for name, sql in _VIEWS.items()} == dict.fromkeys(_VIEWS, opens)
    verified = stack.command("verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    _assert_page_agrees(stack)


def _assert_page_agrees(stack: Stack) -> None:
    me = stack.get("/api/me")
    counted, visitors = stack.rows(
        """
        SELECT count(), uniqExact(toDate(at), visitor) FROM events
        WHERE user_id = %(user)s AND open_class IN ('human', 'image_proxy') AND NOT is_rate_limited
            AND NOT (open_class = 'human' AND visitor IN (SELECT visitor FROM reclassifications))
        """,
        {"user": me["user"]["id"]},
    )[0]
    days = stack.get("/api/tracking/my-stats/daily?days=366")["data"]
    assert (sum(day["opens"] for day in days), sum(day["unique"] for day in days)) == (counted, visitors)
    month = stack.get("/api/tracking/my-stats")["thisMonth"]
    today = days[-1]["date"]
    assert month["opens"] == sum(day["opens"] for day in days if day["date"][:7] == today[:7])
