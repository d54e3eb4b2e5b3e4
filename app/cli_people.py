"""`heliograph users …`: people of the product, from the command line of whoever runs it."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from redis.asyncio import Redis
from rich.console import Console
from rich.table import Table
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.audit.service import SYSTEM
from app.errors import AppError, BadInputError, ConflictError, NotFoundError
from app.identity.email_addresses import canonical_email
from app.identity.invitations import invite
from app.identity.models import Organisation, User
from app.identity.roles import ROLES, Role
from app.identity.service import bootstrap_organisation, create_signin_link, create_user
from app.people.command import Job, import_file, print_result
from app.people.importing.code_pages import checked_encoding
from app.people.importing.columns import parsed_mapping
from app.people.importing.importer import ImportOptions
from app.people.importing.schemas import ImportResult
from app.read_settings import read_settings
from app.settings import Settings
from app.store.base import utc_now
from app.store.database import Database
from app.tracking.rotation import announce_token, rotate_token
from app.tracking.signature import pixel_url

T = TypeVar("T")
Email = Annotated[str, typer.Argument(help="E-mail address of the person.")]
OfOrganisation = Annotated[
    str | None, typer.Option("--organisation", help="Name of the organisation; needed if several have this person.")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    users = typer.Typer(
        name="users", help="List people, add one, import many, make sign-in links.", no_args_is_help=True
    )
    users.command("list")(list_users)
    users.command("add")(add_user)
    users.command("add-organisation")(add_organisation)
    users.command("signin-link")(signin_link)
    users.command("invite")(invite_person)
    users.command("rotate-token")(rotate)
    users.command("import")(import_people)
    app.add_typer(users)


def list_users() -> None:
    """List everybody, by organisation."""
    rows = _run(_everybody)
    table = Table()
    for heading in ("Organisation", "E-mail", "Name", "Role", "Department", "Active"):
        table.add_column(heading, overflow="fold")  # an address with an ellipsis helps nobody
    for user, organisation in rows:
        active = "yes" if user.is_active else "no"
        table.add_row(organisation.name, user.email, user.name, user.role, user.department or "", active)
    Console().print(table)


def add_user(
    email: Email,
    name: Annotated[str, typer.Option(help="Shown in the signature.")],
    role: Annotated[str, typer.Option(help="owner, admin, member or analyst.")] = "member",
    organisation: OfOrganisation = None,
) -> None:
    """Add a person, with a token of their own, and print their one-time sign-in link."""

    async def work(session: AsyncSession, settings: Settings) -> str:
        where = await _organisation(session, organisation)
        user = await create_user(session, organisation_id=where.id, email=email, name=name, role=_role(role))
        return await _link(session, settings, user)

    typer.echo(_run(work))


def add_organisation(
    name: Annotated[str, typer.Argument(help="Name of the organisation.")],
    owner: Annotated[str, typer.Option(help="E-mail address of its owner.")],
    owner_name: Annotated[str, typer.Option(help="Shown in the owner's signature.")],
    time_zone: Annotated[str, typer.Option(help="IANA name, such as Asia/Riyadh.")] = "UTC",
) -> None:
    """Add an organisation with its owner, and print the owner's one-time sign-in link."""

    async def work(session: AsyncSession, settings: Settings) -> str:
        if await session.scalar(select(Organisation.id).where(Organisation.name == name)) is not None:
            raise ConflictError(f"There is an organisation {name} already; `heliograph users add` adds people to it.")
        await bootstrap_organisation(session, name=name, owner_email=owner, owner_name=owner_name, time_zone=time_zone)
        return await _link(session, settings, await _person(session, owner, name))

    typer.echo(_run(work))


def signin_link(email: Email, organisation: OfOrganisation = None) -> None:
    """Print a fresh one-time sign-in link."""

    async def work(session: AsyncSession, settings: Settings) -> str:
        return await _link(session, settings, await _person(session, email, organisation))

    typer.echo(_run(work))


def invite_person(email: Email, organisation: OfOrganisation = None) -> None:
    """Print an invitation: a link that works once within 7 days and sets a password; the one before it ends."""

    async def work(session: AsyncSession, settings: Settings) -> str:
        person = await _person(session, email, organisation)
        return (await invite(session, person, actor=SYSTEM, now=utc_now())).url(settings.public_url)

    typer.echo(_run(work))


