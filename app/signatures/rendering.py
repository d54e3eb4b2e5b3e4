"""Signatures of people: the organisation's template, each person's data, and the pixels that may be in it now."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.campaigns.service import ActivePixel, active_pixels, active_pixels_of
from app.identity.models import Organisation, User
from app.signatures.models import SignatureTemplate
from app.signatures.placeholders import FOUND
from app.signatures.plain_text import plain_text
from app.signatures.schemas import CampaignPixelView, MySignature
from app.signatures.template import Template, plain_value, read_template
from app.tracking.models import OrganisationSettings, UserToken
from app.tracking.signature import campaign_pixel_url, pixel_url

BUILT_IN = (Path(__file__).parent / "builtin.html").read_text(encoding="utf-8").strip()


@lru_cache(maxsize=64)
def cached_template(html: str) -> Template:
    """Return a stored template, read once for as long as it stays the same."""
    return read_template(html)


@dataclass(frozen=True, slots=True)
class Renderer:
    """Renders the people of one organisation. Made for one request: settings and template are those of now."""

    template: Template
    defaults: Mapping[str, str]
    organisation: str
    is_user_tracking_on: bool
    collector_public_url: str

    def signature(self, user: User, token: str | None, campaigns: Sequence[ActivePixel]) -> MySignature:
        """Return a person's signature; `token` is their active one, `campaigns` those active for them now."""
        url = pixel_url(self.collector_public_url, token) if token and self.is_user_tracking_on else None
        pixels = [
            CampaignPixelView(
                campaign_id=one.campaign_id,
                name=one.name,
                pixel_url=campaign_pixel_url(self.collector_public_url, one.token),
            )
            for one in campaigns
        ]
        urls = ([url] if url else []) + [one.pixel_url for one in pixels]
        html = self.html(user, campaigns, "".join(map(_image, urls)))
        return MySignature(
            html=html,
            plain_text=plain_text(html),
            pixel_url=url,
            is_tracking_on=url is not None,
            campaign_pixels=pixels,
        )

    def html(self, user: User, campaigns: Sequence[ActivePixel], pixels: str = "") -> str:
        """Return the HTML with these pixels (our own `img` tags; none for a preview)."""
        values = {
            "name": plain_value(user.name),
            "job_title": plain_value(user.job_title),
            "department": plain_value(user.department),
            "organisation": plain_value(self.organisation),
            "phone": plain_value(user.phone),
            "email": plain_value(user.email),
            "direction": "rtl" if user.locale == "ar" else "ltr",
        }
        values |= {name: plain_value(text) for name, text in self.defaults.items() if not values.get(name)}
        banner = FOUND.sub("", "".join(one.banner_html for one in campaigns))
        return self.template.render(values, {"pixel": pixels, "campaign_banner": banner})


async def renderer(
    session: AsyncSession, organisation: Organisation, settings: OrganisationSettings, *, collector_public_url: str
) -> Renderer:
    """Return the renderer of an organisation with its template, or the built-in one."""
    row = await session.get(SignatureTemplate, organisation.id)
    return Renderer(
        await asyncio.to_thread(cached_template, row.html if row else BUILT_IN),
        row.defaults if row else {},
        organisation.name,
        settings.user_tracking_enabled,
        collector_public_url,
    )


async def active_tokens(
    session: AsyncSession, organisation_id: UUID, *, user_id: UUID | None = None
) -> dict[UUID, str]:
    """Return the active tokens by person: of everybody, or of one."""
    statement = select(UserToken.user_id, UserToken.token).where(
        UserToken.organisation_id == organisation_id, UserToken.is_active.is_(True)
    )
    if user_id is not None:
        statement = statement.where(UserToken.user_id == user_id)
    return {row.user_id: row.token for row in await session.execute(statement)}


async def signature_of(session: AsyncSession, made: Renderer, user: User) -> MySignature:
    """Return the signature of one person of the renderer's organisation."""
    tokens = await active_tokens(session, user.organisation_id, user_id=user.id)
    campaigns = await active_pixels(session, user.organisation_id, user.id)
    return await asyncio.to_thread(made.signature, user, tokens.get(user.id), campaigns)


async def pixels_of_all(
    session: AsyncSession, organisation_id: UUID
) -> tuple[dict[UUID, str], dict[UUID, list[ActivePixel]]]:
    """Return active tokens and active campaigns of everybody, for the export: two statements."""
    return await active_tokens(session, organisation_id), await active_pixels_of(session, organisation_id)


def _image(url: str) -> str:
    return f'<img src="{escape(url)}" width="1" height="1" alt="" style="display:block;width:1px;height:1px;border:0;">'
