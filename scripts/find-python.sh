#!/bin/sh
# Prints the command of a Python that can run Heliograph (3.11 to 3.13), or says what is missing.
# A name on the PATH may be only a shim that leads nowhere, so each candidate is asked for its version.
check='import sys; sys.exit(not ((3, 11) <= sys.version_info[:2] <= (3, 13)))'
for candidate in $PYTHON python3.13 python3.12 python3.11 python3 python; do
    if command -v "$candidate" >/dev/null 2>&1 && "$candidate" -c "$check" >/dev/null 2>&1; then
        echo "$candidate"
        exit 0
    fi
done
found=$(python3 --version 2>/dev/null || echo "no Python 3")
{
    echo "Heliograph needs Python 3.11, 3.12 or 3.13; this machine has $found."
    echo "Install one (Debian, Ubuntu: apt install python3 python3-venv; macOS: brew install python@3.13),"
    echo "or name it: make up PYTHON=/path/to/python3.13"
} >&2
exit 1
