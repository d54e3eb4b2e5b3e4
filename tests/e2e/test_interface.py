"""What the interface has to be beside the product; its linters, types and unit tests are run by `make check`."""

import json
import subprocess
import sys
from pathlib import Path

from tests.e2e.npm import UI, build_interface, npm


def test_the_first_load_stays_within_its_budget() -> None:
    build_interface()
    npm("run", "--silent", "size")


def test_the_types_are_those_of_the_api(tmp_path: Path) -> None:
    description = tmp_path / "openapi.json"
    description.write_bytes(
        subprocess.run([sys.executable, "-m", "app.openapi"], check=True, capture_output=True).stdout
    )
    generated = tmp_path / "schema.ts"
    npm("exec", "--", "openapi-typescript", str(description), "-o", str(generated), "--alphabetize")
    assert generated.read_text() == (UI / "src" / "api" / "schema.ts").read_text(), (
        "The API changed: run `npm --prefix app/ui run types`, then `npm --prefix app/ui run build`"
    )


def test_the_lock_file_names_no_place_to_download_from() -> None:
    packages = json.loads((UI / "package-lock.json").read_text())["packages"]
    assert len(packages) > 100
    assert [name for name, package in packages.items() if "resolved" in package] == []
