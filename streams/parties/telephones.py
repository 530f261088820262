"""Telephone numbers: the key they are compared by, and the countries that they name, by the numbering plans of `phonenumbers`."""

import re
from functools import cache, lru_cache
from typing import NamedTuple

import phonenumbers
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneNumber, ValidationResult

from streams import tables

SHORTEST_NUMBER = 7
"""Digits from which a text is a telephone number."""
LONGEST_KEY = 30
TAIL_DIGITS = 9
"""Last digits that are compared where a number may lack its prefix: the subscriber with area."""
_NUMBER = re.compile(r"(?:[+\uff0b]\W*)?\d[\W\d_]*")
"""A number up to the first letter: what follows is an extension or a remark."""
_NO_DIGIT = re.compile("[^0-9]+")
_NO_COUNTRY = "001"
"""The library's region of satellites, free numbers and the like."""


class _TelephoneTable(tables.Sourced, frozen=True):
    none: frozenset[str]
    told_apart: frozenset[int]
    also: dict[str, str]


class _Written(NamedTuple):
    digits: str
    """without 00"""
    international: bool


@lru_cache(maxsize=20_000)
def phone_key(text: str | None, country: str | None = None) -> str | None:
    """The digits of the international number, where the text gives it or `country` (ISO 3166 alpha-2), in which it is written,
    tells it; else those that are written, without noughts before them. None where there are too few, or they are none that
    anybody has."""
    written = _written(text or "")
    if len(written.digits) < SHORTEST_NUMBER or _stands_for_none(written.digits[-TAIL_DIGITS:]):
        return None
    number = _read(written, None if written.international else country)
    if number is None:
        return written.digits.lstrip("0")[:LONGEST_KEY]
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)[1:]


def former_phone_key(text: str | None) -> str | None:
    """The digits as written, by which release 0.1.0 compared."""
    digits = "".join(sign for sign in text or "" if sign.isdigit())
    return digits.lstrip("0")[:LONGEST_KEY] or None if len(digits) >= SHORTEST_NUMBER else None


def phone_tails(text: str | None, country: str | None = None) -> frozenset[str]:
    """The last nine digits of the key and of what is written, by one of which numbers meet where either may lack its prefix, as
    on watchlists; empty where there are fewer."""
    digits = _digits(text or "")
    tails = {number[-TAIL_DIGITS:] for number in (phone_key(text, country) or "", digits)}
    return frozenset(tail for tail in tails if len(tail) == TAIL_DIGITS and not _stands_for_none(tail))


@lru_cache(maxsize=20_000)
def phone_countries(text: str) -> frozenset[str]:
    """Countries an international number (+.. or 00..) may belong to; empty for a national or unknown one."""
    written = _written(text)
    if not written.international or len(written.digits) < SHORTEST_NUMBER:
        return frozenset()
    code = next(
        (n for n in (int(written.digits[:length]) for length in (1, 2, 3)) if n in _countries()), None
    )
    if code is None:
        return frozenset()
    number = _read(written, None)
    if code in _table().told_apart and number is not None:
        country = phonenumbers.region_code_for_number(number)
        if country is not None:
            return frozenset({country})
    return _countries()[code]


def version() -> str:
    """Of what is known of countries' numbers."""
    ours = tables.version(_table().version, "streams.parties", "telephones.toml")
    return f"{ours} phonenumbers-{phonenumbers.__version__}"


def _digits(text: str) -> str:
    """Those of a text, of any script in those of ASCII, which the library looks up one by one."""
    return _NO_DIGIT.sub("", text) if text.isascii() else phonenumbers.normalize_digits_only(text)


@lru_cache(maxsize=1_000)
def _written(text: str) -> _Written:
    met = _NUMBER.search(text)
    part = met.group() if met else ""
    digits = _digits(part)
    if part[:1] in ("+", "\uff0b"):
        return _Written(digits, True)
    if digits.startswith("00"):
        return _Written(digits[2:], True)
    if len(digits) < SHORTEST_NUMBER:
        digits = _digits(text)
    return _Written(digits, False)


@lru_cache(maxsize=1_000)
def _read(written: _Written, country: str | None) -> PhoneNumber | None:
    """None where it follows no numbering plan. A national number is one only in its full length. One number is asked about from
    several sides."""
    try:
        if written.international:
            return phonenumbers.parse(f"+{written.digits}")
        number = phonenumbers.parse(written.digits, _region(country))
    except phonenumbers.NumberParseException:
        return None
    whole = phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE
    return number if whole else None


def _region(country: str | None) -> str | None:
    """The library's, of a country that uses another's calling code: GB of XI."""
    if country is None or country in phonenumbers.SUPPORTED_REGIONS:
        return country
    codes = (int(code) for code, countries in _table().also.items() if country in countries.split())
    return next((COUNTRY_CODE_TO_REGION_CODE[code][0] for code in codes), None)


def _table() -> _TelephoneTable:
    return tables.load("streams.parties", "telephones.toml", _TelephoneTable)


def _stands_for_none(digits: str) -> bool:
    return len(set(digits)) <= 2 or digits in _table().none


@cache
def _countries() -> dict[int, frozenset[str]]:
    """Calling code -> countries."""
    also = {int(code): countries.split() for code, countries in _table().also.items()}
    return {
        code: frozenset((*regions, *also.get(code, ())))
        for code, regions in COUNTRY_CODE_TO_REGION_CODE.items()
        if _NO_COUNTRY not in regions
    }
