"""`/api/admin/tracking/settings`: what the organisation decides about tracking, for owners and admins."""

from fastapi import APIRouter

from app.audit.service import Actor
from app.dependencies import AdminDep, Now, ResourcesDep
from app.tracking.invalidation import announce_settings
from app.tracking_settings import service
from app.tracking_settings.schemas import TrackingSettingsChange, TrackingSettingsView

router = APIRouter(prefix="/api/admin/tracking", tags=["tracking settings"])


@router.get("/settings")
async def settings(caller: AdminDep, resources: ResourcesDep) -> TrackingSettingsView:
    """Return the settings, their version, and who changed them last. Owners and admins only."""
    async with resources.database.reading() as session:
        return await service.present(session, caller.organisation.id)


@router.put("/settings", responses={409: {"description": "They changed since `version`; `current` is what they are."}})
async def change_settings(
    body: TrackingSettingsChange, caller: AdminDep, resources: ResourcesDep, now: Now
) -> TrackingSettingsView:
    """Save the settings, if they are still at `version`. Workers and open pages follow at once."""
    saved, is_changed = await service.change(
        resources.database, caller.organisation.id, body, actor=Actor.of(caller), now=now
    )
    if is_changed:
        await announce_settings(resources.redis, caller.organisation.id, now=now)
    return saved
