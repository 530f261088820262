"""Child processes: that end with whoever started them, SIGKILL included, so that no demo or test leaves one behind."""

import os
import socket
import subprocess
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


def end(process: subprocess.Popen[bytes], seconds: float) -> None:
    """Ends a process: SIGTERM, and SIGKILL after so many seconds."""
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    """A port of 127.0.0.1 that was free a moment ago; another process may take it before its reader does."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
