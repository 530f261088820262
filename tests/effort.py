"""What work costs, for tests that hold a bound on its growth: processor time of this process, so that others do not count."""

import time
from collections.abc import Callable


def processor_seconds(work: Callable[[], object], runs: int = 1) -> float:
    """The least of several runs of `work`, in seconds of the processor. A bound is to be some ten times what is measured: it
    shall tell the square of a size from the size itself, not one machine from another."""
    least = float("inf")
    for _ in range(runs):
        began = time.process_time()
        work()
        least = min(least, time.process_time() - began)
    return least
