"""What several ask about one and the same thing, made once."""

from collections.abc import Callable
from functools import wraps
from operator import is_
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def of_last(make: Callable[P, T]) -> Callable[P, T]:
    """A pure function of things that are never changed, which remembers what it made of those it was given last: the very same
    objects, for to compare a declaration with another takes as long as to look at it. Positional arguments only."""
    last: tuple[tuple[object, ...], T] | None = None

    @wraps(make)
    def made(*given: P.args, **named: P.kwargs) -> T:
        nonlocal last
        known = last  # a thread may ask as well
        if known is not None and len(known[0]) == len(given) and all(map(is_, known[0], given)):
            return known[1]
        last = given, (result := make(*given, **named))
        return result

    return made
