"""The secret of each UTC day under which visitors are hashed: made ahead, shared, and destroyed when the day is over.

Collectors share salts through the relational store and keep a copy beside them (mode 0600), so that they agree and
also start while everything else is down. There is no master secret a salt could be derived from: once a day's salt
is gone, nobody can link its visitors to anything (SPEC H7).
"""

import asyncio
import contextlib
import json
import logging
import os
import secrets
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from app.errors import AppError
from app.outage import Outage
from app.store.database import Database
from app.store.models import Salt

log = logging.getLogger("heliograph.salts")

DAYS_AHEAD = 3
SALT_BYTES = 32
_DAY_MS = 86_400_000


def utc_day(at_ms: int) -> date:
    """Return the UTC day of a time in milliseconds since the epoch."""
    return date(1970, 1, 1) + timedelta(days=at_ms // _DAY_MS)


class Salts:
    """Today's salt in constant time, for the hot path; the file and the store behind it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._by_day: dict[date, bytes] = self._load()
        self._from_ms = self._until_ms = 0
        self._salt = b""
        self._outage = Outage(
            log, "the relational store", meanwhile="salts come from the file; collectors may not agree on new days"
        )

    def at(self, at_ms: int) -> bytes:
        """Return the salt of the day of `at_ms`; a day without one (a clock that jumped) gets a fresh one."""
        if not self._from_ms <= at_ms < self._until_ms:
            day = utc_day(at_ms)
            if day not in self._by_day:
                self._by_day[day] = secrets.token_bytes(SALT_BYTES)
                self._save()
            self._salt = self._by_day[day]
            self._from_ms = at_ms // _DAY_MS * _DAY_MS
            self._until_ms = self._from_ms + _DAY_MS
        return self._salt

    def prepare(self, today: date) -> None:
        """Make salts for today and the days ahead, destroy those of days that are over, and save."""
        before = dict(self._by_day)
        for ahead in range(DAYS_AHEAD + 1):
            self._by_day.setdefault(today + timedelta(days=ahead), secrets.token_bytes(SALT_BYTES))
        self._by_day = {day: salt for day, salt in self._by_day.items() if day >= today}
        if self._by_day != before:
            self._save()

    async def agree(self, database: Database, today: date) -> None:
        """Offer our salts to the store and take over what was there first; destroys past days there too.

        Raises `UnavailableError` when the store is away; the salts of the file go on working.
        """
        self.prepare(today)
        async with database.session() as session:
            await session.execute(delete(Salt).where(Salt.day < today))
        for day in sorted(self._by_day):
            with contextlib.suppress(IntegrityError):  # another collector was first: its salt holds
                async with database.session() as session:
                    if await session.get(Salt, day) is None:
                        session.add(Salt(day=day, salt=self._by_day[day]))
        async with database.reading() as session:
            shared = {row.day: row.salt for row in await session.scalars(select(Salt))}
        if any(self._by_day.get(day) != salt for day, salt in shared.items()):
            self._by_day |= shared
            self._from_ms = self._until_ms = 0
            self._save()

    async def keep(self, database: Database, every_seconds: float) -> None:
        """Go on agreeing with the store until cancelled."""
        while True:
            today = datetime.now(UTC).date()
            self.prepare(today)
            try:
                await self.agree(database, today)
            except (AppError, SQLAlchemyError, OSError) as error:
                self._outage.begin(error)
            else:
                self._outage.end()
            until_midnight = 86_400 - datetime.now(UTC).timestamp() % 86_400
            await asyncio.sleep(min(every_seconds, until_midnight + 0.05))

    def _load(self) -> dict[date, bytes]:
        try:
            text = self._path.read_text()
        except FileNotFoundError:
            return {}
        try:
            return {date.fromisoformat(day): bytes.fromhex(salt) for day, salt in json.loads(text).items()}
        except (ValueError, AttributeError):
            log.warning("%s cannot be read as salts; new ones are made", self._path)
            return {}

    def _save(self) -> None:
        """Write the file so that it is whole at every moment; a full disk leaves the salts in memory only."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            temporary = self._path.with_name(f"{self._path.name}.{os.getpid()}.tmp")
            fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(fd, "w") as file:
                json.dump({day.isoformat(): salt.hex() for day, salt in sorted(self._by_day.items())}, file)
            temporary.replace(self._path)
        except OSError as error:
            log.warning("cannot save salts to %s: %s", self._path, error.strerror)
