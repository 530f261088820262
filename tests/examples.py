"""How many examples a property is tried with."""

import os

QUICK = "QUICK_TESTS" in os.environ
"""Set by `make quick`: what is tried in a minute while one works; `make test` tries all."""


def tried(count: int) -> int:
    """So many; an eighth of them for `make quick`."""
    return max(10, count // 8) if QUICK else count
