"""What several ask about one and the same thing, made once."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

P = ParamSpec("P")
Of = TypeVar("Of")
T = TypeVar("T")


def kept_with(make: Callable[Concatenate[Of, P], T]) -> Callable[Concatenate[Of, P], T]:
    """A pure function of a thing that is never changed, whose result is kept with it (`dict=True` of a msgspec Struct: no part of
    what is written or compared) for as long as it lives, together with the further arguments, which must be the same and
    by position."""

    @wraps(make)
    def made(of: Of, /, *others: P.args, **named: P.kwargs) -> T:
        if named:
            return make(of, *others, **named)
        kept: dict[Any, Any] = of.__dict__
        known = kept.get(make)
        if known is not None and known[0] == others:
            result: T = known[1]
            return result
        kept[make] = others, (result := make(of, *others, **named))
        return result

    return made
