from app.embedded.backoff import Backoff


def test_the_first_restart_is_quick_and_the_next_ones_are_slower_up_to_a_ceiling() -> None:
    backoff = Backoff()
    waits = [backoff.after_run_of(1) for _ in range(10)]
    assert waits[:4] == [0.2, 0.4, 0.8, 1.6]
    assert waits[-1] == backoff.ceiling_seconds


def test_a_good_run_is_forgiven_everything() -> None:
    backoff = Backoff()
    for _ in range(10):
        backoff.after_run_of(1)
    assert backoff.after_run_of(backoff.good_run_seconds) == 0.2


def test_a_million_failures_still_give_a_finite_wait() -> None:
    backoff = Backoff()
    backoff.failures = 1_000_000
    assert backoff.after_run_of(0) == backoff.ceiling_seconds
