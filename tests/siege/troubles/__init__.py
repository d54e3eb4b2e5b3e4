"""The troubles: one small class each. A new one is a file here and its place in `KINDS`."""

from tests.siege.troubles.away import Away
from tests.siege.troubles.clock_jump import ClockJump
from tests.siege.troubles.freeze import Freeze
from tests.siege.troubles.full_disk import FullDisk
from tests.siege.troubles.kill import Kill
from tests.siege.troubles.locked_sqlite import LockedSqlite
from tests.siege.troubles.quota import Quota
from tests.siege.troubles.trouble import Trouble

KINDS: tuple[type[Trouble], ...] = (Kill, Freeze, Away, FullDisk, Quota, LockedSqlite, ClockJump)

__all__ = ["KINDS", "Trouble"]
