"""`heliograph …` in which ruleset 2 exists and takes its time: `python -m tests.replay.with_ruleset_2 replay …`."""

from app.cli import main
from tests.replay.rulesets import register

if __name__ == "__main__":
    register(seconds_each=0.002)
    main()
