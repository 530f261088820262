"""Shared tables of codes: what customs systems write in different ways, as the contract has it. A map names one."""

from collections.abc import Callable
from functools import lru_cache

from streams import tables
from streams.territories import country_code, statistics_country


class _Codes(tables.Sourced, frozen=True):
    codes: dict[str, str]
    prefix: bool = False
    """whether the longest beginning of a text counts that the table has"""


_TABLES = tables.load("streams.declarations.formats", "codes.toml", dict[str, _Codes])
COUNTRIES = "countries"
NAMES = (COUNTRIES, *_TABLES)


def reader(name: str) -> Callable[[str], str]:
    """What reads a text by the table of this name; what the table does not have it leaves as it is. KeyError for no table."""
    if name == COUNTRIES:
        return _country
    table = _TABLES[name]
    longest = max(map(len, table.codes))

    def read(text: str) -> str:
        key = text.strip().upper()
        known = table.codes.get(key)
        if known is None and table.prefix:
            known = next((made for n in range(longest, 0, -1) if (made := table.codes.get(key[:n]))), None)
        return text if known is None else known

    return read


@lru_cache(maxsize=2_000)
def _country(text: str) -> str:
    """ISO 3166 alpha-2 of a code of two or three letters, a number, or a name."""
    given = text.strip()
    if len(given) == 2 and given.isalpha():
        return given
    code = statistics_country(given).code if given.isdecimal() else country_code(given)
    return code or text
