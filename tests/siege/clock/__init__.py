"""A wall clock that can jump, for our own processes only: no root, and the machine's clock stays.

A small library is put before libc (`LD_PRELOAD`) and adds what stands in a file to every wall-clock time; monotonic
clocks go on as they are, as with a real jump. The product knows nothing of it. The services keep the true time.
"""

import shutil
import struct
import subprocess
from pathlib import Path

_SOURCE = Path(__file__).with_name("shifted.c")


class Clock:
    """The file that holds the shift, and the environment that makes processes heed it."""

    def __init__(self, library: Path, file: Path) -> None:
        self._file = file
        self.shift(0)
        self.environment = {"LD_PRELOAD": str(library), "SIEGE_CLOCK": str(file)}

    @classmethod
    def make(cls, folder: Path) -> "Clock | None":
        """Compile the library; None where there is no C compiler."""
        compiler = shutil.which("cc")
        if compiler is None:
            return None
        library = folder / "shifted.so"
        subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", library, _SOURCE, "-ldl"], check=True)
        return cls(library, folder / "shift")

    def shift(self, seconds: int) -> None:
        """Let every process that was started with the environment see true time + `seconds`, from now on."""
        with self._file.open("r+b" if self._file.exists() else "wb") as file:  # in place: it is mapped
            file.write(struct.pack("=q", seconds))
