"""The limit from the request to the page: stored, flagged, shown, and not counted."""

from tests.fixtures.stack import Stack
from tests.pipeline.wire import ask, path_of, request

LIMIT, MORE = 5, 8
STACK_ENV = {"RATE_LIMIT_PER_MINUTE": str(LIMIT)}
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
)
GMAIL = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"


async def test_over_the_limit_is_answered_stored_flagged_and_not_counted_and_a_mail_proxy_is_exempt(
    stack: Stack,
) -> None:
    stack.wait_settled()
    path = path_of(stack.user_pixel_url)
    for agent in (CHROME, GMAIL):
        answers = await ask(
            stack.collector_url, *[request(path, headers=(("User-Agent", agent.encode()),)) for _ in range(MORE)]
        )
        assert all(answer.is_gif for answer in answers)
    stack.wait_settled()
    rows = stack.rows(
        "SELECT toUnixTimestamp64Milli(at), user_agent, is_over_limit, is_rate_limited FROM events "
        "ORDER BY toUInt128(id)"
    )
    assert len(rows) == 2 * MORE
    in_minute: dict[int, int] = {}
    for at, agent, is_over, is_limited in rows:
        in_minute[at // 60_000] = in_minute.get(at // 60_000, 0) + 1
        assert is_over == (in_minute[at // 60_000] > LIMIT)
        assert is_limited == (is_over and agent == CHROME)
    limited = sum(row[3] for row in rows)
    assert limited > 0  # eight of one person within three minutes of the clock at most
    [(shown,)] = stack.rows("SELECT sum(opens) FROM opens_15m WHERE is_rate_limited")
    assert shown == limited
    assert stack.get("/api/tracking/my-stats")["notCounted"]["byReason"] == {"rate_limited": limited}
    verified = stack.command("verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr


async def test_the_collector_says_how_many_were_over_the_limit(stack: Stack) -> None:
    stack.wait_settled()
    flagged = stack.value("SELECT countIf(is_over_limit) FROM events")
    assert stack.collector_status()["hits"]["overLimit"] == flagged
