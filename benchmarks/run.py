"""`python -m benchmarks.run NAME… [--quick]`: runs benchmarks, saves JSON, remakes the table in docs/performance.md."""

import argparse
import importlib
import sys
import tempfile
from pathlib import Path

from benchmarks.processes import BenchmarkError
from benchmarks.report import Report, write_table

NAMES = ("collector", "memory", "stream", "freshness", "live", "start", "idle", "people_import", "pages", "retention")


def main() -> int:
    """Run the chosen benchmarks one after the other; 1 when one could not run (a missed target is a result)."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(NAMES)}; default: all")
    parser.add_argument("--quick", action="store_true", help="short trials, to see that it works; not in the table")
    parser.add_argument("--table", action="store_true", help="only remake the table from the saved results")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(NAMES):
        parser.error(f"no such benchmark: {', '.join(unknown)}")
    failed = False
    for name in [] if arguments.table else arguments.names or NAMES:
        print(f"\n== {name}", flush=True)
        report = Report(name, f"python -m benchmarks.run {name}", is_quick=arguments.quick)
        with tempfile.TemporaryDirectory(prefix=f"heliograph-bench-{name}-") as work:
            try:
                importlib.import_module(f"benchmarks.{name}").run(report, Path(work))
            except BenchmarkError as error:
                print(f"{name} did not run: {error}", file=sys.stderr)
                failed = True
                continue
        print(f"saved {report.save()}")
    if not arguments.quick:
        write_table()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
