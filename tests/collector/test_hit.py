"""A request becomes a line without its address."""

import re
import time
from pathlib import Path
from uuid import UUID

import orjson

from app.collector.hit import HitMaker, IdMaker
from app.collector.salts import Salts
from schemas.events import RAW_EVENT

DAY_MS = 86_400_000
ADDRESS = "203.0.113.77"


def make_hit(maker: HitMaker, *, address: str = ADDRESS, user_agent: bytes = b"Mozilla/5.0", **more: object) -> bytes:
    fields: dict[str, object] = {"tracking": "user", "token": "a" * 24, "method": "GET", "purpose": b""} | more
    return maker.line(address=address, user_agent=user_agent, **fields)  # type: ignore[arg-type]


def test_a_line_is_a_pixel_requested_event(tmp_path: Path) -> None:
    hit = RAW_EVENT.decode(make_hit(HitMaker(Salts(tmp_path / "salts.json"))))
    assert hit.user_agent == "Mozilla/5.0"
    assert abs(hit.at - time.time() * 1000) < 5000
    assert UUID(hit.id).version == 7


def test_the_address_is_in_no_line(tmp_path: Path) -> None:
    line = make_hit(HitMaker(Salts(tmp_path / "salts.json")))
    assert ADDRESS.encode() not in line


def test_the_same_visitor_has_one_id_a_day_and_another_the_next(tmp_path: Path) -> None:
    now = [20_000 * DAY_MS]
    maker = HitMaker(Salts(tmp_path / "salts.json"), clock_ns=lambda: now[0] * 1_000_000)

    def visitor(**more: object) -> str:
        return str(orjson.loads(make_hit(maker, **more))["visitor"])  # type: ignore[arg-type]

    first = visitor()
    now[0] += DAY_MS - 1
    assert visitor() == first
    assert visitor(address="203.0.113.78") != first
    assert visitor(user_agent=b"Other") != first
    now[0] += 1
    assert visitor() != first


def test_a_huge_or_broken_user_agent_is_cut_and_kept_readable(tmp_path: Path) -> None:
    maker = HitMaker(Salts(tmp_path / "salts.json"))
    for agent in (b"x" * 100_000, b"\xff\xfe" * 50, "é".encode() * 3000, b"a\nb\x00c"):
        line = make_hit(maker, user_agent=agent)
        assert line.count(b"\n") == 1
        assert len(RAW_EVENT.decode(line).user_agent) <= 1024


def test_ids_are_version_7_unique_and_in_order_even_when_the_clock_goes_back() -> None:
    maker = IdMaker()
    times = [1_763_769_600_000] * 10_000 + [1_763_769_500_000] * 10 + [1_763_769_600_005] * 10
    ids = [maker.make(at) for at in times]
    assert len(set(ids)) == len(ids)
    assert ids == sorted(ids)
    assert all(re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", i) for i in ids)
    assert all(UUID(i).version == 7 for i in ids)
