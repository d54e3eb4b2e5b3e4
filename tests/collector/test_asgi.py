"""The pixel is answered whatever comes in, and recorded when it can be ours."""

import asyncio
import json
from pathlib import Path
from typing import Any

import orjson
import pytest
from prometheus_client import CollectorRegistry

from app.classification.lines import read_facts
from app.collector.asgi import GIF, CollectorApp
from app.collector.commit import GroupCommit
from app.collector.forwarder import Forwarder
from app.collector.hit import HitMaker
from app.collector.metrics import CollectorMetrics, HitCounters
from app.collector.proxies import client_address, parse_networks
from app.collector.salts import Salts
from app.collector.spool import Spool
from app.settings import Settings
from schemas.receipts import Range
from tests.test_metrics import exposed, listed

TOKEN = "abcdefghijklmnopqrstuvw_"


class Collector:
    """The app over a real spool, called as a server would."""

    def __init__(self, directory: Path, **spool_options: Any) -> None:
        self.spool = Spool(directory / "spool", source="c1", **spool_options)
        self.counters = HitCounters()
        hits = HitMaker(Salts(directory / "salts.json"))
        registry = CollectorRegistry()
        registry.register(
            CollectorMetrics(self.counters, self.spool, Forwarder(self.spool, Settings(spool_dir=directory)), hits)
        )
        self.app = CollectorApp(
            hits=hits,
            commit=GroupCommit(self.spool),
            counters=self.counters,
            client_address=client_address(parse_networks("203.0.113.0/24")),
            readiness=lambda: (False, {"status": "not_ready", "reasons": ["Kafka is away"]}),
            registry=registry,
            may_see=lambda scope: (b"x-operator", b"yes") in scope["headers"],
        )

    async def request(
        self, path: str, *, method: str = "GET", headers: list[tuple[bytes, bytes]] | None = None
    ) -> tuple[int, dict[bytes, bytes], bytes]:
        sent: list[dict[str, Any]] = []

        async def send(message: Any) -> None:
            sent.append(message)

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b""}

        scope = {
            "type": "http",
            "path": path,
            "method": method,
            "headers": headers or [],
            "client": ("203.0.113.9", 4711),
        }
        await self.app(scope, receive, send)
        return sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"]

    def hits(self) -> list[dict[str, Any]]:
        found = []
        for number, segment in self.spool.segments.items():
            at = 0
            while (part := self.spool.read(Range(number, at, segment.size))) is not None:
                found += [orjson.loads(line) for line in part.payload.splitlines()]
                at = part.end
        return found


@pytest.fixture
def collector(tmp_path: Path) -> Collector:
    return Collector(tmp_path)


def test_the_gif_is_the_43_bytes_of_a_transparent_pixel() -> None:
    assert len(GIF) == 43
    assert GIF[:6] == b"GIF89a"


@pytest.mark.parametrize(("kind", "tracking"), [("u", "user"), ("p", "campaign")])
async def test_the_path_decides_the_kind_of_tracking(collector: Collector, kind: str, tracking: str) -> None:
    status, headers, body = await collector.request(f"/api/t/{kind}/{TOKEN}.gif", headers=[(b"user-agent", b"UA")])
    assert (status, body) == (200, GIF)
    assert headers[b"content-type"] == b"image/gif"
    assert b"no-store" in headers[b"cache-control"]
    (hit,) = collector.hits()
    assert (hit["tracking"], hit["token"], hit["userAgent"]) == (tracking, TOKEN, "UA")


@pytest.mark.parametrize("path", ["/api/t/health", "/api/t/health/ready", "/api/t/metrics", "/nothing"])
async def test_head_of_what_is_no_pixel_has_the_headers_of_get_and_no_body(collector: Collector, path: str) -> None:
    status, headers, _ = await collector.request(path)
    again, same, body = await collector.request(path, method="HEAD")
    assert (again, same[b"content-type"], body) == (status, headers[b"content-type"], b"")
    assert int(same[b"content-length"]) > 0


async def test_head_is_answered_without_a_body_and_recorded_as_head(collector: Collector) -> None:
    status, headers, body = await collector.request(f"/api/t/u/{TOKEN}.gif", method="HEAD")
    assert (status, headers[b"content-length"], body) == (200, b"43", b"")
    assert collector.hits()[0]["method"] == "HEAD"


async def test_others_learn_whether_it_is_ready_and_nothing_else(collector: Collector) -> None:
    status, _, body = await collector.request("/api/t/health/ready")
    assert (status, json.loads(body)) == (503, {"status": "not_ready"})
    status, _, body = await collector.request("/api/t/metrics")
    assert (status, json.loads(body)["code"]) == (403, "forbidden")


