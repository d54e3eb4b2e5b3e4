"""A person's signature as mail HTML: one table, inline styles, everything escaped, the pixel only while it may be."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.identity.caller import Caller
from app.tracking.models import UserToken
from app.tracking.schemas import MySignature

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
)


def pixel_url(collector_public_url: str, token: str) -> str:
    """Return the address of a user's pixel."""
    return f"{collector_public_url.rstrip('/')}/api/t/u/{token}.gif"


async def active_token(session: AsyncSession, caller: Caller) -> str | None:
    """Return the caller's active token, if there is one."""
    where = (
        UserToken.user_id == caller.user.id,
        UserToken.organisation_id == caller.organisation.id,
        UserToken.is_active.is_(True),
    )
    token: str | None = await session.scalar(select(UserToken.token).where(*where))
    return token


def render_signature(caller: Caller, *, token: str | None, collector_public_url: str) -> MySignature:
    """Render the caller's signature; without a pixel while user tracking is off or the token is inactive."""
    is_on = caller.settings.user_tracking_enabled and token is not None
    url = pixel_url(collector_public_url, token) if is_on and token else None
    user = caller.user
    html = _TEMPLATES.get_template("signature.html.j2").render(
        direction="rtl" if user.locale == "ar" else "ltr",
        name=user.name,
        job_title=user.job_title,
        department=user.department,
        organisation=caller.organisation.name,
        phone=user.phone,
        phone_digits="".join(letter for letter in user.phone if letter.isascii() and letter in "+0123456789"),
        email=user.email,
        pixel_url=url,
    )
    return MySignature(html=html, pixel_url=url, is_tracking_on=is_on)
