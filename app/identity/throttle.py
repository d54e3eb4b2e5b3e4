"""Slows down guessing: failed sign-ins per address, per account and per both, counted for all API processes together.

What is counted, and why nobody can lock somebody else out for long:

- one address on one account, and one address on all accounts: a window of 15 minutes;
- one account from everywhere: a window of one minute, and only for browsers that never signed in to it. The person's
  own browser carries a value that says so (OWASP calls it a device cookie), and goes on whatever strangers do.

An account is a person, not an e-mail address: somebody who adds the address to an organisation of their own and signs
in there gets no guess back, and no browser of theirs becomes known to the other person.

Neither addresses nor accounts are kept: keys are HMACs under the salt of the UTC day, which is destroyed after it.
"""

import hashlib
import hmac
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_network

from sqlalchemy import case, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import TooManyRequestsError
from app.identity.models import SigninFailure
from app.ip_addresses import parsed_address
from app.store.database import Database
from app.store.models import Salt

WINDOW = timedelta(minutes=15)
FAILURES_PER_PAIR = 5
"""Failures of one address on one account within the window, before it has to wait."""
FAILURES_PER_ADDRESS = 50
"""Failures of one address on any account: an office behind one address makes a few, a spray makes many."""
ACCOUNT_WINDOW = timedelta(minutes=1)
FAILURES_PER_ACCOUNT = 10
"""Failures on one account from anywhere, by browsers it does not know: 14,400 guesses a day find no passphrase."""
BROWSER_KNOWN_FOR = timedelta(days=180)
_KNOWN = "k"


@dataclass(frozen=True, slots=True)
class Limit:
    """One thing that is counted."""

    key: str
    most: int
    window: timedelta


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that was noted as a failure until somebody says that it succeeded."""

    limits: tuple[Limit, ...]
    known_key: str


@dataclass(frozen=True, slots=True)
class Begun:
    """One attempt on several accounts: what may be tried, and how long the others wait, in seconds."""

    attempts: Mapping[str, Attempt]
    refused: Mapping[str, int]

    def too_many(self) -> TooManyRequestsError:
        """Return what to tell somebody who has to wait for one of them."""
        wait = max(self.refused.values())
        return TooManyRequestsError(
            f"Too many failed sign-ins; wait {wait} seconds, or use a sign-in link.", retryAfter=wait
        )


class SigninThrottle:
    """Counts attempts before they are checked, so that many at once cannot slip through together."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, *, account: str, now: datetime, address: str | None = None, browser: str = "") -> Attempt:
        """Note an attempt; raises `TooManyRequestsError` (with `retryAfter`, seconds) if there were too many.

        Without an address (somebody who is signed in already) only the account itself is counted.
        """
        begun = await self.begin_each([account], now=now, address=address, browser=browser)
        return begun.attempts[account]

    async def begin_each(
        self, accounts: Sequence[str], *, now: datetime, address: str | None = None, browser: str = ""
    ) -> Begun:
        """Note one attempt on several accounts, because one e-mail address may belong to all of them.

        Each counts for itself, so that success on one gives nothing back to another. An account that was tried too
        often is refused while the rest are tried; raises `TooManyRequestsError` if nothing is left to try.
        """
        async with self._database.reading() as session:
            salt = await session.scalar(select(Salt.salt).where(Salt.day == now.date())) or b""
            attempts = {
                account: await _attempt(session, salt, account=account, address=address, browser=browser, now=now)
                for account in accounts
            }
            waits = await _waits(session, attempts.values(), now)
        begun = _begun(attempts, waits)  # a flood that is refused writes nothing
        async with self._database.session() as session:
            limits = {limit.key: limit for attempt in begun.attempts.values() for limit in attempt.limits}
            over = False
            for key in sorted(limits):  # one order: no two wait for each other
                over |= await _counted(session, limits[key], now) > limits[key].most
            if over:  # others were faster; what was counted meanwhile is taken back if nothing is left
                begun = _begun(attempts, waits | await _waits(session, begun.attempts.values(), now, is_counted=True))
        return begun

    async def succeeded(self, session: AsyncSession, attempt: Attempt, *, now: datetime) -> None:
        """Take back the attempt that was noted, in the caller's transaction: only failures count.

        The pair starts anew, and the browser is known to the account from now on.
        """
        pair, *others = attempt.limits
        await session.execute(delete(SigninFailure).where(SigninFailure.key == pair.key))
        await session.execute(
            update(SigninFailure)
            .where(SigninFailure.key.in_([limit.key for limit in others]), SigninFailure.failures > 0)
            .values(failures=SigninFailure.failures - 1)
        )
        if attempt.known_key:
            await _upsert(session, attempt.known_key, now)
        await session.execute(
            delete(SigninFailure).where(
                SigninFailure.window_started_at < now - WINDOW, SigninFailure.key.not_like(f"{_KNOWN}%")
            )
        )
        await session.execute(delete(SigninFailure).where(SigninFailure.window_started_at < now - BROWSER_KNOWN_FOR))


