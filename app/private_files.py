"""Files of ours are for their owner alone: they hold people, hashes and salts, and folders are copied elsewhere."""

import os
from pathlib import Path


def keep_files_private() -> None:
    """Have this process and its children make files with mode 0600 and folders with 0700; call it first in `main`."""
    os.umask(0o077)


def make_private(*paths: Path) -> None:
    """Take from others what an earlier version let them read; folders with all that is below them.

    What belongs to somebody else, or goes away meanwhile, is left as it is.
    """
    for path in paths:
        for each in (path, *(path.rglob("*") if path.is_dir() else ())):
            try:
                if not each.is_symlink() and (mode := each.stat().st_mode) & 0o077:
                    each.chmod(mode & 0o700)
            except OSError:
                continue