@pytest.mark.parametrize(
    "token", ["", "short", "a" * 25, "a" * 100_000, "../../../etc/passwd", "a" * 23 + "!", "é" * 24, "a" * 23 + "\n"]
)
async def test_a_malformed_token_gets_the_gif_and_is_counted_only(collector: Collector, token: str) -> None:
    status, _, body = await collector.request(f"/api/t/u/{token}.gif")
    assert (status, body) == (200, GIF)
    assert collector.hits() == []
    assert (collector.counters.malformed, collector.counters.recorded) == (1, 0)


@pytest.mark.parametrize(
    "path",
    [
        f"/api/t/u/{TOKEN}.GIF",
        f"/api/t/u/{TOKEN}.gif/",
        f"/api/t/u/{TOKEN}",
        f"/api/t/u/{TOKEN}/",
        f"/api/t/u/{TOKEN}.gif&cb=1",
        f"/api/t/u/{TOKEN}.gif?cb=1",  # the server resolved %3F
        f"/api/t/u/{TOKEN}.gif ",
        f"/api/t/u/{TOKEN}.gif\r\n",
        f"/api/t/u/{TOKEN}.png",
        f'/api/t/u/{TOKEN}.gif"',
        f"/api/t/u/{TOKEN}=2Egif",
        f"/api/t/u/{TOKEN};v=1.gif",
        f"/api/t//u/{TOKEN}.gif",
        f"/api/t/u//{TOKEN}.gif",
        f"//api/t/u/{TOKEN}.gif",
        f"/API/T/U/{TOKEN}.GIF",
        f"/api/t/U/{TOKEN}.gif",
    ],
)
async def test_a_whole_token_counts_whatever_was_done_to_the_address_around_it(collector: Collector, path: str) -> None:
    status, headers, body = await collector.request(path)
    assert (status, headers[b"content-type"], body) == (200, b"image/gif", GIF)
    assert b"no-store" in headers[b"cache-control"]
    assert [(hit["tracking"], hit["token"]) for hit in collector.hits()] == [("user", TOKEN)]
    assert (collector.counters.malformed, collector.counters.recorded) == (0, 1)


@pytest.mark.parametrize(
    "path",
    [
        "/api/t/u/",
        "/api/t/u",
        "/api/t/",
        "/api/t/u/abc.png",
        "/api/t/x/abc.gif",
        f"/api/t/x/{TOKEN}.gif",
        f"/api/t/{TOKEN}.gif",
        f"/api/t/u/x{TOKEN}.gif",
        f"/api/t/u/{TOKEN}x",
        f"/api/t/u/{TOKEN[:12]}/{TOKEN[12:]}.gif",
        f"/api/t/u/{TOKEN[:12]} {TOKEN[12:]}.gif",
        f"/api/t/u/ {TOKEN}.gif",
        f"/api/t/u/x/{TOKEN}.gif",
        f"/api/t/u/{'é' * 24}",
        f"/api/t/u/{TOKEN[:-1]}ſ",
        "/" * 60_000 + "api/t/u/",
        "/api/t/u/" + "/" * 60_000,
    ],
)
async def test_whatever_stands_below_the_prefix_gets_the_gif(collector: Collector, path: str) -> None:
    status, headers, body = await collector.request(path)
    assert (status, headers[b"content-type"], body) == (200, b"image/gif", GIF)
    assert b"no-store" in headers[b"cache-control"]
    assert collector.hits() == []
    assert (collector.counters.malformed, collector.counters.recorded) == (1, 0)


@pytest.mark.parametrize("method", ["HEAD", "POST", "OPTIONS", "PUT"])
async def test_a_pixel_answers_every_method_and_the_hit_says_which(collector: Collector, method: str) -> None:
    for path in (f"/api/t/u/{TOKEN}.gif", f"/api/t/u/{TOKEN}.GIF"):
        status, headers, body = await collector.request(path, method=method)
        assert (status, headers[b"content-length"], body) == (200, b"43", b"" if method == "HEAD" else GIF)
    assert [hit["method"] for hit in collector.hits()] == [method, method]


async def test_a_full_spool_still_answers_and_counts_what_is_lost(tmp_path: Path) -> None:
    collector = Collector(tmp_path, quota_bytes=10)
    status, _, body = await collector.request(f"/api/t/u/{TOKEN}.gif")
    assert (status, body) == (200, GIF)
    assert (collector.counters.lost, collector.counters.recorded) == (1, 0)


