"""Runs npm in app/ui with the Node that builds the interface: `python scripts/npm.py run lint`.

The machine's Node where it is new enough, else the one that `scripts/install.py` installed as a Python package.
"""

import os
import sys

from install import UI, find_node  # its neighbour: this is started as a script


def main() -> None:
    """Become npm with these arguments; code 1 and a sentence where there is no Node."""
    node = find_node()
    if node is None:
        sys.exit("No Node.js of version 20.19 or newer. `make install` installs one.")
    os.chdir(UI)
    os.execvpe("npm", ["npm", *sys.argv[1:]], node)


if __name__ == "__main__":
    main()
