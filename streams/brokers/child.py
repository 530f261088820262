"""Processes that end with whoever started them, SIGKILL included, so that no demo or test leaves one behind."""

import os
import sys
from collections.abc import Sequence

# The child asks the kernel to be killed with its parent, then becomes the program (same pid). Done in a fresh
# interpreter and not in a preexec_fn, which can deadlock where the parent has threads. 1 is PR_SET_PDEATHSIG,
# 9 SIGKILL; the parent may have died before the request was in force, hence the look at getppid.
_LAUNCHER = """
import ctypes, os, sys
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, 9)
    if os.getppid() != int(sys.argv[1]):
        os._exit(1)
os.execv(sys.argv[2], sys.argv[2:])
"""


def ending_with_parent(command: Sequence[str]) -> list[str]:
    """The command line that runs `command` (a full path first) so that it dies with the thread that starts it.

    Only Linux can do so; elsewhere the command just runs.
    """
    return [sys.executable, "-I", "-S", "-c", _LAUNCHER, str(os.getpid()), *command]
