"""The spool of a filling: whole or not there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.collector.spool import Spool
from app.demo.job import Job, load_job, make_spool, save_job, spool_of


def held(directory: Path) -> int:
    spool = Spool(directory, source="demo-1")
    lines = 0
    for wanted in spool.unconfirmed():
        at = wanted.start
        while (part := spool.read(type(wanted)(wanted.segment, at, wanted.end))) is not None:
            lines += part.count
            at = part.end
    spool.close()
    return lines


def test_a_spool_holds_every_line_and_tells_how_many(tmp_path: Path) -> None:
    seen: list[int] = []
    assert make_spool(tmp_path, "demo-1", (b'{"n":%d}\n' % n for n in range(1234)), on_made=seen.append) == 1234
    assert seen == [500, 1000, 1234]
    assert held(spool_of(tmp_path, "demo-1")) == 1234


def test_a_run_that_dies_while_making_leaves_no_half_of_it(tmp_path: Path) -> None:
    def dying() -> Iterator[bytes]:
        for _ in range(700):
            yield b"{}\n"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_spool(tmp_path, "demo-1", dying(), on_made=lambda _events: None)
    assert not spool_of(tmp_path, "demo-1").exists()
    make_spool(tmp_path, "demo-2", [b"{}\n"], on_made=lambda _events: None)
    assert [path.name for path in (tmp_path / "spool").iterdir()] == ["demo-2"]


def test_a_job_is_remembered_and_a_damaged_note_is_none(tmp_path: Path) -> None:
    job = Job(source="demo-1", people=3, days=2, seed=1, events=9)
    assert load_job(tmp_path, "org") is None
    save_job(tmp_path, "org", job)
    assert load_job(tmp_path, "org") == job
    (tmp_path / "demo" / "org.json").write_text("{")
    assert load_job(tmp_path, "org") is None
