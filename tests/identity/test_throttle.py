import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.errors import TooManyRequestsError
from app.identity.models import SigninFailure
from app.identity.throttle import (
    FAILURES_PER_ACCOUNT,
    FAILURES_PER_ADDRESS,
    FAILURES_PER_PAIR,
    Attempt,
    SigninThrottle,
)
from app.store.database import Database
from app.store.models import Salt

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)


async def succeed(database: Database, throttle: SigninThrottle, attempt: Attempt, now: datetime = NOW) -> None:
    async with database.session() as session:
        await throttle.succeeded(session, attempt, now=now)


async def test_failures_are_forgiven_after_the_window(database: Database) -> None:
    throttle = SigninThrottle(database)
    for _ in range(FAILURES_PER_PAIR):
        await throttle.begin(address="a", account="x", now=NOW)
    with pytest.raises(TooManyRequestsError) as refused:
        await throttle.begin(address="a", account="x", now=NOW)
    later = NOW + timedelta(seconds=refused.value.extensions["retryAfter"])
    await throttle.begin(address="a", account="x", now=later)


async def test_two_processes_count_together_and_none_slips_through(database: Database, database_url: str) -> None:
    other = Database(database_url)
    throttles = [SigninThrottle(database), SigninThrottle(other)]

    async def one(number: int) -> bool:
        try:
            await throttles[number % 2].begin(address="a", account="x", now=NOW)
        except TooManyRequestsError:
            return False
        return True

    passed = await asyncio.gather(*(one(number) for number in range(FAILURES_PER_PAIR * 3)))
    await other.dispose()
    assert sum(passed) == FAILURES_PER_PAIR


async def test_success_takes_the_failures_of_the_account_back(database: Database) -> None:
    throttle = SigninThrottle(database)
    for _ in range(3):
        for _ in range(FAILURES_PER_PAIR):
            attempt = await throttle.begin(address="a", account="x", browser="mine", now=NOW)
        await succeed(database, throttle, attempt)


async def test_one_address_cannot_try_every_account(database: Database) -> None:
    throttle = SigninThrottle(database)
    for number in range(FAILURES_PER_ADDRESS):
        await throttle.begin(address="a", account=f"account {number}", now=NOW)
    with pytest.raises(TooManyRequestsError):
        await throttle.begin(address="a", account="one more", now=NOW)
    await throttle.begin(address="b", account="one more", now=NOW)


async def test_one_household_has_a_whole_network_of_ipv6_and_counts_once(database: Database) -> None:
    throttle = SigninThrottle(database)
    for number in range(FAILURES_PER_PAIR):
        await throttle.begin(address=f"2001:db8::{number:x}", account="x", now=NOW)
    with pytest.raises(TooManyRequestsError):
        await throttle.begin(address="2001:db8::ffff", account="x", now=NOW)
    await throttle.begin(address="2001:db8:0:1::1", account="x", now=NOW)


async def test_ipv4_clients_of_a_dual_stack_socket_are_not_one_household(database: Database) -> None:
    throttle = SigninThrottle(database)
    for number in range(FAILURES_PER_PAIR):
        await throttle.begin(address=("::ffff:8.8.8.8", "8.8.8.8", "::ffff:808:808")[number % 3], account="x", now=NOW)
    with pytest.raises(TooManyRequestsError):
        await throttle.begin(address="8.8.8.8", account="x", now=NOW)
    await throttle.begin(address="::ffff:8.8.4.4", account="x", now=NOW)


async def test_many_successes_from_one_address_are_no_spray(database: Database) -> None:
    throttle = SigninThrottle(database)
    for number in range(FAILURES_PER_ADDRESS + 10):
        attempt = await throttle.begin(address="office", account=f"account {number}", now=NOW)
        await succeed(database, throttle, attempt)


async def test_strangers_everywhere_hold_up_an_account_for_a_minute_and_never_its_own_browser(
    database: Database,
) -> None:
    throttle = SigninThrottle(database)
    mine = await throttle.begin(address="home", account="x", browser="mine", now=NOW)
    await succeed(database, throttle, mine)
    for number in range(FAILURES_PER_ACCOUNT):
        await throttle.begin(address=f"stranger {number}", account="x", browser=f"b{number}", now=NOW)
    with pytest.raises(TooManyRequestsError) as refused:
        await throttle.begin(address="one more", account="x", browser="new", now=NOW)
    assert refused.value.extensions["retryAfter"] <= 61
    await throttle.begin(address="elsewhere", account="x", browser="mine", now=NOW)
    await throttle.begin(address="one more", account="x", browser="new", now=NOW + timedelta(seconds=61))


async def test_the_store_holds_neither_address_nor_account_and_forgets(database: Database) -> None:
    async with database.session() as session:
        session.add(Salt(day=date(2026, 1, 15), salt=b"s" * 32))
    throttle = SigninThrottle(database)
    for number in range(30):
        await throttle.begin(address=f"203.0.113.{number}", account=f"p{number}@acme.test", now=NOW)
    async with database.reading() as session:
        keys = (await session.scalars(select(SigninFailure.key))).all()
    assert len(keys) == 90
    assert not any("203.0" in key or "acme" in key for key in keys)
    later = NOW + timedelta(minutes=20)
    attempt = await throttle.begin(address="203.0.113.1", account="x", browser="mine", now=later)
    await succeed(database, throttle, attempt, later)
    async with database.reading() as session:
        kept = (await session.scalars(select(SigninFailure.key))).all()
    assert sorted(key[0] for key in kept) == ["a", "c", "k"]
