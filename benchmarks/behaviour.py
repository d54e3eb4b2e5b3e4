"""What the rules across hits find and whom they wrong, by threshold: `python -m benchmarks.behaviour [--write]`.

A simulation with a seed, not a measurement of traffic: the assumptions are the scenarios below, each with its numbers.
One unit is a visitor of one day, as in the product; a finding takes back all its opens of that day.
"""

import argparse
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import NamedTuple

from app.classification.behaviour import burst, many_tokens
from app.classification.behaviour.model import Hit

DOCUMENT = Path(__file__).parents[1] / "docs" / "classification.md"
BEGIN, END = "<!-- simulated: begin -->", "<!-- simulated: end -->"
MANY = (5, 10, 15, 20, 25, 30, 40, 60)
BURST = (5, 10, 15, 20, 30, 50)
SENDERS = 500
"""People of the organisation whose signatures are about; a mail is from the first ones more often."""
DAY_MS = 8 * 3_600_000
VISITORS = 100
"""Visitors (days) simulated for each scenario."""


class Scenario(NamedTuple):
    """Who it is, and the hits of one visitor of one day."""

    name: str
    is_machine: bool
    day: Callable[[Random], list[Hit]]


def thread(chance: Random, at: float, size: int | None = None) -> list[Hit]:
    """Return what opening one message loads: each signature of its thread once, within 1.5 s.

    Half of all messages have one signature, a quarter two, and so on; none has more than twelve unless `size` says so.
    """
    if size is None:
        size = 1
        while size < 12 and chance.random() < 0.5:
            size += 1
    people = {int(SENDERS * chance.random() ** 2) for _ in range(size)}
    return [Hit(int(at + chance.random() * 1_500), person, person) for person in people]


def reads(readers: int, messages: int) -> Callable[[Random], list[Hit]]:
    """Each reader opens so many messages, 30 % of them in the first half hour of the day; all have one mail program."""

    def day(chance: Random) -> list[Hit]:
        starts = [
            chance.random() * (DAY_MS / 16 if chance.random() < 0.3 else DAY_MS) for _ in range(readers * messages)
        ]
        return [hit for at in starts for hit in thread(chance, at)]

    return day


def pages_through(share: float) -> Callable[[Random], list[Hit]]:
    """Three times a day a reader goes through 8 to 20 messages by arrow key, 0.7 to 2 s each, images on.

    Such a share of the messages has signatures of this organisation: a fifth is a good customer's, all a colleague's.
    """

    def day(chance: Random) -> list[Hit]:
        hits: list[Hit] = []
        for _ in range(3):
            at = chance.random() * DAY_MS
            for _ in range(chance.randint(8, 20)):
                hits += thread(chance, at) if chance.random() < share else []
                at += chance.uniform(700, 2_000)
        return hits or thread(chance, 0)

    return day


def long_threads(chance: Random) -> list[Hit]:
    """Ten conversations of 8 to 20 colleagues, each shown twice within seconds (preview, then window)."""
    hits: list[Hit] = []
    for _ in range(10):
        at, size = chance.random() * DAY_MS, chance.randint(8, 20)
        shown = thread(chance, at, size)
        hits += shown + [hit._replace(at=hit.at + 4_000) for hit in shown]
    return hits


def announcement(readers: int) -> Callable[[Random], list[Hit]]:
    """One message to so many readers behind one address; half have opened it after 20 minutes."""

    def day(chance: Random) -> list[Hit]:
        return [Hit(int(chance.lognormvariate(0, 1.2) * 1_200_000), 1, 1) for _ in range(readers)]

    return day


def reopens(chance: Random) -> list[Hit]:
    """A reader who opens, prints and answers: the same pixel two to five times within ten seconds, ten times a day."""
    return [
        Hit(int(at + chance.random() * 9_000), person, person)
        for person in range(10)
        for at in [chance.random() * DAY_MS]
        for _ in range(chance.randint(2, 5))
    ]


def walks(every_ms: float, messages: int = 200) -> Callable[[Random], list[Hit]]:
    """A scanner opens message after message of a mailbox, with all their images."""

    def day(chance: Random) -> list[Hit]:
        pauses = [every_ms * chance.uniform(0.7, 1.3) * number for number in range(messages)]
        return [hit for at in pauses for hit in thread(chance, at)]

    return day


def at_delivery(per_minute: float) -> Callable[[Random], list[Hit]]:
    """A gateway opens each message when it comes; they come by chance, so many a minute, for four hours."""

    def day(chance: Random) -> list[Hit]:
        at, hits = 0.0, []
        while at < DAY_MS / 2:
            at += chance.expovariate(per_minute / 60_000)
            hits += thread(chance, at)
        return hits

    return day


