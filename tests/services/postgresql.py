"""PostgreSQL: a cluster of our own, owned by an unprivileged user when we are root (the server refuses root)."""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
from pathlib import Path

import asyncpg

from tests.services.service import MissingPartError, Service, free_port

DATABASE = "heliograph"


def prepare(base: Path) -> Service:
    """Make the cluster. Raises `MissingPartError`."""
    bin_directory = _bin_directory()
    user = _user()
    home, password_file = base / "postgres", base / "postgres.password"
    password = secrets.token_urlsafe(18)
    password_file.write_text(password)
    password_file.chmod(0o600)
    home.mkdir(mode=0o700)
    if user is not None:
        shutil.chown(home, user, user)
        shutil.chown(password_file, user, user)
    initdb = [str(bin_directory / "initdb"), "-D", str(home), "-U", DATABASE, "--auth=scram-sha-256"]
    initdb += ["-E", "UTF8", "--locale=C.UTF-8", f"--pwfile={password_file}", "--no-sync"]
    initialised = subprocess.run(
        initdb,
        capture_output=True,
        text=True,
        user=user,
        group=user,
        extra_groups=[] if user else None,
        cwd=base,
        check=False,
    )
    password_file.unlink()
    if initialised.returncode:
        raise RuntimeError(f"initdb failed:\n{initialised.stdout}{initialised.stderr}")
    port = free_port()
    command = [str(bin_directory / "postgres"), "-D", str(home), "-p", str(port)]
    command += [
        "-c",
        "listen_addresses=127.0.0.1",
        "-c",
        "unix_socket_directories=",
        "-c",
        "max_connections=100",
    ]
    return Service(
        name="postgres",
        command=command,
        log=str(base / "postgres.log"),
        port=port,
        url=f"postgresql+asyncpg://{DATABASE}:{password}@127.0.0.1:{port}/{DATABASE}",
        user=user,
        stop_signal=signal.SIGINT,  # "fast": ends the sessions instead of waiting for them
    )


async def is_ready(service: Service) -> None:
    """Ask a question over SQL; makes the database the first time. Raises while the server cannot answer."""
    address = service.url.replace("+asyncpg", "")
    maintenance = address.removesuffix(f"/{DATABASE}") + "/postgres"
    try:
        connection = await asyncpg.connect(maintenance)
        try:
            exists = await connection.fetchval("SELECT count(*) FROM pg_database WHERE datname = $1", DATABASE)
            if not exists:
                await connection.execute(f"CREATE DATABASE {DATABASE}")
        finally:
            await connection.close()
    except asyncpg.PostgresError as error:  # "the database system is starting up"
        raise ConnectionError(f"PostgreSQL on port {service.port}: {error}") from error


def _bin_directory() -> Path:
    """Return the folder of `initdb`: Debian keeps it out of PATH, newest release first."""
    found = shutil.which("initdb")
    candidates = [Path(found).parent] if found else []
    installed = Path("/usr/lib/postgresql")
    if installed.is_dir():
        releases = sorted((entry for entry in installed.iterdir()), key=lambda entry: float(entry.name), reverse=True)
        candidates += [release / "bin" for release in releases]
    for candidate in candidates:
        if (candidate / "postgres").exists():
            return candidate
    raise MissingPartError("PostgreSQL's server is not installed: apt-get install postgresql")


def _user() -> str | None:
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise MissingPartError("PostgreSQL refuses to run as root, and there is no user `postgres` or `nobody`")
