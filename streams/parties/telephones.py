"""Telephone numbers: the key they are compared by, and the country that they name."""

import re
from functools import cache, lru_cache
from typing import Any

from streams import tables

SHORTEST_NUMBER = 7
"""Digits from which a text is a telephone number."""
LONGEST_KEY = 30
LONGEST_PREFIX = 3
TAIL_DIGITS = 9
"""Last digits that are compared where a number may lack its prefix: the subscriber with area."""
_TABLE = "streams.parties", "phones.toml"


class _TelephoneTable(tables.Sourced, frozen=True):
    none: frozenset[str]


def phone_key(text: str | None) -> str | None:
    """The digits without noughts before them; None where there are too few, or they are none that anybody has."""
    digits = _digits(text or "")
    if len(digits) < SHORTEST_NUMBER or _stands_for_none(digits[-TAIL_DIGITS:]):
        return None
    return digits.lstrip("0")[:LONGEST_KEY]


def phone_tail(text: str) -> str | None:
    """The last nine digits, for watchlists, which often leave the prefix out; None where there are fewer."""
    tail = _digits(text)[-TAIL_DIGITS:]
    return tail if len(tail) == TAIL_DIGITS and not _stands_for_none(tail) else None


@lru_cache(maxsize=20_000)
def phone_countries(text: str) -> frozenset[str]:
    """Countries an international number (+.. or 00..) may belong to; empty for a national or unknown one."""
    text = text.strip()
    digits = _digits(text)
    if text.startswith("00"):
        digits = digits[2:]
    elif not text.startswith(("+", "(+")):
        return frozenset()
    if len(digits) < SHORTEST_NUMBER:
        return frozenset()
    lengths = range(LONGEST_PREFIX, 0, -1)
    known = (_prefixes().get(digits[:length]) for length in lengths)
    return next((found for found in known if found is not None), frozenset())


def version() -> str:
    """Of what is known of countries' numbers."""
    return tables.version(tables.load(*_TABLE, dict[str, Any])["version"], *_TABLE)


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)


def _stands_for_none(digits: str) -> bool:
    none = tables.load("streams.parties", "telephones.toml", _TelephoneTable).none
    return len(set(digits)) <= 2 or digits in none


@cache
def _prefixes() -> dict[str, frozenset[str]]:
    file = tables.load(*_TABLE, dict[str, Any])
    return {prefix: frozenset(names.split()) for prefix, names in file["prefix"].items()}
