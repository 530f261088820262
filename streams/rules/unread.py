"""Rules that needed a declared value which could not be read: NOT_EVALUABLE, and why."""

from collections.abc import Iterable, Sequence
from functools import cache

from msgspec.structs import replace

from streams.declarations.reading import Unreadable, general
from streams.findings import NotEvaluable
from streams.rules.catalogue import catalogue


@cache
def needs() -> dict[str, tuple[str, ...]]:
    """Rule -> paths below `declaration` that it reads, in the order of the catalogue."""
    return {rule.id: rule.reads for rule in catalogue() if rule.reads}


def with_unreadable(
    missing: Sequence[NotEvaluable], unreadable: Iterable[Unreadable]
) -> tuple[NotEvaluable, ...]:
    """What lacked its inputs, and besides every rule that needed one of these values; each names them."""
    paths = tuple(dict.fromkeys(general(one.path).removeprefix("declaration.") for one in unreadable))
    if not paths:
        return tuple(missing)
    hit: dict[str, tuple[str, ...]] = {}
    for rule, wanted in needs().items():
        met = tuple(path for path in paths if any(_meets(path, one) for one in wanted))
        if met:
            hit[rule] = tuple(f"declaration.{path}" for path in met)
    told = []
    for one in missing:
        told.append(replace(one, unreadable=hit[one.rule]) if one.rule in hit else one)
    known = {one.rule for one in missing}
    told += [
        NotEvaluable(rule=rule, missing=met, unreadable=met) for rule, met in hit.items() if rule not in known
    ]
    return tuple(told)


def _meets(path: str, wanted: str) -> bool:
    """Whether one of the two holds the other."""
    return path == wanted or _holds(path, wanted) or _holds(wanted, path)


def _holds(whole: str, part: str) -> bool:
    return part.startswith(whole) and part[len(whole)] in ".["
