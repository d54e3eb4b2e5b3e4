"""The sums at the end: accepted = stored + dropped, token by token, no id twice, every view as the log says."""

from collections import Counter
from collections.abc import Iterator

from tests.fixtures.stack import Stack
from tests.kill.accounts import assert_accounts_agree
from tests.kill.load import Load
from tests.siege.load import SiegeLoad

_UNKNOWN = "SELECT count() FROM drops WHERE reason = 'unknown_token'"


def wrongs(stack: Stack, load: SiegeLoad) -> Iterator[str]:
    """Yield a sentence for each sum that does not agree. Everything has to have settled before."""
    missing = 0
    for number, one in enumerate(load.all):
        if one is load.unknown:
            continue
        logged = Counter(stack.logged_agents(f"%{one.mark}%"))
        absent = one.answered - set(logged)
        missing += len(absent)
        silent = [agent for agent in absent if not _may_be_lost(load, number, one, agent)]
        what = f"load {number} ({len(one.answered)} answered)"
        if silent:
            yield f"{what}: {len(silent)} answered hits are not in the log, and were not lost to a disk: {silent[:2]}"
        if doubled := [agent for agent, count in logged.items() if count > 1]:
            yield f"{what}: {len(doubled)} hits are in the log more than once: {doubled[:2]}"
        if strange := set(logged) - one.answered - one.unanswered:
            yield f"{what}: {len(strange)} rows of the log were never asked for"
    yield from _drops(stack, load, missing)
    try:
        assert_accounts_agree(stack)
    except AssertionError as error:
        yield f"views, ids, `verify` or the page disagree with the log: {error}"


def _may_be_lost(load: SiegeLoad, number: int, one: Load, agent: str) -> bool:
    """Tell whether a hit was asked for while hits could be lost, told and counted."""
    asked = int(agent.partition(one.mark)[2].partition(" ")[0])
    return any(
        number < len(window.spans) and window.spans[number][0] <= asked <= window.spans[number][1]
        for window in load.windows
    )


def _drops(stack: Stack, load: SiegeLoad, missing: int) -> Iterator[str]:
    """Compare the token that nobody has with the drops, and what is missing in all with what was told as lost."""
    dropped, one = stack.value(_UNKNOWN), load.unknown
    lost = sum(window.lost for window in load.windows)
    unanswered = sum(len(each.unanswered) for each in load.all)
    absent = len(one.answered) - dropped
    if dropped > len(one.answered) + len(one.unanswered):
        yield f"{dropped} drops of an unknown token, but only {len(one.answered)} answered hits on it"
    if not lost and absent > 0:
        yield f"{absent} of {len(one.answered)} answered hits on an unknown token are neither stored nor dropped"
    if not missing + max(absent, 0) <= lost <= missing + absent + unanswered + len(one.unanswered):
        yield f"the collector counted {lost} lost hits; {missing + absent} answered ones are missing"
