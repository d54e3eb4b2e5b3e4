"""What is awaited: the launcher recycles the broker when nothing is, though hits keep coming."""

from pathlib import Path

from app.collector.backlog import Backlog, range_of
from app.collector.spool import Spool

LINE = b'{"n":1}\n'


def test_only_what_was_sent_and_has_no_receipt_is_awaited(tmp_path: Path) -> None:
    spool = Spool(tmp_path, source="test")
    backlog = Backlog(spool, max_lines=2)
    spool.append([LINE] * 2)
    assert backlog.awaited_bytes == 0
    part = backlog.take()
    assert part is not None
    assert backlog.awaited_bytes == part.end - part.start
    spool.append([LINE] * 2)
    spool.confirm(range_of(part))
    assert backlog.awaited_bytes == 0
    assert spool.unconfirmed_bytes() > 0, "these wait in the spool, nobody has them"


def test_what_will_be_sent_again_is_not_awaited(tmp_path: Path) -> None:
    spool = Spool(tmp_path, source="test")
    backlog = Backlog(spool, max_lines=2)
    spool.append([LINE] * 2)
    part = backlog.take()
    assert part is not None
    backlog.put_back([part])
    assert backlog.awaited_bytes == 0
