"""Liveness, readiness with reasons, and metrics of the API."""

import asyncio
from collections.abc import Callable, Coroutine
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from pydantic import Field
from redis.exceptions import RedisError

from app.dependencies import ResourcesDep
from app.errors import AppError, ForbiddenError
from app.operators import REFUSED
from app.resources import Resources
from app.telemetry import render_metrics
from clickhouse.errors import ClickHouseError
from schemas.base import Schema

CHECK_TIMEOUT_SECONDS = 3.0
router = APIRouter(tags=["health"])


class Health(Schema):
    """Whether the process serves, and what is in its way."""

    status: str
    reasons: list[str] = Field(
        default_factory=list, description="What is away or wrong, for those who run the product."
    )


@router.get("/api/health")
async def live() -> Health:
    """Answer as long as the process lives; asks nobody else."""
    return Health(status="ok")


@router.get("/api/health/ready", responses={503: {"model": Health}})
async def ready(request: Request, resources: ResourcesDep, response: Response) -> Health:
    """Tell whether every question can be answered now. Without Redis it can: live numbers are polled.

    Why not is told to this machine itself and to whoever sends `METRICS_TOKEN`.
    """
    database, clickhouse, redis = await asyncio.gather(
        _reason(resources, "relational store", resources.database.ping),
        _reason(resources, "ClickHouse", lambda: _ping_clickhouse(resources)),
        _reason(resources, "Redis", lambda: _ping_redis(resources)),
    )
    blocking = [reason for reason in (database, clickhouse) if reason]
    if blocking:
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    reasons = blocking + ([f"{redis} (live numbers are polled)"] if redis else [])
    may_see = resources.operators.may_see_scope(request.scope)
    status = "not_ready" if blocking else "degraded" if reasons else "ready"
    return Health(status=status, reasons=reasons if may_see else [])


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request, resources: ResourcesDep) -> Response:
    """Return the process's metrics in Prometheus's format, to this machine itself or for `METRICS_TOKEN`."""
    if not resources.operators.may_see_scope(request.scope):
        raise ForbiddenError(REFUSED)
    body, content_type = render_metrics(resources.registry)
    return Response(body, headers={"content-type": content_type})


async def _ping_clickhouse(resources: Resources) -> None:
    await (await resources.clickhouse.get()).ping()


async def _ping_redis(resources: Resources) -> None:
    await resources.redis.ping()


async def _reason(resources: Resources, name: str, check: Callable[[], Coroutine[None, None, None]]) -> str | None:
    """Return what is wrong with a service, within the limit whatever the service does.

    A check that is late is left to end by itself, and whoever asks meanwhile waits for the same one: a driver may be
    stuck where cancelling it would only wait for it, and each further check would take a connection more.
    """
    task = resources.checks.get(name)
    if task is None or task.done():
        task = resources.checks[name] = asyncio.create_task(check())
        task.add_done_callback(lambda ended: ended.cancelled() or ended.exception())  # it may be asked for no more
    done, _ = await asyncio.wait({task}, timeout=CHECK_TIMEOUT_SECONDS)
    if not done:
        return f"{name}: no answer within {CHECK_TIMEOUT_SECONDS:g} s"
    try:
        task.result()
    except TimeoutError:  # is an OSError too, and an empty one
        return f"{name}: no answer in time"
    except (AppError, ClickHouseError, RedisError, OSError) as error:
        return f"{name}: {error}"
    return None
