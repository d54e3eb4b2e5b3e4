"""What a siege says: a line for each step while it goes on, and at the end what was wrong and how to see it again."""

import shlex

from tests.siege.ground import StackKind
from tests.siege.siege import Done, Verdict


def line(done: Done) -> str:
    """Return one line for a step, and one for each thing that was wrong with it."""
    step = done.step
    first = (
        f"{done.at_seconds:6.0f} s  #{step.number:<3} {step.trouble.name:<20} {step.hold_seconds:5.1f} s, "
        f"ready again after {done.healed_seconds:5.1f} s  {'WRONG' if done.wrongs else 'ok'}"
    )
    return "\n".join([first, *(f"              {wrong}" for wrong in done.wrongs)])


def verdict_lines(verdict: Verdict, *, seed: int, kind: StackKind, minutes: float, only: str | None) -> list[str]:
    """Return the last lines: the sums, what was wrong by trouble, and the command that does the same again."""
    wrong_steps = [done for done in verdict.steps if done.wrongs]
    lines = [
        "",
        f"{len(verdict.steps)} troubles, {verdict.answered} answered hits, {verdict.lost} of them told as lost.",
    ]
    if verdict.is_clean:
        lines.append("Exact: accepted = stored + dropped, nothing twice, every view as the log says, readiness true.")
    if wrong_steps:
        lines.append(f"Readiness was wrong in {len(wrong_steps)} of them:")
        for name in sorted({done.step.trouble.name for done in wrong_steps}):
            first = next(done for done in wrong_steps if done.step.trouble.name == name)
            lines += [f"  {name} (first in #{first.step.number})", *(f"    {wrong}" for wrong in first.wrongs)]
    if verdict.wrongs:
        lines += ["The accounts do not agree:", *(f"  {wrong}" for wrong in verdict.wrongs)]
    else:
        lines.append("The accounts agree.")
    again = ["python", "-m", "tests.siege", "--seed", str(seed), "--stack", kind, "--minutes", f"{minutes:g}"]
    lines.append(f"The same again: {shlex.join(again + (['--only', only] if only else []))}")
    return lines
