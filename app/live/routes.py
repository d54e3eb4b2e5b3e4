"""`GET /api/stream`: live counters as server-sent events."""

from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query
from fastapi.responses import Response

from app.dependencies import CallerDep, Now, ResourcesDep
from app.live.doors import Door
from app.live.messages import StreamId, parse_id
from app.live.stream import LiveStream
from app.live.topic import TopicKey
from app.tracking.calendar import local_date, start_of_day
from app.tracking.routes import ViewerDep

router = APIRouter(prefix="/api", tags=["live"])

_EXAMPLE = 'event: snapshot\nid: 1763769600000-0\ndata: {"topic":"my-stats","data":{…},"asOf":"…","degraded":false}\n\n'


@router.get(
    "/stream",
    response_class=Response,
    responses={
        200: {"description": "Events", "content": {"text/event-stream": {"example": _EXAMPLE}}},
        429: {"description": "You have as many streams open as one person may have."},
    },
)
async def stream(
    *,
    caller: CallerDep,
    viewer: ViewerDep,
    resources: ResourcesDep,
    now: Now,
    topics: Annotated[Literal["my-stats"], Query(description="What to watch.")] = "my-stats",
    last_event_id: Annotated[str | None, Header(description="The last id seen; browsers send it.")] = None,
    resume_from: Annotated[
        str | None, Query(alias="lastEventId", description="The same for clients that reconnect themselves.")
    ] = None,
) -> Response:
    """Stream the caller's my-stats: `snapshot` first, then an `update` for each change, both with the whole state.

    With `Last-Event-ID` the snapshot is sent only if something changed since. `resync`: this client was too slow, a
    snapshot follows. `problem`: the state cannot be computed just now, a snapshot follows when it can. Comments are
    heartbeats. `degraded` in the data: Redis is away, numbers are a few seconds old. The stream ends within seconds of
    the session or key it was opened with, and when the person's role changes.
    """
    settings = resources.settings
    last_id = last_event_id or resume_from
    since = parse_id(last_id) if last_id else None
    midnight = start_of_day(local_date(now, viewer.zone), viewer.zone)
    if since is not None and since < StreamId(int(midnight.timestamp() * 1000), 0):
        since = None  # what the client has counts yesterday as today
    return LiveStream(
        resources.hub,
        TopicKey(viewer.organisation_id, viewer.user_id),
        door=resources.doors.open(Door.of(caller)),
        since=since,
        heartbeat_seconds=settings.live_heartbeat_seconds,
        lifetime_seconds=settings.live_stream_minutes * 60,
    )
