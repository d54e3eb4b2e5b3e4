"""The programs that come inside Python packages."""

from importlib.util import find_spec
from pathlib import Path

from app.embedded.errors import StartError


def program(package: str, pattern: str) -> str:
    """Return the path of the program that matches `pattern` inside an installed package, without importing it.

    Raises `StartError` where the package is missing or carries nothing for this machine.
    """
    spec = find_spec(package)
    folders = list(spec.submodule_search_locations or ()) if spec is not None else []
    for folder in folders:
        for path in Path(folder).glob(pattern):
            if not path.stat().st_mode & 0o100:  # an installer may have dropped the executable bit
                path.chmod(0o755)
            return str(path)
    raise StartError(
        f"The package {package} has no program for this machine. Install the embedded services with "
        "`pip install 'heliograph[embedded]'`, or give the URL of your own service in the environment."
    )
