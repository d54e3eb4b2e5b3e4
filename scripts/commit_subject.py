"""Checks the subject line of a commit message: its form, its length, one change.

The hook `commit-msg` runs it with the file of the message. Standard library only.
"""

import re
import sys
from pathlib import Path

LONGEST = 72
KINDS = ("feat", "fix", "perf", "refactor", "test", "docs", "bench", "build", "ci", "revert")
_FORM = re.compile(rf"(?:{'|'.join(KINDS)})(?:\([a-z0-9_-]+\))?!?: \S")
_SECOND = re.compile(rf"; (?:{'|'.join(KINDS)})[(:!]")
_OF_GIT = ("Merge ", "Revert ", "fixup! ", "squash! ")


def problem_of(message: str) -> str | None:
    """Return what is wrong with the subject of a commit message in one sentence, None if it is right."""
    subject = message.splitlines()[0].rstrip() if message.strip() else ""
    if subject.startswith(_OF_GIT):
        return None
    if not _FORM.match(subject):
        return (
            f"The subject is not of the form “fix(collector): what changed”; it begins with one of {', '.join(KINDS)}."
        )
    if _SECOND.search(subject):
        return "The subject names two changes; make two commits."
    if len(subject) > LONGEST:
        return f"The subject has {len(subject)} characters, at most {LONGEST} are shown; why goes into the body."
    return None


def main() -> None:
    """Check the message in the file that Git names; exit with 1 and a sentence if its subject is wrong."""
    if len(sys.argv) != 2:
        sys.exit("usage: commit_subject.py FILE")
    if problem := problem_of(Path(sys.argv[1]).read_text(encoding="utf-8")):
        sys.exit(problem)


if __name__ == "__main__":
    main()
