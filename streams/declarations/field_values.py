"""Values of a pipeline's own JSON made fit for a field of the model: numbers for decimal strings, dates, codes."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal as ExactNumber
from typing import Any

from msgspec import inspect

from streams.declarations import repair
from streams.declarations.reading import Reading

Convert = Callable[[Any], Any]

ABSENT: Any = object()
"""Not in the message."""

MILLISECONDS_FROM = 100_000_000_000
"""A number as a time is in seconds since 1970 below this (the year 5138), else in milliseconds."""

MAX_EXPONENT = 60
"""Of a number. 1E999999999 is eleven bytes of JSON and a gigabyte when written out."""

YES, NO = {"true", "yes", "y", "1"}, {"false", "no", "n", "0"}


def plain(value: Any) -> str:
    """A JSON value as text. Raises ValueError for an object or a list."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, ExactNumber):
        if abs(value.adjusted()) > MAX_EXPONENT:
            raise ValueError("a number too long to keep")
        return format(value, "f")
    if isinstance(value, float):  # of the map itself: TOML has no decimals
        return repr(value)
    raise ValueError("an object or a list, where one value is expected")


def converter(kind: inspect.Type) -> Convert:
    """What makes a JSON value fit a field of this type; it raises ValueError, with the problem in words."""
    match kind:
        case inspect.Metadata(extra={"kind": str(named)}):
            return _BY_KIND[named]
        case inspect.Metadata(type=inner):
            return converter(inner)
        case inspect.StrType():
            return lambda value: plain(value).strip()
        case inspect.IntType():
            return lambda value: repair.whole(plain(value))
        case inspect.BoolType():
            return _boolean
        case inspect.DateTimeType():
            return _time
        case inspect.LiteralType(values=values):
            return lambda value: _one_of(value, tuple(values))
        case inspect.VarTupleType(item_type=inspect.StructType()):
            return _routing
        case inspect.VarTupleType(item_type=item):
            one = converter(item)
            return lambda value: [
                _or_as_written(one, each) for each in (value if isinstance(value, list) else [value])
            ]
        case inspect.DictType():
            return untouched
    raise ValueError("this field takes a table of its own fields")


def _boolean(value: Any) -> bool:
    word = plain(value).strip().lower()
    if word in YES | NO:
        return word in YES
    raise ValueError("neither yes nor no")


def _time(value: Any) -> datetime:
    digits = plain(value).strip()
    if isinstance(value, str) and not (digits.isascii() and digits.isdecimal() and len(digits) in (10, 13)):
        return repair.time(digits)
    try:
        seconds = ExactNumber(digits)
        moment = datetime.fromtimestamp(
            float(seconds / 1000 if seconds >= MILLISECONDS_FROM else seconds), UTC
        )
        if repair.plausible(moment):
            return moment
    except (ArithmeticError, ValueError, OSError):
        pass
    return repair.time(digits)  # the digits of a date that lost their quotes, 20220714; else refused


def _day(value: Any) -> str:
    return repair.day(value if isinstance(value, str) else _time(value).isoformat())


def _one_of(value: Any, allowed: tuple[Any, ...]) -> Any:
    word = plain(value).strip()
    for one in (word, word.upper().replace(" ", "_").replace("-", "_")):
        if one in allowed:
            return one
    raise ValueError("not one of the allowed values")


def _routing(value: Any) -> list[dict[str, Any]]:
    """Countries in order, as a list or in one text: CN, KZ > KG."""
    codes = value if isinstance(value, list) else plain(value).replace(">", " ").replace(",", " ").split()
    return [
        {"sequenceNumber": number, "country": _or_as_written(_BY_KIND["country"], code)}
        for number, code in enumerate(codes, 1)
    ]


def _or_as_written(convert: Convert, value: Any) -> Any:
    """One entry that cannot be read does not cost the others: the canonical reader leaves it out and says so."""
    written = plain(value)
    try:
        made = convert(value)
    except ValueError:
        return written
    return written if isinstance(made, Reading) else made


def untouched(value: Any) -> Any:
    """As it is, for nationalExtensions and what nobody converts; numbers with a fraction become floats again."""
    if isinstance(value, dict):
        return {key: untouched(one) for key, one in value.items()}
    if isinstance(value, list):
        return [untouched(one) for one in value]
    return float(value) if isinstance(value, ExactNumber) else value


_BY_KIND: dict[str, Convert] = {
    "code": lambda value: repair.tariff_code(plain(value)),
    "country": lambda value: repair.country_read(plain(value)),
    "currency": lambda value: repair.currency(plain(value)),
    "date": _day,
    "decimal": lambda value: repair.decimal(plain(value)),
    "imo": lambda value: repair.imo_number(plain(value)),
}
"""Texts that hold something else are known by the kind that the model gives them."""
