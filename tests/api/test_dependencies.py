"""What endpoints ask for by type is made on the event loop; a plain function would wait for a turn in a thread pool."""

import inspect
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from typing import Annotated, get_args, get_origin

from fastapi import APIRouter
from fastapi.params import Depends
from fastapi.routing import APIRoute

import app

HOPS_OVER_THREADS = "takes a way over a thread pool: write `async def`"


def dependencies() -> Iterator[tuple[str, object]]:
    for module in pkgutil.walk_packages(app.__path__, "app."):
        if not module.name.endswith(("routes", "dependencies", "visit")):
            continue
        for name, value in vars(import_module(module.name)).items():
            if get_origin(value) is Annotated:
                for used in get_args(value)[1:]:
                    if isinstance(used, Depends):
                        yield f"{module.name}.{name}", used.dependency


def test_no_dependency_takes_a_way_over_a_thread() -> None:
    found = dict(dependencies())
    assert len(found) > 10
    assert [name for name, made_by in found.items() if not inspect.iscoroutinefunction(made_by)] == [], (
        HOPS_OVER_THREADS
    )


def test_no_endpoint_does() -> None:
    routers = [
        value
        for module in pkgutil.walk_packages(app.__path__, "app.")
        if module.name.endswith("routes")
        for value in vars(import_module(module.name)).values()
        if isinstance(value, APIRouter)
    ]
    endpoints = [route.endpoint for router in routers for route in router.routes if isinstance(route, APIRoute)]
    assert len(endpoints) > 50
    assert [found.__qualname__ for found in endpoints if not inspect.iscoroutinefunction(found)] == [], (
        HOPS_OVER_THREADS
    )
