"""Whatever comes over the wire: the GIF, or a plain 4xx where it is not our path; one counter each, flat memory."""

import asyncio
import contextlib
import secrets

import psutil
import pytest

from tests.fixtures.stack import Stack
from tests.pipeline.wire import GIF, ask, connection, path_of, read_answer, request

UNKNOWN_TOKENS = 10_000


def hits(stack: Stack) -> dict[str, int]:
    counts: dict[str, int] = stack.collector_status()["hits"]
    return counts


@pytest.mark.parametrize(
    "token",
    ["", "x", "a" * 23, "a" * 25, "a" * 5000, "a" * 23 + "!", "%00" * 24, "a/b/c", "' OR 1=1 --".replace(" ", "%20")],
)
async def test_malformed_token_gets_the_gif_and_is_counted_as_malformed(stack: Stack, token: str) -> None:
    before = hits(stack)
    [answer] = await ask(stack.collector_url, request(f"/api/t/u/{token}.gif"))
    assert answer.is_gif
    after = hits(stack)
    assert (after["malformed"], after["recorded"]) == (before["malformed"] + 1, before["recorded"])


@pytest.mark.parametrize(
    "path",
    [
        "/api/t/u/../../../etc/passwd.gif",
        "/api/t/u/%2e%2e%2f%2e%2e%2fetc%2fpasswd.gif",
        "/api/t/u/..%5c..%5cwindows.gif",
        "/api/t/../../etc/passwd",
        "/../../../../etc/passwd",
        "/api/t/u/....//....//etc/passwd",
        "//api/t/u/x.gif",
    ],
)
async def test_path_traversal_gets_the_gif_or_a_plain_4xx(stack: Stack, path: str) -> None:
    [answer] = await ask(stack.collector_url, request(path))
    assert answer.is_gif or 400 <= answer.status < 500
    assert b"root:" not in answer.body


@pytest.mark.parametrize("path", ["/api/t/", "/api/t/u/", "/api/t/x/abc.gif"])
async def test_whatever_stands_below_the_prefix_is_the_gif(stack: Stack, path: str) -> None:
    [answer] = await ask(stack.collector_url, request(path))
    assert answer.is_gif


@pytest.mark.parametrize("path", ["/", "/favicon.ico", "/wp-login.php", "/api/t/healthz"])
async def test_what_is_not_our_path_is_a_plain_404(stack: Stack, path: str) -> None:
    [answer] = await ask(stack.collector_url, request(path))
    assert answer.status == 404


async def test_user_agent_of_100_kb_is_stored_cut_to_1024_characters(stack: Stack) -> None:
    mark = f"huge-{secrets.token_hex(4)}"
    agent = mark.encode() + b"x" * 100_000
    [answer] = await ask(stack.collector_url, request(path_of(stack.user_pixel_url), headers=(("User-Agent", agent),)))
    assert answer.is_gif
    await asyncio.to_thread(stack.wait_settled)
    assert [len(stored) for stored in stack.logged_agents(f"{mark}%")] == [1024]


async def test_invalid_utf8_in_headers_is_stored_as_replacement_characters(stack: Stack) -> None:
    mark = f"bytes-{secrets.token_hex(4)}"
    headers = (("User-Agent", mark.encode() + b" \xff\xfe\x80"), ("Sec-Purpose", b"\xff\xfe"), ("X-Odd", b"\x80\x81"))
    [answer] = await ask(stack.collector_url, request(path_of(stack.user_pixel_url), headers=headers))
    assert answer.is_gif
    await asyncio.to_thread(stack.wait_settled)
    assert stack.logged_agents(f"{mark}%") == [f"{mark} \ufffd\ufffd\ufffd"]


async def test_every_one_of_50_pipelined_requests_is_answered_in_order_and_stored(stack: Stack) -> None:
    mark = f"pipe-{secrets.token_hex(4)}"
    path = path_of(stack.user_pixel_url)
    requests = [request(path, headers=(("User-Agent", f"{mark} {number}".encode()),)) for number in range(50)]
    requests.insert(25, request("/nothing-here"))
    answers = await ask(stack.collector_url, *requests)
    assert [answer.status for answer in answers] == [200] * 25 + [404] + [200] * 25
    await asyncio.to_thread(stack.wait_settled)
    assert sorted(stack.logged_agents(f"{mark} %")) == sorted(f"{mark} {number}" for number in range(50))


