"""Hostile inputs for a pattern, made from it: what it begins with, then what it repeats, then an end that fails."""

import re._constants as op  # the parts of a pattern, as the standard library's compiler sees them
import re._parser as parser
from collections.abc import Iterator, Sequence
from typing import Any

from tests.parsers.growth import Shape, repeated

MOST_SHAPES = 160
_OF_CATEGORY = {
    op.CATEGORY_DIGIT: "1",
    op.CATEGORY_NOT_DIGIT: "a",
    op.CATEGORY_SPACE: " ",
    op.CATEGORY_NOT_SPACE: "a",
    op.CATEGORY_WORD: "a",
    op.CATEGORY_NOT_WORD: " ",
}
_CANDIDATES = "a1 -_.;:/\"'<>{}[]()@\\\nZ\t\x00é"
_ENDS = ("", "!", "\n", "\x00", "}")


def shapes_of(pattern: str, flags: int = 0) -> list[Shape]:
    """Return shapes that a backtracking engine finds hard in this pattern, if any are."""
    tree = parser.parse(pattern, flags)
    pumps = list(dict.fromkeys(_pumps(tree, "")))
    literals = list(dict.fromkeys(text for text in _literals(tree) if text))
    plain = list(dict.fromkeys(pump for _, pump in pumps))
    shapes = {(before, pump, end) for before, pump in pumps for end in _ENDS[:2]}
    shapes |= {("", before + pump, end) for before, pump in pumps if before for end in _ENDS[:1]}
    shapes |= {("", literal, end) for literal in literals for end in _ENDS[:2]}
    shapes |= {("", one, end) for one in plain for end in _ENDS}
    shapes |= {("", one + other, "") for one in plain[:6] for other in plain[:6] if one != other}
    shapes |= {(literal, one, "!") for literal in literals[:6] for one in plain[:6]}
    ordered = sorted(shapes, key=lambda shape: (len(shape[0]) + len(shape[1]), shape))
    step = max(1, len(ordered) // MOST_SHAPES)
    return [repeated(pump, before=before, after=end) for before, pump, end in ordered[::step] if pump]


def _pumps(tree: Sequence[Any], before: str) -> Iterator[tuple[str, str]]:
    """Yield (a text that leads to it, what is repeated) for each repetition of a pattern, inner ones too."""
    for code, value in tree:
        if code in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
            _, most, body = value
            if most > 1:
                yield from ((before, sample) for sample in _samples(body) if sample)
            yield from _pumps(body, before)
        elif code is op.SUBPATTERN:
            yield from _pumps(value[-1], before)
        elif code is op.ATOMIC_GROUP:
            yield from _pumps(value, before)
        elif code in (op.ASSERT, op.ASSERT_NOT):
            yield from _pumps(value[1], before)
        elif code is op.BRANCH:
            for branch in value[1]:
                yield from _pumps(branch, before)
        before += next(_samples([(code, value)]), "")


def _literals(tree: Sequence[Any]) -> Iterator[str]:
    """Yield every run of literal characters."""
    run = ""
    for code, value in tree:
        if code is op.LITERAL:
            run += chr(value)
            continue
        yield run
        run = ""
        for inner in _inner(code, value):
            yield from _literals(inner)
    yield run


def _inner(code: Any, value: Any) -> list[Any]:
    if code in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
        return [value[2]]
    if code is op.SUBPATTERN:
        return [value[-1]]
    if code is op.ATOMIC_GROUP:
        return [value]
    if code in (op.ASSERT, op.ASSERT_NOT):
        return [value[1]]
    return list(value[1]) if code is op.BRANCH else []


def _samples(tree: Sequence[Any]) -> Iterator[str]:
    """Yield a few texts that the pattern matches, each repetition taken once, each set by up to three members."""
    texts = [""]
    for code, value in tree:
        texts = [text + more for text in texts[:4] for more in _samples_of(code, value)]
    yield from texts[:8]


def _samples_of(code: Any, value: Any) -> list[str]:
    if code is op.LITERAL:
        return [chr(value)]
    if code in (op.NOT_LITERAL, op.ANY, op.IN):
        return [one for one in _CANDIDATES if _takes(code, value, one)][:3] or _first_of(value)
    if code in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
        return [sample * max(1, value[0]) for sample in _samples(value[2])]
    if code is op.BRANCH:
        return [sample for branch in value[1][:4] for sample in list(_samples(branch))[:2]]
    if code in (op.SUBPATTERN, op.ATOMIC_GROUP):
        return list(_samples(value[-1] if code is op.SUBPATTERN else value))
    return [""]


def _takes(code: Any, value: Any, one: str) -> bool:
    if code is op.ANY:
        return one != "\n"
    if code is op.NOT_LITERAL:
        return ord(one) != value
    is_not = value[0][0] is op.NEGATE
    return is_not != any(_is_member(kind, member, one) for kind, member in value)


def _is_member(kind: Any, member: Any, one: str) -> bool:
    if kind is op.LITERAL:
        return bool(ord(one) == member)
    if kind is op.RANGE:
        return bool(member[0] <= ord(one) <= member[1])
    if kind is op.CATEGORY:
        return {"1": one.isdigit(), " ": one.isspace(), "a": one.isalnum() or one == "_"}[_OF_CATEGORY.get(member, "a")]
    return False


def _first_of(value: Any) -> list[str]:
    for kind, member in value if isinstance(value, list) else []:
        if kind is op.LITERAL:
            return [chr(member)]
        if kind is op.RANGE:
            return [chr(member[0])]
        if kind is op.CATEGORY:
            return [_OF_CATEGORY.get(member, "a")]
    return []
