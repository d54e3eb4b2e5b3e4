import pytest

from app.errors import TooManyRequestsError
from app.identity import throttle as module
from app.identity.throttle import FAILURES_PER_ACCOUNT, FAILURES_PER_ADDRESS, SigninThrottle


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_failures_are_forgiven_after_the_window() -> None:
    clock = Clock()
    throttle = SigninThrottle(clock)
    for _ in range(FAILURES_PER_ACCOUNT):
        throttle.begin(address="a", account="x")
    with pytest.raises(TooManyRequestsError) as refused:
        throttle.begin(address="a", account="x")
    clock.now += refused.value.extensions["retryAfter"]
    throttle.begin(address="a", account="x")


def test_success_takes_the_failures_of_the_account_back() -> None:
    throttle = SigninThrottle(Clock())
    for _ in range(3):
        for _ in range(FAILURES_PER_ACCOUNT):
            throttle.begin(address="a", account="x")
        throttle.succeeded(address="a", account="x")


def test_one_address_cannot_try_every_account() -> None:
    throttle = SigninThrottle(Clock())
    for number in range(FAILURES_PER_ADDRESS):
        throttle.begin(address="a", account=f"account {number}")
    with pytest.raises(TooManyRequestsError):
        throttle.begin(address="a", account="one more")
    throttle.begin(address="b", account="one more")


def test_many_successes_from_one_address_are_no_spray() -> None:
    throttle = SigninThrottle(Clock())
    for number in range(FAILURES_PER_ADDRESS * 2):
        throttle.begin(address="office", account=f"account {number}")
        throttle.succeeded(address="office", account=f"account {number}")


def test_memory_is_bounded_and_holds_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_KEYS", 100)
    throttle = SigninThrottle(Clock())
    for number in range(1000):
        throttle.begin(address=f"203.0.113.{number}", account="x")
    assert len(throttle._attempts) <= 101
    assert not any(b"203.0" in key for key in throttle._attempts)
