"""A `torugart` command that must fail as the user can mend it."""

import os
import subprocess
import sys
from collections.abc import Mapping

from tests.processes import PATIENCE


def ended(environment: Mapping[str, str], *arguments: str) -> str:
    """What a command says that ends with 2: one line on standard error (for doctor on standard output), no traceback."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TORUGART_")}
    done = subprocess.run(
        [sys.executable, "-m", "streams", *arguments],
        env=kept | dict(environment),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 2, (done.returncode, done.stdout, done.stderr)
    lines = (
        done.stderr + "".join(line for line in done.stdout.splitlines(True) if line.startswith("WRONG"))
    ).splitlines()
    assert len(lines) == 1 and "Traceback" not in lines[0], lines
    return lines[0]
