"""Which tests reach what changed: `python -m tests.changed [--since REVISION] [--list] [-- pytest options]`.

A test file is chosen if it changed, or imports, however far down, a module that changed; also what pytest gives it
unasked: the `conftest.py` above it and the fixtures they name. Imports are read by grimp, which import-linter stands
on. What no import shows (an SQL file, a script, the interface) chooses the tests that are named for it below, and what
configures everything chooses everything.
"""

import argparse
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import grimp

ROOT = Path(__file__).parents[1]
PACKAGES = ("schemas", "clickhouse", "app", "streams", "scripts", "benchmarks", "docs", "tests")
EVERYTHING = ("pyproject.toml", "constraints.txt", "Makefile", "tests/conftest.py", "tests/plugins/")
SEEN_BY = {
    "clickhouse/": "clickhouse.sql_files",
    "app/signatures/": "app.signatures.template",
    "app/ui/": "tests.e2e.npm",
}
"""Folder → module that reads the files of it that are not Python."""
BY_NAME = {
    "docs/": "tests/test_docs.py",
    "README.md": "tests/test_docs.py",
    "CHANGELOG.md": "tests/test_makefile.py",
    "docker": "tests/test_compose.py",
    ".ci/": "tests/test_makefile.py",
}
"""Beginning of a path → test file that looks at such files by itself."""
STARTED = {
    "tests.fixtures.product": (
        "app.cli",
        "app.embedded.launcher",
        "app.main",
        "app.collector.server",
        "streams.worker",
    ),
    "tests.fixtures.clickhouse": ("app.embedded.clickhouse",),
}
"""Fixture → modules that it starts as processes, which no import shows."""


def changed_files(since: str) -> list[str]:
    """Return the paths that differ from a revision, with those that git does not know yet."""
    asked = (["git", "diff", "--name-only", since], ["git", "ls-files", "--others", "--exclude-standard"])
    found = [subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True).stdout for words in asked]
    return sorted({path for text in found for path in text.splitlines()})


def import_graph() -> grimp.ImportGraph:
    """Return who imports whom, with what fixtures start as processes."""
    graph = grimp.build_graph(*PACKAGES, include_external_packages=False, cache_dir=str(ROOT / ".cache" / "grimp"))
    for fixture, modules in STARTED.items():
        for module in modules:
            graph.add_import(importer=fixture, imported=module)
    return graph


def reached_by(paths: Iterable[str], graph: grimp.ImportGraph) -> list[str]:
    """Return the test files that reach any of these paths, `["tests"]` for all of them."""
    paths = list(paths)
    if any(path.startswith(EVERYTHING) for path in paths):
        return ["tests"]
    modules = {module for path in paths if (module := _module(path)) in graph.modules}
    chosen = {file for path in paths for start, file in BY_NAME.items() if path.startswith(start)}
    reached = modules | {above for module in modules for above in graph.find_downstream_modules(module)}
    for module in sorted(graph.modules):
        if not module.startswith("tests.") or not module.rpartition(".")[2].startswith("test_"):
            continue
        file = ROOT / f"{module.replace('.', '/')}.py"
        if file.exists() and ({module} | _given(module, file, graph)) & reached:
            chosen.add(file.relative_to(ROOT).as_posix())
    return sorted(file for file in chosen if (ROOT / file).exists())


def _module(path: str) -> str:
    """Return the module that a file is, or that reads it; a text that is no module if there is none."""
    if path.endswith(".py"):
        return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    return next((module for folder, module in SEEN_BY.items() if path.startswith(folder)), path)


def _given(module: str, file: Path, graph: grimp.ImportGraph) -> set[str]:
    """Return the modules whose fixtures a test file asks for by name: of conftests above it, and of the plugins."""
    above = {f"{module.rsplit('.', depth)[0]}.conftest" for depth in range(1, module.count(".") + 1)} & graph.modules
    text = file.read_text() + "".join((ROOT / f"{name.replace('.', '/')}.py").read_text() for name in above)
    plugins = {name for name in graph.modules if name.startswith("tests.fixtures.")}
    given = {name for name in plugins if any(fixture in text for fixture in _fixtures(name))}
    return above - {"tests.conftest"} | given


def _fixtures(module: str) -> list[str]:
    """Return the names of the fixtures of a module, as a test names them among its arguments."""
    lines = (ROOT / f"{module.replace('.', '/')}.py").read_text().splitlines()
    names = []
    for number, line in enumerate(lines):
        if line.startswith(("@pytest.fixture", "@pytest_asyncio.fixture")):
            words = lines[number + 1].removeprefix("async ").removeprefix("def ").partition("(")
            names += [f"{words[0]}:", f"{words[0]},", f"{words[0]})"]
    return names


def main(arguments: Sequence[str]) -> int:
    """Run, or list, the tests that reach what differs from a revision."""
    parser = argparse.ArgumentParser(prog="python -m tests.changed", description=__doc__.partition("\n")[0])
    parser.add_argument("--since", default="HEAD", help="revision to compare with: HEAD (default), main, HEAD~3 …")
    parser.add_argument("--list", action="store_true", help="print the files, run nothing")
    parser.add_argument("options", nargs="*", help="options of pytest, behind --")
    given = parser.parse_args(arguments)
    files = reached_by(changed_files(given.since), import_graph())
    if given.list or not files:
        sys.stdout.write(
            "".join(f"{file}\n" for file in files) or f"Nothing that tests reach differs from {given.since}.\n"
        )
        return 0
    return subprocess.run([sys.executable, "-m", "pytest", *given.options, *files], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