async def test_hits_of_one_turn_share_a_commit_and_each_is_kept(collector: Collector) -> None:
    await asyncio.gather(*(collector.request(f"/api/t/u/{TOKEN}.gif") for _ in range(700)))
    assert len(collector.hits()) == 700
    assert len({hit["id"] for hit in collector.hits()}) == 700
    assert collector.counters.recorded == 700


async def test_prefetch_headers_are_noted(collector: Collector) -> None:
    await collector.request(f"/api/t/u/{TOKEN}.gif", headers=[(b"sec-purpose", b"prefetch;prerender")])
    assert collector.hits()[0]["purpose"] == "prefetch;prerender"


SEVERAL = [
    [("purpose", "prefetch"), ("x-moz", "other")],
    [("x-moz", "other"), ("purpose", "prefetch")],
    [("sec-purpose", "x" * 500), ("purpose", "prefetch")],
    [("sec-purpose", ""), ("x-purpose", "preview"), ("purpose", "")],
    [("sec-purpose", "pre"), ("purpose", "fetch")],
    [("user-agent", "Mozilla/5.0"), ("user-agent", "second")],
]


@pytest.mark.parametrize("headers", SEVERAL)
async def test_of_several_headers_none_hides_another_and_the_command_line_judges_the_same(
    collector: Collector, headers: list[tuple[str, str]]
) -> None:
    sent = [(name.encode(), value.encode()) for name, value in headers]
    await collector.request(f"/api/t/u/{TOKEN}.gif", headers=sent)
    [hit] = collector.hits()
    facts = read_facts({"user_agent": None, "headers": [list(pair) for pair in headers]}, lambda _: ())
    assert (hit["purpose"], hit["userAgent"]) == (facts.purpose, facts.user_agent)


async def test_the_address_is_not_in_the_spool(collector: Collector) -> None:
    await collector.request(f"/api/t/u/{TOKEN}.gif", headers=[(b"x-forwarded-for", b"198.51.100.77")])
    content = b"".join(segment.path.read_bytes() for segment in collector.spool.segments.values())
    assert content
    assert b"203.0.113.9" not in content
    assert b"198.51.100.77" not in content


async def test_one_client_is_one_visitor_of_one_country_however_its_address_is_written(collector: Collector) -> None:
    for address in (b"8.8.8.8", b"::ffff:8.8.8.8", b"::ffff:808:808", b"[::ffff:8.8.8.8]:443", b"8.8.8.8:443"):
        await collector.request(f"/api/t/u/{TOKEN}.gif", headers=[(b"x-forwarded-for", address)])
    assert {(hit["country"], len(hit["visitor"])) for hit in collector.hits()} == {("US", 32)}
    assert len({hit["visitor"] for hit in collector.hits()}) == 1


async def test_health_readiness_and_metrics(collector: Collector) -> None:
    operator = [(b"x-operator", b"yes")]
    await collector.request(f"/api/t/u/{TOKEN}.gif")
    assert (await collector.request("/api/t/health"))[0] == 200
    status, _, body = await collector.request("/api/t/health/ready", headers=operator)
    assert status == 503
    assert json.loads(body)["reasons"] == ["Kafka is away"]
    status, _, body = await collector.request("/api/t/metrics", headers=operator)
    assert status == 200
    assert b'heliograph_pixel_requests_total{outcome="recorded"} 1.0' in body
    assert b"heliograph_pixel_seconds_bucket" in body
    assert exposed(body) == listed("collector")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/etc/passwd", 404),
        ("GET", "/api/tu/x.gif", 404),
        ("GET", f"/x/api/t/u/{TOKEN}.gif", 404),
        ("POST", "/api/t/health", 405),
        ("POST", "/api/t/metrics", 405),
        ("GET", "/api/t/healthz", 404),  # a probe that asks for what is not there must not be told that all is well
        ("GET", "/api/t/health/live", 404),
        ("GET", "/api/t/ready", 404),
        ("GET", "/api/t/live", 404),
        ("GET", "/api/t/metrics/", 404),
        ("GET", "/api/t/Health", 404),
        ("GET", "/api/t//health", 404),
        ("GET", "/api/t//metrics", 404),
    ],
)
async def test_what_is_not_ours_gets_a_plain_problem(collector: Collector, method: str, path: str, status: int) -> None:
    answer, headers, body = await collector.request(path, method=method)
    assert answer == status
    assert headers[b"content-type"] == b"application/problem+json"
    assert json.loads(body)["detail"]
