"""Small repairs of declared values that leave no doubt: case, spaces, a decimal comma. Whatever could mean two things is
refused: every function raises ValueError with a problem in words that does not repeat the value."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation
from typing import Any

import pycountry

from streams import tables
from streams.declarations import tariff
from streams.declarations.reading import Reading

_DATES = tables.load("streams.declarations", "plausible.toml", dict[str, Any])["dates"]
FIRST_YEAR: int = _DATES["first_year"]
LAST_YEAR: int = _DATES["last_year"]
_WITHOUT_END = frozenset(_DATES["without_end"])
NOT_PLAUSIBLE = f"not a date and time from {FIRST_YEAR} to {LAST_YEAR}"

_PLAIN = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,20})?")
_NUMBER = re.compile(r"[+-]?([0-9]{1,40}\.?[0-9]{0,40}|\.[0-9]{1,40})([eE][+-]?[0-9]{1,2})?")
_SPACED = re.compile(r"[+-]?[0-9]{1,3}([ \u00a0\u202f'][0-9]{3})+([.,][0-9]+)?")
_COMMAS_THEN_DOT = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+\.[0-9]+|[+-]?[0-9]{1,3}(,[0-9]{3}){2,}")
_DOTS_THEN_COMMA = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]{3})+,[0-9]+|[+-]?[0-9]{1,3}(\.[0-9]{3}){2,}")
_DECIMAL_COMMA = re.compile(r"[+-]?[0-9]+,([0-9]{1,2}|[0-9]{4,})")
_COMPACT_TIME = re.compile(
    r"([0-9]{4})([0-9]{2})([0-9]{2})(?:([0-9]{2})([0-9]{2})([0-9]{2})?)?(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)
_DOTTED_TIME = re.compile(
    r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})(?:[ T]([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?)?"
)
_IMO = re.compile(r"(?:IMO)?[\s:]*([0-9]{7})", re.IGNORECASE)
_EXACT = Context(prec=60)
_PLACES = 20  # as the model's Decimal
_SMALLEST = Decimal(1).scaleb(-_PLACES)
_MIDNIGHT = datetime.min.time()


def text(raw: str) -> str:
    """Without line breaks and runs of spaces: XML is often indented inside a value."""
    return " ".join(raw.split())


def country(raw: str) -> str:
    """ISO 3166 alpha-2, or a customs code such as XI."""
    code = raw.strip().upper()
    if len(code) == 2 and code.isascii() and code.isalpha():
        return code
    raise ValueError("not a country code of two letters")


def country_read(raw: str) -> str | Reading:
    """As `country`; also ISO 3166 alpha-3, which a Reading says."""
    code = raw.strip().upper()
    if len(code) == 3 and code.isascii() and (known := pycountry.countries.get(alpha_3=code)) is not None:
        return Reading(str(known.alpha_2), "the ISO 3166 code of three letters")
    return country(raw)


def currency(raw: str) -> str:
    """ISO 4217 letters."""
    code = raw.strip().upper()
    if len(code) == 3 and code.isascii() and code.isalpha():
        return code
    raise ValueError("not a currency code of three letters")


def imo_number(raw: str) -> str:
    """The seven digits of `IMO 9074729`."""
    match = _IMO.fullmatch(raw.strip())
    if match is None:
        raise ValueError("not an IMO number of seven digits")
    return match[1]


def decimal(raw: str) -> str:
    """A decimal string of the canonical model. `1,5` and `1.234,50` are read; `1,500` is refused: it may be either."""
    number = raw.strip()
    if _PLAIN.fullmatch(number):
        return number
    if _SPACED.fullmatch(number):
        number = re.sub(r"[ \u00a0\u202f']", "", number)
    if _COMMAS_THEN_DOT.fullmatch(number):
        number = number.replace(",", "")
    elif _DOTS_THEN_COMMA.fullmatch(number):
        number = number.replace(".", "").replace(",", ".")
    elif _DECIMAL_COMMA.fullmatch(number):
        number = number.replace(",", ".")
    if not _NUMBER.fullmatch(number):
        raise ValueError("not a decimal number" + (", or one that may mean two" if "," in number else ""))
    try:
        exact = Decimal(number)
        exponent = exact.as_tuple().exponent
        if isinstance(exponent, int) and exponent < -_PLACES:  # not an int only where it is no finite number
            exact = exact.quantize(_SMALLEST, ROUND_HALF_EVEN, _EXACT)
    except InvalidOperation:
        raise ValueError("a number too long to keep") from None
    plain = format(exact, "f")
    if not _PLAIN.fullmatch(plain):
        raise ValueError("a number too long to keep")
    return plain


def whole(raw: str) -> int:
    """A count: `10`, also `10.00`."""
    number = Decimal(decimal(raw))
    if number != number.to_integral_value() or number < 0:
        raise ValueError("not a whole number")
    return int(number)


def tariff_code(raw: str) -> str | Reading:
    """Six to twelve digits, without the dots and spaces of print; a Reading where a digit was lost or added on the way."""
    code = tariff.read(raw)
    return Reading(code.digits, code.why) if code.why else code.digits


def time(raw: str) -> datetime:
    """A moment in UTC, from ISO 8601, UN/EDIFACT digits (102, 203, 204, 304: `20221114143931+01`), or a date with dots,
    which has the day first everywhere (`15.06.2022`); with slashes it has not, and is refused. A date is its first
    moment; where no zone is given UTC is taken. A year that no customs office writes (plausible.toml) is refused."""
    moment = _moment(raw.strip())
    if not plausible(moment):
        raise ValueError(NOT_PLAUSIBLE)
    return moment


def plausible(moment: datetime | date) -> bool:
    """Whether a customs office may have written it."""
    return FIRST_YEAR <= moment.year <= LAST_YEAR


def day(raw: str) -> str:
    """A date, with a time where one is given, as ISO 8601; as it stands where it is that. What never expires (9999) is one."""
    given = raw.strip()
    try:
        if date.fromisoformat(given[:10]).year in _WITHOUT_END:
            return given
    except ValueError:
        pass
    moment = time(given)
    if is_day(given):
        return given
    return moment.date().isoformat() if moment.time() == _MIDNIGHT else moment.isoformat()


def is_day(given: str) -> bool:
    """Whether a text is an ISO 8601 date, with a time or without, that a customs office may have written."""
    try:
        year = (date.fromisoformat(given) if len(given) == 10 else datetime.fromisoformat(given)).year
    except ValueError:
        return False
    return FIRST_YEAR <= year <= LAST_YEAR or year in _WITHOUT_END


def _moment(given: str) -> datetime:
    try:
        match = _COMPACT_TIME.fullmatch(given)
        if match:
            *digits, zone = match.groups()
            year, month, day, hour, minute, second = (int(d or 0) for d in digits)
            moment = datetime(year, month, day, hour, minute, second, tzinfo=_zone(zone))
        elif match := _DOTTED_TIME.fullmatch(given):
            day, month, year, hour, minute, second = (int(d or 0) for d in match.groups())
            moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        else:
            moment = datetime.fromisoformat(given)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("not a date and time") from None


def _zone(given: str | None) -> timezone:
    if given is None or given == "Z":
        return UTC
    hours, minutes = int(given[1:3]), int(given[3:].lstrip(":") or 0)
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if given[0] == "-" else offset)
