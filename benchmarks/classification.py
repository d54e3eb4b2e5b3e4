"""How well and how fast hits are classified: `python -m benchmarks.classification --help`.

No list of user agents is part of this repository. The labelled sample and the fixtures of public projects are given
by path; `docs/classification.md` says where they come from. Only crawler-user-agents is installed with us.
"""

import argparse
import csv
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from app.classification.classifier import Classifier, classifier
from app.classification.model import Classification, HitFacts
from benchmarks import classification_sources as sources
from benchmarks.classification_sources import Fixture
from schemas.events import COUNTED_CLASSES

DOCUMENT = Path(__file__).parents[1] / "docs" / "classification.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
CLASSES = ("human", "image_proxy", "privacy_prefetch", "scanner", "link_preview", "crawler", "script", "self")
Judge = Callable[[str], Classification]


def main() -> None:
    """Measure what was given, print it, and put it into the document if asked to."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.classification", description=__doc__)
    parser.add_argument("--labelled", type=Path, help="TSV with the columns user_agent and label")
    parser.add_argument("--device-detector", type=Path, help="folder of Matomo's fixtures (tests/fixtures/upstream)")
    parser.add_argument("--user-agents", type=Path, help="user-agents.json of the npm package user-agents")
    parser.add_argument("--yauaa", type=Path, help="folder UserAgents of the jar nl.basjes.parse.useragent:yauaa")
    parser.add_argument("--write", action="store_true", help="put the result into docs/classification.md")
    arguments = parser.parse_args()
    judge = classifier()

    def one(agent: str) -> Classification:
        return judge.classify(HitFacts(agent))

    parts = []
    if arguments.labelled:
        parts.append(labelled(arguments.labelled, one))
    listed = list(sources.crawler_user_agents())
    parts.append(matrix("crawler-user-agents, its own examples by its tags", listed, one))
    people: list[Fixture] = []
    if arguments.device_detector:
        parts.append(matrix("Matomo, bots by category", sources.matomo_bots(arguments.device_detector), one))
        people += sources.matomo_people(arguments.device_detector)
    if arguments.user_agents:
        people += sources.intoli(arguments.user_agents)
    if people:
        parts.append(matrix("Readers: Matomo's fixtures, and browsers seen by intoli", people, one))
    if arguments.yauaa:
        parts.append(matrix("Yauaa: readers by program, and robots of any kind", sources.yauaa(arguments.yauaa), one))
    seen = [fixture.agent for fixture in people if fixture.group.startswith("intoli")]
    parts.append(speed([fixture.agent for fixture in listed] + seen))
    text = "\n\n".join(parts)
    print(text)
    if arguments.write:
        before, _, rest = DOCUMENT.read_text().partition(BEGIN)
        DOCUMENT.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.partition(END)[2]}")


def labelled(path: Path, one: Judge) -> str:
    """Return the confusion matrix of a labelled sample, the binary measures, and every miss."""
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    matrix: Counter[tuple[str, str]] = Counter()
    misses, devices, right_devices = [], 0, 0
    for row in rows:
        label, agent = row["label"], row["user_agent"]
        expected = "human" if label.startswith("human") else label.replace("-", "_")
        found = one(agent)
        matrix[expected, found.open_class] += 1
        if expected != found.open_class:
            misses.append(f"- `{agent}`: {expected}, judged {found.open_class}")
        if label.startswith("human-"):
            devices += 1
            right_devices += label.removeprefix("human-") == found.device
    used = [name for name in CLASSES if any(name in pair for pair in matrix)]
    table = [[f"**{truth}**", *(str(matrix[truth, guess] or "·") for guess in used)] for truth in used]
    people = sum(count for (truth, _), count in matrix.items() if truth == "human")
    lost = sum(n for (truth, guess), n in matrix.items() if truth == "human" and guess not in COUNTED_CLASSES)
    agree = sum(n for (truth, guess), n in matrix.items() if (truth in COUNTED_CLASSES) == (guess in COUNTED_CLASSES))
    return "\n\n".join(
        (
            f"### The labelled sample ({len(rows)} user agents; rows are the labels, columns what we say)",
            _table(["", *used], table),
            f"Counts or does not, as labelled: **{agree / len(rows):.1%}**. People wrongly discarded: **{lost}** of "
            f"{people}. Device right: **{right_devices / max(1, devices):.1%}** of {devices}.",
            *(["Misses:\n\n" + "\n".join(misses)] if misses else []),
        )
    )


def _place(expected: str | None, group: str) -> tuple[int, str]:
    return (len(CLASSES) if expected is None else CLASSES.index(expected), group)


def matrix(title: str, fixtures: Iterable[Fixture], one: Judge) -> str:
    """Return a table of what each group was judged to be; the class it should have is in bold."""
    found: dict[str, Counter[str]] = {}
    expected: dict[str, str | None] = {}
    devices: dict[str, Counter[bool]] = {}
    for fixture in {fixture.agent: fixture for fixture in fixtures}.values():
        judged = one(fixture.agent)
        found.setdefault(fixture.group, Counter())[judged.open_class] += 1
        expected[fixture.group] = fixture.expected
        if fixture.device and judged.open_class == "human":
            devices.setdefault(fixture.group, Counter())[judged.device == fixture.device] += 1
    used = [name for name in CLASSES if any(counts[name] for counts in found.values())]
    rows = []
    for group, counts in sorted(found.items(), key=lambda item: _place(expected[item[0]], item[0])):
        cells = [f"**{counts[name]}**" if name == expected[group] else str(counts[name] or "·") for name in used]
        every = counts.total()
        counted = sum(counts[name] for name in COUNTED_CLASSES)
        agree = counted if expected[group] in COUNTED_CLASSES else every - counted
        of = devices.get(group, Counter())
        device = f"{of[True] / of.total():.1%}" if of else ""
        right = f"{counts[expected[group] or ''] / every:.1%}" if expected[group] else ""
        rows.append([group, *cells, f"{agree / every:.1%}", right, device])
    return f"### {title}\n\n" + _table(["", *used, "counts or not", "class", "device"], rows)


def speed(agents: list[str]) -> str:
    """Return classifications per second: seen before, never seen, and never seen at its worst."""
    agents = list(dict.fromkeys(agents))
    fresh = Classifier(classifier().ruleset, cache_size=1)
    fresh.classify(HitFacts(agents[0]))
    uncached = _rate(lambda: [fresh.classify(HitFacts(agent)) for agent in agents], len(agents))
    odd = [f"Mozilla/5.0 (X11; Linux x86_64) {f'Word{n}/1.0 ' * 80}"[:1024] for n in range(400)]
    worst = _rate(lambda: [fresh.classify(HitFacts(agent)) for agent in odd], len(odd))
    warm, many = classifier(), [HitFacts(agent) for agent in agents] * 100
    for hit in many[: len(agents)]:
        warm.classify(hit)
    classify = warm.classify
    cached = _rate(lambda: [classify(hit) for hit in many], len(many))
    rows = [
        ["seen before (cache)", f"{cached:,.0f}"],
        [f"never seen: {len(agents):,} different bots and browsers", f"{uncached:,.0f}"],
        ["never seen: 1,024 characters that only look like a browser", f"{worst:,.0f}"],
    ]
    return "### Speed, one core\n\n" + _table(["hits", "classifications/s"], rows)


def _rate(work: Callable[[], object], count: int) -> float:
    best = min(_seconds(work) for _ in range(3))
    return count / best


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _table(header: list[str], rows: list[list[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


if __name__ == "__main__":
    main()
