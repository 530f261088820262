"""Amounts in euro, by a dated table of monthly reference rates. An unknown currency or month gives nothing, never 1:1."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from pathlib import Path

from msgspec import Struct

from streams import tables
from streams.errors import UserError

EURO = "EUR"
COLUMNS = ("month", "currency", "per_eur")
_PACKAGE = "streams.money"
_HEAD, _WIDE, _LONG = "rates.toml", "ecb_monthly.csv", "other_monthly.csv"
MAX_LINES = 200_000
"""Of a table of the user's own: every currency there is, by month, for more than a century."""


ASKED = 1_000
"""Currencies and days, countries and days of which the answer is remembered."""


class RatesError(UserError):
    """A table of rates that cannot be used; the message is one clear sentence."""


class Money(Struct, frozen=True):
    """An amount and its currency (ISO 4217), None where it is not known."""

    amount: Decimal
    currency: str | None


class _Peg(Struct, frozen=True, forbid_unknown_fields=True):
    currency: str
    to: str
    rate: Decimal
    source: str


class _Statistical(Struct, frozen=True, forbid_unknown_fields=True):
    currency: str
    countries: tuple[str, ...]
    source: str
    since: date = date.min


class _RatesFile(tables.Sourced, frozen=True):
    stale_months: int
    sources: dict[str, str]
    alias: dict[str, str]
    peg: tuple[_Peg, ...]
    statistical: tuple[_Statistical, ...]


class Rates:
    """The table, ready to be asked. Never changed."""

    def __init__(self, file: _RatesFile, rows: Iterable[tuple[int, str, Decimal]], version: str) -> None:
        """`rows`: (month, currency, units for a euro), a later one in place of an earlier one of the same month."""
        self.version = version
        """of the bundled table, and the user's own where one is given"""
        self.stale_months = file.stale_months
        self._alias = file.alias
        self._pegs = {peg.currency: peg for peg in file.peg}
        self._statistical = file.statistical
        self._rates: dict[str, dict[int, Decimal]] = {}
        for month, currency, rate in rows:
            self._rates.setdefault(currency, {})[month] = rate
        self.last = max((month for months in self._rates.values() for month in months), default=0)
        """the newest month of any currency, months since year 0"""
        # A stream asks for the same few, item by item.
        self._by_day = lru_cache(maxsize=ASKED)(self._per_euro)
        self._currency_by_day = lru_cache(maxsize=ASKED)(self._statistical_currency)

    def in_euro(self, amount: Decimal, currency: str | None, day: date) -> Decimal | None:
        """What an amount was worth in euro in the month of a day; None where the currency is unknown or had no rate in that month
        and the `stale_months` before it."""
        rate = self.per_euro(currency, day)
        return None if rate is None else amount / rate

    def per_euro(self, currency: str | None, day: date) -> Decimal | None:
        """Units of a currency for a euro in the month of a day; None as `in_euro`."""
        return self._by_day(currency, day)

    def _per_euro(self, currency: str | None, day: date) -> Decimal | None:
        code = (currency or "").strip().upper()
        code = self._alias.get(code, code)
        if code == EURO:
            return Decimal(1)
        month = _month_of(day)
        months = self._rates.get(code)
        if months is not None:
            for back in range(self.stale_months + 1):
                if (rate := months.get(month - back)) is not None:
                    return rate
        peg = self._pegs.get(code)
        if peg is None:
            return None
        anchor = self.per_euro(peg.to, day)
        return None if anchor is None else anchor * peg.rate

    def statistical_currency(self, country: str | None, day: date) -> str | None:
        """The currency in which a country's customs takes statistical values; None where that is not known here."""
        return self._currency_by_day(country, day)

    def _statistical_currency(self, country: str | None, day: date) -> str | None:
        fitting = [law for law in self._statistical if country in law.countries and day >= law.since]
        return max(fitting, key=lambda law: law.since).currency if fitting else None

    @property
    def until(self) -> str:
        """The newest month, such as 2026-10."""
        return f"{self.last // 12:04d}-{self.last % 12 + 1:02d}"


@cache
def bundled_rates() -> Rates:
    """The bundled table. Raises msgspec.ValidationError or ValueError for one that is none."""
    return _rates(None)


def load_rates(path: Path) -> Rates:
    """The bundled table with a user's own before it: CSV with a header, `month` (YYYY-MM), `currency` (ISO 4217) and `per_eur`
    (units for a euro). What the user's table does not have is taken from the bundled one.

    Raises RatesError for a file that cannot be read, lacks a column or has a line that is none.
    """
    return _rates(path)


def _rates(own: Path | None) -> Rates:
    file = tables.load(_PACKAGE, _HEAD, _RatesFile)
    version = tables.version(file.version, _PACKAGE, _HEAD, _WIDE, _LONG)
    rows = [*_wide(tables.text(_PACKAGE, _WIDE)), *_long(tables.text(_PACKAGE, _LONG))]
    if own is not None:
        text, digest = tables.own_text(own, "exchange rates", RatesError)
        rows += _own(text, own)
        version = f"{own.name}#{digest[:12]}, {version}"
    return Rates(file, rows, version)


def _wide(text: str) -> Iterator[tuple[int, str, Decimal]]:
    for row in csv.DictReader(io.StringIO(text)):
        month = _month(row.pop("month"))
        yield from ((month, currency, Decimal(rate)) for currency, rate in row.items() if rate)


def _long(text: str) -> Iterator[tuple[int, str, Decimal]]:
    for row in csv.DictReader(io.StringIO(text)):
        yield _month(row["month"]), row["currency"], Decimal(row["per_eur"])


def _own(text: str, path: Path) -> Iterator[tuple[int, str, Decimal]]:
    head = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text), delimiter=max(",;\t", key=head.count))
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        missing = [name for name in COLUMNS if name not in names]
        if missing:
            raise RatesError(f"exchange rates {path} have no column {' and no column '.join(missing)}")
        count = 0
        for row in reader:
            if not row:
                continue
            count += 1
            if count > MAX_LINES:
                raise RatesError(f"exchange rates {path} have more than {MAX_LINES:,} lines")
            yield _own_row(dict(zip(names, row, strict=False)), path, reader.line_num)
        if not count:
            raise RatesError(f"exchange rates {path} have no line")
    except csv.Error as error:
        raise RatesError(f"exchange rates {path} are no CSV: {error}") from None


def _own_row(row: Mapping[str, str], path: Path, line: int) -> tuple[int, str, Decimal]:
    month, currency, per_eur = (row.get(name, "").strip() for name in COLUMNS)
    where = f"exchange rates {path}, line {line}"
    try:
        known = _month(month)
    except ValueError:
        raise RatesError(f"{where}: month {month[:20]!r} is not YYYY-MM") from None
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        raise RatesError(f"{where}: currency {currency[:20]!r} is no code of three letters")
    try:
        rate = Decimal(per_eur)
    except InvalidOperation:
        rate = Decimal(0)
    if not (rate.is_finite() and rate > 0):
        raise RatesError(f"{where}: per_eur {per_eur[:20]!r} is no number above nought")
    return known, currency.upper(), rate


def _month(text: str) -> int:
    """Months since year 0. Raises ValueError."""
    return _month_of(date.fromisoformat(f"{text}-01"))


def _month_of(day: date) -> int:
    return 12 * day.year + day.month - 1
