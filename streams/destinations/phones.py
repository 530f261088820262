"""The country that a telephone number names."""

from functools import cache, lru_cache
from typing import Any

from streams import tables

_DIGITS = frozenset("0123456789")
LONGEST_PREFIX = 3
SHORTEST_NUMBER = 7


class PhoneCountries:
    """Country calling codes, ready to be asked."""

    def __init__(self, prefixes: dict[str, frozenset[str]], version: str) -> None:
        self.version = version
        self._prefixes = prefixes
        self.countries = lru_cache(maxsize=20_000)(self._countries)

    def _countries(self, phone: str) -> frozenset[str]:
        """Countries an international number (+.. or 00..) may belong to; empty for a national or unknown one."""
        text = phone.strip()
        digits = "".join(sign for sign in text if sign in _DIGITS)
        if text.startswith("00"):
            digits = digits[2:]
        elif not text.startswith(("+", "(+")):
            return frozenset()
        if len(digits) < SHORTEST_NUMBER:
            return frozenset()
        for length in range(LONGEST_PREFIX, 0, -1):
            if (found := self._prefixes.get(digits[:length])) is not None:
                return found
        return frozenset()


@cache
def phone_countries() -> PhoneCountries:
    """The bundled table."""
    where = "streams.destinations", "tables/phones.toml"
    file = tables.load(*where, dict[str, Any])
    return PhoneCountries(
        {prefix: frozenset(names.split()) for prefix, names in file["prefix"].items()},
        tables.version(file["version"], *where),
    )
