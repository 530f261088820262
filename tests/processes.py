"""What tests ask of other processes."""

import time
from collections.abc import Iterable

import psutil

PATIENCE = 600.0
"""Seconds that a test waits for an event at the longest, here or in a child. On a free machine it comes within some; a bound near
to that would fail on a busy one, and says nothing of the program."""


def is_running(pid: int) -> bool:
    """False for a process that has ended, also where nobody has taken note of its end, as in a container without an init."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def end_within(pids: Iterable[int], seconds: float = PATIENCE) -> bool:
    """Whether all of them end in time; waits as long as one has not."""
    waited = set(pids)
    deadline = time.monotonic() + seconds
    while waited := {pid for pid in waited if is_running(pid)}:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True
