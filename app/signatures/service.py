"""Reading, changing and resetting an organisation's template; two people who save at once both learn of it."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.audit.models import AuditEntry
from app.audit.service import Actor, record
from app.campaigns.service import ActivePixel
from app.errors import BadInputError, ConflictError, NotFoundError
from app.identity.email_addresses import canonical_email
from app.identity.models import Organisation, User
from app.signatures.advice import warnings_of
from app.signatures.models import SignatureTemplate
from app.signatures.placeholders import NAMES, check_placeholders
from app.signatures.plain_text import plain_text
from app.signatures.rendering import BUILT_IN, Renderer
from app.signatures.sanitise import CleanHtml, Removed, check_size, clean_html
from app.signatures.schemas import Preview, PreviewRequest, RemovedView, TemplateChange, TemplateSaved, TemplateView
from app.signatures.template import Template, read_template
from app.store.database import Database

CHANGED, RESET = "signature_template_changed", "signature_template_reset"
SUBJECT = "signature template"


def checked(html: str) -> tuple[CleanHtml, Template]:
    """Clean a template and read it. Raises `BadInputError` naming line, column and what to write instead."""
    check_size(html)
    check_placeholders(html)  # before it is cleaned: places are those of what was sent
    clean = clean_html(html)
    if not clean.html:
        raise BadInputError(
            "html: nothing is left; write a template, or go back to the built-in one.", field="html", reason="empty"
        )
    return clean, read_template(clean.html)


async def present(session: AsyncSession, organisation_id: UUID) -> TemplateView:
    """Return the template in use: the organisation's own, or the built-in one."""
    row = await session.get(SignatureTemplate, organisation_id, populate_existing=True)
    if row is None:
        return TemplateView(
            html=BUILT_IN,
            defaults={},
            version=await _version_of_last_reset(session, organisation_id),
            is_built_in=True,
            placeholders=list(NAMES),
            updated_at=None,
            updated_by=None,
        )
    by = await session.scalar(select(User.name).where(User.id == row.updated_by))
    return TemplateView(
        html=row.html,
        defaults=row.defaults,
        version=row.version,
        is_built_in=False,
        placeholders=list(NAMES),
        updated_at=row.updated_at,
        updated_by=by,
    )


async def change(
    database: Database, organisation_id: UUID, wanted: TemplateChange, *, actor: Actor, now: datetime
) -> TemplateSaved:
    """Make the template what is wanted, cleaned; return it and what was left out.

    Raises `BadInputError` for what `checked` refuses, and `ConflictError`, with `current`, if it changed after
    `wanted.version`. What is so already is no change.
    """
    clean, _ = await asyncio.to_thread(checked, wanted.html)  # takes a tenth of a second at the longest
    defaults = {str(name): text.strip() for name, text in wanted.defaults.items() if text.strip()}
    removed = [_view(one) for one in clean.removed]
    async with database.session() as session:
        await _lock(session, organisation_id)
        before = await present(session, organisation_id)
        if (before.html, before.defaults) != (clean.html, defaults) or before.is_built_in:
            _check_version(before, wanted.version)
            row = await session.get(SignatureTemplate, organisation_id)
            if row is None:
                row = SignatureTemplate(organisation_id=organisation_id)
                session.add(row)
            row.html, row.defaults, row.version = clean.html, dict(defaults), before.version + 1
            row.updated_at, row.updated_by = now, actor.user_id
            record(
                session,
                organisation_id=organisation_id,
                actor=actor,
                at=now,
                action=CHANGED,
                subject=SUBJECT,
                before=_json(before),
                after={"html": clean.html, "defaults": dict(defaults), "version": before.version + 1},
            )
            await session.flush()
        saved = await present(session, organisation_id)
        return TemplateSaved.model_validate(saved.model_dump() | {"removed": removed})


async def reset(
    database: Database, organisation_id: UUID, *, version: int | None, actor: Actor, now: datetime
) -> TemplateView:
    """Go back to the built-in template; the audit log keeps what there was. Raises `ConflictError` as `change` does."""
    async with database.session() as session:
        await _lock(session, organisation_id)
        before = await present(session, organisation_id)
        if before.is_built_in:
            return before
        if version is not None:
            _check_version(before, version)
        await session.delete(await session.get_one(SignatureTemplate, organisation_id))
        record(
            session,
            organisation_id=organisation_id,
            actor=actor,
            at=now,
            action=RESET,
            subject=SUBJECT,
            before=_json(before),
            after={"version": before.version + 1},
        )
        await session.flush()
        return await present(session, organisation_id)


def preview(
    wanted: PreviewRequest, user: User, organisation: Organisation, campaigns: Sequence[ActivePixel]
) -> Preview:
    """Render a template that is being edited with a person's data. No pixel: looking counts nothing."""
    clean, template = checked(wanted.html)
    made = Renderer(template, {str(name): text for name, text in wanted.defaults.items()}, organisation.name, False, "")
    html = made.html(user, campaigns)
    return Preview(
        html=html,
        plain_text=plain_text(html),
        removed=[_view(one) for one in clean.removed],
        warnings=warnings_of(clean.html, html),
    )


async def person(session: AsyncSession, organisation_id: UUID, *, user_id: UUID) -> User:
    """Return a person of the organisation. Raises `NotFoundError` for everybody else."""
    found = await session.scalar(select(User).where(User.id == user_id, User.organisation_id == organisation_id))
    if found is None:
        raise NotFoundError("There is no such person in your organisation.")
    return found


async def person_by_email(session: AsyncSession, organisation_id: UUID, email: str) -> User:
    """Return an active person by address. A blank in it is a plus that a query turned into one, as no address has any.

    Raises `NotFoundError` for everybody else, `BadInputError` where both readings are somebody's.
    """
    meant = {canonical_email(email), canonical_email(email.replace(" ", "+"))}
    found = (
        await session.scalars(
            select(User).where(User.email.in_(meant), User.organisation_id == organisation_id, User.is_active.is_(True))
        )
    ).all()
    if not found:
        raise NotFoundError("Nobody active in your organisation has this address; send the message as it is.")
    if len(found) > 1:
        raise BadInputError("email: could be one of two people; write a plus in a query as %2B.", field="email")
    return found[0]


async def _lock(session: AsyncSession, organisation_id: UUID) -> None:
    """Let one change after the other: a row that is not there yet cannot be locked, its organisation can."""
    await session.get_one(Organisation, organisation_id, with_for_update=True)


def _check_version(current: TemplateView, version: int) -> None:
    if current.version != version:
        who = current.updated_by or "Somebody"
        raise ConflictError(
            f"{who} changed the template after you read it (version {version}, now {current.version}). Nothing of "
            "yours was saved or lost: look at `current`, then send your change again with its version.",
            current=current.model_dump(mode="json", by_alias=True),
        )


async def _version_of_last_reset(session: AsyncSession, organisation_id: UUID) -> int:
    """Return the number the last reset took, so that versions never repeat; 0 before the first template."""
    after = await session.scalar(
        select(AuditEntry.after)
        .where(AuditEntry.organisation_id == organisation_id, AuditEntry.action == RESET)
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(1)
    )
    return int((after or {}).get("version", 0))


def _json(view: TemplateView) -> dict[str, object]:
    return {"html": view.html, "defaults": view.defaults, "version": view.version}


def _view(removed: Removed) -> RemovedView:
    return RemovedView(kind=removed.kind, name=removed.name, why=removed.why, line=removed.line, column=removed.column)
