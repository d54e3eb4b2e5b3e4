"""Prepares the stores for a start and greets the owner; run as a process of its own, answers one line of JSON."""

import asyncio
import json
import os
import sys

from app.embedded.first_run import People, greet
from app.embedded.local_zone import local_time_zone
from app.errors import AppError
from app.migrate import MigrationError, migrate_all
from app.read_settings import settings_or_exit
from app.settings import Settings
from app.store.database import Database


def main() -> None:
    """Migrate, greet, print `People` as JSON on the last line; end with code 1 and the reason if that fails."""
    try:
        people = asyncio.run(_prepare(settings_or_exit("heliograph")))
    except (MigrationError, AppError) as error:
        sys.exit(str(error))
    print(json.dumps(people.as_dict()))  # noqa: T201  # the answer to the launcher


async def _prepare(settings: Settings) -> People:
    # The launcher's own broker gets its topics at every start, from `topics`.
    await migrate_all(settings, say=_say, with_topics="--with-topics" in sys.argv)
    database = Database(settings.database_url.get_secret_value())
    try:
        return await greet(
            database, settings, time_zone=local_time_zone(), known_key=os.environ.get("HELIOGRAPH_READ_KEY") or None
        )
    finally:
        await database.dispose()


def _say(step: str) -> None:
    # The launcher holds the last line back, it may be the answer; an empty one says that this was not.
    print(f"{step}\n", flush=True)  # noqa: T201  # for the launcher


if __name__ == "__main__":
    main()
