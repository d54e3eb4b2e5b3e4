"""Rules that look across hits: what machines do is found, what people do at once is not, whatever the order."""

from collections.abc import Iterable, Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.classification.behaviour import burst, many_tokens
from app.classification.behaviour.exempt import is_exempt
from app.classification.behaviour.model import Hit
from app.classification.behaviour.ruleset import BEHAVIOUR_RULESET, BEHAVIOUR_RULESETS, judge, sentences
from app.classification.behaviour.windows import WINDOW_MS, windows
from app.classification.ruleset import RULESETS

NOON = 1_763_726_400_000

hits = st.lists(
    st.builds(
        lambda at, person, pixel: Hit(at, person, (person, pixel)),
        # many in the same ms and many exactly one window apart: the edges are where mistakes are
        at=st.one_of(st.integers(0, 40_000), st.sampled_from([0, 1, 9_999, 10_000, 10_001, 20_000])),
        person=st.integers(0, 6),
        pixel=st.integers(0, 1),
    ),
    max_size=60,
)


def within(all_hits: Sequence[Hit], first: Hit) -> list[Hit]:
    return [hit for hit in all_hits if first.at <= hit.at < first.at + WINDOW_MS]


def most_people(all_hits: Sequence[Hit]) -> int:
    """Count by comparing every hit with every other."""
    return max((len({hit.person for hit in within(all_hits, first)}) for first in all_hits), default=0)


def most_of_one_token(all_hits: Sequence[Hit]) -> int:
    """Count by comparing every hit with every other."""
    return max((sum(hit.token == first.token for hit in within(all_hits, first)) for first in all_hits), default=0)


def thread(signatures: int, *, at: int = NOON, first: int = 0, loads: int = 1) -> list[Hit]:
    """Return what a mail program asks for when it shows a thread: every signature, at once, perhaps more than once."""
    chance = Random(signatures)
    return [
        Hit(at + chance.randrange(1_500), person, f"user-{person}")
        for person in range(first, first + signatures)
        for _ in range(loads)
    ]


def walk(tokens: int, *, every_ms: int, at: int = NOON) -> list[Hit]:
    """Return what a scanner asks for that goes from token to token."""
    return [Hit(at + number * every_ms, number, f"user-{number}") for number in range(tokens)]


@given(hits, st.integers(1, 8), st.randoms())
def test_each_rule_finds_what_comparing_all_with_all_finds_in_any_order(
    found: list[Hit], threshold: int, chance: Random
) -> None:
    shuffled = found.copy()
    chance.shuffle(shuffled)
    for rule, counted in ((many_tokens.RULE, most_people(found)), (burst.RULE, most_of_one_token(found))):
        only = {other.name: 0 for other in BEHAVIOUR_RULESETS[BEHAVIOUR_RULESET].rules} | {rule.name: threshold}
        finding = judge(found, thresholds=only)
        assert (finding is not None) == (counted >= threshold)
        assert judge(shuffled, thresholds=only) == finding
        if finding is not None:
            seen = finding.seen
            assert (seen.tokens if rule is many_tokens.RULE else seen.opens) == counted
            assert seen.at in {hit.at for hit in found}


@given(hits, hits)
def test_more_hits_never_take_a_finding_away(found: list[Hit], more: list[Hit]) -> None:
    thresholds = {"many_tokens": 5, "burst": 6}
    if judge(found, thresholds=thresholds) is not None:
        assert judge(found + more, thresholds=thresholds) is not None


@given(hits)
def test_every_window_holds_the_hits_of_its_ten_seconds(found: list[Hit]) -> None:
    by_time = sorted(found, key=lambda hit: hit.at)
    for index, (at, opens, people) in enumerate(windows(by_time, lambda hit: hit.person)):
        inside = [hit for hit in by_time[index:] if hit.at < by_time[index].at + WINDOW_MS]
        assert (at, opens, people) == (by_time[index].at, len(inside), len({hit.person for hit in inside}))


@pytest.mark.parametrize(
    "what",
    [
        thread(12),
        thread(12, loads=3),
        thread(12) + thread(12, first=12),  # two readers behind one address, or two threads of different people
        [hit for reader in range(60) for hit in thread(12, at=NOON + reader * 700)],  # a whole office opens the thread
        walk(29, every_ms=10),
        walk(500, every_ms=2_000),  # a support desk behind one address: a message every two seconds, all day
        [Hit(NOON + number * 100, 1, "user-1") for number in range(19)],
        [],
    ],
    ids=["thread", "thread-thrice", "two-threads", "office", "29", "desk", "19-times", "nothing"],
)
def test_what_people_do_stays_a_persons(what: list[Hit]) -> None:
    assert judge(what) is None


def test_both_pixels_of_a_signature_are_one_persons() -> None:
    campaign = [Hit(hit.at, hit.person, f"campaign-{hit.person}") for hit in thread(20)]
    assert judge(thread(20) + campaign) is None


@pytest.mark.parametrize(
    ("what", "rule", "tokens", "opens"),
    [
        (walk(30, every_ms=333), "many_tokens", 30, 30),
        (walk(30, every_ms=344), "many_tokens", 30, 30),
        (walk(1_000, every_ms=50), "many_tokens", 200, 200),
        ([Hit(NOON + n * 400, 1, "user-1") for n in range(25)], "burst", 1, 25),
        (thread(12) + [Hit(NOON, 3, "user-3")] * 19, "burst", 1, 20),
    ],
)
def test_what_only_machines_do_is_found_with_its_evidence(
    what: Iterable[Hit], rule: str, tokens: int, opens: int
) -> None:
    finding = judge(what)
    assert finding is not None
    assert (finding.open_class, finding.rule.name, finding.ruleset) == ("scanner", rule, 1)
    assert (finding.seen.tokens, finding.seen.opens, finding.seen.at) == (tokens, opens, NOON)


def test_a_rule_is_switched_off_by_0_and_moved_by_another_number() -> None:
    assert judge(walk(30, every_ms=10), thresholds={"many_tokens": 0}) is None
    assert judge(walk(30, every_ms=10), thresholds={"many_tokens": 31}) is None
    assert judge(walk(5, every_ms=10), thresholds={"many_tokens": 5}) is not None


@pytest.mark.parametrize(
    ("networks", "exempt"),
    [
        (("google",), True),
        (("apple",), True),
        (("proxy-mimecast",), True),
        (("office-riyadh",), True),
        (("shared-university",), True),
        (("elsewhere", "shared"), True),
        (("scanner-acme",), False),
        (("elsewhere",), False),
        ((), False),
    ],
)
def test_addresses_of_many_readers_are_exempt(networks: tuple[str, ...], exempt: bool) -> None:
    assert is_exempt(networks) == exempt


def test_every_code_has_a_sentence_and_none_is_another_rules() -> None:
    said = sentences()
    assert set(said) == {"behaviour_many_tokens", "behaviour_burst"}
    assert all(text.endswith(".") for text in said.values())
    for ruleset in RULESETS.values():
        assert not set(said) & set(ruleset.sentences())
