"""Every regular expression of our packages, found by reading the source: none hides inside of a function."""

import ast
import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PACKAGES = ("app", "streams", "schemas", "clickhouse")
FUNCTIONS = frozenset(
    {"compile", "search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn", "template"}
)
OTHER_ENGINES = frozenset({"regex", "re2", "pyre2", "hyperscan"})


@dataclass(frozen=True)
class Found:
    """One call of the module `re`: the name it is kept under (or the function it stands in), and the place."""

    name: str
    place: str
    is_kept: bool
    """True: the compiled pattern is an attribute of the module, by this name."""


@cache
def sources() -> dict[str, ast.Module]:
    """Return the syntax tree of every module, by its dotted name."""
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            relative = path.relative_to(ROOT).with_suffix("")
            if "node_modules" in relative.parts or relative.parts[:3] == ("app", "store", "migrations"):
                continue
            name = ".".join(relative.parts).removesuffix(".__init__")
            found[name] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def found_patterns() -> list[Found]:
    """Return every call that makes or uses a pattern by its text."""
    return [one for module, tree in sources().items() for one in _in(module, tree, (), "")]


def other_engines() -> list[str]:
    """Return the modules that import another engine, or a name out of `re`: the walk would not see what they do."""
    found = []
    for module, tree in sources().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module == "re" or _is_engine(node.module or "")):
                found.append(module)
            elif isinstance(node, ast.Import):
                found.extend(
                    module for alias in node.names if _is_engine(alias.name) or (alias.name == "re" and alias.asname)
                )
    return found


def kept(name: str) -> list[re.Pattern[str]]:
    """Return the compiled patterns of a module's attribute, out of whatever holds them."""
    module, _, attribute = name.rpartition(".")
    return list(_flat(getattr(importlib.import_module(module), attribute)))


def uses_of(name: str) -> set[str]:
    """Return the methods that the source calls on an attribute, in its own module and where it is imported."""
    module, _, attribute = name.rpartition(".")
    return {
        method
        for other, called in _calls().items()
        for (owner, method) in called
        if owner == attribute and (other == module or (module, attribute) in _imports()[other])
    }


@cache
def _calls() -> dict[str, set[tuple[str, str]]]:
    """Return (name, method) of every `NAME.method` that may be a pattern's, by module."""
    return {
        module: {
            (node.value.id, node.attr)
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr in FUNCTIONS
        }
        for module, tree in sources().items()
    }


@cache
def _imports() -> dict[str, set[tuple[str, str]]]:
    """Return (module, name) of everything that is imported by name, by module."""
    return {
        module: {
            (node.module or "", one.name)
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for one in node.names
        }
        for module, tree in sources().items()
    }


def _is_engine(module: str) -> bool:
    return module.partition(".")[0] in OTHER_ENGINES


def _flat(value: Any) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from (one for item in value.values() for one in _flat(item))
    elif isinstance(value, list | tuple | set | frozenset):
        yield from (one for item in value for one in _flat(item))


def _in(module: str, node: ast.AST, within: tuple[str, ...], kept_as: str) -> Iterator[Found]:
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.func.attr in FUNCTIONS
    ):
        is_kept = bool(kept_as) and not within and node.func.attr == "compile"
        yield Found(".".join((module, *(within or (kept_as,)))), f"{module}:{node.lineno}", is_kept)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        within = (*within, node.name)
    elif isinstance(node, ast.Assign | ast.AnnAssign) and not within:
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        kept_as = target.id if isinstance(target, ast.Name) else "?"
    for child in ast.iter_child_nodes(node):
        yield from _in(module, child, within, kept_as)
