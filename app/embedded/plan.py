"""Which services are embedded, where everything listens, and the environment every process gets."""

import re
import secrets
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.embedded import broker, ports, probes, redis
from app.embedded.credentials import Credentials
from app.embedded.data_dir import DataDir
from app.embedded.one_shot import run_module
from app.embedded.options import UpOptions
from app.embedded.unit import Spec

KAFKA, CLICKHOUSE, REDIS, DATABASE = "KAFKA_URL", "CLICKHOUSE_URL", "REDIS_URL", "DATABASE_URL"
_LOOPBACK = "127.0.0.1"
_SESSION_SECONDS = "6"
"""Tansu lets a group's first member wait for half of its session timeout (measured): 3 s instead of 5 at each start."""


@dataclass(frozen=True)
class Plan:
    """Everything decided before the first process starts. `env` is what our own processes are configured by."""

    options: UpOptions
    data: DataDir
    env: Mapping[str, str]
    services: tuple[Spec, ...] = field(default=())
    """Embedded services, only those whose URL nobody gave."""

    @classmethod
    def make(cls, options: UpOptions, data: DataDir, credentials: Credentials, given: Mapping[str, str]) -> "Plan":
        """Choose ports, URLs and commands; a service whose URL stands in `given` is not started."""
        env = own_settings(options, data, given)
        services = []
        kafka_port, redis_port, clickhouse_port = ports.find_free(3)
        if KAFKA not in env:
            env[KAFKA] = f"kafka://{_LOOPBACK}:{kafka_port}"
            env.setdefault("KAFKA_SESSION_TIMEOUT_SECONDS", _SESSION_SECONDS)
            services.append(_broker(kafka_port, env))
        if REDIS not in env:
            env[REDIS] = f"redis://:{credentials.redis_password}@{_LOOPBACK}:{redis_port}/0"
            services.append(_redis(redis_port, credentials, data, env))
        if CLICKHOUSE not in env:
            password = credentials.clickhouse_password
            env[CLICKHOUSE] = f"http://default:{password}@{_LOOPBACK}:{clickhouse_port}/heliograph"
            services.append(_clickhouse(clickhouse_port, password, data, env))
        return cls(options, data, env, tuple(services))

    @property
    def has_embedded_broker(self) -> bool:
        """Whether the broker forgets everything when it stops."""
        return any(spec.name == "broker" for spec in self.services)

    def collector(self) -> Spec:
        """The collector; it needs nobody, so it starts first and keeps every hit from then on."""
        options = self.options
        return Spec(
            name="collector",
            argv=lambda: (sys.executable, "-m", "app.collector.server"),
            env=self.env,
            probe=probes.http(options.local_host, options.pixel_port, "/api/t/health"),
        )

    def worker(self) -> Spec:
        """The worker; one restart group with an embedded broker, whose loss a running Faust never gets over."""
        return Spec(
            name="worker",
            argv=lambda: (sys.executable, "-m", "streams.worker"),
            env=self.env,
            probe=probes.http(_LOOPBACK, self.options.worker_port, "/health/ready", token=self.env["METRICS_TOKEN"]),
            needs=("broker",) if self.has_embedded_broker else (),
            stop_seconds=3.0,
        )

    def api(self) -> Spec:
        """The API and the pages."""
        return Spec(
            name="api",
            argv=lambda: (sys.executable, "-m", "app.main"),
            env=self.env,
            probe=probes.http(
                self.options.local_host, self.options.port, "/api/health/ready", token=self.env["METRICS_TOKEN"]
            ),
        )


def own_settings(options: UpOptions, data: DataDir, given: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of our own processes, without the URLs of services that are still to be started."""
    env = {name: value for name, value in given.items() if value} | {"PYTHONUNBUFFERED": "1"}
    env |= {
        "API_HOST": options.host,
        "API_PORT": str(options.port),
        "COLLECTOR_HOST": options.host,
        "COLLECTOR_PORT": str(options.pixel_port),
        "WORKER_HOST": _LOOPBACK,
        "WORKER_PORT": str(options.worker_port),
        "SPOOL_DIR": str(data.spool),
        "SPOOL_HOLD_FILE": str(data.hold),
        "SALTS_FILE": str(data.salts),
    }
    if options.is_private and "TRUSTED_PROXIES" not in env:
        # Every hit has this machine's own address: a limit for each address would leave out what is real.
        env.setdefault("RATE_LIMIT_PER_MINUTE", "0")
    env.setdefault("METRICS_TOKEN", secrets.token_urlsafe(24))  # our own probes may not come from loopback
    if options.is_everywhere:
        env.setdefault("TRUSTED_HOSTS", own_names())
    env.setdefault("PUBLIC_URL", f"http://{_in_url(options.visible_host)}:{options.port}")
    env.setdefault("COLLECTOR_PUBLIC_URL", f"http://{_in_url(options.visible_host)}:{options.pixel_port}")
    # A `%41` in a directory's name would be read as `A`, and people's data lie elsewhere.
    env.setdefault(DATABASE, f"sqlite+aiosqlite:///{str(data.database).replace('%', '%25')}")
    return env


def _broker(port: int, env: Mapping[str, str]) -> Spec:
    async def make_topics() -> None:
        await run_module("app.embedded.topics", env=env)

    return Spec(
        name="broker",
        argv=lambda: broker.new_life(port),
        env=broker.environment(env),
        probe=probes.tcp(_LOOPBACK, port),
        after_probe=make_topics,
        is_service=True,
        stop_seconds=0.5,  # it has nothing to save
    )


def _redis(port: int, credentials: Credentials, data: DataDir, env: Mapping[str, str]) -> Spec:
    return Spec(
        name="redis",
        argv=lambda: redis.command(port, password=credentials.redis_password, folder=data.run),
        env=env,
        probe=probes.redis(_LOOPBACK, port, credentials.redis_password),
        is_service=True,
        stop_seconds=1.0,
    )


def _clickhouse(port: int, password: str, data: DataDir, env: Mapping[str, str]) -> Spec:
    command = (sys.executable, "-m", "app.embedded.clickhouse", f"--data={data.clickhouse}", f"--port={port}")
    return Spec(
        name="clickhouse",
        argv=lambda: command,
        env={**env, "EMBEDDED_CLICKHOUSE_PASSWORD": password},
        probe=probes.http(_LOOPBACK, port, "/ping"),
        is_service=True,
        stop_seconds=2.5,
    )


def own_names() -> str:
    """Return what other devices in the network may call this machine, for `TRUSTED_HOSTS`; empty if it has no name."""
    name = socket.gethostname().partition(".")[0]
    return f"{name},{name}.local" if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]{0,62}", name) else ""


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