async def test_slow_clients_are_served_and_hold_up_nobody(stack: Stack) -> None:
    mark = f"slow-{secrets.token_hex(4)}"
    path = path_of(stack.user_pixel_url)
    whole = request(path, headers=(("User-Agent", mark.encode()),))

    async def slowly() -> bool:
        async with connection(stack.collector_url) as (reader, writer):
            for start in range(0, len(whole), 16):
                writer.write(whole[start : start + 16])
                await writer.drain()
                await asyncio.sleep(0.05)
            return (await read_answer(reader)).is_gif

    slow = [asyncio.create_task(slowly()) for _ in range(100)]
    await asyncio.sleep(0.1)
    quick = await ask(stack.collector_url, *[request(path)] * 20)
    assert not any(task.done() for task in slow), "the quick ones were to be answered while the slow ones still write"
    assert all(answer.is_gif for answer in quick)
    assert all(await asyncio.gather(*slow))
    await asyncio.to_thread(stack.wait_settled)
    assert len(stack.logged_agents(mark)) == 100


async def test_head_is_answered_without_a_body_and_recorded(stack: Stack) -> None:
    mark = f"head-{secrets.token_hex(4)}"
    wanted = request(path_of(stack.user_pixel_url), method="HEAD", headers=(("User-Agent", mark.encode()),))
    # a second answer on the same connection proves that no body came with the first
    answers = await ask(stack.collector_url, wanted, wanted, has_body=False)
    assert [(answer.status, answer.headers["content-length"]) for answer in answers] == [(200, str(len(GIF)))] * 2
    await asyncio.to_thread(stack.wait_settled)
    assert stack.rows("SELECT method FROM events WHERE user_agent = %(agent)s", {"agent": mark}) == [("HEAD",)] * 2


async def test_post_on_the_gif_is_answered_with_the_gif(stack: Stack) -> None:
    body = b"field=" + b"x" * 10_000
    wanted = request(
        path_of(stack.user_pixel_url), method="POST", headers=(("Content-Length", str(len(body)).encode()),)
    )
    [first, second] = await ask(stack.collector_url, wanted + body, request(path_of(stack.user_pixel_url)))
    assert first.is_gif
    assert second.is_gif


async def test_rubbish_instead_of_http_is_refused_and_the_collector_goes_on(stack: Stack) -> None:
    for rubbish in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc", b"GET\r\n\r\n", b"\x00" * 5000, b"GET / HTTP/9.9\r\n\r\n"):
        async with connection(stack.collector_url) as (reader, writer):
            writer.write(rubbish)
            refused = b""
            with contextlib.suppress(ConnectionResetError):
                async with asyncio.timeout(20):
                    refused = await reader.readline()  # a line of refusal, or the end
            assert not refused or refused.startswith(b"HTTP/1.1 4")
    [answer] = await ask(stack.collector_url, request(path_of(stack.user_pixel_url)))
    assert answer.is_gif


async def test_10000_unknown_tokens_take_no_memory_and_each_is_counted_once(stack: Stack) -> None:
    collector, worker = (psutil.Process(stack.pids[name]) for name in ("collector", "worker"))
    await _ask_for_unknown_tokens(stack, 2000)  # so that buffers and caches have their size
    await asyncio.to_thread(stack.wait_settled)
    recorded, dropped, opens = _sums(stack)
    before = (collector.memory_info().rss, worker.memory_info().rss)
    await _ask_for_unknown_tokens(stack, UNKNOWN_TOKENS)
    await asyncio.to_thread(stack.wait_settled)
    grown = (collector.memory_info().rss - before[0], worker.memory_info().rss - before[1])
    assert _sums(stack) == (recorded + UNKNOWN_TOKENS, dropped + UNKNOWN_TOKENS, opens)
    assert max(grown) < 32 * 2**20, [size / 2**20 for size in grown]


async def _ask_for_unknown_tokens(stack: Stack, count: int) -> None:
    for _ in range(0, count, 500):
        wanted = [request(f"/api/t/u/{secrets.token_urlsafe(18)}.gif") for _ in range(500)]
        assert all(answer.is_gif for answer in await ask(stack.collector_url, *wanted))


def _sums(stack: Stack) -> tuple[int, int, int]:
    dropped = stack.value("SELECT count() FROM drops WHERE reason = 'unknown_token'")
    return hits(stack)["recorded"], dropped, stack.value("SELECT count() FROM events")


async def test_everything_recorded_is_stored_or_dropped_with_a_reason(stack: Stack) -> None:
    await asyncio.to_thread(stack.wait_settled)
    stored = stack.value("SELECT (SELECT count() FROM events) + (SELECT count() FROM drops)")
    assert hits(stack)["recorded"] == stored
    assert stack.command("verify").returncode == 0
