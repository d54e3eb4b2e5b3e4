"""How well and how fast hits are classified: `python -m benchmarks.classification --help`.

No list of user agents is part of this repository. The labelled sample and the fixtures of public projects are given
by path; `docs/classification.md` says where they come from. Only crawler-user-agents is installed with us.
"""

import argparse
import csv
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import yaml
from crawleruseragents import CRAWLER_USER_AGENTS_DATA

from app.classification.classifier import Classifier, classifier
from app.classification.model import Classification, HitFacts
from schemas.events import COUNTED_CLASSES

DOCUMENT = Path(__file__).parents[1] / "docs" / "classification.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
CLASSES = ("human", "image_proxy", "privacy_prefetch", "scanner", "link_preview", "crawler", "script", "self")
FORMS = {
    "smartphone": "mobile",
    "phablet": "mobile",
    "feature phone": "mobile",
    "tablet": "tablet",
    "desktop": "desktop",
}
Judge = Callable[[str], Classification]


def main() -> None:
    """Measure what was given, print it, and put it into the document if asked to."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.classification", description=__doc__)
    parser.add_argument("--labelled", type=Path, help="TSV with the columns user_agent and label")
    parser.add_argument("--device-detector", type=Path, help="folder of Matomo's fixtures (tests/fixtures/upstream)")
    parser.add_argument("--user-agents", type=Path, help="user-agents.json of the npm package user-agents")
    parser.add_argument("--write", action="store_true", help="put the result into docs/classification.md")
    arguments = parser.parse_args()
    judge = classifier()

    def one(agent: str) -> Classification:
        return judge.classify(HitFacts(agent))

    parts = []
    agents = [agent for row in CRAWLER_USER_AGENTS_DATA for agent in row["instances"]]
    if arguments.labelled:
        parts.append(labelled(arguments.labelled, one))
    parts.append(public(agents, arguments.device_detector, arguments.user_agents, one))
    if arguments.user_agents:
        agents += {row["userAgent"] for row in json.loads(arguments.user_agents.read_text())}
    parts.append(speed(agents))
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


def public(listed: list[str], matomo: Path | None, browsers: Path | None, one: Judge) -> str:
    """Return the table of public projects' fixtures."""
    rows = [_machines("crawler-user-agents, its own examples", listed, one)]
    if browsers is not None:
        seen = {row["userAgent"]: row["deviceCategory"] for row in json.loads(browsers.read_text())}
        rows.append(_people("browsers seen by intoli (npm user-agents)", seen.items(), one))
    if matomo is not None:
        bots, forms = _matomo(matomo)
        rows.append(_machines("Matomo, bots", bots, one))
        rows += [_people(f"Matomo, {form}", agents, one) for form, agents in sorted(forms.items())]
    header = ["fixtures", "user agents", "judged as they should be", "device right"]
    return "### Fixtures of public projects, each user agent once\n\n" + _table(header, rows)


def _matomo(folder: Path) -> tuple[list[str], dict[str, list[tuple[str, str]]]]:
    """Return the bots, and browsers and mail programs by form; other applications do not show mail."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    bots: dict[str, None] = {}
    forms: dict[str, dict[str, str]] = {}
    for path in sorted(folder.glob("*.yml")):
        entries: list[dict[str, Any]] = yaml.load(path.read_text(), loader) or []
        for entry in entries:
            client, device = entry.get("client"), entry.get("device")
            if isinstance(entry.get("bot"), dict):
                bots[entry["user_agent"]] = None
            elif isinstance(client, dict) and client.get("type") in ("browser", "pim") and isinstance(device, dict):
                form = FORMS.get(str(device.get("type")))
                if form is not None:
                    forms.setdefault(form, {})[entry["user_agent"]] = form
    return list(bots), {form: list(agents.items()) for form, agents in forms.items()}


def _machines(name: str, agents: Iterable[str], one: Judge) -> list[str]:
    found = [one(agent).open_class != "human" for agent in dict.fromkeys(agents)]
    return [name, f"{len(found):,}", f"{sum(found) / len(found):.2%} machines", ""]


def _people(name: str, agents: Iterable[tuple[str, str]], one: Judge) -> list[str]:
    found = [(one(agent), device) for agent, device in agents]
    people = [(judged, device) for judged, device in found if judged.open_class == "human"]
    right = sum(judged.device == device for judged, device in people)
    return [name, f"{len(found):,}", f"{len(people) / len(found):.2%} people", f"{right / max(1, len(people)):.1%}"]


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
