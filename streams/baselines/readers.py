"""Files of trade statistics, told apart by their header: Eurostat Comext, UN Comtrade, plain CSV."""

import csv
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib import resources
from itertools import chain
from typing import Literal

import msgspec
from msgspec import Struct

from streams.destinations.corridors import CENTS, GRAMS, Month, parse_month
from streams.territories import country_code

Flow = Literal["export", "import"]
EUROPE = "EU"
"""The reporter that sums the members of the European Union."""
MAX_VALUE = 1e15
"""Currency units in one line; more is no trade of this world, and would not fit the state."""


class StatisticsError(ValueError):
    """A file that cannot be used; the message is one clear sentence."""


class Row(Struct, frozen=True):
    """One line: so much of a good, from where to where, in a month."""

    origin: str
    """ISO 3166 alpha-2; EU where the reporter is the Union as a whole"""
    destination: str
    hs6: str
    edition: str | None
    """of the Harmonized System, where the file says it"""
    month: Month
    value: int
    """in cents of euro"""
    mass: int
    """in grams; 0 where the file has none"""


class _Source(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    name: str
    title: str
    currency: Literal["EUR", "USD"]
    source: str
    known_by: tuple[str, ...]
    reporter: tuple[str, ...]
    partner: tuple[str, ...]
    code: tuple[str, ...]
    period: tuple[str, ...]
    value: tuple[str, ...]
    mass: tuple[str, ...] = ()
    flow: tuple[str, ...] = ()
    export: tuple[str, ...] = ()
    import_: tuple[str, ...] = msgspec.field(default=(), name="import")
    edition: tuple[str, ...] = ()
    digits: int = 0
    only: dict[str, tuple[str, ...]] = {}


class _Table(Struct, frozen=True, forbid_unknown_fields=True):
    version: str
    as_of: str
    source: tuple[_Source, ...]
    countries: dict[str, str]
    editions: dict[str, str]
    usd_per_eur: dict[str, float]


@cache
def _table() -> _Table:
    data = resources.files("streams.baselines").joinpath("sources.toml").read_bytes()
    return msgspec.convert(tomllib.loads(data.decode()), _Table)


class StatisticsFile:
    """Reads one file's lines; afterwards says what it left out.

    Raises StatisticsError for a header of no known kind, a month, value or mass that is none, a year without a rate of
    exchange. Lines of no single country, or of a code of fewer than six digits (sums, confidential trade), are left out.
    """

    def __init__(self, lines: Iterable[str], name: str, flow: Flow = "export") -> None:
        head, rest = _first_line(lines, name)
        self._delimiter = max(",;\t", key=head.count)
        try:
            cells = next(csv.reader([head], delimiter=self._delimiter))
        except csv.Error as error:
            raise StatisticsError(f"{name}, line 1: {error}") from None
        header = [cell.strip().lower() for cell in cells]
        self._columns = {column: place for place, column in reversed(list(enumerate(header)))}
        self._lines = rest
        self._name = name
        self._flow = flow
        found = next((one for one in _table().source if set(one.known_by) <= self._columns.keys()), None)
        if found is None:
            raise StatisticsError(
                f"{name} is neither Comext nor Comtrade and lacks columns of the plain form "
                "reporter,partner,cn8|hs6,period,value_eur|value"
            )
        self.source = found
        self.left_out: Counter[str] = Counter()
        """reason -> lines"""

    def rows(self) -> Iterator[Row]:
        """All lines of the wanted flow that can be used, in the file's order."""
        source, table = self.source, _table()
        reporter, partner = self._need(source.reporter), self._need(source.partner)
        code, period, value = self._need(source.code), self._need(source.period), self._need(source.value)
        mass, edition, flow = self._have(source.mass), self._have(source.edition), self._have(source.flow)
        wanted = set(source.export if self._flow == "export" else source.import_)
        only = [
            (self._columns[name], set(good)) for name, good in source.only.items() if name in self._columns
        ]
        padded = {"cn8": 8, "hs6": 6}.get(self._column_name(code), 0)
        last = max(reporter, partner, code, period, value, mass or 0, edition or 0, flow or 0)
        reader = csv.reader(self._lines, delimiter=self._delimiter)
        try:
            for cells in reader:
                line = reader.line_num + 1
                if not cells:
                    continue
                if len(cells) <= last:
                    raise StatisticsError(f"{self._name}, line {line}: {len(cells)} columns, too few")
                if flow is not None and cells[flow].strip() not in wanted:
                    self.left_out["another flow"] += 1
                    continue
                if any(place < len(cells) and cells[place].strip() not in good for place, good in only):
                    self.left_out["a breakdown of another line"] += 1
                    continue
                digits = cells[code].strip().replace(" ", "").replace(".", "")
                if padded and len(digits) == padded - 1:
                    digits = "0" + digits  # a spreadsheet took the leading zero
                if not _is_code(digits) or (source.digits and len(digits) != source.digits):
                    self.left_out["a sum or a code kept secret"] += 1
                    continue
                ends = _country(cells[reporter]), _country(cells[partner])
                if ends[1] == EUROPE:  # a sum over partners; over reporters it may be all that there is
                    ends = ends[0], None
                if ends[0] is None or ends[1] is None:
                    unknown = cells[reporter] if ends[0] is None else cells[partner]
                    self.left_out[f"{unknown.strip()[:40]!r} is no country"] += 1
                    continue
                month = self._month(cells[period], line)
                rate = 1.0 if source.currency == "EUR" else self._rate(table, month, line)
                yield Row(
                    origin=ends[0] if self._flow == "export" else ends[1],
                    destination=ends[1] if self._flow == "export" else ends[0],
                    hs6=digits[:6],
                    edition=_edition(cells[edition]) if edition is not None else None,
                    month=month,
                    value=round(self._number(cells[value], line, "value") * CENTS / rate),
                    mass=round(self._number(cells[mass], line, "mass") * GRAMS) if mass is not None else 0,
                )
        except csv.Error as error:
            raise StatisticsError(f"{self._name}, line {reader.line_num + 1}: {error}") from None

    def _have(self, names: tuple[str, ...]) -> int | None:
        return next((self._columns[name] for name in names if name in self._columns), None)

    def _need(self, names: tuple[str, ...]) -> int:
        place = self._have(names)
        if place is None:
            raise StatisticsError(f"{self._name} ({self.source.title}) has no column {' or '.join(names)}")
        return place

    def _column_name(self, place: int) -> str:
        return next(name for name, other in self._columns.items() if other == place)

    def _month(self, text: str, line: int) -> Month:
        try:
            return _parse_month(text)
        except ValueError as error:
            raise StatisticsError(f"{self._name}, line {line}: period {error}") from None

    def _number(self, text: str, line: int, what: str) -> float:
        try:
            number = float(text or 0)
        except ValueError:
            number = -1.0
        if not 0 <= number <= MAX_VALUE:
            raise StatisticsError(f"{self._name}, line {line}: {what} {text!r} is no amount")
        return number

    def _rate(self, table: _Table, month: Month, line: int) -> float:
        rate = table.usd_per_eur.get(str(month // 12))
        if rate is None:
            raise StatisticsError(
                f"{self._name}, line {line}: no rate of exchange for {month // 12} "
                "in streams/baselines/sources.toml; convert the file to euro and load it as plain CSV"
            )
        return rate


def _first_line(lines: Iterable[str], name: str) -> tuple[str, Iterator[str]]:
    iterator = iter(lines)
    head = next(iterator, "")
    if not head.strip():
        raise StatisticsError(f"{name} is empty")
    return head, chain(iterator)


def _is_code(digits: str) -> bool:
    return len(digits) in (6, 8, 10) and digits.isascii() and digits.isdigit()


@lru_cache(maxsize=4096)
def _country(text: str) -> str | None:
    plain = text.partition("(")[0].strip()  # Belgium (incl. Luxembourg 'LU' -> 1998)
    for name in (text.strip(), plain):
        known = _table().countries.get(name.upper())
        if known is None:
            known = country_code(name)
        if known is not None:
            return known or None
    return None


@lru_cache(maxsize=4096)
def _parse_month(text: str) -> Month:
    return parse_month(text)


@lru_cache(maxsize=64)
def _edition(text: str) -> str | None:
    text = text.strip()
    return _table().editions.get(text, text if text in ("2012", "2017", "2022") else None)
