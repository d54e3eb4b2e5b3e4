"""How long to wait before a process that died is started again."""

from dataclasses import dataclass, field


@dataclass
class Backoff:
    """Doubling waits up to a ceiling, forgotten after a good run. All times in seconds."""

    first_seconds: float = 0.2
    ceiling_seconds: float = 10.0
    good_run_seconds: float = 10.0
    failures: int = field(default=0, init=False)
    """Deaths since the last good run."""

    def after_run_of(self, seconds: float) -> float:
        """Return the wait after a run that lasted `seconds`."""
        if seconds >= self.good_run_seconds:
            self.failures = 0
        wait = self.first_seconds * 2.0 ** min(self.failures, 16)  # the cap keeps the power finite
        self.failures += 1
        return min(wait, self.ceiling_seconds)