def hammers(every_ms: float) -> Callable[[Random], list[Hit]]:
    """A program asks for one pixel 200 times."""
    return lambda chance: [Hit(int(every_ms * n + chance.random() * every_ms / 3), 1, 1) for n in range(200)]


SCENARIOS = (
    Scenario("one reader, 30 of our messages a day", False, reads(1, messages=30)),
    Scenario("a customer who pages through, every fifth message is ours", False, pages_through(0.2)),
    Scenario("a colleague who pages through, every message is ours", False, pages_through(1)),
    Scenario("one reader, ten threads of 8 to 20 signatures, shown twice", False, long_threads),
    Scenario("one reader who opens, prints, answers", False, reopens),
    Scenario("20 readers behind one address, 5 of our messages each", False, reads(20, messages=5)),
    Scenario("100 readers behind one address, 5 each", False, reads(100, messages=5)),
    Scenario("500 readers behind one address, 5 each", False, reads(500, messages=5)),
    Scenario("an announcement to 200 behind one address", False, announcement(200)),
    Scenario("an announcement to 2,000 behind one address", False, announcement(2_000)),
    Scenario("an announcement to 5,000 behind one address", False, announcement(5_000)),
    Scenario("a scanner walks a mailbox, 10 messages a second", True, walks(100)),
    Scenario("a scanner walks a mailbox, 2 a second", True, walks(500)),
    Scenario("a scanner walks a mailbox, 1 a second", True, walks(1_000)),
    Scenario("a scanner walks a mailbox, one every 3 s", True, walks(3_000)),
    Scenario("a gateway at delivery, 60 messages a minute", True, at_delivery(60)),
    Scenario("a gateway at delivery, 5 messages a minute", True, at_delivery(5)),
    Scenario("a program asks for one pixel 10 times a second", True, hammers(100)),
    Scenario("a program asks for one pixel 2 times a second", True, hammers(500)),
    Scenario("a program asks for one pixel once a second", True, hammers(1_000)),
)


def main() -> None:
    """Simulate, print, and put the tables into the document if asked to."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.behaviour", description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the result into docs/classification.md")
    arguments = parser.parse_args()
    text = tables()
    print(text)
    if arguments.write:
        before, _, rest = DOCUMENT.read_text().partition(BEGIN)
        DOCUMENT.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.partition(END)[2]}")


def tables() -> str:
    """Return both tables: the share of opens taken back, by scenario and threshold; the present ones in bold."""
    seen = {scenario: sightings(scenario) for scenario in SCENARIOS}
    columns = [(n, "tokens", n == many_tokens.RULE.threshold) for n in MANY]
    columns += [(n, "opens", n == burst.RULE.threshold) for n in BURST]
    names = [f"**{n}**" if present else str(n) for n, _, present in columns]
    names[0], names[len(MANY)] = f"people: {names[0]}", f"loads: {names[len(MANY)]}"
    parts = []
    for is_machine, title in ((True, "Machines: opens found"), (False, "People: opens wrongly taken back")):
        lines = [[title, *names], ["---"] * (len(names) + 1)]
        for scenario in SCENARIOS:
            if scenario.is_machine == is_machine:
                shares = [(taken(seen[scenario], **{rule: n}), present) for n, rule, present in columns]
                lines.append([scenario.name, *(f"**{share}**" if present else share for share, present in shares)])
        parts.append("\n".join("| " + " | ".join(line) + " |" for line in lines))
    return "\n\n".join(parts)


def sightings(scenario: Scenario, visitors: int = VISITORS) -> list[tuple[int, int, int]]:
    """Return (opens, most people in a window, most loads of one pixel in a window) of each simulated visitor."""
    chance = Random(scenario.name)
    found = []
    for _ in range(visitors):
        hits = sorted(scenario.day(chance), key=lambda hit: hit.at)
        people, loads = many_tokens.find(hits, 1), burst.find(hits, 1)
        found.append((len(hits), people.tokens if people else 0, loads.opens if loads else 0))
    return found


def taken(visitors: list[tuple[int, int, int]], *, tokens: int = 0, opens: int = 0) -> str:
    """Return the share of opens that one rule alone takes back at a threshold."""
    every = sum(count for count, _, _ in visitors)
    lost = sum(
        count for count, people, loads in visitors if (tokens and people >= tokens) or (opens and loads >= opens)
    )
    share = lost / every
    return "·" if not lost else f"{share:.0%}" if 0.005 <= share < 0.995 or share == 1 else f"{share:.1%}"


if __name__ == "__main__":
    main()