async def _attempt(
    session: AsyncSession, salt: bytes, *, account: str, address: str | None, browser: str, now: datetime
) -> Attempt:
    """Return what this attempt counts against; the pair stands first."""
    if address is None:
        return Attempt((Limit(_key("s", salt, account), FAILURES_PER_PAIR, WINDOW),), "")
    network = _network(address)
    limits = [
        Limit(_key("p", salt, network, account), FAILURES_PER_PAIR, WINDOW),
        Limit(_key("a", salt, network), FAILURES_PER_ADDRESS, WINDOW),
    ]
    known_key = _key(_KNOWN, b"", browser, account) if browser else ""  # the browser's value is secret enough
    known = select(SigninFailure.key).where(
        SigninFailure.key == known_key, SigninFailure.window_started_at > now - BROWSER_KNOWN_FOR
    )
    if await session.scalar(known) is None:
        limits.append(Limit(_key("c", salt, account), FAILURES_PER_ACCOUNT, ACCOUNT_WINDOW))
    return Attempt(tuple(limits), known_key)


async def _waits(
    session: AsyncSession, attempts: Collection[Attempt], now: datetime, *, is_counted: bool = False
) -> dict[str, int]:
    """Return how long each key has to wait that is over its limit, in seconds; `is_counted`: with this attempt."""
    limits = {limit.key: limit for attempt in attempts for limit in attempt.limits}
    found: dict[str, int] = {}
    for row in await session.scalars(select(SigninFailure).where(SigninFailure.key.in_(limits))):
        limit = limits[row.key]
        left = (row.window_started_at + limit.window - now).total_seconds()
        if row.failures - is_counted >= limit.most and left > 0:
            found[row.key] = int(left) + 1
    return found


def _begun(attempts: Mapping[str, Attempt], waits: Mapping[str, int]) -> Begun:
    """Part those that may be tried from those that wait; raises `TooManyRequestsError` if all of them do."""
    refused = {
        account: max(waits[limit.key] for limit in attempt.limits if limit.key in waits)
        for account, attempt in attempts.items()
        if any(limit.key in waits for limit in attempt.limits)
    }
    begun = Begun({account: attempt for account, attempt in attempts.items() if account not in refused}, refused)
    if not begun.attempts:
        raise begun.too_many()
    return begun


async def _counted(session: AsyncSession, limit: Limit, now: datetime) -> int:
    """Count one more in this key's window (a new one if the old is over) and return how many there are."""
    is_over = SigninFailure.window_started_at <= now - limit.window
    return await _upsert(
        session,
        limit.key,
        now,
        failures=case((is_over, 1), else_=SigninFailure.failures + 1),
        window_started_at=case((is_over, now), else_=SigninFailure.window_started_at),
    )


async def _upsert(session: AsyncSession, key: str, now: datetime, **then: object) -> int:
    """Insert the key's row, or make of it what `then` says; return its failures."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    insert = sqlite.insert(SigninFailure) if is_sqlite else postgresql.insert(SigninFailure)
    statement = (
        insert.values(key=key, failures=1, window_started_at=now)
        .on_conflict_do_update(index_elements=["key"], set_=then or {"window_started_at": now})
        .returning(SigninFailure.failures)
    )
    return int((await session.execute(statement)).scalar_one())


def _network(address: str) -> str:
    """Return what is counted as one address: of IPv6 the /64, because one household has all of it."""
    parsed = parsed_address(address)
    if parsed is None:
        return address
    return str(ip_network((parsed, 64), strict=False)) if parsed.version == 6 else str(parsed)


def _key(kind: str, salt: bytes, *parts: str) -> str:
    """Return the kind and 252 bits: as long as the column."""
    return kind + hmac.digest(b"signin" + salt, "\0".join(parts).encode(), hashlib.sha256).hex()[:63]
