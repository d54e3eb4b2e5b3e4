"""The Faust app of a worker that has no tables: it writes nothing into any directory."""

import faust


class TablelessApp(faust.App):
    """A Faust app without its data directory, which it would make where the process was started."""

    def _create_directories(self) -> None:
        """Make none: they are for tables, and ours are in ClickHouse. Faust has no setting for it."""