def rotate(email: Email, organisation: OfOrganisation = None) -> None:
    """Give a person a new token and print its pixel; signatures with the old one are no longer counted."""
    settings = read_settings()

    async def work(session: AsyncSession, _settings: Settings) -> str:
        token = await rotate_token(session, await _person(session, email, organisation))
        await session.commit()
        redis = Redis.from_url(settings.redis_url.get_secret_value(), socket_connect_timeout=2, socket_timeout=2)
        try:
            await announce_token(redis, token)
        finally:
            await redis.aclose()
        return pixel_url(settings.collector_public_url, token.token)

    typer.echo(_run(work))


def import_people(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="CSV; line 1 names columns.")
    ],
    organisation: OfOrganisation = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    map_: Annotated[
        list[str] | None, typer.Option("--map", help="HEADER=field: what a column is; HEADER= leaves it out.")
    ] = None,
    clear_empty: Annotated[
        bool, typer.Option("--clear-empty", help="Empty cells erase department, job title and phone.")
    ] = False,
    keep_spellings: Annotated[
        bool, typer.Option("--keep-spellings", help="Take departments as spelt in the file.")
    ] = False,
    encoding: Annotated[
        str | None, typer.Option("--encoding", help="What the file is of, such as windows-1251, if it is not UTF-8.")
    ] = None,
    errors: Annotated[Path | None, typer.Option("--errors", help="Write all that is wrong here, as CSV.")] = None,
) -> None:
    """Add and change people by their addresses from a CSV file. Rows that do not fit are told and left out.

    Sending a file again changes nothing; after an interruption it does the rest.
    """
    console = Console()

    async def inside() -> ImportResult:
        told = checked_encoding(encoding) if encoding else None
        options = ImportOptions(dry_run, clear_empty, keep_spellings, parsed_mapping(map_ or []), told)
        database = Database(read_settings().database_url.get_secret_value())
        try:
            async with database.reading() as session:
                where = await _organisation(session, organisation)
            return await import_file(database, where, Job(file, options, errors), console=console)
        finally:
            await database.dispose()

    try:
        result = asyncio.run(inside())
    except AppError as error:
        typer.echo(f"heliograph: {error.detail}", err=True)
        raise typer.Exit(1) from error
    print_result(result, console)
    if result.failed:
        raise typer.Exit(1)


async def _everybody(session: AsyncSession, _settings: Settings) -> list[Row[User, Organisation]]:
    statement = (
        select(User, Organisation)
        .join(Organisation, Organisation.id == User.organisation_id)
        .order_by(Organisation.name, User.email)
    )
    return list((await session.execute(statement)).all())


async def _organisation(session: AsyncSession, name: str | None) -> Organisation:
    statement = select(Organisation).order_by(Organisation.created_at)
    found = (await session.scalars(statement if name is None else statement.where(Organisation.name == name))).all()
    if not found:
        raise NotFoundError(f"There is no organisation {name or ''}; `heliograph users add-organisation` makes one.")
    if len(found) > 1:
        names = ", ".join(organisation.name for organisation in found)
        raise BadInputError(f"There are several organisations ({names}); choose one with --organisation.")
    return found[0]


async def _person(session: AsyncSession, email: str, organisation: str | None) -> User:
    statement = select(User).where(User.email == canonical_email(email), User.is_active.is_(True))
    if organisation is not None:
        statement = statement.where(User.organisation_id == (await _organisation(session, organisation)).id)
    found = (await session.scalars(statement)).all()
    if not found:
        raise NotFoundError(f"There is no active user {email}; `heliograph users list` shows who there is.")
    if len(found) > 1:
        raise BadInputError(f"Several organisations have {email}; choose one with --organisation.")
    return found[0]


async def _link(session: AsyncSession, settings: Settings, user: User) -> str:
    token = await create_signin_link(session, user, minutes=settings.signin_link_minutes)
    return f"{settings.public_url}/signin/{token}"


def _role(text: str) -> Role:
    for role in ROLES:
        if role == text:
            return role
    raise BadInputError(f"--role {text} is not possible; choose from {', '.join(ROLES)}.", field="role")


def _run(work: Callable[[AsyncSession, Settings], Awaitable[T]]) -> T:
    settings = read_settings()

    async def inside() -> T:
        database = Database(settings.database_url.get_secret_value())
        try:
            async with database.session() as session:
                return await work(session, settings)
        finally:
            await database.dispose()

    try:
        return asyncio.run(inside())
    except AppError as error:
        typer.echo(f"heliograph: {error.detail}", err=True)
        raise typer.Exit(1) from error
