"""The period of a line of trade statistics: a month, however its office writes it, and nothing but a month."""

import re
from functools import cache, lru_cache

from msgspec import Struct

from streams import tables
from streams.corridors.months import Month
from streams.text import without_accents

FIRST_YEAR, LAST_YEAR = 1960, 2100
"""Comtrade begins in 1962; a year outside is none of a month's figures."""

_WORDS = re.compile(
    r"(?:(?P<word>[^\W\d_]+)\.?[\s,/-]*(?P<year>\d{4})|(?P<year2>\d{4})[\s,/-]*(?P<word2>[^\W\d_]+)\.?)(?:\s*г\.?)?"
)


class _Other(Struct, frozen=True, forbid_unknown_fields=True):
    what: str
    pattern: str


class _File(tables.Sourced, frozen=True):
    months: tuple[str, ...]
    numbers: tuple[str, ...]
    other: tuple[_Other, ...]


_TABLE = tables.load("streams.baselines", "periods.toml", _File)
_NUMBERS = [re.compile(pattern) for pattern in _TABLE.numbers]
_OTHERS = [(re.compile(one.pattern), one.what) for one in _TABLE.other]


@lru_cache(maxsize=4096)
def read_month(text: str) -> Month:
    """2022-05, 202205, 2022M05, 05/2022, "May 2022", "Aug. 2024", "Mai 2022".

    Raises ValueError for anything else, naming a year, a quarter, a week or a day as what it is.
    """
    text = " ".join(text.split())
    for pattern in _NUMBERS:
        found = pattern.fullmatch(text.upper())
        if found is not None:
            month, year = int(found["month"]), int(found["year"])
            if 1 <= month <= 12 and FIRST_YEAR <= year <= LAST_YEAR:
                return year * 12 + month - 1
    worded = _WORDS.fullmatch(text)
    if worded is not None:
        number = _months().get(_plain(worded["word"] or worded["word2"]))
        year = int(worded["year"] or worded["year2"])
        if number is not None and FIRST_YEAR <= year <= LAST_YEAR:
            return year * 12 + number
    upper = text.upper()
    for pattern, what in _OTHERS:
        if pattern.fullmatch(upper):
            raise ValueError(f"{text!r} is no month but {what}: corridors need monthly figures")
    raise ValueError(f"{text[:40]!r} is no month such as 2022-07")


@cache
def _months() -> dict[str, int]:
    """Word -> month, from 0; without words that are two."""
    meanings: dict[str, set[int]] = {}
    for number, line in enumerate(_TABLE.months):
        for word in line.split():
            meanings.setdefault(_plain(word), set()).add(number)
    return {word: numbers.pop() for word, numbers in meanings.items() if len(numbers) == 1}


def _plain(word: str) -> str:
    return without_accents(word.casefold().replace("ı", "i"))
