"""Everybody's signature as one zip, written while it is sent: memory stays the same for any number of people."""

import asyncio
import re
import unicodedata
import zipfile
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app import csv_out
from app.campaigns.service import ActivePixel
from app.identity.models import User
from app.signatures.rendering import Renderer, pixels_of_all
from app.signatures.schemas import MySignature
from app.store.database import Database

HEADER = ("email", "name", "department", "html file", "text file", "user pixel", "campaigns")
_PAGE = 250
_NOT_IN_NAMES = re.compile(r"[^a-z0-9@._+-]+")
_DOCUMENT = '<!doctype html>\n<html><head><meta charset="utf-8"></head><body>\n{}\n</body></html>\n'


class _Sink:
    """What the zip is written to: holds what was written since it was last emptied."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes, /) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def close(self) -> None:
        """Do nothing: there is nothing to close."""

    def flush(self) -> None:
        """Do nothing: what was written is already here."""

    def take(self) -> bytes:
        taken, self._parts = b"".join(self._parts), []
        return taken


def file_name(email: str, taken: dict[str, int]) -> str:
    """Return a name for the files of an address that every file system takes, and that nobody else has.

    `taken` holds the names there are, and how many of each were asked for: thousands may come down to the same one.
    """
    plain = unicodedata.normalize("NFKC", email).lower()
    stem = _NOT_IN_NAMES.sub("_", plain).strip("._-")[:100] or "person"
    name = stem
    while name in taken:
        taken[stem] += 1
        name = f"{stem}-{taken[stem]}"
    taken[name] = 1
    return name


async def exported(database: Database, organisation_id: UUID, made: Renderer, *, now: datetime) -> AsyncIterator[bytes]:
    """Yield a zip: for each active person an .htm and a .txt, and manifest.csv, safe to open in a spreadsheet."""
    sink = _Sink()
    rows: list[tuple[str | None, ...]] = []
    taken = {"manifest": 1}
    async with database.reading() as session:
        tokens, campaigns = await pixels_of_all(session, organisation_id)
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        after = ""
        while people := await _page(database, organisation_id, after):
            batch = [(user, made, tokens.get(user.id), campaigns.get(user.id, [])) for user in people]
            rows.extend(await asyncio.to_thread(_pack, archive, batch, taken, now))  # others are answered meanwhile
            after = people[-1].email
            yield sink.take()
        _write(archive, "manifest.csv", csv_out.BOM + csv_out.lines([HEADER]) + csv_out.lines(rows), now)
    yield sink.take()


def _pack(
    archive: zipfile.ZipFile,
    people: Sequence[tuple[User, Renderer, str | None, Sequence[ActivePixel]]],
    taken: dict[str, int],
    now: datetime,
) -> list[tuple[str | None, ...]]:
    """Render people and write their files; return their rows of the manifest."""
    rows: list[tuple[str | None, ...]] = []
    for user, made, token, campaigns in people:
        signature = made.signature(user, token, campaigns)
        name = file_name(user.email, taken)
        _write(archive, f"{name}.htm", _DOCUMENT.format(signature.html), now)
        _write(archive, f"{name}.txt", signature.plain_text + "\n", now)
        rows.append(_row(user, name, signature))
    return rows


async def _page(database: Database, organisation_id: UUID, after: str) -> list[User]:
    async with database.reading() as session:
        found = await session.scalars(
            select(User)
            .where(User.organisation_id == organisation_id, User.is_active.is_(True), User.email > after)
            .order_by(User.email)
            .limit(_PAGE)
        )
        return list(found)


def _write(archive: zipfile.ZipFile, name: str, text: str, now: datetime) -> None:
    info = zipfile.ZipInfo(name, now.timetuple()[:6])
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    archive.writestr(info, text.encode())


def _row(user: User, name: str, signature: MySignature) -> tuple[str | None, ...]:
    campaigns = "; ".join(one.name for one in signature.campaign_pixels)
    return (
        user.email,
        user.name,
        user.department,
        f"{name}.htm",
        f"{name}.txt",
        "yes" if signature.is_tracking_on else "no",
        campaigns,
    )
